//! The parts of the quickstart; the program itself is `src/quickstart.rs`.

/// The bindings that `build.rs` generates from the IDL.
pub mod xerus {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

pub mod options;
pub mod table;
