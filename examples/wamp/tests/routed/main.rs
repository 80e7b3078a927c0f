//! The pair behind a real router: what serves and what calls are the program of this example.
//!
//! Where Crossbar is not installed the tests are skipped, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod headings;
mod pair;
#[allow(dead_code, reason = "it is for other tests, too")]
#[path = "../../../../tests/peers/tests/crossbar/router.rs"]
mod router;

mod users;

#[allow(unreachable_pub, reason = "bindings are made for other crates")]
mod api {
    include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
}
