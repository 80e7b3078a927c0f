//! Why an import stops.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or directory cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// What was to be read or written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No input was given.
    #[error("nothing to import: give a wheel, an sdist, a dump or a directory")]
    NoInput,
    /// Neither a wheel nor an sdist nor a dump nor a directory.
    #[error("{}: neither a wheel (.whl), an sdist (.tar.gz), a dump (.json) nor a directory", .0.display())]
    UnknownInput(PathBuf),
    /// Text in an encoding that `xerus dump` does not write, but shells that redirect its output may.
    #[error("{}: UTF-16, but a dump is UTF-8: in PowerShell, end the command with `| Out-File -Encoding utf8 FILE`", .0.display())]
    Utf16(PathBuf),
    /// The archive is damaged or uses something that packages do not use.
    #[error("damaged or unsupported archive: {0}; download the package again")]
    Archive(String),
    /// An entry that an honest package does not have.
    #[error("refused entry `{name}`: {reason}")]
    RefusedEntry {
        /// The entry's name, control characters escaped.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More than [`Limits`](crate::Limits) allow.
    #[error("{what} beyond the limit of {limit} (limit `{name}`)")]
    Limit {
        /// What there is too much of.
        what: String,
        /// The member of [`Limits`](crate::Limits).
        name: &'static str,
        /// Its value.
        limit: u64,
    },
    /// No vendor package in the input.
    #[error("no package of the vendor found: no directory `rpc` with an `Interface.py` in it")]
    NoPackage,
    /// The package holds no class with a type id.
    #[error("the package found describes no types")]
    NoTypes,
    /// More than one vendor package in the input.
    #[error("several packages found, name one of them: {}", .0.join(", "))]
    SeveralPackages(Vec<String>),
    /// Python that means nothing to the importer.
    #[error("{}", Problems(.0))]
    NotUnderstood(Vec<Problem>),
    /// A dump that `xerus dump` would not have written.
    #[error("not a dump of an API: {place}: {message}")]
    Dump {
        /// Where in the document: `types[3].fields[0].type`.
        place: String,
        /// What is wrong there.
        message: String,
    },
    /// The IDL given for comparison has errors.
    #[error("the IDL to be like has errors:\n{0}")]
    Like(String),
    /// What was written is not sound IDL. The package then says something that the importer takes wrongly.
    #[error("the resulting IDL has errors:\n{0}")]
    Unsound(String),
    /// Files of the result that are one where the system does not tell capitals from small letters.
    #[error("the package has IDL files whose names differ in capitals only: {}; nothing is written, for one would replace the other on many systems", .0.join(", "))]
    SameFiles(Vec<String>),
    /// A symbolic link stands where a file of the result belongs.
    #[error("{}: a symbolic link, which is not followed; nothing is written: remove it, or give another directory with --out", .0.display())]
    Link(PathBuf),
    /// The output directory holds IDL files that this import would not write.
    #[error("{}: holds IDL files that do not belong to this import: {}", directory.display(), files.join(", "))]
    ForeignFiles {
        /// The output directory.
        directory: PathBuf,
        /// The files' names.
        files: Vec<String>,
    },
}

/// Something in a Python file that the importer cannot make sense of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Problem {
    /// Path inside the package.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
    /// Whether [`Importer::lenient`](crate::Importer::lenient) leaves it out.
    pub can_be_left_out: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// How many problems are listed.
const SHOWN: usize = 20;

struct Problems<'a>(&'a [Problem]);

impl fmt::Display for Problems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not understood:")?;
        for problem in self.0.iter().take(SHOWN) {
            write!(f, "\n{problem}")?;
        }
        if self.0.len() > SHOWN {
            write!(f, "\nand {} more", self.0.len() - SHOWN)?;
        }
        if self.0.iter().all(|problem| problem.can_be_left_out) {
            f.write_str("\nhelp: --lenient leaves these out of the IDL and lists them")?;
        }
        Ok(())
    }
}
