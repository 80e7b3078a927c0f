//! What a request to a file endpoint brings: parameters and files.

use super::bad;
use crate::door::{FileRequest, Form, Refusal};
use crate::model::configuration::bulk::RestoreOptions;

pub(super) fn part<'f>(files: &'f [(String, Vec<u8>)], name: &str) -> Option<&'f [u8]> {
    let mut files = files.iter();
    let (_, bytes) = files.find(|(part, _)| part == name)?;
    Some(bytes)
}

/// All files of a form, each with the name of its part; of one that is too large, just enough to see that. Plain fields, which
/// some tools send as well, are no files.
pub(super) async fn files(form: &mut Form, most: usize) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    let mut files = Vec::new();
    while let Some(mut part) = form.next().await? {
        if part.file_name().is_none() {
            continue;
        }
        if files.len() == 4 {
            return Err(bad("the form has too many files"));
        }
        let name = part.name().to_owned();
        let mut bytes = Vec::new();
        while let Some(piece) = part.chunk().await? {
            let room = most - bytes.len();
            bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        files.push((name, bytes));
    }
    Ok(files)
}

/// Only the primary unit is there.
pub(super) fn primary_unit(request: &FileRequest) -> Result<(), Refusal> {
    match request.parameter("link_ids") {
        None | Some("" | "1") => Ok(()),
        Some(_) => Err(bad("there are no link units: leave link_ids out")),
    }
}

pub(super) fn is_backup(request: &FileRequest) -> Result<bool, Refusal> {
    match request.parameter("mode") {
        None | Some("") => Ok(false),
        Some("backup") => Ok(true),
        Some(_) => Err(bad("no such mode: take backup, or leave it out")),
    }
}

/// `None`: a parameter is not possible.
pub(super) fn restore_options(request: &FileRequest) -> Option<RestoreOptions> {
    primary_unit(request).ok()?;
    let mut options = RestoreOptions {
        backup: is_backup(request).ok()?,
        password: request
            .parameter("user_password")
            .unwrap_or_default()
            .to_owned(),
        ..RestoreOptions::default()
    };
    let skipped = request.parameter("skip_checks").unwrap_or_default();
    for check in skipped.split(',').filter(|check| !check.is_empty()) {
        match check {
            "model" => options.skip_model = true,
            "firmware_version" => options.skip_firmware = true,
            _ => return None,
        }
    }
    Some(options)
}
