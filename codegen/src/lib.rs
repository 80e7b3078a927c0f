//! Rust code generator for the Xerus interface description language.
//!
//! [`configure`] is for build scripts; [`run`], [`run_files`] and [`check`] are for programs. Generated code depends on
//! `xerus-rpc` and nothing else.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod cargo;
pub mod codes;
mod emit;
pub mod error;
pub mod facts;
pub mod features;
mod files;
mod generate;
mod header;
pub mod input;
mod lint;
mod names;
pub mod options;
mod output;
mod overrides;
mod paths;
#[cfg(test)]
#[path = "../tests/support/repository.rs"]
mod repository;
mod run;
mod runtime_path;
mod rust_names;
mod rust_path;
mod select;
mod walk;
mod well_known;

pub use builder::{Builder, configure};
pub use error::Error;
pub use files::{Change, File, Files};
pub use generate::{files, text, tokens};
pub use lint::lint;
pub use options::{EnumeratorPrefix, Layout, Options};
pub use run::{Check, check, run, run_features, run_files};
pub use rust_names::RustNames;

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
