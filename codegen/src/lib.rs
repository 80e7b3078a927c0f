// The page is the README. Its examples use what a build script made, so that the workspace's `xerus-documents` compiles them.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
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
mod typed_errors;
mod walk;
mod well_known;

pub use builder::Builder;
pub use error::Error;
pub use files::{Change, File, Files, replace};
pub use input::{Input, Read};
pub use lint::lint;
pub use options::{EnumeratorPrefix, Layout, OptionError, Options};
pub use rust_names::RustNames;
