//! `xerus fmt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xerus_idl::Idl;
use xerus_idl::dump;
use xerus_idl::load::{idl_files, no_files};
use xerus_idl::print::format;

use super::load;
use crate::args::Fmt;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Fmt, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut clean = true;
    for path in &args.paths {
        if load::is_stdin(path) {
            clean &= stdin(args.check, terminal)?;
            continue;
        }
        load::demand(std::slice::from_ref(path), &args.includes)?;
        if load::is_imported(path) {
            clean &= dumped(path, args.check, terminal)?;
            continue;
        }
        for file in expand(path)? {
            clean &= one(&file, args.check, terminal)?;
        }
    }
    Ok(if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A file, or the IDL files of a directory in order of name.
fn expand(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let found = idl_files(path).map_err(|error| Failure::io("read", path, &error))?;
    if found.is_empty() {
        return Err(Failure::Message(no_files(path)));
    }
    Ok(found)
}

/// Formats a file; `false` when it was refused or, while checking, differs.
fn one(path: &Path, check: bool, terminal: &Terminal) -> Result<bool, Failure> {
    let file = fs::File::open(path).map_err(|error| Failure::io("read", path, &error))?;
    let old = load::read_bounded(file).map_err(|error| Failure::io("read", path, &error))?;
    let Some(new) = formatted(&path.to_string_lossy(), &old, terminal) else {
        return Ok(false);
    };
    put(path, &old, &new, check, terminal)
}

/// Writes a text that differs or, while checking, tells the file.
fn put(
    path: &Path,
    old: &[u8],
    new: &str,
    check: bool,
    terminal: &Terminal,
) -> Result<bool, Failure> {
    if new.as_bytes() == old {
        return Ok(true);
    }
    if check {
        terminal.print(&format!("{}\n", path.display()))?;
        return Ok(false);
    }
    xerus_codegen::replace(path, new)?;
    Ok(true)
}

/// Formats a dump: its types sorted, its members in their order, laid out as `xerus dump` does. A package is the vendor's.
fn dumped(path: &Path, check: bool, terminal: &Terminal) -> Result<bool, Failure> {
    if path.extension().is_none_or(|extension| extension != "json") {
        return Err(Failure::Message(format!(
            "{0} is a package, which holds no IDL to format; `xerus import {0} --out DIR` writes IDL from it",
            path.display()
        )));
    }
    let old = fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
    let loaded = load::documented(path)?;
    let mut new = dump::dump(&loaded.model, dump::Options::default().docs(true));
    if !new.ends_with('\n') {
        new.push('\n');
    }
    put(path, &old, &new, check, terminal)
}

fn stdin(check: bool, terminal: &Terminal) -> Result<bool, Failure> {
    let old = load::stdin()?;
    let Some(new) = formatted(load::STDIN_NAME, &old, terminal) else {
        return Ok(false);
    };
    if !check {
        terminal.print(&new)?;
        return Ok(true);
    }
    let same = new.as_bytes() == old;
    if !same {
        terminal.print(&format!("{}\n", load::STDIN_NAME))?;
    }
    Ok(same)
}

fn formatted(name: &str, text: &[u8], terminal: &Terminal) -> Option<String> {
    let result = match std::str::from_utf8(text) {
        Ok(text) => format(name, text),
        // The loader says which byte it is.
        Err(_) => {
            let loaded = Idl::new().bytes(name, text).load();
            Err(loaded.expect_err("bytes that are no text are refused"))
        }
    };
    match result {
        Ok(text) => Some(text),
        Err(diagnostics) => {
            load::tell(&diagnostics, terminal);
            None
        }
    }
}
