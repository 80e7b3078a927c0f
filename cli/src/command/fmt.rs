//! `xerus fmt`.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xerus_idl::Idl;
use xerus_idl::lex::MAX_FILE_SIZE;
use xerus_idl::load::no_files;
use xerus_idl::print::format;

use super::load;
use crate::args::Fmt;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Fmt, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut clean = true;
    for path in &args.paths {
        if path.as_os_str() == "-" {
            clean &= stdin(args.check, terminal)?;
            continue;
        }
        load::demand(std::slice::from_ref(path), &args.includes)?;
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
    let failed = |error: io::Error| Failure::io("read", path, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|extension| extension == "idl") && file.is_file() {
            found.push(file);
        }
    }
    if found.is_empty() {
        return Err(Failure::Message(no_files(path)));
    }
    found.sort();
    Ok(found)
}

/// Formats a file; `false` when it was refused or, while checking, differs.
fn one(path: &Path, check: bool, terminal: &Terminal) -> Result<bool, Failure> {
    let file = fs::File::open(path).map_err(|error| Failure::io("read", path, &error))?;
    let old = read(file).map_err(|error| Failure::io("read", path, &error))?;
    let Some(new) = formatted(&path.to_string_lossy(), &old, terminal) else {
        return Ok(false);
    };
    if new.as_bytes() == old {
        return Ok(true);
    }
    if check {
        terminal.print(&format!("{}\n", path.display()))?;
        return Ok(false);
    }
    xerus_codegen::replace(path, &new)?;
    Ok(true)
}

fn stdin(check: bool, terminal: &Terminal) -> Result<bool, Failure> {
    let stdin = Path::new("<stdin>");
    let old = read(io::stdin().lock()).map_err(|error| Failure::io("read", stdin, &error))?;
    let Some(new) = formatted("<stdin>", &old, terminal) else {
        return Ok(false);
    };
    if !check {
        terminal.print(&new)?;
        return Ok(true);
    }
    let same = new.as_bytes() == old;
    if !same {
        terminal.print("<stdin>\n")?;
    }
    Ok(same)
}

/// Reads a text, one byte more than is permitted at most: the formatter then says what the limit is.
fn read(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_FILE_SIZE as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
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
