//! The command line as clap types.

#[cfg(feature = "device")]
mod conformance;
#[cfg(feature = "device")]
mod device;
#[cfg(feature = "device")]
mod discover;
mod generate;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

#[cfg(feature = "device")]
pub(crate) use conformance::{Conformance, Spoken};
#[cfg(feature = "device")]
pub(crate) use device::{Call, Convert, Device, Recording, Simulate};
#[cfg(feature = "device")]
pub(crate) use discover::Discover;
pub(crate) use generate::Generate;

/// Tools for Xerus devices and their interface description language (IDL).
#[derive(Debug, Parser)]
#[command(name = "xerus", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// When to colour what is printed for people
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  xerus check idl
  xerus generate idl --out src/xerus.rs --root pdumodel.Pdu --client-only
  xerus diff idl/xerus-3.6.80 idl/xerus-4.0.20

Exit codes: 0 success, 1 the input was refused or differs, or a file or the output cannot be read or
written, 2 the command line was not understood, 6 diff found breaking changes. Those of a command
stand in its help.";

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Parse, resolve and lint IDL files
    #[command(after_help = "\
Diagnostics go to stderr, each with its place, the source line and a way out. Without any of them `xerus generate` takes
the IDL, too.

Examples:
  xerus check idl
  xerus check --message-format short -I vendor idl/garden.idl
  xerus check api.json
  xerus check - < draft.idl

Exit codes: 0 clean or warnings only, 1 errors, or a file cannot be read, 2 the command line was not
understood.")]
    Check(Check),
    /// Print the resolved API as one JSON document
    #[command(after_help = "\
Types are sorted by wire id; members keep the order of the IDL.

Example:
  xerus dump idl --docs > api.json

Exit codes: 0 printed, 1 the IDL was refused, cannot be read, or the document not printed, 2 the
command line was not understood.")]
    Dump(Dump),
    /// Rewrite IDL files in the canonical form, comments kept
    #[command(after_help = "\
A file is written only when its text changes, and never when it has syntax errors. A dump gets the form that `xerus dump`
gives it.

Examples:
  xerus fmt idl
  xerus fmt --check idl
  xerus fmt - < draft.idl

Exit codes: 0 done, 1 --check found a difference, or a file was refused, or cannot be read or
written, 2 the command line was not understood.")]
    Fmt(Fmt),
    /// Generate Rust from IDL
    Generate(Generate),
    /// What a firmware update changes: compare two sets of IDL, dumps or packages
    #[command(after_help = "\
Every change is classed by the wire: compatible, breaking or reference. Beside it stand its effect on Rust callers,
and the version step that the rules demand with the step taken. The exit code follows what is shown.

Examples:
  xerus diff idl/xerus-3.6.80 idl/xerus-4.0.20
  xerus diff api-4.3.json api-4.4.json
  xerus diff old.whl new.whl --like idl/xerus-4.0.20
  xerus diff old new --format markdown >> CHANGES.md
  xerus diff idl/xerus-4.0.20 idl/xerus-4.4.1 --used-by src
  xerus diff old new --root pdumodel.Pdu --only breaking

A package says less than IDL, and stderr tells what: with a package on one side and IDL on the other, and with --like,
the IDL fills in what it can.

Exit codes: 0 compatible, 6 breaking on the wire, 1 a set was refused, something cannot be read, or
what is compatible not printed, 2 the command line was not understood.")]
    Diff(Diff),
    /// Write IDL from the Python package that the vendor publishes for a firmware, or from a dump
    #[command(after_help = "\
The package is parsed, never executed. What it does not say is taken from --like, from a table, or chosen visibly: the
report on stderr and a comment in the IDL say where.

Example:
  xerus import raritan-4.4.1.53217-py3-none-any.whl --out idl/xerus-4.4.1 --like idl/xerus-4.0.20

Exit codes: 0 written, 1 refused, and then nothing is written, or a file cannot be read or written,
2 the command line was not understood.")]
    Import(Import),
    /// Call a method of an object of a device, or many in one request
    #[cfg(feature = "device")]
    Call(Call),
    /// Play faults to a server and see what it does
    #[cfg(feature = "device")]
    Conformance(Conformance),
    /// Find devices in the local network
    #[cfg(feature = "device")]
    Discover(Discover),
    /// Make recordings of devices out of what other programs recorded
    #[cfg(feature = "device")]
    #[command(subcommand)]
    Recording(Recording),
    /// Play a device, for tests and for trying things out
    #[cfg(feature = "device")]
    Simulate(Simulate),
    /// Print a completion script for a shell
    #[command(after_help = "\
