//! The faults. Names are those of the tests of this wire, where they are faults of it, and else those of what they are about.

mod calling;
mod ending;
mod framing;
mod giving_up;
mod joining;
mod meta;
mod progress;
mod registering;

use std::future::Future;
use std::pin::Pin;

use super::Router;
use crate::conformance::{Outcome, Row};

type Running<'r> = Pin<Box<dyn Future<Output = Outcome> + 'r>>;
pub(super) type Test = for<'r> fn(&'r Router<'r>) -> Running<'r>;
type Rows = &'static [(Row, Test)];

macro_rules! rows {
    ($list:ident: $($name:literal, $case:literal, $expect:literal, $test:expr;)*) => {
        pub(super) const $list: super::Rows = &[$((
            crate::conformance::Row { name: $name, case: $case, expect: $expect },
            |router| Box::pin(async move { let test = $test; test(router).await }),
        )),*];
    };
}
use rows;

/// Those that are about no serializer.
pub(super) fn handshakes() -> impl Iterator<Item = (Row, Test)> {
    joining::HANDSHAKES.iter().copied()
}

pub(super) fn all() -> impl Iterator<Item = (Row, Test)> {
    let groups = [
        joining::ROWS,
        framing::ROWS,
        calling::ROWS,
        registering::ROWS,
        progress::ROWS,
        giving_up::ROWS,
        meta::ROWS,
        ending::ROWS,
    ];
    groups.into_iter().flatten().copied()
}
