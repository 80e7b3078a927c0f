//! `xerus dump`.

use std::process::ExitCode;
use std::slice;

use xerus_idl::dump;

use super::load;
use crate::args::Dump;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Dump, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let Some(loaded) = load::load(slice::from_ref(&args.directory), &args.includes, terminal)?
    else {
        return Ok(ExitCode::FAILURE);
    };
    let options = dump::Options::default().docs(args.docs);
    let mut text = dump::dump(&loaded.model, options);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    terminal.print(&text)?;
    Ok(ExitCode::SUCCESS)
}
