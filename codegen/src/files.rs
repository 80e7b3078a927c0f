//! Generated code as files: what they are called, and how a directory becomes what it should be.

mod replace;

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::codes;
use crate::difference::difference;
use crate::error::{Error, Problem};
use crate::header;
use crate::names::reserved;
use crate::options::Options;

pub use replace::replace;

/// Names that Windows gives to devices, whatever extension follows.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct File {
    /// Its path from the folder of the root file, with `/` between parts. Empty for the root file itself.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// All files of one run, the root first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    files: Vec<File>,
}

/// What has to be done to a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change<'f> {
    /// A file has to get another content, or is missing.
    Write {
        /// The file.
        path: PathBuf,
        /// The content.
        text: &'f str,
    },
    /// A file that an earlier run made for the same root is no longer part of it.
    Remove {
        /// The file.
        path: PathBuf,
    },
}

impl Change<'_> {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Write { path, .. } | Self::Remove { path } => path,
        }
    }

    /// Why it has to be done: a short account of the first difference, or that the file is left over.
    ///
    /// # Errors
    ///
    /// When the file is there but cannot be read.
    pub fn reason(&self) -> Result<String, Error> {
        let Self::Write { path, text } = self else {
            return Ok("its module is no longer generated".to_owned());
        };
        match fs::read_to_string(path) {
            Ok(old) => Ok(difference(&old, text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok("the file does not exist".to_owned())
            }
            Err(error) => Err(Error::io("cannot read", path, &error)),
        }
    }
}

impl Files {
    pub(crate) fn new(files: Vec<File>) -> Self {
        Self { files }
    }

    /// The files, the root first, the others by path.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// What differs on disk when `root` is the root file. The other files are in the folder beside it
    /// that has its name without the extension.
    ///
    /// Only files that an earlier run made for this root are to be removed.
    ///
    /// # Errors
    ///
    /// When a directory or a file in question cannot be read.
    pub fn changes(&self, root: &Path) -> Result<Vec<Change<'_>>, Error> {
        let name = file_name(root).ok_or_else(|| {
            let reason = io::ErrorKind::IsADirectory.into();
            Error::io("cannot write", root, &reason)
        })?;
        let folder = root.with_extension("");
        let mut changes = Vec::new();
        let mut wanted = Vec::new();
        for file in &self.files {
            let path = place(root, &folder, &file.path);
            if !fs::read(&path).is_ok_and(|old| old == file.text.as_bytes()) {
                changes.push(Change::Write {
                    path: path.clone(),
                    text: &file.text,
                });
            }
            wanted.push(path);
        }
        // Without an extension the root stands where the folder would.
        if folder != root {
            let mut parts = Vec::new();
            collect(&folder, &name, &mut parts)
                .map_err(|error| Error::io("cannot read", &folder, &error))?;
            parts.sort();
            parts.retain(|path| !wanted.contains(path));
            changes.extend(parts.into_iter().map(|path| Change::Remove { path }));
        }
        Ok(changes)
    }

    /// Makes the directory of the root file what it should be. Files that are right are not touched, every other is
    /// [replaced](replace) in one step, the root after those that it includes; folders inside the directory are made and
    /// removed as needed.
    ///
    /// # Errors
    ///
    /// When something cannot be read, written or removed, with the reason and what to do.
    pub fn write(&self, root: &Path) -> Result<(), Error> {
        let folder = root.with_extension("");
        let mut changes = self.changes(root)?;
        // Stable: parts, root, what is left over.
        changes.sort_by_key(|change| match change {
            Change::Write { path, .. } => u8::from(path == root),
            Change::Remove { .. } => 2,
        });
        for change in changes {
            match change {
                Change::Write { path, text } => {
                    if let Some(parent) = path.parent().filter(|_| path != root) {
                        fs::create_dir_all(parent)
                            .map_err(|error| Error::io("cannot create", parent, &error))?;
                    }
                    replace(&path, text)?;
                }
                Change::Remove { path } => remove(&path, &folder)
                    .map_err(|error| Error::io("cannot remove", path, &error))?,
            }
        }
        Ok(())
    }
}

