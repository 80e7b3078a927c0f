//! `xerus generate`.

use std::path::Path;
use std::process::ExitCode;

use xerus_codegen::features::{self, Manifest};
use xerus_codegen::{Builder, Error, Files, Layout, Options, error};

use super::load;
use crate::args::Generate;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Generate, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut options = options(args)?;
    let to_stdout = args.out.as_os_str() == "-";
    if to_stdout && options.layout != Layout::Single {
        return Err(Failure::Message(
            "--layout files needs a file beside which the others are written, not -".to_owned(),
        ));
    }
    let name = args.out.file_name().ok_or_else(|| {
        Failure::Message(format!(
            "{} names no file; write the path of the file to make",
            args.out.display()
        ))
    })?;
    options.out = name.to_string_lossy().into_owned();
    let texts = match &args.directory {
        Some(path) if load::is_imported(path) => load::imported(path, Some(terminal))?,
        Some(path) if load::is_stdin(path) => vec![load::stdin_text()?],
        _ => Vec::new(),
    };
    for directory in options.idl_dir.iter().chain(&options.include_dir) {
        load::demand_directory(directory)?;
    }
    let builder = texts
        .iter()
        .fold(Builder::with_options(options), |builder, (name, text)| {
            builder.text(name, text)
        });
    // Read once for both.
    let builder = match builder.read().finish() {
        Ok(input) => builder.input(input),
        Err(error) => return refused(&error, terminal),
    };
    let made = match builder.generate_files() {
        Ok(made) => made,
        Err(error) => return refused(&error, terminal),
    };
    let manifest = match &args.cargo_toml {
        None => None,
        Some(file) => match manifest(file, &builder)? {
            Ok(manifest) => Some((file.as_path(), manifest)),
            Err(error) => return refused(&error, terminal),
        },
    };
    if args.check {
        if to_stdout {
            return Err(Failure::Message(
                "--check needs a file to compare with, not -".to_owned(),
            ));
        }
        return check(&args.out, &made, manifest.as_ref(), terminal);
    }
    if to_stdout {
        for file in made.files() {
            terminal.print(&file.text)?;
        }
    } else {
        made.write(&args.out)?;
    }
    if let Some((file, manifest)) = manifest.filter(|(_, manifest)| !manifest.fresh) {
        xerus_codegen::replace(file, &manifest.text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What a `Cargo.toml` is to be.
fn manifest(file: &Path, builder: &Builder) -> Result<Result<Manifest, Error>, Failure> {
    let options = builder.options();
    if !options.cargo_features {
        return Err(Failure::Message(
            "--cargo-toml needs --cargo-features".to_owned(),
        ));
    }
    let old = std::fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error))?;
    let list = match builder.features() {
        Ok(list) => list,
        Err(error) => return Ok(Err(error)),
    };
    features::manifest(&old, &list, !options.client_only)
        .map(Ok)
        .map_err(|error| Failure::Message(format!("{}: {error}", file.display())))
}

fn check(
    root: &Path,
    made: &Files,
    manifest: Option<&(&Path, Manifest)>,
    terminal: &Terminal,
) -> Result<ExitCode, Failure> {
    let mut is_fresh = true;
    let mut tell = |path: &Path, reason: &str| {
        is_fresh = false;
        terminal.error(&format!(
            "{} is stale, {}",
            path.display(),
            reason.trim_end()
        ));
    };
    for change in made.changes(root)? {
        tell(change.path(), &change.reason()?);
    }
    if let Some((file, manifest)) = manifest.filter(|(_, manifest)| !manifest.fresh) {
        tell(file, &manifest.difference());
    }
    Ok(if is_fresh {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Message(error.lines().join("; "))
    }
}

fn options(args: &Generate) -> Result<Options, Failure> {
    let mut options = match &args.config {
        None => Options::new(),
        Some(file) => load::options(file)?,
    };
    if let Some(directory) = &args.directory {
        if load::is_imported(directory) || load::is_stdin(directory) {
            // Read as texts.
        } else if directory.is_file() {
            options.idl_file.push(directory.clone());
        } else {
            options.idl_dir.push(directory.clone());
        }
    }
    for (flag, value) in &args.flags {
        options
            .apply_flag(flag, value.as_deref())
            .map_err(|error| Failure::Message(error.to_string()))?;
    }
    if args.directory.is_none() && options.idl_dir.is_empty() && options.idl_file.is_empty() {
        return Err(Failure::Message(
            "no IDL: name a directory, or idl_dir in the TOML file".to_owned(),
        ));
    }
    Ok(options)
}

fn refused(error: &Error, terminal: &Terminal) -> Result<ExitCode, Failure> {
    if let error::Kind::Idl(diagnostics) = error.kind() {
        load::tell(diagnostics, terminal);
    } else {
        for line in error.lines() {
            terminal.error(&line);
        }
    }
    Ok(ExitCode::FAILURE)
}
