//! Crossbar, where it is installed, and the page of the documentation with what it does.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::xerus;
use crate::{no_row_is_lost, repository, rows};

/// The page, and the line after which the table stands.
const PAGE: &str = "../docs/conformance.md";
const MARK: &str = "<!-- written by XERUS_BLESS=1 cargo test -p xerus-cli --test conformance -->\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A running router. It ends when it is dropped.
struct Crossbar {
    node: Child,
    folder: PathBuf,
    url: String,
}

impl Crossbar {
    /// None where it is not installed, which has been said.
    fn start() -> Option<Self> {
        let program = root().join("target/peers/crossbar/bin/crossbar");
        if !program.exists() {
            let required = std::env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
            let hint = "Crossbar is not installed (run tests/peers/install.sh)";
            assert!(!required, "XERUS_PEERS=required, but {hint}");
            // Not through `eprintln!`, which the test harness keeps to itself while all is well.
            let _ = writeln!(std::io::stderr(), "skipped: {hint}");
            return None;
        }
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("crossbar-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let config = fs::read_to_string(root().join("tests/peers/crossbar/config.json"))
            .expect("a configuration");
        let config = config.replace("28180", &address.port().to_string());
        fs::write(folder.join("config.json"), config).expect("a file");
        let log = fs::File::create(folder.join("log")).expect("a file");
        let node = Command::new(program)
            .args(["start", "--loglevel", "warn", "--cbdir"])
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file"))
            .stderr(log)
            .spawn()
            .expect("a router");
        let url = format!("ws://{address}/ws");
        let router = Self { node, folder, url };
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < until, "no router");
            sleep(Duration::from_millis(50));
        }
        Some(router)
    }
}

impl Drop for Crossbar {
    fn drop(&mut self) {
        // The node ends its workers when it is asked to end, and not when it is killed.
        let id = self.node.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        for _ in 0..100 {
            if !matches!(self.node.try_wait(), Ok(None)) {
                break;
            }
            sleep(Duration::from_millis(50));
        }
        let _ = self.node.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn table(rows: &[Value]) -> String {
    let mut table =
        "| row | case | expected | seen | verdict |\n|---|---|---|---|---|\n".to_owned();
    for row in rows {
        let cells = ["row", "case", "expected", "seen", "verdict"].map(|name| {
            let cell = row[name].as_str().expect("a text");
            cell.replace('|', "\\|")
        });
        table.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    table
}

#[test]
fn crossbar_does_what_the_page_says() {
    if repository::is_missing() {
        return;
    }
    let Some(router) = Crossbar::start() else {
        return;
    };
    who_may_not_register_is_told(&router);
    // Longer than is needed: a busy machine is no difference of the router.
    let done = xerus([
        "conformance",
        &router.url,
        "--realm",
        "com.example.realm",
        "--timeout",
        "3s",
        "--output",
        "json",
    ]);
    let rows = rows(&done);
    assert_eq!(done.code, Some(6), "{done:?}");
    no_row_is_lost("wamp", &rows);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let text = fs::read_to_string(&page).expect("the page");
    let (before, known) = text.split_once(MARK).expect("the place of the table");
    let seen = format!("\n{}", table(&rows));
    if std::env::var_os("XERUS_BLESS").is_some() {
        fs::write(&page, format!("{before}{MARK}{seen}")).expect("a file");
        return;
    }
    assert_eq!(
        known, seen,
        "the page is stale: XERUS_BLESS=1 cargo test -p xerus-cli --test conformance"
    );
}

fn who_may_not_register_is_told(router: &Crossbar) {
    let done = xerus([
        "conformance",
        &router.url,
        "--realm",
        "com.example.locked",
        "--serializer",
        "json",
        "--output",
        "json",
    ]);
    let rows = rows(&done);
    let with = |verdict: &str| {
        let those = rows.iter().filter(|row| row["verdict"] == verdict);
        those.collect::<Vec<_>>()
    };
    assert!(with("not tried").len() > 40, "{done:?}");
    // What is denied to a user is nobody's fault.
    for row in with("differs") {
        let seen = row["seen"].as_str().expect("a text");
        assert!(!seen.contains("wamp.error.not_authorized"), "{row}");
    }
}
