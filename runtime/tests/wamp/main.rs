//! WAMP: calls, what is served and what is published, against a router that does what the test says. The names of tests begin with the fault that they play.

#![cfg(feature = "wamp")]
#![allow(clippy::unwrap_used)] // helpers of tests

mod answers;
#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod ending;
mod flood;
mod hostile;
mod joining;
mod msgpack;
mod overlapping;
#[cfg(all(feature = "netstring", feature = "ripex2"))]
mod passed_on;
mod restoring;
mod resubscribing;
mod room;
mod router;
mod serving;
mod streams;
#[cfg(feature = "http")]
mod tls;
mod topics;
mod under_way;
