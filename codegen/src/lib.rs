//! Rust code generator for the Xerus interface description language.
//!
//! [`Builder`] reads IDL and writes Rust, for build scripts and programs alike. Generated code depends on `xerus-rpc` and
//! nothing else.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod cargo;
pub mod codes;
mod difference;
mod emit;
pub mod error;
pub mod facts;
pub mod features;
mod files;
mod generate;
mod header;
mod input;
mod lint;
mod names;
pub mod options;
mod output;
mod overrides;
mod paths;
#[cfg(test)]
#[path = "../tests/support/repository.rs"]
mod repository;
mod runtime_path;
mod rust_names;
mod rust_path;
mod select;
mod threads;
mod walk;
mod well_known;

pub use builder::Builder;
pub use error::Error;
pub use files::{Change, File, Files, replace};
pub use input::{Input, Read};
pub use lint::lint;
pub use options::{EnumeratorPrefix, Layout, OptionError, Options};
pub use rust_names::RustNames;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
