//! Runs the real binary.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The API of firmware 4.0.20.
pub(crate) fn api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../idl/xerus-4.0.20")
        .canonicalize()
        .expect("the API")
}

/// The binary, away from the colours of the terminal that runs the tests.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xerus"));
    command
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .stdin(Stdio::null());
    command
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs with arguments.
pub(crate) fn xerus<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Done {
    finish(command().args(arguments))
}

/// Runs a prepared command.
pub(crate) fn finish(command: &mut Command) -> Done {
    let output = command.output().expect("the binary runs");
    Done {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Runs with arguments, and nobody reads what is printed.
pub(crate) fn unread<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Done {
    let (reader, writer) = io::pipe().expect("a pipe");
    drop(reader);
    finish(command().args(arguments).stdout(writer))
}

/// Runs with arguments, and nothing can be printed; `None` where the system has no such file.
pub(crate) fn unprinted<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Option<Done> {
    let full = fs::File::options().write(true).open("/dev/full").ok()?;
    Some(finish(command().args(arguments).stdout(full)))
}

/// Runs with a text on stdin.
pub(crate) fn with_input(arguments: &[&str], input: &[u8]) -> Done {
    let mut child = command()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child
        .stdin
        .take()
        .expect("stdin")
        .write_all(input)
        .expect("input taken");
    let output = child.wait_with_output().expect("the binary ends");
    Done {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A directory with files.
pub(crate) fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    directory
}

/// A path as an argument.
pub(crate) fn text(path: impl AsRef<Path>) -> String {
    path.as_ref().to_str().expect("UTF-8").to_owned()
}
