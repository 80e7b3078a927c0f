//! Switching: once, and known to be done.

mod faults;
mod many;
mod one;
mod world;
