//! A simulated device in a process of its own.

#![allow(dead_code)] // each test uses what it needs

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::command;

/// A simulated device in a process of its own, which ends with it.
pub(crate) struct Simulated {
    process: Child,
    lines: RefCell<Lines<BufReader<ChildStdout>>>,
    pub(crate) url: String,
}

impl Simulated {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut process = command()
            .env_remove("XERUS_PASSWORD")
            .arg("simulate")
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut lines = BufReader::new(process.stdout.take().expect("stdout")).lines();
        let url = lines.next().expect("a line").expect("UTF-8");
        Self {
            process,
            lines: RefCell::new(lines),
            url,
        }
    }

    /// The next line that it printed.
    pub(crate) fn line(&self) -> String {
        let line = self.lines.borrow_mut().next();
        line.expect("a line").expect("UTF-8")
    }

    /// The fingerprint of its certificate, which stands in the next line.
    pub(crate) fn fingerprint(&self) -> String {
        let line = self.line();
        let print = line.strip_prefix("certificate SHA-256: ");
        print.expect("a fingerprint").to_owned()
    }

    /// The URLs of so many devices.
    pub(crate) fn urls(&self, count: usize) -> Vec<String> {
        let more = (1..count).map(|_| self.line());
        std::iter::once(self.url.clone()).chain(more).collect()
    }

    /// `xerus call` to this device.
    pub(crate) fn call(&self) -> Command {
        call(&self.url)
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn call(url: &str) -> Command {
    let mut command = command();
    command
        .env_remove("XERUS_PASSWORD")
        .env_remove("XERUS_USER")
        .args(["call", url]);
    command
}
