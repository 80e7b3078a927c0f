//! The Xerus interface description language: parser, resolver, diagnostics, formatter.
//!
//! [`Idl`] reads directories, files or texts and yields a [`Loaded`] set with its [`model`], or [`Diagnostics`].
//! The stages can also be used one by one: [`lex`], [`parse`](mod@parse), [`resolve`](mod@resolve).
//!
//! ```
//! let loaded = xerus_idl::Idl::new()
//!     .text("Lamp.idl", "module garden { interface Lamp_2_0_1 { void blink(in int times); }; }")
//!     .load()?;
//! let lamp = loaded.model.find("garden.Lamp:2.0.1").map(|index| loaded.model.ty(index));
//! assert_eq!(lamp.map(|lamp| lamp.path.as_str()), Some("garden.Lamp_2_0_1"));
//!
//! let refused = xerus_idl::Idl::new().text("Lamp.idl", "module garden { opaque }").load();
//! let report = refused.map(|_| ()).unwrap_err();
//! assert_eq!(report.to_short(), "Lamp.idl:1:24: error: expected an opaque type name, found `}`\n");
//! # Ok::<(), xerus_idl::Diagnostics>(())
//! ```

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

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
