//! The build script of the README, as a program that a test runs where a downstream crate would.

include!(concat!(env!("OUT_DIR"), "/readme/build.rs"));
