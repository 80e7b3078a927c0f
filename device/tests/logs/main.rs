//! Logs as streams: from both ends, begun anew, overwritten, and of devices that mislead.

mod device;
mod following;
mod reading;
