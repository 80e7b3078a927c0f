// The page is the README. Rust links in the place of its links to docs.rs: of two definitions the first counts, and rustdoc
// checks these.
//! [`FIRMWARE`]: FIRMWARE
//! [`REGISTRY`]: REGISTRY
//! [`assume`]: xerus_rpc::Object::assume
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// The firmware whose interface description these bindings are made from.
pub const FIRMWARE: &str = "4.4.1";

// Not `mod api;`: the modules stand at the root of the crate, and rustfmt leaves the files alone.
include!("api.rs");
