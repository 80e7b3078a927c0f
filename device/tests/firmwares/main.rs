//! Every firmware: those that are simulated do all that the crate does, and one that is older than they are is walked and switched.

#![allow(clippy::unwrap_used, reason = "tests")]

mod absent;
mod coverage;
mod events;
mod older;
mod recorded;
