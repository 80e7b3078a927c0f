//! Crossbar with our caller on one side and a callee of autobahn on the other: every heading of calls, with each way to authenticate
//! and both serializers.
//!
//! Where it is not installed the tests are skipped, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

mod caller;
mod faults;
mod router;

#[allow(unreachable_pub, reason = "bindings are made for other crates")]
mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}
