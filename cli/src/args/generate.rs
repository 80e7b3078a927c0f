//! The arguments of `xerus generate`, of which most are the options of the generator.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use xerus_codegen::options::{Kind, SPECS, Spec};

const EXAMPLES: &str = "\
The options are also methods of the generator's Builder and keys of the TOML file, where the
words are joined by _. Flags add to lists of the file and win over its other values, as in
--client-only=false; paths in the file are relative to it.

Examples:
  xerus generate idl --out src/xerus.rs
  xerus generate idl --out src/xerus.rs --root pdumodel.Pdu --client-only
  xerus generate idl --out src/xerus.rs --check
  xerus generate idl --out src/xerus.rs --layout files
  xerus generate idl --out src/xerus.rs --cargo-features --cargo-toml Cargo.toml
  xerus generate idl --out - | less

Exit codes: 0 done, 1 the IDL or an option was refused, a file cannot be read or written, or --check
found one stale, 2 the command line was not understood.";

/// `xerus generate`: its own arguments, and one flag for each option of the generator.
#[derive(Debug)]
pub(crate) struct Generate {
    /// A directory with IDL files, one file, a dump, a package, or `-` for stdin.
    pub(crate) directory: Option<PathBuf>,
    /// The file to write; `-` is stdout.
    pub(crate) out: PathBuf,
    /// A TOML file with options.
    pub(crate) config: Option<PathBuf>,
    /// The `Cargo.toml` that declares the features.
    pub(crate) cargo_toml: Option<PathBuf>,
    /// Whether to compare instead of to write.
    pub(crate) check: bool,
    /// Flags of the generator without dashes, with their values, in the order of the options.
    pub(crate) flags: Vec<(&'static str, Option<String>)>,
}

/// The file is no flag like others: it must be named, and may be stdout.
fn is_flag(spec: &Spec) -> bool {
    spec.key != "out"
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
                    .help("Directory with IDL files, one file, a dump (.json), a package (.whl, .tar.gz), or - for stdin"),
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
        Kind::Switch { default: true } => format!(
            "{} (on by default; --{}=false switches it off)",
            spec.help, spec.flag
        ),
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
    } else if !spec.needs_value() {
        arg.value_name(spec.placeholder)
            .value_parser(PossibleValuesParser::new(["true", "false"]))
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
    } else if spec.repeats() {
        arg.value_name(spec.placeholder).action(ArgAction::Append)
    } else {
        arg.value_name(spec.placeholder)
    }
}

impl FromArgMatches for Generate {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let path = |name| matches.get_one::<PathBuf>(name).cloned();
        let mut flags = Vec::new();
        for spec in SPECS.iter().filter(|spec| is_flag(spec)) {
            if let Some(values) = matches.get_many::<String>(spec.key) {
                flags.extend(values.map(|value| (spec.flag, Some(value.clone()))));
            }
        }
        Ok(Self {
            directory: path("directory"),
            out: path("out").expect("clap demands it"),
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
