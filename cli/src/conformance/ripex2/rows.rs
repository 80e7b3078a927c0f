//! The faults. Names are those of the tests of this wire, where they are faults of it, and else those of what they are about.

mod document;
mod envelope;
mod session;

use std::future::Future;
use std::pin::Pin;

use super::Unit;
use crate::conformance::{Outcome, Row};

type Running<'u> = Pin<Box<dyn Future<Output = Outcome> + 'u>>;
type Test = for<'u> fn(&'u Unit<'u>) -> Running<'u>;
type Rows = &'static [(Row, Test)];

macro_rules! rows {
    ($($name:literal, $case:literal, $expect:literal, $test:expr;)*) => {
        pub(super) const ROWS: super::Rows = &[$((
            crate::conformance::Row { name: $name, case: $case, expect: $expect },
            |unit| Box::pin(async move { let test = $test; test(unit).await }),
        )),*];
    };
}
use rows;

pub(super) fn all() -> impl Iterator<Item = (Row, Test)> {
    let groups = [envelope::ROWS, document::ROWS, session::ROWS];
    groups.into_iter().flatten().copied()
}
