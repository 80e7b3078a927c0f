//! How long reading a directory of IDL takes, stage by stage: `cargo run --release --example parse_speed -- DIR`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use xerus_idl::lex::tokens;
use xerus_idl::parse::parse;
use xerus_idl::{Diagnostics, Idl, print};

const RUNS: u32 = 21;

fn main() -> Result<ExitCode, Diagnostics> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/xerus-4.0.20");
    let directory = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from(default), PathBuf::from);
    let idl = Idl::new().directory(directory);
    let loaded = idl.clone().load()?;
    let ids: Vec<_> = loaded.sources.files().map(|(id, _)| id).collect();

    let lexed = median(|| {
        ids.iter()
            .map(|id| tokens(&loaded.sources, *id).len())
            .sum()
    });
    let parsed = median(|| {
        let mut found = Vec::new();
        ids.iter()
            .filter(|id| parse(&loaded.sources, **id, &mut found).is_some())
            .count()
    });
    let printed = median(|| {
        loaded
            .files
            .iter()
            .map(|file| print::print(&loaded.sources, file).len())
            .sum()
    });
    let everything = median(|| idl.clone().load().map_or(0, |loaded| loaded.files.len()));

    let bytes: usize = loaded
        .sources
        .files()
        .map(|(_, file)| file.text().len())
        .sum();
    println!("{} files, {bytes} bytes, medians of {RUNS} runs", ids.len());
    println!("tokens   {lexed:?}");
    println!("parse    {parsed:?}");
    println!("print    {printed:?}");
    println!("load     {everything:?} (read, parse, resolve, lint)");
    Ok(ExitCode::SUCCESS)
}

/// The median time of some runs. The result of each is looked at, so that none is optimised away.
fn median(mut work: impl FnMut() -> usize) -> Duration {
    let mut times: Vec<_> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            std::hint::black_box(work());
            started.elapsed()
        })
        .collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
