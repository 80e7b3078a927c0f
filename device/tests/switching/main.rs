//! Switching: once, and known to be done.

#![allow(clippy::unwrap_used)] // helpers of tests

mod faults;
mod many;
mod one;
mod world;
