//! A bulk answer with 50 sensor readings: our codec beside `serde_json` with serde derive, on the same text.
//!
//! Besides divan's figures the program prints ratios of interleaved runs, which hold on a machine whose speed changes.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use divan::Bencher;
use xerus_rpc::{
    Agent, BoxFuture, Encode as _, Error, ReaderOptions, Request, RequestId, Response, Transport,
    Writer,
};

#[path = "shared/answer.rs"]
mod answer;
#[path = "shared/derived.rs"]
mod derived;
#[allow(clippy::all)]
#[path = "shared/generated.rs"]
mod generated;

use generated::sensors::NumericSensor;
use generated::sensors::numeric_sensor::Reading;

fn main() {
    divan::main();
    if !std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        ratios();
    }
}

/// The readings alone, one after the other in an array.
fn decode_ours(text: &[u8]) -> Vec<Reading> {
    xerus_rpc::decode(text, &ReaderOptions::default()).expect("readings")
}

fn decode_derived(text: &[u8]) -> Vec<derived::Reading> {
    serde_json::from_slice(text).expect("readings")
}

fn encode_ours(readings: &Vec<Reading>) -> usize {
    let mut writer = Writer::new();
    readings.encode(&mut writer);
    writer.finish().expect("readings").len()
}

fn encode_derived(readings: &Vec<derived::Reading>) -> usize {
    serde_json::to_vec(readings).expect("readings").len()
}

/// The whole bulk: 50 calls out, 50 readings back. Ours goes through an agent over a transport in memory; the other side
/// writes the same request and reads the same answer with derived types, and compares ids and status as ours does.
fn bulk_ours(agent: &Agent, sensors: &[NumericSensor]) -> usize {
    let calls = sensors.iter().map(NumericSensor::get_reading);
    let results = answer::block_on(agent.bulk(calls)).expect("an answer");
    results.iter().filter(|result| result.is_ok()).count()
}

fn bulk_derived(rids: &[String], body: &[u8]) -> usize {
    black_box(derived::request(rids));
    derived::answer(body).len()
}

/// A device that always gives the same bulk answer.
struct Canned(Bytes);

impl Transport for Canned {
    fn origin(&self) -> &str {
        "memory:"
    }

    fn call<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Response, Error>> {
        let response = Response::Envelope {
            body: self.0.clone(),
            id: RequestId::new(1),
        };
        Box::pin(std::future::ready(Ok(response)))
    }
}

struct Setup {
    array: Vec<u8>,
    body: Vec<u8>,
    rids: Vec<String>,
    agent: Agent,
    sensors: Vec<NumericSensor>,
    ours: Vec<Reading>,
    derived: Vec<derived::Reading>,
}

fn setup() -> Setup {
    let (array, rids) = (answer::array(), answer::rids());
    let body = answer::bulk(&answer::ids(&rids));
    let agent = Agent::with_transport(Arc::new(Canned(body.clone().into())));
    let sensors: Vec<_> = rids
        .iter()
        .map(|rid| NumericSensor::at(&agent, rid))
        .collect();
    assert_eq!(bulk_ours(&agent, &sensors), rids.len());
    assert_eq!(bulk_derived(&rids, &body), rids.len());
    let (ours, derived) = (decode_ours(&array), decode_derived(&array));
    assert_eq!(encode_ours(&ours), encode_derived(&derived));
    Setup {
        array,
        body,
        rids,
        agent,
        sensors,
        ours,
        derived,
    }
}

#[divan::bench_group]
mod decode {
    use super::{Bencher, decode_derived, decode_ours, setup};

    #[divan::bench]
    fn ours(bencher: Bencher<'_, '_>) {
        let setup = setup();
        bencher.bench(|| decode_ours(&setup.array));
    }

    #[divan::bench]
    fn serde_derive(bencher: Bencher<'_, '_>) {
        let setup = setup();
        bencher.bench(|| decode_derived(&setup.array));
    }
}

#[divan::bench_group]
mod encode {
    use super::{Bencher, encode_derived, encode_ours, setup};

    #[divan::bench]
    fn ours(bencher: Bencher<'_, '_>) {
        let setup = setup();
        bencher.bench(|| encode_ours(&setup.ours));
    }

    #[divan::bench]
    fn serde_derive(bencher: Bencher<'_, '_>) {
        let setup = setup();
        bencher.bench(|| encode_derived(&setup.derived));
    }
}

#[divan::bench_group]
mod bulk {
    use super::{Bencher, bulk_derived, bulk_ours, setup};

    #[divan::bench]
    fn ours(bencher: Bencher<'_, '_>) {
        let setup = setup();
        bencher.bench(|| bulk_ours(&setup.agent, &setup.sensors));
    }

    #[divan::bench]
    fn serde_derive(bencher: Bencher<'_, '_>) {
        let setup = setup();
        bencher.bench(|| bulk_derived(&setup.rids, &setup.body));
    }
}

/// Runs both sides in turn and prints how their best times compare; above 1 ours is faster.
fn ratios() {
    let setup = setup();
    println!(
        "\n50 readings: {} bytes as an array, {} bytes as a bulk answer",
        setup.array.len(),
        setup.body.len()
    );
    compare(
        "decode",
        || decode_ours(&setup.array),
        || decode_derived(&setup.array),
    );
    compare(
        "encode",
        || encode_ours(&setup.ours),
        || encode_derived(&setup.derived),
    );
    compare(
        "bulk",
        || bulk_ours(&setup.agent, &setup.sensors),
        || bulk_derived(&setup.rids, &setup.body),
    );
}

fn compare<A, B>(name: &str, mut ours: impl FnMut() -> A, mut derived: impl FnMut() -> B) {
    const ROUNDS: usize = 15;
    const CALLS: u32 = 2000;
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(timed(CALLS, &mut ours));
        times[1].push(timed(CALLS, &mut derived));
    }
    for side in &mut times {
        side.sort_unstable();
    }
    let micros = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(CALLS);
    let [ours, derived] = &times;
    println!(
        "{name:8} ours {:7.2} µs, serde derive {:7.2} µs (medians {:.2}, {:.2}); speed of ours to derive's {:.2}",
        micros(ours[0]),
        micros(derived[0]),
        micros(ours[ROUNDS / 2]),
        micros(derived[ROUNDS / 2]),
        derived[0].as_secs_f64() / ours[0].as_secs_f64(),
    );
}

fn timed<T>(calls: u32, work: &mut impl FnMut() -> T) -> Duration {
    let began = Instant::now();
    for _ in 0..calls {
        black_box(work());
    }
    began.elapsed()
}
