//! Writing a file so that nobody ever sees half of one.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use crate::error::Error;

/// How many links may follow each other.
const MOST_LINKS: usize = 40;

/// How many names are tried for the file that takes the new content.
const MOST_NAMES: usize = 100;

/// Gives a file a content in one step and keeps its permissions: whoever reads it, or stops the writing, finds the old content
/// or the new one. A link is followed, a device or pipe is written to, a file that must not be written is left alone.
///
/// The directory must exist.
///
/// # Errors
///
/// When the file cannot be written, with the reason and what to do.
pub fn replace(path: &Path, text: &str) -> Result<(), Error> {
    follow(path)
        .and_then(|target| write(&target, text))
        .map_err(|error| Error::io("cannot write", path, &error))
}

/// Where the links at a path lead, whether something is there or not.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else {
            return Ok(path);
        };
        // Relative to where the link is.
        path.pop();
        path.push(target);
    }
    Err(io::Error::other("its links lead in a circle"))
}

fn write(target: &Path, text: &str) -> io::Result<()> {
    let old = match fs::metadata(target) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(old) = &old {
        if old.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !old.is_file() {
            // A device or a pipe cannot be replaced, only written to.
            let mut device = fs::OpenOptions::new().write(true).open(target)?;
            return device.write_all(text.as_bytes());
        }
        if old.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    let (mut file, draft) = draft(target)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| match &old {
            Some(old) => file.set_permissions(old.permissions()),
            None => Ok(()),
        })
        // Otherwise the name could survive a crash of the machine without the content.
        .and_then(|()| file.sync_all());
    drop(file);
    let done = written.and_then(|()| fs::rename(&draft, target));
    if done.is_err() {
        // The error is that of the writing; what is left over does no harm.
        let _ = fs::remove_file(&draft);
    }
    done
}

/// A new file beside the target: only within a directory is moving a single step.
fn draft(target: &Path) -> io::Result<(fs::File, PathBuf)> {
    let name = target.file_name().ok_or(io::ErrorKind::IsADirectory)?;
    for number in 0..MOST_NAMES {
        let mut draft = std::ffi::OsString::from(".");
        draft.push(name);
        draft.push(format!(".{}-{number}.tmp", process::id()));
        let path = target.with_file_name(draft);
        match fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
        {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
