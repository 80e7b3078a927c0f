//! `xerus import`.

use std::process::ExitCode;

use xerus_import::{Error, Importer, Report};

use crate::args::Import;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Import, terminal: &Terminal) -> Result<ExitCode, Failure> {
    match import(args) {
        Ok(report) => {
            terminal.tell(&report.to_string());
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(Failure::Message(error.to_string())),
    }
}

fn import(args: &Import) -> Result<Report, Error> {
    let importer = Importer::new()
        .input(&args.input)
        .docs(args.docs)
        .lenient(args.lenient)
        .keep_docs(args.keep_docs);
    let imported = args.like.iter().fold(importer, Importer::like).run()?;
    imported.write(&args.out)?;
    Ok(imported.report)
}
