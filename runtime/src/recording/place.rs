//! Where a recording is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::Recording;
use super::redaction::Known;

/// A file, or memory.
pub(super) enum Place {
    File { path: PathBuf, file: File },
    Memory(String),
}

impl Place {
    /// An empty file, for nobody but its owner to read.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self::File {
            path: path.to_owned(),
            file: private().truncate(true).open(path)?,
        })
    }

    /// Adds a text. It is with the system when this returns.
    pub(super) fn add(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::File { file, .. } => {
                file.write_all(text.as_bytes())?;
                file.flush()
            }
            Self::Memory(all) => {
                all.push_str(text);
                Ok(())
            }
        }
    }

    /// All that was written.
    pub(super) fn text(&self) -> io::Result<String> {
        match self {
            Self::File { path, .. } => fs::read_to_string(path),
            Self::Memory(all) => Ok(all.clone()),
        }
    }

    /// Puts placeholders into what was written before their values were known.
    pub(super) fn mend(&mut self, known: &Known) -> io::Result<()> {
        let text = self.text()?;
        if !known.any_in(&text) {
            return Ok(());
        }
        let mut recording = Recording::parse(&text).map_err(|error| {
            let what = format!("the recording was changed while it was written: {error}");
            io::Error::new(io::ErrorKind::InvalidData, what)
        })?;
        recording.origin = known.replaced(&recording.origin);
        for entry in &mut recording.entries {
            known.replace_in(entry);
        }
        let mended = recording.to_string();
        if mended == text {
            return Ok(());
        }
        match self {
            Self::Memory(all) => *all = mended,
            Self::File { path, file } => {
                // Written beside it and put in its place at once: whoever is interrupted has the one or the other.
                let mut beside = path.clone().into_os_string();
                beside.push(".new");
                let mut new = private().truncate(true).open(&beside)?;
                new.write_all(mended.as_bytes())?;
                new.flush()?;
                fs::rename(&beside, &*path)?;
                *file = new;
            }
        }
        Ok(())
    }

    /// Waits until the disk has it.
    pub(super) fn sync(&self) -> io::Result<()> {
        match self {
            Self::File { file, .. } => file.sync_all(),
            Self::Memory(_) => Ok(()),
        }
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
