//! The clients that are driven, and how one of them is run.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A program of the vendor's that talks to devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// A release of the package `raritan`.
    Python(&'static str),
    /// Debian's `libraritan-rpc-perl`.
    Perl,
}

pub(crate) const CLIENTS: [Client; 5] = [
    Client::Python("4.4.1.53217"),
    Client::Python("4.3.0.51180"),
    Client::Python("4.0.20.49038"),
    Client::Python("3.6.0.46486"),
    Client::Perl,
];

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Client {
    /// For people.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Python(version) => {
                let api = version.rsplit_once('.').map_or(version, |(api, _)| api);
                format!("Python {api}")
            }
            Self::Perl => "Perl 4.0.20".to_owned(),
        }
    }

    /// The firmware that this client was made for, by the name of its folder of IDL files. The client 4.3.0 counts to 4.4.1,
    /// which has all that it knows.
    pub(crate) fn made_for(self) -> &'static str {
        match self {
            Self::Python(version) if version.starts_with("4.4") || version.starts_with("4.3") => {
                "4.4.1"
            }
            Self::Python(version) if version.starts_with("4.0") => "4.0.20",
            Self::Python(_) => "3.6.80",
            Self::Perl => "4.0.20",
        }
    }

    /// Whether this client knows the API of a firmware: that which it was made for, and Perl also those before.
    pub(crate) fn fits(self, firmware: &str) -> bool {
        self.made_for() == firmware || (self == Self::Perl && firmware == "3.6.80")
    }

    /// Interpreter and script.
    fn program(self) -> (PathBuf, PathBuf) {
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR"));
        match self {
            Self::Python(version) => (
                workspace().join(format!("target/peers/raritan-{version}/bin/python")),
                scripts.join("python/drive.py"),
            ),
            Self::Perl => ("perl".into(), scripts.join("perl/drive.pl")),
        }
    }

    pub(crate) fn is_installed(self) -> bool {
        let (interpreter, _) = self.program();
        let import = match self {
            Self::Python(version) => {
                let complete = format!("target/peers/raritan-{version}/complete");
                if !workspace().join(complete).exists() {
                    return false;
                }
                ["-c", "import raritan.rpc"]
            }
            Self::Perl => ["-e", "require Raritan::RPC::Agent"],
        };
        std::process::Command::new(interpreter)
            .args(import)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Starts the script for these areas.
    pub(crate) fn start(self, call: &Invocation<'_>) -> Run {
        let (interpreter, script) = self.program();
        let (scheme, host) = call.url.split_once("://").expect("a URL");
        let mut child = Command::new(interpreter)
            .arg(script)
            .args([scheme, host, "admin"])
            .args(call.areas)
            .env("XERUS_PASSWORD", call.password)
            .env("XERUS_FITS", if call.fits { "yes" } else { "no" })
            .envs(call.files.iter().copied())
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("an installed client starts");
        Run {
            stdin: child.stdin.take().expect("piped"),
            lines: BufReader::new(child.stdout.take().expect("piped")).lines(),
            child,
        }
    }
}

/// What a script is told.
pub(crate) struct Invocation<'a> {
    pub(crate) url: &'a str,
    pub(crate) password: &'a str,
    pub(crate) fits: bool,
    pub(crate) areas: &'a [&'a str],
    /// Names of variables and the paths in them.
    pub(crate) files: &'a [(&'a str, &'a Path)],
}

/// A script at work. It says a line and waits until it is told to go on.
pub(crate) struct Run {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Run {
    /// What the script says next; `None` at its end.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        let line = self.lines.next_line().await.expect("text in UTF-8")?;
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
    }

    pub(crate) async fn go_on(&mut self) {
        // A script that has ended is noticed by its exit status.
        let _ = self.stdin.write_all(b"\n").await;
    }

    /// Why the script did not come to its end.
    pub(crate) async fn failure(mut self) -> Option<String> {
        drop(self.stdin);
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().expect("piped");
        stderr
            .read_to_string(&mut said)
            .await
            .expect("text in UTF-8");
        let status = self.child.wait().await.expect("a status");
        (!status.success()).then(|| format!("the script ended with {status}: {said}"))
    }
}

/// The clients to drive. Those that are not installed are named on standard error, or a failure if the variable
/// `XERUS_PEERS` is `required`.
pub(crate) fn installed() -> &'static [Client] {
    static INSTALLED: OnceLock<Vec<Client>> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        use std::io::Write as _;

        let (there, missing): (Vec<Client>, Vec<Client>) =
            CLIENTS.into_iter().partition(|client| client.is_installed());
        let required = std::env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
        for client in missing {
            let name = client.name();
            assert!(
                !required,
                "XERUS_PEERS=required, but the client {name} is not installed (run tests/peers/install.sh)"
            );
            // Not through `eprintln!`, which the test harness keeps to itself while all is well.
            let line = format!("skipped: client {name} (run tests/peers/install.sh)\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
        there
    })
}
