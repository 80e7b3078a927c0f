//! What is written down is what there is.

mod executed;
mod recorded;
mod synthetic;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::files::Files;
use crate::history::History;
use crate::statements::file_of;
use crate::treatment::{ABSENT, FORMS, MAJORS, MEMBERS};
use crate::{page, report};

#[test]
fn every_call_fits_every_firmware_or_is_adapted_or_is_known_not_to_be_there() {
    let files = Files::new();
    let (history, calls) = (files.history().unwrap(), files.calls().unwrap());
    let report = report::report(&history, &calls).unwrap();
    assert!(report.faults.is_empty(), "{:#?}", report.told(&history));
    let newest = history.firmwares.last().unwrap();
    assert_eq!(
        crate::history::short(newest),
        crate::NEWEST,
        "the bindings are of another firmware"
    );
    // All that are published, and enough calls to be worth it.
    assert!(history.firmwares.len() >= 53, "{:?}", history.firmwares);
    assert!(report.calls.len() > 40, "{:?}", report.calls.keys());
    for (call, found) in &report.calls {
        let newest = history.firmwares.len() - 1;
        assert!(found.as_it_is.contains(&newest), "{call:?}");
    }
}

#[test]
fn the_page_is_current() {
    let files = Files::new();
    let (history, calls) = (files.history().unwrap(), files.calls().unwrap());
    let report = report::report(&history, &calls).unwrap();
    let expected = page::page(&history, &calls, &report);
    if std::env::var_os("XERUS_BLESS").is_some() {
        files.write_page(&expected).unwrap();
    }
    assert!(
        files.page().unwrap() == expected,
        "docs/any-firmware.md is not current; rewrite it with XERUS_BLESS=1"
    );
}

#[test]
fn adapters_and_tests_that_are_named_are_there() {
    let files = Files::new();
    let calls = files.calls().unwrap();
    let is_used = |name: &str| calls.iter().any(|(ty, _)| ty == name);
    let device = files.root.join("device");
    let has = |file: &str, function: &str| {
        let text = fs::read_to_string(device.join(file)).unwrap_or_default();
        text.contains(&format!("fn {function}(")) || text.contains(&format!("fn {function}<"))
    };
    let absent = ABSENT.iter().filter(|absent| is_used(absent.interface));
    let mut tests: Vec<_> = absent.map(|absent| absent.test).collect();
    let mut functions = Vec::new();
    for adapter in MAJORS {
        functions.push(adapter.name);
        assert!(!adapter.tests.is_empty(), "{}", adapter.name);
        tests.extend(adapter.tests);
    }
    for form in FORMS.iter().filter(|form| is_used(form.interface)) {
        functions.push(form.name);
        tests.push(form.test);
    }
    let members = MEMBERS
        .iter()
        .filter(|said| calls.uses(said.ty, said.member));
    tests.extend(members.map(|said| said.test));
    for name in functions {
        let (_, function) = name.rsplit_once("::").unwrap();
        let file = format!("src/{}", file_of(name));
        assert!(has(&file, function), "{name} is not there");
    }
    for (file, test) in tests {
        assert!(has(file, test), "there is no {test} in {file}");
    }
}

