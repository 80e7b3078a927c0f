//! `xerus discover`, in a network of its own with devices of `xerus simulate`.

#[path = "support/shelter.rs"]
mod shelter;
mod support;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;
use shelter::is_inside;
use support::{Done, command, xerus};

/// A simulated device in a process of its own, which ends with it.
struct Simulated {
    process: Child,
    url: String,
}

impl Simulated {
    fn start(arguments: &[&str]) -> Self {
        let mut process = command()
            .env_remove("XERUS_PASSWORD")
            .args(["simulate", "--https"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut lines = BufReader::new(process.stdout.take().expect("stdout")).lines();
        let url = lines.next().expect("a line").expect("UTF-8");
        Self { process, url }
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn discover(arguments: &[&str]) -> Done {
    let common = ["discover", "--interface", "loopback", "--timeout", "2500ms"];
    xerus(common.iter().chain(arguments))
}

#[test]
fn a_simulated_device_is_listed_in_three_ways() {
    if !is_inside("a_simulated_device_is_listed_in_three_ways") {
        return;
    }
    let device = Simulated::start(&["--announce"]);
    let done = discover(&[]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    let lines: Vec<_> = done.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{done:?}");
    for (line, words) in [
        (lines[0], ["NAME", "URL", "FIRMWARE"]),
        (
            lines[1],
            ["SIM-8 SIM0000001", device.url.as_str(), "4.4.1.5-53217"],
        ),
    ] {
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    }

    let done = discover(&["--output", "csv"]);
    let row = format!(
        "SIM-8 SIM0000001,{},4.4.1.5-53217,SIM0000001,sim-8-sim0000001.local,",
        device.url
    );
    let expected = format!("name,url,firmware,serial,host,notes\n{row}\n");
    assert_eq!((done.code, done.stdout), (Some(0), expected));

    let done = discover(&["--output", "json"]);
    let list: Value = serde_json::from_str(&done.stdout).expect("JSON");
    let only = &list[0];
    assert_eq!(only["url"], device.url.as_str());
    assert_eq!(only["txt"]["rr_serial"], "SIM0000001");
    assert_eq!(only["addresses"][0]["ip"], "127.0.0.1");
    assert_eq!(only["addresses"][0]["doubt"], Value::Null);
    let services = only["services"].as_array().expect("a list");
    assert_eq!(services.len(), 2, "{only}");
    assert_eq!(list.as_array().map(Vec::len), Some(1));
}

#[test]
fn a_product_is_asked_for_and_nothing_is_no_error() {
    if !is_inside("a_product_is_asked_for_and_nothing_is_no_error") {
        return;
    }
    let _device = Simulated::start(&["--announce"]);
    let done = discover(&["--product", "PX4"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), ""));
    assert!(done.stderr.contains("nothing found"), "{done:?}");
    let done = discover(&["--product", "PX4", "--output", "json"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "[]\n"));
}

#[test]
fn a_network_that_is_not_there_is_said() {
    if !is_inside("a_network_that_is_not_there_is_said") {
        return;
    }
    let done = xerus(["discover", "--interface", "eth7"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""));
    assert!(
        done.stderr.contains("eth7") && done.stderr.contains("take one of lo"),
        "{done:?}"
    );
    let done = xerus(["discover"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(3), ""));
    assert!(done.stderr.contains("connect this computer"), "{done:?}");
}

#[test]
fn the_command_line_is_explained() {
    let help = xerus(["discover", "--help"]).stdout;
    for part in [
        "Example",
        "xerus discover",
        "--timeout",
        "[default: 5s]",
        "Exit codes",
        "json",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
    for arguments in [
        &["discover", "--timeout", "5m"][..],
        &["discover", "--output", "xml"],
        &["simulate", "--announce"],
    ] {
        assert_eq!(xerus(arguments).code, Some(2), "{arguments:?}");
    }
    let done = xerus(["simulate", "--https", "--announce", "absent0"]);
    assert_eq!(done.code, Some(1));
    assert!(done.stderr.contains("absent0"), "{done:?}");
}
