//! The vendor's client, in a process that is told what to try.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use manual_tests::PASSWORD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::faults::Kind;

pub(crate) struct Python {
    pub(crate) release: &'static str,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

impl Python {
    /// `None`: it is not installed.
    pub(crate) fn start(release: &'static str) -> Option<Self> {
        let interpreter = peer_tests::python(release)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/exceptions.py");
        let mut process = Command::new(interpreter)
            .arg(script)
            .env("XERUS_PASSWORD", PASSWORD)
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("an installed client starts");
        Some(Self {
            release,
            stdin: process.stdin.take().expect("piped"),
            lines: BufReader::new(process.stdout.take().expect("piped")).lines(),
            _process: process,
        })
    }

    /// The exception that a call raises, or `None` as a word.
    pub(crate) async fn raised(&mut self, host: &str, kind: Kind, patience: Duration) -> String {
        let line = format!("{host} {} {}\n", kind.word(), patience.as_secs());
        self.stdin.write_all(line.as_bytes()).await.expect("taken");
        let said = tokio::time::timeout(Duration::from_secs(60), self.lines.next_line());
        let said = said.await.expect("an answer in time").expect("UTF-8");
        said.expect("the script goes on")
    }
}
