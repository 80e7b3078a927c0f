#![doc = include_str!("../README.md")]

mod check;
pub mod diagnostic;
pub mod diff;
#[doc(hidden)]
pub mod distance;
pub mod docs;
pub mod dump;
mod explain;
// Generated; see tests/grammar.rs.
#[rustfmt::skip]
#[allow(dead_code, missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
mod grammar;
mod json;
pub mod lex;
pub mod lint;
pub mod load;
pub mod marks;
pub mod model;
pub mod parse;
pub mod print;
pub mod resolve;
pub mod source;
pub mod syntax;

pub use diagnostic::{Diagnostic, Diagnostics};
pub use diff::Comparison;
pub use load::{Idl, Loaded};
pub use model::Model;
