//! Crossbar with our caller on one side and a callee of autobahn on the other, and the other way round: every heading of calls, with each
//! way to authenticate and both serializers.
//!
//! Where it is not installed the tests are skipped, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

mod callee;
mod caller;
mod faults;
mod restart;
mod router;
mod served;
mod topics;

#[allow(unreachable_pub, reason = "bindings are made for other crates")]
mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}
