//! Values that are kept up: read, changed and written back; read again and again.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it does not expect"
)]
#![allow(
    unreachable_pub,
    dead_code,
    reason = "bindings are made to be a crate or a module of one"
)]

mod device;
#[path = "../support/mod.rs"]
mod support;

mod differences;
mod reading;
mod reading_ends;
mod reading_pace;
mod reading_stale;
mod update;
mod update_all;
mod update_fails;
mod update_incomplete;
