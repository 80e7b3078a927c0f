//! What the compiler says where a cargo feature is off: for items it names the feature, and for methods the front pages have the
//! words that it says.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use xerus_documents::root;

const MANIFEST: &str = r#"
[package]
name = "features"
edition = "2024"

[dependencies]
xerus-rpc = { path = "RUNTIME", default-features = false }
xerus-api = { path = "BINDINGS", features = ["pdumodel"] }

[workspace]
"#;

/// One item for each way in which an item can be missing.
const ITEMS: &str = "
use xerus_api::event::Service;               // a type in a module of which another feature brings a part
use xerus_api::peripheral::sensor_hub;       // the same with a module of nested types
use xerus_api::net::Net;                     // a module
use xerus_api::server::pdumodel::Outlet;     // the server side
use xerus_rpc::AgentBuilder;                 // a re-export
use xerus_rpc::http::HttpTransport;          // a module of the runtime
fn main() {}
";

const METHODS: &str = "
use xerus_api::sensors::Logger;
use xerus_rpc::{Agent, Call};

fn logger(agent: &Agent, logger: Logger, call: Call<i32>) {
    logger.get_settings();
    Logger::well_known(agent);
    Agent::builder(\"https://pdu.example.com\");
    call.send_blocking();
}
fn main() {}
";

/// What the compiler says to the two programs.
fn check() -> io::Result<String> {
    let root = root();
    let directory = tempfile::tempdir()?;
    let path = |path: &str| root.join(path).display().to_string();
    let manifest = MANIFEST
        .replace("RUNTIME", &path("runtime"))
        .replace("BINDINGS", &path("bindings"));
    fs::create_dir_all(directory.path().join("src/bin"))?;
    fs::write(directory.path().join("Cargo.toml"), manifest)?;
    fs::write(directory.path().join("src/bin/items.rs"), ITEMS)?;
    fs::write(directory.path().join("src/bin/methods.rs"), METHODS)?;
    fs::copy(root.join("Cargo.lock"), directory.path().join("Cargo.lock"))?;
    // Where this test was built, so that dependencies are not compiled again.
    let target = std::env::current_exe()?;
    let target = target
        .ancestors()
        .nth(3)
        .map_or_else(|| Path::new("target").to_owned(), Path::to_owned);
    let output = Command::new(env!("CARGO"))
        .args(["check", "--bins", "--keep-going", "--offline"])
        .current_dir(directory.path())
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_TERM_COLOR", "never")
        .output()?;
    assert!(!output.status.success(), "what is missing must not compile");
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_compiler_names_the_feature_or_the_front_page_does() {
    let said = check().expect("cargo");
    // Errors are set apart by blank lines.
    let error = |name: &str| {
        said.split("\n\n")
            .find(|error| error.contains("error[") && error.contains(name))
            .unwrap_or_else(|| panic!("no error about {name}:\n{said}"))
    };
    for (name, feature) in [
        ("use xerus_api::event::Service;", "event"),
        ("use xerus_api::peripheral::sensor_hub;", "peripheral"),
        ("use xerus_api::net::Net;", "net"),
        ("use xerus_api::server::pdumodel::Outlet;", "server"),
        ("use xerus_rpc::AgentBuilder;", "http"),
        ("use xerus_rpc::http::HttpTransport;", "http"),
    ] {
        let note = format!("the item is gated behind the `{feature}` feature");
        assert!(error(name).contains(&note), "{name}: {}", error(name));
    }
    let bindings = include_str!("../../../bindings/README.md");
    let runtime = include_str!("../../../runtime/README.md");
    for (page, words) in [
        (
            bindings,
            "no method named `get_settings` found for struct `Logger`",
        ),
        (
            bindings,
            "no function or associated item named `well_known` found for struct `Logger`",
        ),
        (
            bindings,
            "no method named `send_blocking` found for struct `Call<",
        ),
        (
            runtime,
            "no function or associated item named `builder` found for struct `Agent`",
        ),
        (runtime, "no method named `send_blocking` found for "),
    ] {
        assert!(
            said.contains(words),
            "the compiler does not say: {words}\n{said}"
        );
        assert!(page.contains(words), "no front page has: {words}");
    }
}
