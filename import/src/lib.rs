#![doc = include_str!("../README.md")]

mod api;
mod complete;
mod dump;
mod error;
mod importer;
mod input;
mod limits;
mod output;
mod package;
mod python;
mod read;
mod report;
mod text;
mod write;

pub use error::{Error, Problem};
pub use importer::{Imported, Importer};
pub use limits::Limits;
pub use report::{Finding, FindingKind, Report};
