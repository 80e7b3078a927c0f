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
    let common = ["discover", "--interface", "loopback", "--timeout", "2s"];
    xerus(common.iter().chain(arguments))
}

/// Until everything is there: whoever announces itself asks first whether somebody else has its name.
fn discover_until(arguments: &[&str], is_there: impl Fn(&str) -> bool) -> Done {
    let tries = std::iter::repeat_with(|| discover(arguments)).take(10);
    let mut last = None;
    for done in tries {
        if is_there(&done.stdout) {
            return done;
        }
        last = Some(done);
    }
    panic!("{last:?}")
}

#[test]
fn a_simulated_device_is_listed_in_three_ways() {
    if !is_inside("a_simulated_device_is_listed_in_three_ways") {
        return;
    }
    let device = Simulated::start(&["--announce"]);
    let services = |text: &str| text.contains("\"_raritan-rpcs._tcp\",\"_raritan_rpcs._tcp\"");
    let done = discover_until(&["--output", "json"], services);
    let list: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let only = &list[0];
    assert_eq!(only["url"], device.url.as_str());
    assert_eq!(only["txt"]["rr_serial"], "SIM0000001");
    assert_eq!(only["addresses"][0]["ip"], "127.0.0.1");
    assert_eq!(only["addresses"][0]["doubt"], Value::Null);

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
}

/// Both have the same serial number, which is said.
#[test]
fn two_simulated_devices_are_two() {
    if !is_inside("two_simulated_devices_are_two") {
        return;
    }
    let devices = [
        Simulated::start(&["--announce"]),
        Simulated::start(&["--announce"]),
    ];
    let both = |text: &str| devices.iter().all(|device| text.contains(&device.url));
    let done = discover_until(&[], both);
    assert_eq!(done.stdout.matches("serial-twice").count(), 2, "{done:?}");
}

#[test]
fn many_simulated_devices_of_one_process_are_all_found() {
    if !is_inside("many_simulated_devices_of_one_process_are_all_found") {
        return;
    }
    let _devices = Simulated::start(&["--announce", "--count", "20", "--outlets", "1"]);
    let serials: Vec<_> = (1..=20).map(|number| format!(",SIM{number:07},")).collect();
    let all = |text: &str| serials.iter().all(|serial| text.contains(serial));
    let done = discover_until(&["--output", "csv"], all);
    assert_eq!(done.stdout.lines().count(), 21, "{done:?}");
    assert!(!done.stdout.contains("serial-twice"), "{done:?}");
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
    // Where simulated devices are was looked already.
    assert!(!done.stderr.contains("--interface loopback"), "{done:?}");
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
