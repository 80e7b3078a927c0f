//! A router of our own, and a callee behind it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use xerus_rpc::wamp::{Auth, Serializer, Wamp, WampBuilder};

const LONG: Duration = Duration::from_secs(60);

fn venv() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers/crossbar")
}

pub(crate) fn is_installed() -> bool {
    let installed = venv().join("bin/crossbar").exists();
    if !installed {
        assert!(
            std::env::var_os("XERUS_PEERS").is_none_or(|value| value != "required"),
            "XERUS_PEERS=required, but Crossbar is not installed (run tests/peers/install.sh)"
        );
        // Not through `eprintln!`, which the test harness keeps to itself while all is well.
        let line = "skipped: Crossbar (run tests/peers/install.sh)\n";
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    installed
}

/// A running router. It ends when it is dropped.
pub(crate) struct Router {
    node: Option<Child>,
    folder: PathBuf,
    pub(crate) port: u16,
}

impl Router {
    pub(crate) async fn start() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("crossbar-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let config = fs::read_to_string(programs().join("config.json")).unwrap();
        let config = config.replace("28180", &port.to_string());
        fs::write(folder.join("config.json"), config).unwrap();
        let mut router = Self {
            node: None,
            folder,
            port,
        };
        router.up().await;
        router
    }

    /// Starts it, be it again.
    pub(crate) async fn up(&mut self) {
        let log = fs::File::create(self.folder.join("log")).unwrap();
        let node = Command::new(venv().join("bin/crossbar"))
            .args(["start", "--loglevel", "warn", "--cbdir"])
            .arg(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        self.node = Some(node);
        let up = async {
            while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(LONG, up).await.expect("a router");
    }

    /// Stops it, and waits until it is gone.
    pub(crate) async fn down(&mut self) {
        let Some(mut node) = self.node.take() else {
            return;
        };
        terminate(&node);
        let _ = tokio::time::timeout(LONG, node.wait()).await;
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/ws", self.port)
    }

    pub(crate) fn client(&self) -> WampBuilder {
        self.client_in("com.example.realm")
    }

    pub(crate) fn client_in(&self, realm: &str) -> WampBuilder {
        Wamp::builder(self.url(), realm).timeout(Duration::from_secs(20))
    }

    pub(crate) async fn callee(&self, name: &str, more: &[&str]) -> Callee {
        Callee::start(&self.url(), name, more).await
    }
}

/// The node ends its workers when it is asked to end, and not when it is killed.
fn terminate(node: &Child) {
    if let Some(id) = node.id() {
        let _ = std::process::Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status();
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        let Some(mut node) = self.node.take() else {
            return;
        };
        terminate(&node);
        for _ in 0..100 {
            if !matches!(node.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

pub(crate) fn python() -> PathBuf {
    venv().join("bin/python")
}

pub(crate) fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/crossbar")
}

/// A callee of autobahn. It ends when it is dropped.
pub(crate) struct Callee {
    process: Child,
}

impl Callee {
    async fn start(url: &str, name: &str, more: &[&str]) -> Self {
        let mut process = Command::new(python())
            .arg(programs().join("serve.py"))
            .args([url, name])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if line == "ready" {
                    return;
                }
            }
            panic!("the callee ended");
        };
        tokio::time::timeout(LONG, ready).await.expect("a callee");
        Self { process }
    }

    /// Kills it: its connection ends without a word.
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }
}

/// The users in `config.json`, one for each way to authenticate, and what the router calls it.
pub(crate) fn users() -> [(&'static str, Auth); 5] {
    let key: String = (0..32u8).map(|byte| format!("{byte:02x}")).collect();
    [
        ("anonymous", Auth::anonymous()),
        ("ticket", Auth::ticket("teresa", "a ticket of teresa")),
        ("wampcra", Auth::wampcra("carla", "a secret of carla")),
        ("wampcra", Auth::wampcra("simon", "a password of simon")),
        ("cryptosign", Auth::cryptosign("karim", key).unwrap()),
    ]
}

pub(crate) const SERIALIZERS: [Serializer; 2] = [Serializer::Json, Serializer::MessagePack];
