//! Actions that go on after the answer, and polls that are made again and again, on a clock that the tests move.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it does not expect"
)]

mod absent;
mod device;
mod ends;
mod killed;
mod pace;
mod polls;
mod sessions;
mod started;
mod tickets;
#[cfg(feature = "http")]
mod wire;
