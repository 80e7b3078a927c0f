//! Reading of the IDL that options name.

use std::path::PathBuf;

use xerus_idl::model::Model;
use xerus_idl::source::SourceMap;
use xerus_idl::{Idl, Loaded};

use crate::codes;
use crate::error::{Error, Problem, include_directories};
use crate::options::Options;

/// A resolved input.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Input {
    /// The types.
    pub model: Model,
    /// The texts, to show places in.
    pub sources: SourceMap,
}

impl From<Loaded> for Input {
    fn from(loaded: Loaded) -> Self {
        Self {
            model: loaded.model,
            sources: loaded.sources,
        }
    }
}

/// What was read, with or without success.
#[derive(Debug)]
#[non_exhaustive]
pub struct Read {
    /// All files and directories on which the result depends, in order of reading: what was asked for, what was read, and the
    /// directories in which an include was searched.
    pub paths: Vec<PathBuf>,
    /// Include directories that do not exist, one line of text for each.
    pub warnings: Vec<String>,
    result: Result<Input, Error>,
}

impl Read {
    /// The input.
    ///
    /// # Errors
    ///
    /// When a file could not be read or has errors.
    pub fn finish(self) -> Result<Input, Error> {
        self.result
    }
}

/// Reads what the options name: directories and files in order of their names, so that the order in
/// which they were given does not matter. Texts in memory come with them.
pub(crate) fn read(options: &Options, texts: &[(String, String)]) -> Read {
    let sorted = |paths: &[PathBuf]| {
        let mut paths = paths.to_vec();
        paths.sort();
        paths.dedup();
        paths
    };
    let (directories, files) = (sorted(&options.idl_dir), sorted(&options.idl_file));
    if directories.is_empty() && files.is_empty() && texts.is_empty() {
        let problem = Problem {
            code: codes::NO_INPUT,
            message: "no IDL is given: `idl_dir` or `idl_file` is needed".to_owned(),
            option: "idl_dir",
            text: String::new(),
        };
        return Read {
            paths: Vec::new(),
            warnings: Vec::new(),
            result: Err(Error::options(vec![problem])),
        };
    }
    let mut idl = directories.into_iter().fold(Idl::new(), Idl::directory);
    idl = files.into_iter().fold(idl, Idl::file);
    idl = texts
        .iter()
        .fold(idl, |idl, (name, text)| idl.text(name, text));
    let idl = options
        .include_dir
        .iter()
        .cloned()
        .fold(idl, Idl::include_dir);
    match idl.load() {
        Ok(mut loaded) => Read {
            paths: std::mem::take(&mut loaded.dependencies),
            warnings: include_directories(&loaded.warnings),
            result: Ok(Input::from(loaded)),
        },
        Err(mut diagnostics) => Read {
            paths: std::mem::take(&mut diagnostics.dependencies),
            warnings: include_directories(&diagnostics.items),
            result: Err(Error::idl(diagnostics)),
        },
    }
}
