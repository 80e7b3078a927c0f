use std::borrow::Cow;
use std::path::PathBuf;
use std::{env, fs};

use proc_macro2::TokenStream;

use crate::error::Error;
use crate::features::Feature;
use crate::files::Files;
use crate::input::{self, Input, Read};
use crate::options::{EnumeratorPrefix, Layout, Options, declared};
use crate::{cargo, generate};

/// Reads IDL and writes Rust, usually in a build script.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), xerus_codegen::Error> {
///     xerus_codegen::Builder::new()
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
    options: Options,
    texts: Vec<(String, String)>,
    input: Option<Input>,
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
        Self {
            options,
            ..Self::default()
        }
    }

    /// The options chosen so far.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Reads IDL from memory, beside what the options name; reports show it under this name.
    ///
    /// ```
    /// let idl = "module garden { interface Lamp { void blink(); }; }";
    /// let code = xerus_codegen::Builder::new().text("Lamp.idl", idl).generate_string()?;
    /// assert!(code.contains("pub struct Lamp"));
    /// # Ok::<(), xerus_codegen::Error>(())
    /// ```
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.texts.push((name.into(), text.into()));
        self
    }

    /// Takes a model that is resolved already; nothing is read then.
    #[must_use]
    pub fn input(mut self, input: Input) -> Self {
        self.input = Some(input);
        self
    }

    /// Reads the IDL and tells which files and directories the result depends on.
    #[must_use]
    pub fn read(&self) -> Read {
        input::read(&self.options, &self.texts)
    }

    /// Writes the code into `OUT_DIR`, for a build script.
    ///
    /// A file is touched only when its content changes, and then replaced in one step.
    ///
    /// Prints `cargo::rerun-if-changed` for every file that was read and every directory in which IDL or an include was
    /// searched, `cargo::warning` for every include directory that does not exist, and on failure `cargo::error` with place and
    /// help for every error. The report with excerpts is the error itself, which `main` prints when it returns it, and
    /// `unwrap` as well.
    ///
    /// Cargo goes by the times of files: one that is put in place with an older time than the last build, where neither the
    /// file nor the directory around it is newer, goes unnoticed until it is touched. With a model or texts from memory
    /// nothing is printed, and cargo runs the script whenever a file of the package changes.
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
            .filter(|directory| !directory.is_empty())
            .map(PathBuf::from)
            .ok_or_else(Error::no_out_dir)?;
        let files = match &self.input {
            Some(input) => generate::files(input, &self.options),
            None => {
                let read = self.read();
                cargo::print_reruns(&read.paths, &directory);
                cargo::print_warnings(&read.warnings);
                generate::files(&read.finish()?, &self.options)
            }
        }?;
        let root = directory.join(&self.options.out);
        let folder = root.parent().unwrap_or(&directory);
        fs::create_dir_all(folder).map_err(|error| Error::io("cannot create", folder, &error))?;
        files.write(&root)
    }

    /// The code as files in the chosen layout; the root is called `out`.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read.
    pub fn generate_files(&self) -> Result<Files, Error> {
        generate::files(&*self.resolved()?, &self.options)
    }

    /// The code as text, in one piece whatever the layout.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read.
    pub fn generate_string(&self) -> Result<String, Error> {
        generate::text(&*self.resolved()?, &self.options)
    }

    /// The cargo features of the code, sorted by name, as the option `cargo_features` has them.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read.
    pub fn features(&self) -> Result<Vec<Feature>, Error> {
        generate::features(&*self.resolved()?, &self.options)
    }

    fn resolved(&self) -> Result<Cow<'_, Input>, Error> {
        match &self.input {
            Some(input) => Ok(Cow::Borrowed(input)),
            None => self.read().finish().map(Cow::Owned),
        }
    }

    /// The code as tokens, in one piece whatever the layout.
    ///
    /// # Errors
    ///
    /// When the IDL has errors, an option cannot be followed, or a file cannot be read.
    pub fn generate_tokens(&self) -> Result<TokenStream, Error> {
        generate::tokens(&*self.resolved()?, &self.options)
    }
}

macro_rules! methods {
    ($(
        $(#[doc = $help:literal])+
        $kind:ident $key:ident $(= $default:expr)?, $placeholder:literal;
    )*) => {
        /// A method for each option.
        impl Builder {
            $(methods!(@method $kind $key [$($help)+]);)*
        }
    };

    (@method paths $key:ident [$($help:literal)+]) => {
        $(#[doc = $help])+
        #[must_use]
        pub fn $key(mut self, path: impl Into<PathBuf>) -> Self {
            self.options.$key.push(path.into());
            self
        }
    };
    (@method names $key:ident [$($help:literal)+]) => {
        $(#[doc = $help])+
        #[must_use]
        pub fn $key(mut self, name: impl Into<String>) -> Self {
            self.options.$key.push(name.into());
            self
        }
    };
    (@method pairs $key:ident [$($help:literal)+]) => {
        $(#[doc = $help])+
        #[must_use]
        pub fn $key(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
            self.options.$key.push(path.into(), text.into());
            self
        }
    };
    (@method switch $key:ident [$($help:literal)+]) => {
        $(#[doc = $help])+
        #[must_use]
        pub fn $key(mut self, on: bool) -> Self {
            self.options.$key = on;
            self
        }
    };
    (@method text $key:ident [$($help:literal)+]) => {
        $(#[doc = $help])+
        #[must_use]
        pub fn $key(mut self, text: impl Into<String>) -> Self {
            self.options.$key = text.into();
            self
        }
    };
    (@method layout $key:ident [$($help:literal)+]) => {
        $(#[doc = $help])+
        #[must_use]
        pub fn $key(mut self, layout: Layout) -> Self {
            self.options.$key = layout;
            self
        }
    };
    (@method prefix $key:ident [$($help:literal)+]) => {
        $(#[doc = $help])+
        #[must_use]
        pub fn $key(mut self, prefix: EnumeratorPrefix) -> Self {
            self.options.$key = prefix;
            self
        }
    };
}

declared!(methods);
