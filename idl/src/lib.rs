//! draft
pub mod diagnostic;
pub mod compat;
pub mod docs;
pub mod dump;
pub mod lint;
pub mod model;
pub mod resolve;
pub mod source;
pub mod syntax;
pub mod lex;
mod explain;
pub mod parse;
#[rustfmt::skip]
#[allow(dead_code, missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
mod grammar;
