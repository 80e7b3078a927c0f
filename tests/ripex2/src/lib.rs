//! A unit that answers like a RipEX2, with faults to choose: from what is documented of these devices, not from one.

#[allow(unreachable_pub, reason = "bindings are made for other crates")]
pub mod api {
    //! The types of `idl/ripex2/ripex2.idl`.
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

pub mod options;
mod streams;
pub mod unit;
