//! `xerus diff`.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

use xerus_codegen::{Options, RustNames};
use xerus_idl::diff::{Comparison, compare};
use xerus_idl::model::{Model, UnknownName};

use super::load;
use crate::args::{Diff, DiffFormat, Only};
use crate::failure::Failure;
use crate::terminal::Terminal;
use crate::usage::{Sources, Usage, path};

/// What the exit code says of a comparison with breaking changes.
const BREAKING: u8 = 6;

pub(super) fn run(args: &Diff, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let load = |path: &PathBuf, other: &PathBuf| {
        // Otherwise what Python cannot say would be told as a change.
        let other = Some(other.as_path()).filter(|other| !load::is_imported(other));
        load::api(path, &args.like, other, &args.includes, terminal)
    };
    let old = load(&args.old, &args.new)?;
    let new = load(&args.new, &args.old)?;
    let (Some(old), Some(new)) = (old, new) else {
        return Ok(ExitCode::FAILURE);
    };
    let options = match &args.config {
        Some(file) => load::options(file)?,
        None => Options::default(),
    };
    let names = |model| RustNames::with_options(model, &options);
    let names = (names(&old.model), names(&new.model));
    let mut comparison = compare(&old.model, &new.model).with_rust_names(&names.0, &names.1);
    if !args.root.is_empty() {
        comparison = below(comparison, &args.root, (&old.model, &new.model))?;
    }
    if !args.only.is_empty() {
        comparison = comparison.only(|change| {
            args.only.iter().any(|only| match only {
                Only::Breaking => change.is_breaking(),
                Only::Callers => change.breaks_callers(),
            })
        });
    }
    if !args.used_by.is_empty() {
        comparison = used(comparison, args, (&old.model, &names.0), terminal)?;
    }
    let mut text = match args.format {
        DiffFormat::Text => comparison.to_text(),
        DiffFormat::Markdown => comparison.to_markdown(),
        DiffFormat::Json => comparison.to_json(),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let code = if comparison.is_breaking() {
        BREAKING
    } else {
        0
    };
    Ok(terminal.conclude(&text, code))
}

/// What is left of a comparison when only some types count, with all that they need on either side.
fn below(
    comparison: Comparison,
    roots: &[String],
    (old, new): (&Model, &Model),
) -> Result<Comparison, Failure> {
    let mut reached = HashSet::new();
    for root in roots {
        let found = [old, new].map(|model| (model, model.select(root)));
        if let [(_, Err(_)), (_, Err(unknown))] = &found {
            return Err(Failure::Message(unknown_root(unknown)));
        }
        for (model, types) in found {
            let types = model.reach(&types.unwrap_or_default());
            reached.extend(types.into_iter().map(|index| path(model, index)));
        }
    }
    Ok(comparison.only(|change| reached.contains(&change.path)))
}

fn unknown_root(unknown: &UnknownName) -> String {
    format!("--root: {unknown}")
}

/// What is left of a comparison when only what sources use counts.
fn used(
    comparison: Comparison,
    args: &Diff,
    (old, names): (&Model, &RustNames<'_>),
    terminal: &Terminal,
) -> Result<Comparison, Failure> {
    let sources = Sources::read(&args.used_by)?;
    for (file, line) in &sources.skipped {
        terminal.tell(&format!(
            "warning: {}:{line}: this is not Rust; nothing in the file counts as used\n",
            file.display()
        ));
    }
    let usage = Usage::of(old, names, &sources);
    let places: Vec<_> = args
        .used_by
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let places = places.join(", ");
    let (types, methods) = usage.counts();
    if types == 0 {
        return Err(Failure::Message(format!(
            "{places}: the sources name no type of {}; give the directory of code that uses its bindings (--config if \
             they were made with renames)",
            args.old.display()
        )));
    }
    let all = comparison.changes().count();
    let comparison = comparison.only(|change| usage.touches(change));
    let shown = comparison.changes().count();
    terminal.tell(&format!(
        "note: {places}: {types} types and {methods} methods in use; {shown} of {all} changes can touch them\n"
    ));
    Ok(comparison)
}
