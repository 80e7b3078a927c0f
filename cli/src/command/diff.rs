//! `xerus diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use xerus_codegen::RustNames;
use xerus_idl::diff::compare;

use super::load;
use crate::args::{Diff, DiffFormat};
use crate::failure::Failure;
use crate::terminal::Terminal;

/// What the exit code says of a comparison with breaking changes.
const BREAKING: u8 = 6;

pub(super) fn run(args: &Diff, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let load = |path: &PathBuf, other: &PathBuf| {
        let mut like = args.like.clone();
        // Otherwise what Python cannot say would be told as a change.
        if !load::is_imported(other) {
            like.push(other.clone());
        }
        load::api(path, &like, &args.includes, terminal)
    };
    let old = load(&args.old, &args.new)?;
    let new = load(&args.new, &args.old)?;
    let (Some(old), Some(new)) = (old, new) else {
        return Ok(ExitCode::FAILURE);
    };
    let names = (RustNames::new(&old.model), RustNames::new(&new.model));
    let comparison = compare(&old.model, &new.model).with_rust_names(&names.0, &names.1);
    let mut text = match args.format {
        DiffFormat::Text => comparison.to_text(),
        DiffFormat::Markdown => comparison.to_markdown(),
        DiffFormat::Json => comparison.to_json(),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    terminal.print(&text)?;
    Ok(if comparison.is_breaking() {
        ExitCode::from(BREAKING)
    } else {
        ExitCode::SUCCESS
    })
}
