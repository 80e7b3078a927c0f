//! All sensors of a PDU: simulated devices of every profile with every firmware, and a device that is newer than the bindings.

#![allow(clippy::unwrap_used)] // helpers of tests

mod altered;
mod any_device;
mod cached;
mod newer;