/// The name of the root file.
pub(crate) fn root_name(options: &Options) -> Result<String, Error> {
    let path = Path::new(&options.out);
    let refuse = |message: String| {
        Error::options(vec![Problem {
            code: codes::BAD_OPTION,
            message,
            option: "out",
            text: options.out.clone(),
        }])
    };
    let (Some(name), Some(_)) = (file_name(path), path.extension()) else {
        return Err(refuse(format!(
            "`{}` names no file with an extension, which `layout = \"files\"` needs to name a folder \
             beside it; `xerus.rs` does",
            options.out
        )));
    };
    if name.contains(char::is_control) {
        return Err(refuse("`out` has control characters".to_owned()));
    }
    Ok(name)
}

/// The path of the file of a module, from the folder of the root.
pub(crate) fn path(place: &[String]) -> String {
    let parts: Vec<_> = place.iter().map(|name| stem(name)).collect();
    format!("{}.rs", parts.join("/"))
}

/// The path of the file of a module, from the file that holds the module around it.
pub(crate) fn beside(options: &Options, place: &[String], name: &str) -> String {
    let folder = match place {
        [] => root_stem(options),
        [server] if server == reserved::SERVER => format!("{}/{server}", root_stem(options)),
        [.., last] => stem(last),
    };
    format!("{folder}/{}.rs", stem(name))
}

fn root_stem(options: &Options) -> String {
    let stem = Path::new(&options.out).file_stem();
    let stem = stem.expect("the name of the root was looked at before anything was emitted");
    stem.to_string_lossy().into_owned()
}

/// No name of a module ends in `_` unless it is reserved in Rust, so the names of devices are free with it.
fn stem(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let number = name
        .strip_prefix("com")
        .or_else(|| name.strip_prefix("lpt"));
    let is_port = number.is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()));
    if is_port || DEVICES.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

fn file_name(path: &Path) -> Option<String> {
    let name = path.file_name()?;
    Some(name.to_string_lossy().into_owned())
}

fn place(root: &Path, folder: &Path, path: &str) -> PathBuf {
    if path.is_empty() {
        return root.to_owned();
    }
    path.split('/')
        .fold(folder.to_owned(), |path, part| path.join(part))
}

/// Files that an earlier run made for this root. Links are not followed.
fn collect(folder: &Path, root: &str, parts: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                continue;
            }
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file()
                && path.extension().is_some_and(|extension| extension == "rs")
                && header::is_part(&first_line(&path)?, root)
            {
                parts.push(path);
            }
        }
    }
    Ok(())
}

/// The first line of a file. No line of ours is longer than the limit.
fn first_line(path: &Path) -> io::Result<String> {
    const LIMIT: u64 = 4096;
    let mut bytes = Vec::new();
    let file = io::Read::take(fs::File::open(path)?, LIMIT);
    BufReader::new(file).read_until(b'\n', &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Removes a file and the folders that are empty without it, up to and with the outermost one.
fn remove(path: &Path, outermost: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    for folder in path.ancestors().skip(1) {
        if !folder.starts_with(outermost) || fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{beside, path, root_name};
    use crate::options::Options;

    fn place(place: &[&str]) -> Vec<String> {
        place.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn includes_lead_to_the_files() {
        let options = Options::default();
        assert_eq!(path(&place(&["server", "a", "r#type"])), "server/a/type.rs");
        assert_eq!(beside(&options, &[], "a"), "xerus/a.rs");
        assert_eq!(
            beside(&options, &place(&["server"]), "a"),
            "xerus/server/a.rs"
        );
        assert_eq!(beside(&options, &place(&["a"]), "r#type"), "a/type.rs");
        assert_eq!(
            beside(&options, &place(&["server", "con"]), "com1"),
            "con_/com1_.rs"
        );
        assert_eq!(path(&place(&["com", "comx", "lpt10"])), "com/comx/lpt10.rs");
    }

    #[test]
    fn roots_need_an_extension() {
        let named = |name: &str| {
            let options = Options {
                out: name.to_owned(),
                ..Options::default()
            };
            root_name(&options)
        };
        assert_eq!(named("sub/x.y.rs").unwrap(), "x.y.rs");
        for name in ["xerus", "", "..", "a/..", "a\n.rs"] {
            assert!(named(name).is_err(), "{name}");
        }
    }
}
