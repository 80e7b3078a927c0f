//! Only what a mark `@error` names is an error of the description.

use xerus_rpc::Error;
use xerus_rpc::server::{Fault, Reply};

#[derive(Default)]
struct Reading {
    grams: f64,
}

fn asked(error: &Error) -> Result<Reading, Error> {
    error.downcast::<Reading>()
}

fn told(grams: f64) -> Reply<'static, f64> {
    Reply::fault(Reading { grams })
}

async fn raised(grams: f64) -> Result<f64, Fault> {
    Err(Reading { grams })?
}

fn main() {}
