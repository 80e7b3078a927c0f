//! Recording what goes over a wire, and playing it again.

pub mod device;
mod format;
mod recorded;
mod replayed;
mod secrets;
mod transfers;
