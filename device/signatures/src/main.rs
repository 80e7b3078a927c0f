//! Holds what `xerus-device` calls against every firmware whose interface description was published.
//!
//! `cargo run -p xerus-device-signatures [-- --check | --history FOLDER]`

mod api;
mod calls;
mod compare;
mod facts;
mod files;
mod history;
mod packages;
mod page;
mod report;
mod statements;
#[cfg(test)]
mod tests;
mod treatment;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xerus_idl::Idl;

use crate::calls::Calls;
use crate::files::Files;
use crate::history::History;

/// The firmware of the bindings.
const NEWEST: &str = "4.4.1";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let files = Files::new();
    match (arguments.next().as_deref(), arguments.next()) {
        (None, None) => write(&files),
        (Some("--check"), folder) => {
            let folder = folder.map_or_else(|| files.root.join("target/wheels"), PathBuf::from);
            check(&files, &folder)
        }
        (Some("--history"), Some(folder)) => {
            files.write_history(&History::of(packages::read(
                Path::new(&folder),
                &files.idl(NEWEST),
            )?))?;
            write(&files)
        }
        (Some(other), _) => {
            Err(format!("{other}: there are --check [FOLDER] and --history FOLDER").into())
        }
        (None, Some(_)) => unreachable!("the first argument comes before the second"),
    }
}

fn ask(files: &Files) -> Result<Calls, Box<dyn Error>> {
    let newest = Idl::new().directory(files.idl(NEWEST)).load()?.model;
    Calls::ask(&files.root, &newest)
}

/// Writes what is called, and the page.
fn write(files: &Files) -> Result<ExitCode, Box<dyn Error>> {
    let calls = ask(files)?;
    files.write_calls(&calls)?;
    let history = files.history()?;
    let report = report::report(&history, &calls)?;
    files.write_page(&page::page(&history, &calls, &report))?;
    Ok(told(&report.told(&history)))
}

/// Says what is not as it is written.
fn check(files: &Files, folder: &Path) -> Result<ExitCode, Box<dyn Error>> {
    let calls = ask(files)?;
    let history = files.history()?;
    let report = report::report(&history, &calls)?;
    let mut faults = report.told(&history);
    if files.calls()? != calls {
        faults.insert("device/signatures/data/calls.txt is not what is called".to_owned());
    }
    if files.page()? != page::page(&history, &calls, &report) {
        faults.insert("docs/any-firmware.md is not current".to_owned());
    }
    let required = std::env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
    if folder.is_dir() || required {
        let read = packages::read(folder, &files.idl(NEWEST))?;
        println!("{} packages compared", read.len());
        faults.extend(read.iter().filter_map(|(firmware, facts)| {
            let at = history.firmwares.iter().position(|known| known == firmware);
            match at.map(|at| history.facts_of(at)) {
                Some(known) if known == *facts => None,
                Some(_) => Some(format!(
                    "history.txt says other things of {firmware} than its package"
                )),
                None => Some(format!(
                    "history.txt does not know {firmware}: fetch all with --all"
                )),
            }
        }));
    } else {
        println!("skipped: comparing packages (no {})", folder.display());
    }
    let code = told(&faults);
    if code != ExitCode::SUCCESS {
        println!("run device/regenerate-signatures, and look at docs/any-firmware.md");
    }
    Ok(code)
}

fn told(faults: &std::collections::BTreeSet<String>) -> ExitCode {
    faults.iter().for_each(|fault| println!("{fault}"));
    if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
