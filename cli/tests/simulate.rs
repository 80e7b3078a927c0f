//! `xerus simulate`: which devices it plays, and what it says when it cannot.

#[path = "support/simulated.rs"]
mod simulated;
mod support;

use std::fs;

use serde_json::Value;
use simulated::{Simulated, call};
use support::{directory, finish, text, xerus};

/// The answer to a call without arguments.
fn answer(url: &str, rid: &str, method: &str) -> Value {
    let mut command = call(url);
    command.args([rid, method]);
    let done = finish(&mut command);
    assert_eq!(done.code, Some(0), "{done:?}");
    serde_json::from_str(&done.stdout).expect("JSON")
}

#[test]
fn the_firmware_and_the_profile_can_be_chosen() {
    for (firmware, pdu) in [
        ("3.6.80", "pdumodel.Pdu:5.1.4"),
        ("4.0.20", "pdumodel.Pdu:6.1.2"),
        ("4.4.1", "pdumodel.Pdu:6.5.7"),
    ] {
        let device = Simulated::start(&["--profile", "px4-48", "--firmware", firmware]);
        let info = answer(&device.url, "/model/pdu/0", "getTypeInfo");
        assert_eq!(info["_ret_"]["id"], pdu, "{firmware}");
        let version = answer(&device.url, "/firmware", "getVersion");
        let version = version["_ret_"].as_str().expect("a version");
        assert!(version.starts_with(firmware), "{version}");
        let outlets = answer(&device.url, "/model/pdu/0", "getOutlets");
        assert_eq!(outlets["_ret_"].as_array().map(Vec::len), Some(48));
    }
    let device = Simulated::start(&["--profile", "transfer-switch", "--outlets", "4"]);
    let inlets = answer(&device.url, "/model/pdu/0", "getInlets");
    assert_eq!(inlets["_ret_"].as_array().map(Vec::len), Some(2));
    let outlets = answer(&device.url, "/model/pdu/0", "getOutlets");
    assert_eq!(outlets["_ret_"].as_array().map(Vec::len), Some(4));
}

#[test]
fn many_devices_are_on_consecutive_ports_and_tell_each_other_apart() {
    let device = Simulated::start(&["--count", "3"]);
    let urls = device.urls(3);
    let port = |url: &str| -> u16 {
        url.rsplit(':')
            .next()
            .expect("a port")
            .parse()
            .expect("a number")
    };
    let first = port(&urls[0]);
    assert_eq!(
        urls.iter().map(|url| port(url) - first).collect::<Vec<_>>(),
        [0, 1, 2]
    );
    for (number, url) in urls.iter().enumerate() {
        let data = answer(url, "/model/pdu/0", "getMetaData");
        let serial = &data["_ret_"]["nameplate"]["serialNumber"];
        assert_eq!(serial, &format!("SIM{:07}", number + 1));
    }
}

#[test]
fn a_scenario_happens_or_is_refused_with_its_place() {
    let folder = directory(&[]);
    let good = folder.path().join("good.txt");
    fs::write(&good, "at 0s outlet 2 off\n").expect("a file");
    let device = Simulated::start(&["--scenario", &text(&good)]);
    let state = answer(&device.url, "/model/pdu/0/outlet/1", "getState");
    assert_eq!(state["_ret_"]["powerState"], 0);

    let bad = folder.path().join("bad.txt");
    for (lines, said) in [
        (
            "\nat 1s outlet 2 blink\n",
            "bad.txt:2:16: `blink` means nothing here: it may be on, off, cycle",
        ),
        ("at 1s outlet 9 off\n", "there is no outlet 9"),
    ] {
        fs::write(&bad, lines).expect("a file");
        let done = xerus(["simulate", "--scenario", &text(&bad)]);
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(done.stderr.contains(said), "{done:?}");
    }
    let done = xerus(["simulate", "--scenario", "nowhere.txt"]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.stderr.contains("cannot read the scenario nowhere.txt"),
        "{done:?}"
    );
}

#[test]
fn a_fault_is_played_from_the_start() {
    let rule = "status=503,rid=/firmware,times=1";
    let device = Simulated::start(&["--fault", rule]);
    let mut command = call(&device.url);
    command.args(["/firmware", "getVersion"]);
    let done = finish(&mut command);
    assert_ne!(done.code, Some(0), "{done:?}");
    assert!(done.stderr.contains("503"), "{done:?}");
    let version = answer(&device.url, "/firmware", "getVersion");
    assert!(version["_ret_"].is_string());
}

#[test]
fn a_fault_that_can_hit_nothing_is_refused() {
    for (rule, parts) in [
        (
            "wrong-id,rid=/model/outlet/99",
            ["no object /model/outlet/99", "such as /model/outlet/0"],
        ),
        (
            "wrong-id,method=getstate",
            ["method getstate", "such as getState"],
        ),
    ] {
        let done = xerus(["simulate", "--fault", rule]);
        assert_eq!(done.code, Some(1), "{done:?}");
        for part in parts {
            assert!(done.stderr.contains(part), "{part}: {done:?}");
        }
    }
}

#[test]
fn what_there_is_to_choose_is_said() {
    for (arguments, parts) in [
        (["--profile", "px5"], ["px4-48", "gateway"]),
        (["--firmware", "4.1"], ["3.6.80", "4.4.1"]),
        (["--fault", "burn"], ["burn", "close-unanswered"]),
        (["--count", "0"], ["--count", "1..=1000"]),
        (
            ["--listen", "nowhere"],
            ["cannot listen on nowhere", "127.0.0.1:8080"],
        ),
    ] {
        let done = xerus(["simulate"].iter().chain(&arguments));
        assert_ne!(done.code, Some(0));
        for part in parts {
            assert!(done.stderr.contains(part), "{part}: {done:?}");
        }
    }
}

#[test]
fn less_than_was_asked_for_is_not_played() {
    let gateway = ["simulate", "--profile", "gateway", "--outlets", "4"];
    let ports = ["simulate", "--listen", "127.0.0.1:65533", "--count", "5"];
    for (arguments, said) in [
        (gateway, "gateway has neither outlets nor inlets"),
        (ports, "the last one is 65535: begin before 65533"),
    ] {
        let done = xerus(arguments);
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(done.stderr.contains(said), "{done:?}");
    }
}
