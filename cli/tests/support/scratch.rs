//! Cargo workspaces that tests write to compile generated code.
#![allow(dead_code)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A workspace below the target directory, whose build is kept from run to run.
pub(crate) struct Scratch {
    root: PathBuf,
    members: Vec<String>,
}

impl Scratch {
    /// An empty workspace of a name. What an earlier run left in the same place is not built anew.
    pub(crate) fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        Self {
            root,
            members: Vec::new(),
        }
    }

    /// Adds a package of the newest edition that depends on the runtime; files by their path in it.
    pub(crate) fn member<'t>(
        &mut self,
        name: &str,
        files: impl IntoIterator<Item = (String, &'t str)>,
    ) {
        let dependency = runtime_as("xerus-rpc");
        let tail =
            format!("[lib]\ntest = false\ndoctest = false\n\n[dependencies]\n{dependency}\n");
        self.package(name, "2024", &tail, files);
    }

    /// Adds a package of an edition, with the rest of its manifest; files by their path in it.
    pub(crate) fn package<'t>(
        &mut self,
        name: &str,
        edition: &str,
        tail: &str,
        files: impl IntoIterator<Item = (String, &'t str)>,
    ) {
        let folder = self.root.join("members").join(name);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\n\n{tail}"
        );
        let mut written = BTreeSet::new();
        let files = files
            .into_iter()
            .map(|(path, text)| (folder.join(path), text));
        for (path, text) in files.chain([(folder.join("Cargo.toml"), manifest.as_str())]) {
            write(&path, text);
            written.insert(path);
        }
        remove_others(&folder, &written);
        self.members.push(format!("members/{name}"));
    }

    /// Checks everything and tells the targets that do not compile, with the errors.
    pub(crate) fn check(&self) -> Outcome {
        self.run("check")
    }

    /// As [`check`](Self::check), with the lints of clippy where it is installed.
    pub(crate) fn clippy(&self) -> Outcome {
        let version = Command::new(env!("CARGO"))
            .args(["clippy", "--version"])
            .output();
        if version.is_ok_and(|output| output.status.success()) {
            Outcome {
                has_clippy: true,
                ..self.run("clippy")
            }
        } else {
            println!("skipped: the lints of clippy (`rustup component add clippy` installs it)");
            self.run("check")
        }
    }

    fn run(&self, command: &str) -> Outcome {
        let members = format!("{:?}", self.members);
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members}\n");
        write(&self.root.join("Cargo.toml"), &manifest);
        // The versions that the workspace itself uses are at hand.
        fs::copy(workspace().join("Cargo.lock"), self.root.join("Cargo.lock"))
            .expect("a lock file");
        let output = Command::new(env!("CARGO"))
            .args([
                command,
                "--workspace",
                "--all-targets",
                "--offline",
                "--keep-going",
                "--quiet",
            ])
            .args(["--message-format", "json"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        let mut outcome = Outcome::default();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let Ok(message) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let target = message["target"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            match message["reason"].as_str() {
                Some("compiler-artifact") => {
                    outcome.compiled.insert(target);
                }
                Some("compiler-message") if message["message"]["level"] == "error" => {
                    let text = message["message"]["rendered"].as_str().unwrap_or_default();
                    outcome.errors.push_str(text);
                    outcome.failed.insert(target);
                }
                _ => {}
            }
        }
        let cargo = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() || !outcome.failed.is_empty(),
            "{cargo}"
        );
        outcome
    }
}

/// What compiled and what did not, by the names of the targets.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) compiled: BTreeSet<String>,
    pub(crate) failed: BTreeSet<String>,
    pub(crate) errors: String,
    /// Whether clippy had its say.
    pub(crate) has_clippy: bool,
}

/// The dependency on the runtime under a name.
pub(crate) fn runtime_as(name: &str) -> String {
    let runtime = workspace().join("runtime");
    format!("{name} = {{ package = \"xerus-rpc\", path = {runtime:?}, default-features = false }}")
}

fn workspace() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    folder.expect("the workspace").to_owned()
}

/// Writes only what differs, so that nothing is built anew without need.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

/// Cargo finds examples and tests by itself, also those of an earlier run.
fn remove_others(folder: &Path, written: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            remove_others(&path, written);
        } else if !written.contains(&path) {
            fs::remove_file(&path).expect("removed");
        }
    }
}
