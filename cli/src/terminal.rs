//! Where output goes and whether it is coloured.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use crate::args::Color;
use crate::failure::Failure;

/// The two output streams of the process.
pub(crate) struct Terminal {
    color: bool,
}

impl Terminal {
    /// Decides about colours: `auto` means a terminal on stderr, no `NO_COLOR`, and a terminal type other than `dumb`.
    pub(crate) fn new(color: Color) -> Self {
        let wanted = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                wanted("NO_COLOR")
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
                    && io::stderr().is_terminal()
            }
        };
        Self { color }
    }

    /// Whether diagnostics are coloured.
    pub(crate) const fn color(&self) -> bool {
        self.color
    }

    /// Prints the result of a command. A reader that went away (`xerus dump … | head`) wanted no more of it: that is no error, and no
    /// reason to leave undone what the command does besides, or to end with another exit code.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        let written = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::stdout(&error)),
            _ => Ok(()),
        }
    }

    /// Prints the result of a command that ends with this code. Where it cannot be printed, that is told, and makes 1 of 0; another
    /// code says more.
    pub(crate) fn conclude(&self, text: &str, code: u8) -> ExitCode {
        match self.print(text) {
            Ok(()) => ExitCode::from(code),
            Err(failure) => {
                self.error(&failure);
                ExitCode::from(code.max(1))
            }
        }
    }

    /// Prints text for people. When nobody reads stderr there is nobody to tell, so errors are dropped.
    pub(crate) fn tell(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Prints `error: message` for people.
    pub(crate) fn error(&self, message: &dyn Display) {
        if self.color {
            self.tell(&format!("\u{1b}[1;31merror\u{1b}[0m: {message}\n"));
        } else {
            self.tell(&format!("error: {message}\n"));
        }
    }
}
