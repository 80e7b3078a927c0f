//! The sensors, generated.
include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
