//! From paths or texts to a resolved model: reading, includes, parsing, resolving.

mod cycle;
mod loader;
mod read;
mod undeclared;

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lint::Lints;
use crate::model::Model;
use crate::resolve::IncludeGraph;
use crate::source::SourceMap;
use crate::syntax::File;

use loader::Loader;
pub use read::{file_or_directory, idl_files, no_files, reason};

/// What to read. Nothing is read before [`load`](Self::load).
///
/// ```
/// let loaded = xerus_idl::Idl::new()
///     .text("Base.idl", "module base { opaque Blob; }")
///     .text("Garden.idl", "#include <Base.idl>\nmodule garden { structure Bed { base.Blob extra; }; }")
///     .load()?;
/// assert_eq!(loaded.model.types().len(), 2);
/// # Ok::<(), xerus_idl::Diagnostics>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Idl {
    roots: Vec<Root>,
    include_dirs: Vec<PathBuf>,
    lints: Lints,
}

#[derive(Clone, Debug)]
enum Root {
    Directory(PathBuf),
    File(PathBuf),
    Memory(String, Vec<u8>),
}

impl Idl {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds every `*.idl` file directly in a directory, in order of name. The directory also serves includes.
    #[must_use]
    pub fn directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.roots.push(Root::Directory(path.into()));
        self
    }

    /// Adds one file. What it includes is searched beside it first.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.roots.push(Root::File(path.into()));
        self
    }

    /// Adds a [`directory`](Self::directory) or a [`file`](Self::file), whichever stands at the path.
    #[must_use]
    pub fn path(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        if path.is_dir() {
            self.directory(path)
        } else {
            self.file(path)
        }
    }

    /// Adds a text under the name by which others include it.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.bytes(name, text.into())
    }

    /// Adds a text that may not be UTF-8.
    #[must_use]
    pub fn bytes(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.roots.push(Root::Memory(name.into(), bytes.into()));
        self
    }

    /// Adds a directory in which included files are searched; nothing in it is read for its own sake.
    #[must_use]
    pub fn include_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.include_dirs.push(path.into());
        self
    }

    /// Chooses what to warn about, instead of the default.
    #[must_use]
    pub const fn lints(mut self, lints: Lints) -> Self {
        self.lints = lints;
        self
    }

    /// Reads, parses, resolves and lints everything.
    ///
    /// # Errors
    ///
    /// All findings, warnings among them, if at least one is an error. Names are only resolved when every file
    /// could be read and parsed.
    pub fn load(self) -> Result<Loaded, Diagnostics> {
        let mut loader = Loader::new(&self);
        for root in self.roots {
            match root {
                Root::Directory(path) => loader.root_directory(&path),
                Root::File(path) => loader.root_file(&path),
                Root::Memory(name, bytes) => loader.root_bytes(name, bytes),
            }
        }
        loader.follow_includes();
        loader.finish(self.lints)
    }
}

/// What [`Idl::load`] yields.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The texts, in order of reading: what was asked for, then what that includes.
    pub sources: SourceMap,
    /// The syntax tree of every text, in the same order.
    pub files: Vec<File>,
    /// Which file includes which.
    pub include_graph: IncludeGraph,
    /// All types, resolved.
    pub model: Model,
    /// What is odd, sorted by file and place.
    pub warnings: Vec<Diagnostic>,
    /// Files and directories that the result depends on, in order of reading: what a build script has to watch. These are the
    /// directories that were asked for, the files that were read, and the directories in which an include was searched.
    pub dependencies: Vec<PathBuf>,
}
