//! Logs as streams: from both ends, begun anew, overwritten, and of devices that mislead.

#![allow(clippy::unwrap_used)] // helpers of tests

mod device;
mod following;
mod reading;
mod simulator;
