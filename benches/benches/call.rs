//! What a call costs beside the wire: from the method to the typed result, over a transport in memory.

use std::sync::Arc;

use bytes::Bytes;
use divan::Bencher;
use xerus_rpc::wire::RequestId;
use xerus_rpc::wire::{BoxFuture, Reply, Request, Transport};
use xerus_rpc::{Agent, Error};

#[path = "shared/answer.rs"]
#[allow(dead_code)]
mod answer;
#[allow(clippy::all, dead_code, missing_docs, unreachable_pub)]
#[path = "shared/generated.rs"]
mod generated;

use generated::sensors::NumericSensor;

fn main() {
    divan::main();
}

/// A device that always gives the same answer.
struct Canned(Bytes);

impl Transport for Canned {
    fn origin(&self) -> &str {
        "memory:"
    }

    fn call<'a>(&'a self, _: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let reply = Reply::envelope(self.0.clone(), RequestId::new(1));
        Box::pin(std::future::ready(Ok(reply)))
    }
}

fn sensor(answer: &'static str) -> NumericSensor {
    let agent = Agent::with_transport(Arc::new(Canned(Bytes::from_static(answer.as_bytes()))));
    NumericSensor::at(&agent, "/model/inlet/0/voltage")
}

/// The smallest call: nothing goes, nothing comes back.
#[divan::bench]
fn reset_min_max(bencher: Bencher<'_, '_>) {
    let sensor = sensor(r#"{"jsonrpc":"2.0","result":null,"id":1}"#);
    bencher.bench(|| answer::block_on(sensor.reset_min_max()).expect("an answer"));
}

/// A structure of five members back.
#[divan::bench]
fn get_reading(bencher: Bencher<'_, '_>) {
    let sensor = sensor(concat!(
        r#"{"jsonrpc":"2.0","result":{"_ret_":{"timestamp":1700000000,"available":true,"status":{"aboveUpperCritical":"#,
        r#"false,"aboveUpperWarning":false,"belowLowerWarning":false,"belowLowerCritical":false},"valid":true,"#,
        r#""value":230.9}},"id":1}"#
    ));
    bencher.bench(|| {
        answer::block_on(sensor.get_reading())
            .expect("a reading")
            .value
    });
}

/// The call alone, not sent: parameters encoded, nothing waited for.
#[divan::bench]
fn build_a_call(bencher: Bencher<'_, '_>) {
    let sensor = sensor("");
    bencher.bench(|| drop(sensor.get_reading()));
}
