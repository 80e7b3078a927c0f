//! Two wires and their doors, made of nothing but what the runtime offers to everybody.
//!
//! They stand for the wires that the runtime will have: [`positional`] is one line for each message, arguments and results
//! by position, codes of errors as words; [`session`] reports progress, cancels, logs users in and tells more than the
//! result. Nothing here is known to `xerus-rpc`, and nothing in `xerus-rpc` was written for one of them alone.
//!
//! The generated code is that of any other wire: [`api`]. [`dealer`] is the router that WAMP needs between its two sides.

#![warn(unreachable_pub)]

#[allow(unreachable_pub, reason = "bindings are made for other crates")]
pub mod api {
    //! The types of `idl/bench.idl`.
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}

pub mod bench;
pub mod dealer;
pub mod direct;
mod frame;
pub mod layers;
mod link;
pub mod positional;
pub mod session;
