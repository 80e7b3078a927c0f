//! Events as a stream: what is promised, with devices that keep their promises and devices that do not.

mod demands;
mod device;
mod hostile;
mod losses;
mod reading;
mod simulator;
mod soak;
