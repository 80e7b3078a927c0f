//! From a path to the texts of a package or a dump, all hostile until proven otherwise.
//!
//! Nothing is ever written or executed. Only Python files and the package's metadata are kept.

mod directory;
mod meter;
mod name;
mod sdist;
mod wheel;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::dump;
use crate::error::Error;
use crate::limits::Limits;

/// Kept files by their path inside the input, `/` between the parts.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// What was read.
pub(crate) enum Input {
    /// The files of a package.
    Package(Files),
    /// The document that `xerus dump` writes.
    Dump(Vec<u8>),
}

/// How much of a file tells what it is; an archive needs four bytes, a dump may begin with blank lines.
const HEAD_BYTES: u64 = 4096;

/// Reads a wheel, an sdist, a dump or a directory; which of them is seen from the first bytes, not from the name.
pub(crate) fn read(path: &Path, limits: Limits) -> Result<Input, Error> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let metadata = std::fs::metadata(path).map_err(io)?;
    if metadata.is_dir() {
        return directory::read(path, limits).map(Input::Package);
    }
    if !metadata.is_file() {
        return Err(Error::UnknownInput(path.to_owned()));
    }
    if metadata.len() > limits.archive_bytes {
        return Err(Error::Limit {
            what: format!("{}: archive", path.display()),
            name: "archive_bytes",
            limit: limits.archive_bytes,
        });
    }
    let mut file = File::open(path).map_err(io)?;
    let mut head = Vec::new();
    let mut begin = (&mut file).take(HEAD_BYTES);
    begin.read_to_end(&mut head).map_err(io)?;
    file.seek(SeekFrom::Start(0)).map_err(io)?;
    match head.as_slice() {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
            wheel::read(file, limits).map(Input::Package)
        }
        [0x1F, 0x8B, ..] => sdist::read(file, limits).map(Input::Package),
        head if dump::is_utf16(head) => Err(Error::Utf16(path.to_owned())),
        head if dump::may_begin(head) => {
            // The file may grow meanwhile.
            let mut bytes = Vec::new();
            file.take(limits.archive_bytes)
                .read_to_end(&mut bytes)
                .map_err(io)?;
            Ok(Input::Dump(bytes))
        }
        _ => Err(Error::UnknownInput(path.to_owned())),
    }
}

/// Entries of an archive or directory on their way into [`Files`].
#[derive(Debug, Default)]
struct Kept {
    files: Files,
    /// Names of all entries in small letters, and as they are.
    names: BTreeMap<String, String>,
}

impl Kept {
    /// Notes the name of a file; an error when there is one of this name, or of one that many systems take for it.
    fn name(&mut self, name: &str) -> Result<(), Error> {
        let Some(other) = self.names.insert(name.to_lowercase(), name.to_owned()) else {
            return Ok(());
        };
        Err(Error::RefusedEntry {
            name: name::shown(name),
            reason: if other == name {
                "second entry of its name"
            } else {
                "its name differs from that of another entry in capitals only"
            },
        })
    }
}

/// Whether a file can matter.
fn is_wanted(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.ends_with(".py") || matches!(last, "METADATA" | "PKG-INFO")
}
