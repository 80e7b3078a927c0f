//! For programs that generate into a checked-in file.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use crate::error::Error;
use crate::features::{self, Feature};
use crate::files::Files;
use crate::options::Options;
use crate::{generate, input};

/// Reads the IDL that the options name and generates its text.
///
/// # Errors
///
/// When the IDL has errors, an option cannot be followed, or a file cannot be read.
pub fn run(options: &Options) -> Result<String, Error> {
    let input = input::read(options).finish()?;
    generate::text(&input.model, &input.sources, options)
}

/// Reads the IDL that the options name and generates all files of the layout they choose.
///
/// # Errors
///
/// When the IDL has errors, an option cannot be followed, or a file cannot be read.
pub fn run_files(options: &Options) -> Result<Files, Error> {
    let input = input::read(options).finish()?;
    generate::files(&input.model, &input.sources, options)
}

/// Reads the IDL that the options name and lists the cargo features of its code.
///
/// # Errors
///
/// When the IDL has errors, an option cannot be followed, or a file cannot be read.
pub fn run_features(options: &Options) -> Result<Vec<Feature>, Error> {
    let input = input::read(options).finish()?;
    features::features(&input.model, &input.sources, options)
}

/// Whether a checked-in file is what would be generated now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// It is.
    Fresh,
    /// It is not, or there is no such file.
    Stale {
        /// A short account of the first difference.
        difference: String,
    },
}

/// Compares a file with freshly generated text.
///
/// # Errors
///
/// When the file exists but cannot be read.
pub fn check(file: &Path, text: &str) -> Result<Check, Error> {
    let old = match fs::read_to_string(file) {
        Ok(old) => old,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Check::Stale {
                difference: "the file does not exist\n".to_owned(),
            });
        }
        Err(error) => return Err(Error::io("cannot read", file, &error)),
    };
    if old == text {
        return Ok(Check::Fresh);
    }
    Ok(Check::Stale {
        difference: difference(&old, text),
    })
}

/// Lines shown of either text.
const SHOWN: usize = 6;

/// The first lines that differ, up to the point where the texts agree again.
fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - start;
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let (removed, added) = (&old[start..old.len() - tail], &new[start..new.len() - tail]);
    let mut out = format!("line {}:\n", start + 1);
    for (sign, lines) in [('-', removed), ('+', added)] {
        for line in lines.iter().take(SHOWN) {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{sign} {line}");
        }
        if lines.len() > SHOWN {
            let _ = writeln!(out, "{sign} … {} more lines", lines.len() - SHOWN);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_difference_is_shown() {
        assert_eq!(difference("a\nb\nc\n", "a\nB\nc\n"), "line 2:\n- b\n+ B\n");
        assert_eq!(difference("a\na\n", "a\n"), "line 2:\n- a\n");
        assert_eq!(difference("", "a\n"), "line 1:\n+ a\n");
    }
}
