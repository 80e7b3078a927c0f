//! Events as a stream: what is promised, with devices that keep their promises and devices that do not.

#![allow(clippy::unwrap_used)] // helpers of tests

mod demands;
mod device;
mod hostile;
mod losses;
mod play;
mod reading;
mod simulator;
mod soak;
