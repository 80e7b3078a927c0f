//! Writing files so that nobody ever sees half of one.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::failure::Failure;

/// Replaces the content of a file in one step, keeping its permissions. The directory must exist.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    // A link is followed: its target is what people want changed.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    write(&target, text).map_err(|error| Failure::io("write", path, &error))
}

fn write(target: &Path, text: &str) -> io::Result<()> {
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let old = fs::metadata(target).ok();
    if let Some(old) = &old {
        if !old.is_file() {
            // A device or a pipe cannot be replaced, only written to.
            return fs::OpenOptions::new()
                .write(true)
                .open(target)?
                .write_all(text.as_bytes());
        }
        if old.permissions().readonly() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".xerus-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The operating system takes the user's mask off a new file's 666.
        let mode = old
            .as_ref()
            .map_or(0o666, |old| old.permissions().mode() & 0o7777);
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}
