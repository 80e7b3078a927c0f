//! Why a command stopped: one line for people.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use xerus_idl::load::reason;

#[cfg(feature = "device")]
use crate::bad_news::BadNews;

/// A reason to stop that is no diagnostic of an IDL text.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was given on the command line cannot be used.
    #[cfg(feature = "device")]
    Usage(String),
    /// A call of a device did not work; with what can be done about it, in terms of the command line.
    #[cfg(feature = "device")]
    Device(BadNews),
    /// The network cannot be used.
    #[cfg(feature = "device")]
    Network(String),
    /// Somebody waits no longer; with the exit code that says so.
    #[cfg(feature = "device")]
    Interrupted(u8),
    /// Anything else, in one line.
    Message(String),
}

impl Failure {
    /// An error of the file system, with what was being done to which path.
    pub(crate) fn io(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self::Message(format!(
            "cannot {verb} {}: {}",
            path.display(),
            reason(error)
        ))
    }

    /// A failed write to stdout.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        Self::Message(format!("cannot write to stdout: {}", reason(error)))
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            #[cfg(feature = "device")]
            Self::Usage(_) => ExitCode::from(2),
            #[cfg(feature = "device")]
            Self::Device(news) => ExitCode::from(news.exit_code()),
            #[cfg(feature = "device")]
            Self::Network(_) => ExitCode::from(3),
            #[cfg(feature = "device")]
            Self::Interrupted(code) => ExitCode::from(*code),
            Self::Message(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "device")]
            Self::Usage(text) => f.write_str(text),
            #[cfg(feature = "device")]
            Self::Device(news) => news.fmt(f),
            #[cfg(feature = "device")]
            Self::Network(text) => f.write_str(text),
            #[cfg(feature = "device")]
            Self::Interrupted(_) => f.write_str("interrupted: nothing is listed"),
            Self::Message(text) => f.write_str(text),
        }
    }
}
