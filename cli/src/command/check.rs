//! `xerus check`.

use std::process::ExitCode;

use xerus_codegen::Options;
use xerus_idl::Diagnostics;
use xerus_idl::diagnostic::{Level, codes};

use super::load;
use crate::args::{Check, MessageFormat};
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Check, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let is_human = matches!(args.message_format, MessageFormat::Human);
    let options = match &args.config {
        None => Options::new(),
        Some(file) => load::options(file)?,
    };
    let idl = load::idl(&args.paths, &args.includes, is_human.then_some(terminal))?;
    let (mut diagnostics, types) = match idl.load() {
        Ok(loaded) => {
            let types = loaded.model.counts().types();
            let mut warnings = loaded.warnings;
            // A clean check means that the model can be generated.
            warnings.extend(xerus_codegen::lint(&loaded.model, &options));
            (Diagnostics::new(loaded.sources, warnings), Some(types))
        }
        Err(diagnostics) => (diagnostics, None),
    };
    // Someone named it for this very run.
    for item in &mut diagnostics.items {
        if item.code == codes::INCLUDE_DIRECTORY {
            item.level = Level::Error;
        }
    }
    match args.message_format {
        MessageFormat::Human => {
            load::tell(&diagnostics, terminal);
            terminal.tell(&summary(&diagnostics, types));
        }
        MessageFormat::Json => terminal.tell(&diagnostics.to_json()),
        MessageFormat::Short => terminal.tell(&diagnostics.to_short()),
    }
    Ok(if diagnostics.has_errors() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// `118 files, 724 types, 0 errors, 0 warnings`. Types are unknown when there are errors.
fn summary(diagnostics: &Diagnostics, types: Option<usize>) -> String {
    let errors = diagnostics
        .items
        .iter()
        .filter(|item| item.is_error())
        .count();
    let warnings = diagnostics.items.len() - errors;
    let mut parts = vec![count(diagnostics.sources.files().len(), "file")];
    parts.extend(types.map(|types| count(types, "type")));
    parts.push(count(errors, "error"));
    parts.push(count(warnings, "warning"));
    format!("{}\n", parts.join(", "))
}

fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
