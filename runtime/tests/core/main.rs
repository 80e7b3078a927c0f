//! Marshalling, calls and serving, with bindings as the generator makes them.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at what it does not expect"
)]
#![allow(
    unreachable_pub,
    reason = "bindings are made to be a crate or a module of one"
)]

mod aids;
#[path = "../support/mod.rs"]
mod support;

mod answers_served;
mod auto_bulk;
mod bad_elements;
mod bulk;
mod bulk_memory;
mod bulk_shapes;
mod calls;
mod caps;
mod contexts;
mod devices;
mod envelope;
mod error_names;
mod fleet;
mod hostile;
mod json_rpc;
mod layouts;
mod members;
mod modules;
mod observing;
mod outcomes;
mod probe;
mod recordings;
mod records;
mod references;
mod refusals;
mod round_trip;
mod scalars;
#[cfg(feature = "serde")]
mod serde_form;
mod serving;
#[cfg(feature = "http")]
mod spans;
mod timeouts;
mod value_objects;
