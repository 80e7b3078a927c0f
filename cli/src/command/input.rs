//! Texts that the command line names: given there, in a file, or on stdin.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::failure::Failure;

/// `-` is stdin, everything else a file.
pub(super) fn file(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        let mut text = String::new();
        return match io::stdin().lock().read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(Failure::io("read", Path::new("stdin"), &error)),
        };
    }
    fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))
}

/// `-` is stdin, `@FILE` a file, everything else the text itself.
pub(super) fn argument(text: &str) -> Result<String, Failure> {
    match text.strip_prefix('@') {
        Some(path) => file(Path::new(path)),
        None if text == "-" => file(Path::new(text)),
        None => Ok(text.to_owned()),
    }
}
