//! `xerus import`.

use std::process::ExitCode;

use xerus_import::Options;

use crate::args::Import;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Import, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let options = Options {
        input: args.input.clone(),
        out: args.out.clone(),
        like: args.like.clone(),
        docs: args.docs,
        keep_docs: args.keep_docs,
        ..Options::default()
    };
    match xerus_import::run(&options) {
        Ok(report) => {
            terminal.tell(&report.to_string());
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => Err(Failure::Message(error.to_string())),
    }
}
