//! The wires of this crate, and what every wire must give.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it does not expect"
)]

mod aids;
mod hostile;
mod lost;
mod names;
mod netstring;
mod positional;
mod real;
mod replay;
mod same;
mod session;