Example:
  xerus completions bash > ~/.local/share/bash-completion/completions/xerus

Exit codes: 0 printed, 1 it cannot be printed, 2 the command line was not understood.")]
    Completions(Completions),
    /// Write manual pages
    #[command(after_help = "\
Example:
  xerus man ~/.local/share/man/man1

Exit codes: 0 written, 1 there is no such directory, or a page cannot be written, 2 the command line
was not understood.")]
    Man(Man),
}

/// Where includes are searched, the same for all commands.
#[derive(Debug, Args)]
pub(crate) struct Includes {
    /// Also search this directory for included files (repeatable)
    #[arg(short = 'I', long = "include-dir", value_name = "DIR")]
    pub(crate) directories: Vec<PathBuf>,
}

/// `xerus check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// IDL files, directories that stand for all *.idl in them, dumps (.json), packages (.whl, .tar.gz), or - for stdin
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How diagnostics are written
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) message_format: MessageFormat,
    /// A TOML file with options of the generator, whose renames answer warnings about Rust names
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) includes: Includes,
}

/// Forms of diagnostics.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum MessageFormat {
    /// With source lines and help, and a summary at the end
    Human,
    /// One JSON object a line
    Json,
    /// file:line:col: error: text
    Short,
}

/// `xerus dump`
#[derive(Debug, Args)]
pub(crate) struct Dump {
    /// Directory with IDL files, one file, a dump (.json), a package (.whl, .tar.gz), or - for stdin
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// Add the documentation of types and members
    #[arg(long)]
    pub(crate) docs: bool,
    #[command(flatten)]
    pub(crate) includes: Includes,
}

/// `xerus fmt`
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// IDL files, directories that stand for all *.idl in them, dumps (.json), or - to read stdin and write stdout
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Change nothing; list the files whose text differs
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) includes: Includes,
}

/// `xerus diff`
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The firmware before: directory with its IDL, a dump (.json), or the vendor's package (.whl, .tar.gz)
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The firmware after, likewise
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// How the comparison is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: DiffFormat,
    /// Only what this type, with all that it needs, or this module is touched by (repeatable)
    #[arg(long, value_name = "TYPE")]
    pub(crate) root: Vec<String>,
    /// Only changes of this sort (repeatable)
    #[arg(long, value_name = "SORT")]
    pub(crate) only: Vec<Only>,
    /// Only what the Rust sources in this directory can be touched by: types that they name, methods that they call by
    /// name, and what those return and take (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(crate) used_by: Vec<PathBuf>,
    /// A TOML file with the options of the generator that those sources were written for, whose renames give the Rust names
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Take what a package does not say from this IDL, where paths agree (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(crate) like: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) includes: Includes,
}

/// Forms of a comparison.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people: a summary, then what breaks, then the rest in short
    Text,
    /// Ready for a changelog
    Markdown,
    /// One JSON document
    Json,
}

/// Sorts of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    /// Programs made for the old firmware may fail
    Breaking,
    /// Rust callers have to be changed
    Callers,
}

/// `xerus import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Wheel, sdist, directory with an unpacked package, or a dump (.json)
    #[arg(value_name = "PYTHON_WHEEL_OR_DIR")]
    pub(crate) input: PathBuf,
    /// Directory for the IDL files; created if need be
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Take what the package does not say from this IDL, where paths agree (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(crate) like: Vec<PathBuf>,
    /// Leave out methods, constants and statements of the package that are not understood, and list them; without this
    /// they refuse the import
    #[arg(long)]
    pub(crate) lenient: bool,
    /// Take over the documentation of a dump, or the vendor's (packages of 4.4.0 and later carry it) for your own use
    #[arg(long)]
    pub(crate) docs: bool,
    /// Keep the comments of the IDL given with --like, where paths agree
    #[arg(long, requires = "like")]
    pub(crate) keep_docs: bool,
}

/// `xerus completions`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// `xerus man`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Directory for the pages; it must exist
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}
