//! `xerus completions` and `xerus man`.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory as _;

use crate::args::{Cli, Completions, Man};
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn completions(args: &Completions, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "xerus", &mut script);
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn man(args: &Man, terminal: &Terminal) -> Result<ExitCode, Failure> {
    if !args.directory.is_dir() {
        return Err(Failure::Message(format!(
            "{} is not a directory",
            args.directory.display()
        )));
    }
    let mut root = Cli::command();
    root.build();
    page(&root, "xerus", &args.directory, terminal)?;
    for command in root
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        page(
            command,
            &format!("xerus-{}", command.get_name()),
            &args.directory,
            terminal,
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn page(
    command: &clap::Command,
    name: &str,
    directory: &Path,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let path = directory.join(format!("{name}.1"));
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone())
        .title(name)
        .render(&mut text)
        .map_err(|error| Failure::io("write", &path, &error))?;
    xerus_codegen::replace(&path, &String::from_utf8_lossy(&text))?;
    terminal.print(&format!("{}\n", path.display()))
}
