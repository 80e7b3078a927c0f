//! A version of the vendor's client, whose functions are called one by one.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The versions, the newest first.
const VERSIONS: [&str; 4] = ["4.4.1.53217", "4.3.0.51180", "4.0.20.49038", "3.6.0.46486"];

/// The oldest one knows fewer parameters.
pub(crate) const OLDEST: &str = "3.6.0.46486";

pub(crate) const PASSWORD: &str = "pa:ss wörd";

fn folder(version: &str) -> PathBuf {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers");
    peers.join(format!("raritan-{version}"))
}

/// The versions that are installed.
pub(crate) fn installed() -> Vec<&'static str> {
    let (there, missing): (Vec<_>, Vec<_>) = VERSIONS
        .into_iter()
        .partition(|version| folder(version).join("complete").exists());
    let required = std::env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
    for version in missing {
        assert!(
            !required,
            "XERUS_PEERS=required, but the client Python {version} is not installed (run tests/peers/install.sh)"
        );
        // Not through `eprintln!`, which the test harness keeps to itself while all is well.
        let line = format!("skipped: client Python {version} (run tests/peers/install.sh)\n");
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    there
}

/// What came of a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Came {
    Bytes(Vec<u8>),
    Value(Value),
    /// An exception: the HTTP status in it, and its text.
    Error(Option<u64>, String),
    /// This version has no such function or parameter.
    Lacks,
}

impl Came {
    /// The number that a function returned, as number or as text.
    pub(crate) fn code(&self) -> Option<i64> {
        match self {
            Self::Value(Value::String(text)) => text.parse().ok(),
            Self::Value(value) => value.as_i64(),
            _ => None,
        }
    }
}

pub(crate) struct Python {
    pub(crate) version: &'static str,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

pub(crate) fn bytes(bytes: &[u8]) -> Value {
    json!({"bytes": STANDARD.encode(bytes)})
}

impl Python {
    pub(crate) fn start(version: &'static str, url: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/files.py");
        let (scheme, host) = url.split_once("://").unwrap();
        let mut child = Command::new(folder(version).join("bin/python"))
            .arg(script)
            .args([scheme, host, "admin"])
            .env("XERUS_PASSWORD", PASSWORD)
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            version,
            stdin: child.stdin.take().unwrap(),
            lines: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
        }
    }

    pub(crate) fn is_oldest(&self) -> bool {
        self.version == OLDEST
    }

    /// Calls a function, with the agent before these arguments.
    pub(crate) async fn call(&mut self, function: &str, args: Value, named: Value) -> Came {
        let request = json!({"call": function, "args": args, "named": named});
        let line = format!("{request}\n");
        self.stdin.write_all(line.as_bytes()).await.unwrap();
        let line = self.lines.next_line().await.unwrap().unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        if let Some(text) = answer["bytes"].as_str() {
            return Came::Bytes(STANDARD.decode(text).unwrap());
        }
        if answer.get("lacks").is_some() {
            return Came::Lacks;
        }
        if answer.get("error").is_some() {
            let text = answer["text"].as_str().unwrap_or_default().to_owned();
            return Came::Error(answer["status"].as_u64(), text);
        }
        Came::Value(answer["value"].clone())
    }
}
