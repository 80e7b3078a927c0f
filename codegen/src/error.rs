//! Why nothing was generated.

use std::fmt;
use std::io;
use std::path::PathBuf;

use xerus_idl::diagnostic::codes::INCLUDE_DIRECTORY;
use xerus_idl::diagnostic::{Code, Diagnostic, Diagnostics};
use xerus_idl::load::reason;

use crate::codes;

/// Why nothing was generated.
///
/// `Debug` prints the same report as `Display`, because that is what cargo shows when a build script
/// returns or unwraps an error.
pub struct Error(Box<Kind>);

/// The causes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// The IDL has errors, or names that cannot be told apart in Rust.
    Idl(Diagnostics),
    /// Options that cannot be followed.
    Options(Vec<Problem>),
    /// A file or directory could not be read or written.
    Io {
        /// What was tried, as in "cannot read".
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The reason, and what to do.
        message: String,
    },
    /// The generator made something that is no Rust.
    Fault(String),
}

/// An option that cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Stable code, `X06xx`.
    pub code: Code,
    /// What is wrong, in one line.
    pub message: String,
    /// The key of the option.
    pub option: &'static str,
    /// The part of the option's value that is wrong.
    pub text: String,
}

impl Error {
    pub(crate) fn idl(diagnostics: Diagnostics) -> Self {
        Self(Box::new(Kind::Idl(diagnostics)))
    }

    pub(crate) fn options(problems: Vec<Problem>) -> Self {
        Self(Box::new(Kind::Options(problems)))
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>, error: &io::Error) -> Self {
        Self(Box::new(Kind::Io {
            action,
            path: path.into(),
            message: format!("{}; {}", reason(error), advice(error.kind())),
        }))
    }

    pub(crate) fn no_out_dir() -> Self {
        Self::options(vec![Problem {
            code: codes::BAD_OPTION,
            message: "OUT_DIR is not set: `generate` is for build scripts, elsewhere take \
                      `generate_string` or `generate_files`"
                .to_owned(),
            option: "out",
            text: String::new(),
        }])
    }

    pub(crate) fn fault(message: String) -> Self {
        Self(Box::new(Kind::Fault(message)))
    }

    /// The cause.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.0
    }

    /// One line for each thing that is wrong: `file:line:column: message [code]`, and `; help: ` with the way out where
    /// there is one.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        match &*self.0 {
            Kind::Idl(diagnostics) => diagnostics
                .items
                .iter()
                .filter(|item| item.is_error())
                .map(|item| {
                    let file = diagnostics.sources.file(item.span.file).name();
                    let place = diagnostics.sources.position(item.span);
                    let place = format!("{file}:{}:{}: ", place.line, place.column);
                    one_line(&place, item)
                })
                .collect(),
            Kind::Options(problems) => problems
                .iter()
                .map(|problem| format!("{} [{}]", problem.message, problem.code.0))
                .collect(),
            Kind::Io {
                action,
                path,
                message,
            } => {
                vec![format!("{action} {}: {message}", path.display())]
            }
            Kind::Fault(message) => vec![format!("the generated code is no Rust: {message}")],
        }
    }
}

/// What to do about an error of the file system.
fn advice(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "create the directory first",
        io::ErrorKind::PermissionDenied => "make it and its directory writable, or remove it",
        io::ErrorKind::ReadOnlyFilesystem => "choose a place that can be written to",
        io::ErrorKind::IsADirectory => "name a file, or remove the directory",
        io::ErrorKind::NotADirectory => {
            "name a place inside directories: part of the path is a file"
        }
        io::ErrorKind::AlreadyExists => "remove what is in the way",
        io::ErrorKind::WouldBlock | io::ErrorKind::OutOfMemory => {
            "end other programs and try again"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room",
        _ => "choose another place, or remove what is there",
    }
}

/// Include directories that do not exist, one line for each: the only findings that are about options rather than IDL and no
/// errors.
pub(crate) fn include_directories(items: &[Diagnostic]) -> Vec<String> {
    items
        .iter()
        .filter(|item| item.code == INCLUDE_DIRECTORY)
        .map(|item| one_line("", item))
        .collect()
}

/// A finding in one line, whatever names it holds.
fn one_line(place: &str, item: &Diagnostic) -> String {
    let mut line = format!("{place}{} [{}]", item.message, item.code.0);
    if let Some(help) = &item.help {
        line.push_str("; help: ");
        line.push_str(help);
    }
    visible(&line)
}

/// A text without line ends and other control characters.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push(' '),
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Idl(diagnostics) => f.write_str(diagnostics.to_plain().trim_end()),
            _ => {
                for (at, line) in self.lines().iter().enumerate() {
                    let separator = if at > 0 { "\n" } else { "" };
                    write!(f, "{separator}error: {line}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\n")?;
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
