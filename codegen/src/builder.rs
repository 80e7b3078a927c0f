use std::env;
use std::path::PathBuf;

use proc_macro2::TokenStream;

use crate::error::Error;
use crate::files::Files;
use crate::input::{self, Input};
use crate::options::Options;
use crate::{cargo, generate};

/// Reads IDL and writes Rust, usually in a build script.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), xerus_codegen::Error> {
///     xerus_codegen::configure()
///         .idl_dir("idl")
///         .root("pdumodel.Outlet")
///         .client_only(true)
///         .generate()
/// }
/// ```
///
/// ```text
/// // src/lib.rs
/// include!(concat!(env!("OUT_DIR"), "/xerus.rs"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Builder {
    pub(crate) options: Options,
}

/// A [`Builder`] with the default options.
#[must_use]
pub fn configure() -> Builder {
    Builder::new()
}

impl Builder {
    /// A builder with the default options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder with these options.
    #[must_use]
    pub fn with_options(options: Options) -> Self {
        Self { options }
    }

    /// The options chosen so far.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Writes the code into `OUT_DIR`, for a build script.
    ///
    /// A file is touched only when its content changes. Prints `cargo::rerun-if-changed` for every
    /// file and directory that was read, and on failure one `cargo::error` for every error and the
    /// full report to stderr.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read or written.
    pub fn generate(&self) -> Result<(), Error> {
        let result = self.write();
        if let Err(error) = &result {
            cargo::print_error(error);
        }
        result
    }

    fn write(&self) -> Result<(), Error> {
        let directory = env::var_os("OUT_DIR")
            .map(PathBuf::from)
            .ok_or_else(Error::no_out_dir)?;
        let read = input::read(&self.options);
        cargo::print_reruns(&read.paths);
        let input = read.finish()?;
        let files = generate::files(&input.model, &input.sources, &self.options)?;
        files.write(&directory.join(&self.options.out_file))
    }

    /// The code as files in the chosen layout; the root is called `out_file`.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read.
    pub fn generate_files(&self) -> Result<Files, Error> {
        let Input { model, sources, .. } = input::read(&self.options).finish()?;
        generate::files(&model, &sources, &self.options)
    }

    /// The code as text, in one piece whatever the layout.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read.
    pub fn generate_string(&self) -> Result<String, Error> {
        let Input { model, sources, .. } = input::read(&self.options).finish()?;
        generate::text(&model, &sources, &self.options)
    }

    /// The code as tokens, in one piece whatever the layout.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read.
    pub fn generate_tokens(&self) -> Result<TokenStream, Error> {
        let Input { model, sources, .. } = input::read(&self.options).finish()?;
        generate::tokens(&model, &sources, &self.options)
    }
}
