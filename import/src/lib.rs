//! Xerus IDL from the Python package that the vendor publishes for a firmware.
//!
//! The package (`raritan` on PyPI, one version per firmware) holds generated bindings. They are parsed, never executed.
//! Nearly everything is in them; what is not comes from other IDL, from a table, or is chosen visibly: the [`Report`]
//! and a `// choice: …` comment say what and where.
//!
//! ```no_run
//! let imported = xerus_import::Importer::new()
//!     .like("idl/xerus-4.0.20")
//!     .input("raritan-4.4.1.53217-py3-none-any.whl")
//!     .run()?;
//! for (name, text) in &imported.files {
//!     println!("{name}: {} lines", text.lines().count());
//! }
//! print!("{}", imported.report);
//! # Ok::<(), xerus_import::Error>(())
//! ```

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

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
