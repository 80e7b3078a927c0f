//! A bulk answer with 50 sensor readings: our codec beside `serde_json` with serde derive, on the same text.
//!
//! Besides divan's figures the program prints ratios of interleaved runs, which hold on a machine whose speed changes.

use std::collections::VecDeque;
use std::hint::black_box;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use divan::Bencher;
use xerus_rpc::rt::{ReaderOptions, Writer};
use xerus_rpc::value::Encode as _;
use xerus_rpc::wire::RequestId;
use xerus_rpc::wire::{BoxFuture, Capabilities, Reply, Request, Transport};
use xerus_rpc::{Agent, Error};

#[path = "shared/answer.rs"]
mod answer;
#[path = "shared/derived.rs"]
mod derived;
#[allow(clippy::all, dead_code, missing_docs, unreachable_pub)]
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
    xerus_rpc::rt::decode(text, &ReaderOptions::default()).expect("readings")
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

/// A device whose answers were prepared before the clock ran: the ids inside the bulks of an agent never repeat.
#[derive(Default)]
struct Prepared(Mutex<VecDeque<Bytes>>);

impl Prepared {
    fn refill(&self, bodies: impl Iterator<Item = Vec<u8>>) {
        self.0
            .lock()
            .expect("no panic")
            .extend(bodies.map(Bytes::from));
    }
}

impl Transport for Prepared {
    fn origin(&self) -> &str {
        "memory:"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_bulk(true)
    }

    fn call<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let body = self
            .0
            .lock()
            .expect("no panic")
            .pop_front()
            .expect("an answer is left");
        let reply = Reply::envelope(body, RequestId::new(1));
        Box::pin(std::future::ready(Ok(reply)))
    }
}

struct Setup {
    array: Vec<u8>,
    ours: Vec<Reading>,
    derived: Vec<derived::Reading>,
}

fn setup() -> Setup {
    let array = answer::array();
    let (ours, derived) = (decode_ours(&array), decode_derived(&array));
    assert_eq!(encode_ours(&ours), encode_derived(&derived));
    Setup {
        array,
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

/// Runs both sides in turn and prints how their best times compare; above 1 ours is faster.
fn ratios() {
    let setup = setup();
    println!("\n50 readings, {} bytes as an array", setup.array.len());
    let calls = 0..CALLS;
    report(
        "decode",
        || timed(calls.clone(), |_| decode_ours(&setup.array)),
        || timed(calls.clone(), |_| decode_derived(&setup.array)),
    );
    report(
        "encode",
        || timed(calls.clone(), |_| encode_ours(&setup.ours)),
        || timed(calls.clone(), |_| encode_derived(&setup.derived)),
    );

    let rids = answer::rids();
    let device = Arc::new(Prepared::default());
    let agent = Agent::with_transport(device.clone());
    let sensors: Vec<_> = rids
        .iter()
        .map(|rid| NumericSensor::at(&agent, rid))
        .collect();
    let body = answer::bulk(0);
    println!(
        "the same as the answer to a bulk of 50 calls, {} bytes",
        body.len()
    );
    // The first id that this agent gives to a call inside a bulk; each has one of its own.
    let mut next = 1;
    report(
        "bulk",
        || {
            let (first, step) = (next, rids.len() as u64);
            device.refill((0..u64::from(CALLS)).map(|call| answer::bulk(first + call * step)));
            next += u64::from(CALLS) * step;
            timed(calls.clone(), |_| {
                assert_eq!(bulk_ours(&agent, &sensors), rids.len());
            })
        },
        || {
            timed(calls.clone(), |_| {
                assert_eq!(bulk_derived(&rids, &body), rids.len());
            })
        },
    );
}

const ROUNDS: usize = 15;
const CALLS: u32 = 1000;

fn report(name: &str, mut ours: impl FnMut() -> Duration, mut derived: impl FnMut() -> Duration) {
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(ours());
        times[1].push(derived());
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

fn timed<T>(calls: Range<u32>, mut work: impl FnMut(u32) -> T) -> Duration {
    let began = Instant::now();
    for call in calls {
        black_box(work(call));
    }
    began.elapsed()
}
