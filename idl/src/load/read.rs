//! Reading with bounds.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

use crate::lex::MAX_FILE_SIZE;

/// What stands for the first byte that is not UTF-8.
const REPLACEMENT: char = '\u{fffd}';

/// Its length in UTF-8.
pub(super) const REPLACEMENT_LENGTH: u32 = 3;

/// Why a file was not read.
pub(super) enum Failure {
    TooLong,
    Io(io::Error),
}

/// The words of an error of the file system, without the number that the operating system gave it.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

/// What is said about a path that cannot be read.
pub(super) fn refusal(path: &Path, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound
        && let Ok(target) = fs::read_link(path)
    {
        return format!(
            "cannot read {}: it is a link to {}, which does not exist",
            path.display(),
            target.display()
        );
    }
    format!("cannot read {}: {}", path.display(), reason(error))
}

/// What is said about a directory without IDL.
#[must_use]
pub fn no_files(directory: &Path) -> String {
    format!("no `*.idl` file in {}", directory.display())
}

/// Makes sure that a path is a file or a directory, without opening it: opening a pipe would wait for a writer.
///
/// # Errors
///
/// The error of the file system, or that it is something else.
pub fn file_or_directory(path: &Path) -> io::Result<fs::Metadata> {
    let metadata = fs::metadata(path)?;
    if metadata.is_file() || metadata.is_dir() {
        Ok(metadata)
    } else {
        Err(io::Error::other("neither a file nor a directory"))
    }
}

/// Reads a whole file, at most [`MAX_FILE_SIZE`] bytes of it.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if file_or_directory(path).map_err(Failure::Io)?.is_dir() {
        return Err(Failure::Io(io::Error::other("is a directory")));
    }
    let file = fs::File::open(path).map_err(Failure::Io)?;
    let metadata = file.metadata().map_err(Failure::Io)?;
    let limit = MAX_FILE_SIZE as u64;
    if metadata.len() > limit {
        return Err(Failure::TooLong);
    }
    let length = usize::try_from(metadata.len()).expect("it is within the limit");
    let mut bytes = Vec::with_capacity(length + 1);
    // The file may grow while it is read.
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(Failure::Io)?;
    if bytes.len() > MAX_FILE_SIZE {
        Err(Failure::TooLong)
    } else {
        Ok(bytes)
    }
}

/// Whether there is something at a path that an include means: a file, or what ought to be one. A link that leads nowhere
/// and a file that must not be read are told, not passed over for a file further on.
pub(super) fn stands_at(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(metadata) => !metadata.is_dir(),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound => fs::symlink_metadata(path).is_ok(),
            io::ErrorKind::NotADirectory => false,
            _ => true,
        },
    }
}

/// The `*.idl` files of a directory, sorted by name. Links that lead nowhere are among them, for reading tells it.
///
/// # Errors
///
/// When the directory cannot be read.
pub fn idl_files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "idl") && stands_at(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A file of the directory whose name differs only in case.
pub(super) fn other_case(directory: &Path, name: &str) -> Option<String> {
    let directory = if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    };
    let mut names: Vec<_> = fs::read_dir(directory)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|other| other.eq_ignore_ascii_case(name))
        .collect();
    names.sort();
    names.into_iter().next()
}

/// The text up to the first byte that is not UTF-8, with a mark in its place, and what to say about it.
pub(super) fn not_utf8(error: &FromUtf8Error) -> (String, String, &'static str) {
    let offset = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let mut text = String::from_utf8_lossy(&bytes[..offset]).into_owned();
    text.push(REPLACEMENT);
    let byte = bytes[offset];
    let message = format!("file is not UTF-8: byte 0x{byte:02X} at byte offset {offset}");
    let help = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "this looks like UTF-16: save the file as UTF-8",
        _ => "save the file as UTF-8",
    };
    (text, message, help)
}