/// A firmware that is like the newest but for one thing: whatever a call would stumble over is found, and what it would not is not.
#[test]
fn what_does_not_fit_is_found() {
    let files = Files::new();
    let (history, calls) = (files.history().unwrap(), files.calls().unwrap());
    let newest = history.facts_of(history.firmwares.len() - 1);
    let outlet = "pdumodel.Outlet";
    let state = "pdumodel.Outlet.State";
    let power = "pdumodel.Outlet.PowerState";
    let of_outlet = "setPowerState pstate pdumodel.Outlet.PowerState";
    // Type, fact of the newest, what the other firmware has in its place (nothing when empty), what is said (nothing when empty).
    let cases = [
        (
            outlet,
            format!("in {of_outlet}"),
            String::new(),
            "no parameter pstate yet",
        ),
        (
            outlet,
            format!("in {of_outlet}"),
            "in setPowerState pstate int".to_owned(),
            "int in the place of",
        ),
        (
            outlet,
            "version 3.0.4".to_owned(),
            "version 4.0.0".to_owned(),
            "major version 4",
        ),
        (
            outlet,
            "version 3.0.4".to_owned(),
            "version 3.2.1".to_owned(),
            "",
        ),
        (
            outlet,
            "out getState _ret_ pdumodel.Outlet.State".to_owned(),
            String::new(),
            "no result _ret_",
        ),
        (outlet, "method getState".to_owned(), String::new(), ""),
        (
            state,
            "member available boolean".to_owned(),
            String::new(),
            "no available yet",
        ),
        (
            state,
            "member available boolean".to_owned(),
            "member available int".to_owned(),
            "int in the place of boolean",
        ),
        (
            state,
            "member isSuspended boolean".to_owned(),
            String::new(),
            "",
        ),
        (
            power,
            "enumerator PS_OFF 0".to_owned(),
            "enumerator PS_RESET 0".to_owned(),
            "0 is PS_RESET, not PS_OFF",
        ),
        (
            "sensors.Sensor",
            "constant VOLTAGE 1".to_owned(),
            "constant VOLTAGE 3".to_owned(),
            "VOLTAGE is 1, not 3",
        ),
        (
            "logging.LogChunk",
            "member idFirst int".to_owned(),
            "member idFirst long".to_owned(),
            "long in the place of int",
        ),
        (
            "idl.Event",
            "member source Object".to_owned(),
            "member source string".to_owned(),
            "cannot be read",
        ),
    ];
    for (ty, fact, other, said) in cases {
        let mut facts = newest.clone();
        assert!(facts.remove(&(ty.to_owned(), fact.clone())), "{ty}: {fact}");
        if !other.is_empty() {
            facts.insert((ty.to_owned(), other.clone()));
        }
        let all = vec![
            ("0.0.1".to_owned(), facts),
            ("9.9.9".to_owned(), newest.clone()),
        ];
        let report = report::report(&History::of(all), &calls).unwrap();
        // Statements that only real firmwares call for are not needed here.
        let of_firmware: Vec<_> = report
            .faults
            .iter()
            .filter_map(|(fault, firmwares)| firmwares.contains(&0).then_some(fault))
            .collect();
        if said.is_empty() {
            assert!(of_firmware.is_empty(), "{ty}: {fact}: {of_firmware:?}");
        } else {
            let found = of_firmware.iter().any(|fault| fault.contains(said));
            assert!(found, "{ty}: {fact} -> {other}: {of_firmware:?}");
        }
    }
}

/// What is called by name, or by a description made by hand, is one of the older forms, each of which is told in full.
#[test]
fn only_older_forms_are_called_without_bindings() {
    let files = Files::new();
    let calls = files.calls().unwrap();
    let mut expected: BTreeMap<String, usize> = BTreeMap::new();
    let is_used = |name: &str| calls.iter().any(|(ty, _)| ty == name);
    for form in FORMS.iter().filter(|form| is_used(form.interface)) {
        let file = file_of(form.name);
        let text = fs::read_to_string(files.root.join("device/src").join(&file)).unwrap();
        let names = [form.method].into_iter().chain(form.ins.iter().copied());
        for name in names.chain(form.outs.iter().copied()) {
            assert!(
                text.contains(&format!("\"{name}\"")),
                "{}: {name}",
                form.name
            );
        }
        let condition = format!("version().major < {}", form.below);
        assert!(text.contains(&condition), "{}: {condition}", form.name);
        let described = text.matches("..Method::PLAIN").count();
        *expected.entry(file.clone()).or_default() += 1;
        assert!(expected[&file] <= described, "{file}");
    }
    let found: BTreeSet<&str> = calls.by_name();
    assert_eq!(found, expected.keys().map(String::as_str).collect());
    for (file, count) in expected {
        let text = fs::read_to_string(files.root.join("device/src").join(&file)).unwrap();
        assert_eq!(text.matches("..Method::PLAIN").count(), count, "{file}");
    }
}
