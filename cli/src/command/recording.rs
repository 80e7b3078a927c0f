//! `xerus recording`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use super::input;
use crate::args::{Convert, Recording};
use crate::cassette;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Recording, terminal: &Terminal) -> Result<ExitCode, Failure> {
    match args {
        Recording::Convert(args) => convert(args, terminal),
    }
}

fn convert(args: &Convert, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let wrong = |what: String| Failure::Message(format!("{}: {what}", args.cassette.display()));
    let cassette = cassette::read(&input::file(&args.cassette)?).map_err(wrong)?;
    let mut told = String::new();
    for what in &cassette.left_out {
        // Writing to memory does not fail.
        let _ = writeln!(told, "left out: {}: {what}", args.cassette.display());
    }
    terminal.tell(&told);
    let devices = cassette.recordings.len();
    let number = match args.device {
        Some(number) => number,
        None if devices > 1 => {
            return Err(Failure::Usage(format!(
                "the cassette has {devices} devices: choose one with --device 1 to --device {devices}"
            )));
        }
        None => 1,
    };
    let recording = number
        .checked_sub(1)
        .and_then(|at| cassette.recordings.get(at))
        .ok_or_else(|| {
            wrong(format!(
                "it has {devices} devices, and none of number {number}"
            ))
        })?;
    if recording.entries().is_empty() {
        return Err(wrong("it holds no call that can be used".to_owned()));
    }
    let text = recording.to_string();
    if args.out == Path::new("-") {
        terminal.print(&text)?;
    } else {
        fs::write(&args.out, text).map_err(|error| Failure::io("write", &args.out, &error))?;
    }
    Ok(ExitCode::SUCCESS)
}
