//! The device without any API: state, and what becomes of it.
//!
//! Nothing here knows a firmware's types or the network. Time is a parameter: `now` is the time since 1970-01-01 UTC that a
//! [`Clock`](crate::Clock) tells.

pub mod certificates;
pub mod configuration;
pub mod datetime;
pub mod diagnostics;
pub mod image;
pub mod log;
pub mod presence;
pub mod push;
pub mod update;
