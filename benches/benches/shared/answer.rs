//! The texts that are measured on.

use std::fmt::Write as _;

const READINGS: usize = 50;

/// One reading as devices write it.
fn reading(number: usize, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        concat!(
            r#"{{"timestamp":{},"available":true,"status":{{"aboveUpperCritical":false,"aboveUpperWarning":{},"#,
            r#""belowLowerWarning":false,"belowLowerCritical":false}},"valid":true,"value":{:?}}}"#
        ),
        1_700_000_000 + number,
        number.is_multiple_of(7),
        230.0 + 0.3701 * number as f64
    );
}

/// An array of readings.
pub(crate) fn array() -> Vec<u8> {
    let mut out = String::from("[");
    for number in 0..READINGS {
        if number > 0 {
            out.push(',');
        }
        reading(number, &mut out);
    }
    out.push(']');
    out.into_bytes()
}

/// The objects asked.
pub(crate) fn rids() -> Vec<String> {
    (0..READINGS)
        .map(|number| format!("/tfwopaque/sensors.NumericSensor:4.0.5/O{number}Current"))
        .collect()
}

/// The whole answer to a bulk whose sub-requests have the ids from `first` on.
pub(crate) fn bulk(first: u64) -> Vec<u8> {
    let mut out = String::from(r#"{"jsonrpc":"2.0","result":{"responses":["#);
    for (number, id) in (first..).enumerate().take(READINGS) {
        if number > 0 {
            out.push(',');
        }
        out.push_str(r#"{"json":{"jsonrpc":"2.0","result":{"_ret_":"#);
        reading(number, &mut out);
        let _ = write!(out, r#"}},"id":{id}}},"statcode":200}}"#);
    }
    out.push_str(r#"]},"id":1}"#);
    out.into_bytes()
}

/// Polls a future that never waits for anything.
pub(crate) fn block_on<F: IntoFuture>(future: F) -> F::Output {
    let mut future = Box::pin(future.into_future());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
