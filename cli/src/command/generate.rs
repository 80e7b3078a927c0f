//! `xerus generate`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use xerus_codegen::features::{self, Manifest};
use xerus_codegen::options::{Kind, SPECS, Spec};
use xerus_codegen::{Change, Check, Files, Layout, Options, error};

use super::load;
use crate::failure::Failure;
use crate::files;
use crate::terminal::Terminal;

const EXAMPLES: &str = "\
The options are also methods of the generator's Builder and keys of the TOML file, where the
words are joined by _. Flags add to lists of the file and win over its other values; paths in
the file are relative to it.

Examples:
  xerus generate idl --out src/xerus.rs
  xerus generate idl --out src/xerus.rs --root pdumodel.Pdu --client-only
  xerus generate idl --out src/xerus.rs --check
  xerus generate idl --out src/xerus.rs --layout files
  xerus generate idl --out src/xerus.rs --cargo-features --cargo-toml Cargo.toml
  xerus generate idl --out - | less

Exit codes: 0 done, 1 the IDL was refused, or --check found the file stale.";

/// `xerus generate`: its own arguments, and one flag for each option of the generator.
#[derive(Debug)]
pub(crate) struct Generate {
    directory: Option<PathBuf>,
    out: PathBuf,
    config: Option<PathBuf>,
    cargo_toml: Option<PathBuf>,
    check: bool,
    flags: Vec<(&'static str, Option<String>)>,
}

/// Options of the generator that the command line replaces: the file is named by `--out`.
fn is_flag(spec: &Spec) -> bool {
    spec.key != "out_file"
}

impl Args for Generate {
    fn augment_args(command: Command) -> Command {
        let command = command
            .after_help(EXAMPLES)
            .arg(
                Arg::new("directory")
                    .value_name("DIR")
                    .value_parser(clap::value_parser!(PathBuf))
                    .required_unless_present_any(["idl_dir", "idl_file", "config"])
                    .help("Directory with IDL files"),
            )
            .arg(
                Arg::new("out")
                    .long("out")
                    .value_name("FILE")
                    .value_parser(clap::value_parser!(PathBuf))
                    .required(true)
                    .help("The file to write, only when its text changes; - is stdout"),
            )
            .arg(
                Arg::new("config")
                    .long("config")
                    .value_name("FILE")
                    .value_parser(clap::value_parser!(PathBuf))
                    .help("A TOML file with options"),
            )
            .arg(
                Arg::new("cargo_toml")
                    .long("cargo-toml")
                    .value_name("FILE")
                    .value_parser(clap::value_parser!(PathBuf))
                    .help("The Cargo.toml that declares the features of --cargo-features, between two marker lines"),
            )
            .arg(
                Arg::new("check")
                    .long("check")
                    .action(ArgAction::SetTrue)
                    .help("Write nothing; fail when a file is not what would be written"),
            );
        SPECS
            .iter()
            .filter(|spec| is_flag(spec))
            .fold(command, |command, spec| command.arg(argument(spec)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// The flag of one option of the generator.
fn argument(spec: &'static Spec) -> Arg {
    let arg = Arg::new(spec.key).long(spec.flag).help(match spec.kind {
        Kind::Switch { default: true } => format!("Switches off: {}", lower(spec.help)),
        _ if spec.repeats() => format!("{} (repeatable)", spec.help),
        _ => spec.help.to_owned(),
    });
    let arg = if spec.key == "include_dir" {
        arg.short('I')
    } else {
        arg
    };
    if let Kind::Choice { values } = spec.kind {
        arg.value_name(spec.placeholder)
            .value_parser(PossibleValuesParser::new(values))
    } else if !spec.takes_value() {
        arg.action(ArgAction::SetTrue)
    } else if spec.repeats() {
        arg.value_name(spec.placeholder).action(ArgAction::Append)
    } else {
        arg.value_name(spec.placeholder)
    }
}

/// A sentence as the second half of another.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}

impl FromArgMatches for Generate {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let path = |name| matches.get_one::<PathBuf>(name).cloned();
        let mut flags = Vec::new();
        for spec in SPECS.iter().filter(|spec| is_flag(spec)) {
            if !spec.takes_value() {
                if matches.get_flag(spec.key) {
                    flags.push((spec.flag, None));
                }
            } else if let Some(values) = matches.get_many::<String>(spec.key) {
                flags.extend(values.map(|value| (spec.flag, Some(value.clone()))));
            }
        }
        Ok(Self {
            directory: path("directory"),
            out: path("out").unwrap_or_default(),
            config: path("config"),
            cargo_toml: path("cargo_toml"),
            check: matches.get_flag("check"),
            flags,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(super) fn run(args: &Generate, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut options = options(args)?;
    let to_stdout = args.out.as_os_str() == "-";
    if to_stdout && options.layout != Layout::Single {
        return Err(Failure::Message(
            "--layout files needs a file beside which the others are written, not -".to_owned(),
        ));
    }
    options.out_file = args
        .out
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for directory in options.idl_dir.iter().chain(&options.include_dir) {
        load::demand_directory(directory)?;
    }
    let made = match xerus_codegen::run_files(&options) {
        Ok(made) => made,
        Err(error) => return refused(&error, terminal),
    };
    let manifest = match &args.cargo_toml {
        None => None,
        Some(file) => match manifest(file, &options)? {
            Ok(manifest) => Some((file, manifest)),
            Err(error) => return refused(&error, terminal),
        },
    };
    if args.check {
        if to_stdout {
            return Err(Failure::Message(
                "--check needs a file to compare with, not -".to_owned(),
            ));
        }
        return check(&args.out, &made, manifest.as_ref(), terminal);
    }
    if to_stdout {
        for file in made.files() {
            terminal.print(&file.text)?;
        }
    } else {
        made.write_with(&args.out, files::replace)?;
    }
    if let Some((file, manifest)) = manifest.filter(|(_, manifest)| !manifest.fresh) {
        files::replace(file, &manifest.text)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What a `Cargo.toml` is to be.
fn manifest(
    file: &Path,
    options: &Options,
) -> Result<Result<Manifest, xerus_codegen::Error>, Failure> {
    if !options.cargo_features {
        return Err(Failure::Message(
            "--cargo-toml needs --cargo-features".to_owned(),
        ));
    }
    let old = std::fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error))?;
    let list = match xerus_codegen::run_features(options) {
        Ok(list) => list,
        Err(error) => return Ok(Err(error)),
    };
    features::manifest(&old, &list, !options.client_only)
        .map(Ok)
        .map_err(|error| Failure::Message(format!("{}: {error}", file.display())))
}

fn check(
    root: &Path,
    made: &Files,
    manifest: Option<&(&PathBuf, Manifest)>,
    terminal: &Terminal,
) -> Result<ExitCode, Failure> {
    let changes = made.changes(root)?;
    for change in &changes {
        match change {
            Change::Write { path, text } => {
                if let Check::Stale { difference } = xerus_codegen::check(path, text)? {
                    terminal.error(&format!(
                        "{} is stale, {}",
                        path.display(),
                        difference.trim_end()
                    ));
                }
            }
            Change::Remove { path } => terminal.error(&format!(
                "{} is stale, its module is no longer generated",
                path.display()
            )),
        }
    }
    let stale_manifest = manifest.filter(|(_, manifest)| !manifest.fresh);
    if let Some((file, manifest)) = stale_manifest
        && let Check::Stale { difference } = xerus_codegen::check(file, &manifest.text)?
    {
        terminal.error(&format!(
            "{} is stale, {}",
            file.display(),
            difference.trim_end()
        ));
    }
    Ok(if changes.is_empty() && stale_manifest.is_none() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl From<xerus_codegen::Error> for Failure {
    fn from(error: xerus_codegen::Error) -> Self {
        Self::Message(error.lines().join("; "))
    }
}

fn options(args: &Generate) -> Result<Options, Failure> {
    let mut options = match &args.config {
        None => Options::new(),
        Some(file) => {
            let text =
                std::fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error))?;
            let mut options = Options::from_toml(&text)
                .map_err(|message| Failure::Message(format!("{}:{message}", file.display())))?;
            let base = file.parent().unwrap_or(Path::new(""));
            for path in options
                .idl_dir
                .iter_mut()
                .chain(&mut options.idl_file)
                .chain(&mut options.include_dir)
            {
                *path = base.join(&*path);
            }
            options
        }
    };
    if let Some(directory) = &args.directory {
        if directory.is_file() {
            options.idl_file.push(directory.clone());
        } else {
            options.idl_dir.push(directory.clone());
        }
    }
    for (flag, value) in &args.flags {
        options
            .apply_flag(flag, value.as_deref())
            .map_err(Failure::Message)?;
    }
    if options.idl_dir.is_empty() && options.idl_file.is_empty() {
        return Err(Failure::Message(
            "no IDL: name a directory, or idl_dir in the TOML file".to_owned(),
        ));
    }
    Ok(options)
}

fn refused(error: &xerus_codegen::Error, terminal: &Terminal) -> Result<ExitCode, Failure> {
    if let error::Kind::Idl(diagnostics) = error.kind() {
        let text = if terminal.color() {
            diagnostics.to_colored()
        } else {
            diagnostics.to_plain()
        };
        terminal.tell(&text);
    } else {
        for line in error.lines() {
            terminal.error(&line);
        }
    }
    Ok(ExitCode::FAILURE)
}
