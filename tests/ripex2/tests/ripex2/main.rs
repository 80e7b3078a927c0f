//! What the client makes of a unit, row by row of the faults that a unit can show; and what the unit of this crate makes of clients.
//!
//! The rows are those of `docs/protocol/ripex2.md`.

#![allow(clippy::unwrap_used)] // helpers of tests

mod actions;
mod blocking;
mod calls;
mod errors;
mod every;
mod fake;
mod logins;
mod net;
mod sequence;
mod sessions;
mod streams;
mod unit;
