//! The parts of the mixed fleet; the program itself is `src/main.rs`.
//!
//! [`pdu`] is the pattern: bindings of two firmwares, and one way to use them.

/// Bindings for firmware 3.6.80.
pub mod v3 {
    include!(concat!(env!("OUT_DIR"), "/v3.rs"));
}

/// Bindings for firmware 4.0.20.
pub mod v4 {
    include!(concat!(env!("OUT_DIR"), "/v4.rs"));
}

pub mod fleet;
pub mod old_device;
pub mod options;
pub mod pdu;
pub mod report;
