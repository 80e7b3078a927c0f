//! The bindings of the quickstart; the program itself is `src/quickstart.rs`.

/// What `build.rs` generates from the IDL.
pub mod xerus {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

pub mod options;

/// The guide to certificates; its devices are simulated.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/guide/tls.md")]
struct Tls;
