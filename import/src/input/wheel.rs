//! Wheels: zip archives.

use std::fs::File;
use std::io::BufReader;

use zip::ZipArchive;
use zip::result::ZipError;

use super::meter::{Meter, limit};
use super::name::{check, shown};
use super::{Files, Kept, is_wanted};
use crate::error::Error;
use crate::limits::Limits;

pub(super) fn read(file: File, limits: Limits) -> Result<Files, Error> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(damaged)?;
    if archive.len() as u64 > limits.entries {
        return Err(limit(
            "number of entries".to_owned(),
            "entries",
            limits.entries,
        ));
    }
    // Two entries that share their packed bytes unpack to more than any ratio of one of them says.
    if archive.has_overlapping_entries().map_err(damaged)? {
        return Err(Error::Archive("entries overlap".to_owned()));
    }
    // The reader keeps the last one of several, another tool the first.
    if archive.has_duplicate_names() {
        return Err(Error::Archive("two entries have the same name".to_owned()));
    }
    let mut kept = Kept::default();
    let mut meter = Meter::new(limits);
    for index in 0..archive.len() {
        meter.entry()?;
        let entry = archive.by_index(index).map_err(damaged)?;
        let raw = entry.name().map_err(damaged)?.into_owned();
        let name = check(&raw, limits)?;
        let refuse = |reason| {
            Err(Error::RefusedEntry {
                name: shown(&raw),
                reason,
            })
        };
        if entry.is_symlink() {
            return refuse("symbolic link");
        }
        if entry.encrypted() {
            return refuse("encrypted");
        }
        if entry.is_dir() {
            continue;
        }
        kept.name(&name)?;
        if !is_wanted(&name) {
            continue;
        }
        let packed = entry.compressed_size().max(1);
        let bytes = meter.read(&name, packed, entry)?;
        kept.files.insert(name, bytes);
    }
    Ok(kept.files)
}

/// What is wrong with an archive, in our own words.
fn damaged(error: ZipError) -> Error {
    Error::Archive(
        match error {
            ZipError::Io(_) => "cut off, or it cannot be read",
            ZipError::UnsupportedArchive(_) => "packed in a way that packages do not use",
            ZipError::InvalidPassword => "encrypted",
            _ => "its list of entries is damaged",
        }
        .to_owned(),
    )
}
