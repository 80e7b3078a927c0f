//! Older firmwares: the newest servants, seen through what an older firmware knows.
//!
//! A firmware update adds members, methods and types, and seldom changes any. So an older device is not written a second time:
//! each servant of the newest firmware is wrapped, and what goes through is cut to a table of the older one's types, which is
//! made from its IDL. Methods and objects that it has not are not there. What a table cannot say stands in [`adapters`].

mod adapters;
mod forms;
#[cfg(test)]
mod gaps;
mod projection;
mod raw;
mod read;
mod servant;
mod table;

pub(super) use self::projection::{Projection, Way};
