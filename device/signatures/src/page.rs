//! `docs/any-firmware.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::calls::Calls;
use crate::history::{History, short};
use crate::report::{Firmwares, Report};
use crate::treatment::{ABSENT, FORMS, MAJORS, MEMBERS, UPDATE};

const HEAD: &str = "\
# Any firmware

`xerus-device` speaks the language of the newest firmware, and works with all firmwares whose interface description was published. This
page is derived and not written: `device/regenerate-signatures` makes it.

* **What is called** comes from the compiler. A copy of the bindings in which every item is deprecated takes their place, and the compiler
  lists each use of a method, member or constant in `xerus-device`, in all its features.
* **What firmwares have** comes from the vendor's packages on PyPI, as `xerus-import` reads them.
* **Whether the two fit** goes by what travels, [as it is marshalled](protocol/marshalling.md). A call *fits* when the device has the method,
  gets exactly the parameters and members that it knows, and sends every result, and every member that the code relies on, in a form that
  is read. It does not fit when numbers of enumerators or constants mean other things, or when the device's references have another major
  version, since calls through such a reference are refused.

All of that is executed as well: for each firmware there is a device made of nothing but its description, which refuses what does not stand
there. Its sensors are walked and read, its outlets switched, its logs and every type of its events read.

Where a call does not fit, a function of the crate adapts it. A call that neither fits nor is adapted, one that is not there without a word on
what comes of it, and an adapter that nothing needs any more fail `cargo test -p xerus-device-signatures`.

";

/// The whole page.
pub(crate) fn page(history: &History, calls: &Calls, report: &Report) -> String {
    let mut out = HEAD.to_owned();
    firmwares(history, &mut out);
    called(history, calls, report, &mut out);
    adapters(calls, &mut out);
    absent(history, report, &mut out);
    harmless(history, report, &mut out);
    events(history, report, &mut out);
    out
}

fn firmwares(history: &History, out: &mut String) {
    let _ = writeln!(out, "## Firmwares\n");
    let names: Vec<&str> = history.firmwares.iter().map(|name| short(name)).collect();
    let _ = writeln!(
        out,
        "{}, in this order: {}.\n\nA-B below is both and those between them in this order, A- goes on to the newest. Branches were maintained \
         beside each other, so a firmware may be younger than those behind it.\n",
        names.len(),
        names.join(", ")
    );
}

fn ranges(history: &History, set: &Firmwares) -> String {
    if set.len() == history.firmwares.len() {
        return "all".to_owned();
    }
    if set.is_empty() {
        return String::new();
    }
    history.ranges(set).replace(' ', ", ")
}

fn called(history: &History, calls: &Calls, report: &Report, out: &mut String) {
    out.push_str(
        "## Calls\n\n| call | from | fits | adapted | not there |\n|---|---|---|---|---|\n",
    );
    for ((interface, method), call) in &report.calls {
        let modules: BTreeSet<&str> = calls
            .files(interface, method)
            .map(|file| file.split(['/', '.']).next().unwrap_or(file))
            .collect();
        let modules: Vec<String> = modules.iter().map(|module| format!("`{module}`")).collect();
        let adapted: Vec<String> = call
            .adapted
            .iter()
            .map(|(name, set)| format!("{}: `{name}`", ranges(history, set)))
            .collect();
        let absent: Firmwares = call.no_interface.union(&call.no_method).copied().collect();
        let _ = writeln!(
            out,
            "| `{interface}.{method}` | {} | {} | {} | {} |",
            modules.join(", "),
            ranges(history, &call.as_it_is),
            adapted.join("; "),
            ranges(history, &absent)
        );
    }
}

fn adapters(calls: &Calls, out: &mut String) {
    out.push_str("\n## Adapters\n\n| adapter | does | tests |\n|---|---|---|\n");
    for adapter in MAJORS {
        let tests: Vec<String> = adapter
            .tests
            .iter()
            .map(|(file, test)| format!("`{test}` in `device/{file}`"))
            .collect();
        let _ = writeln!(
            out,
            "| `{}` | {} | {} |",
            adapter.name,
            adapter.does,
            tests.join(", ")
        );
    }
    let is_used = |name: &str| calls.iter().any(|(ty, _)| ty == name);
    for form in FORMS.iter().filter(|form| is_used(form.interface)) {
        let _ = writeln!(
            out,
            "| `{}` | calls `{}.{}` with `{}` for `{}`, below version {} of the interface | `{}` in `device/{}` |",
            form.name,
            form.interface,
            form.method,
            form.ins.join("`, `"),
            form.outs.join("`, `"),
            form.below,
            form.test.1,
            form.test.0
        );
    }
    let _ = writeln!(
        out,
        "| `{UPDATE}` | sends what was read back with the members that the device has, no more and no less | \
         `runtime/tests/upkeep` |"
    );
    let members = MEMBERS
        .iter()
        .filter(|said| calls.uses(said.ty, said.member));
    for said in members {
        let _ = writeln!(
            out,
            "| | `{}` without `{}`: {} | `{}` in `device/{}` |",
            said.ty, said.member, said.says, said.test.1, said.test.0
        );
    }
}

fn absent(history: &History, report: &Report, out: &mut String) {
    out.push_str(
        "\n## What is not there\n\n| | not in | what you get | test |\n|---|---|---|---|\n",
    );
    let is_called = |name: &str| report.calls.keys().any(|(interface, _)| interface == name);
    for absent in ABSENT.iter().filter(|absent| is_called(absent.interface)) {
        let calls = report.calls.iter().filter(|((interface, method), _)| {
            interface == absent.interface && (absent.method == method || absent.method.is_empty())
        });
        let set: Firmwares = calls
            .flat_map(|(_, call)| call.no_interface.union(&call.no_method).copied())
            .collect();
        let name = match absent.method {
            "" => format!("`{}`", absent.interface),
            method => format!("`{}.{method}`", absent.interface),
        };
        let _ = writeln!(
            out,
            "| {name} | {} | {} | `{}` in `device/{}` |",
            ranges(history, &set),
            absent.gets,
            absent.test.1,
            absent.test.0
        );
    }
}

/// Differences of one type and of the same firmwares in one row.
fn harmless(history: &History, report: &Report, out: &mut String) {
    out.push_str(
        "\n## What answers lack\n\nA member that a firmware does not send has its default value, and stands in `extra_.missing()`; one that only \
         an older firmware sends is kept in `extra_`. The code of the crate relies on none of these. Types of events \
         are among them.\n\n| type | firmware | |\n|---|---|---|\n",
    );
    let mut rows: BTreeMap<(&str, &Firmwares), Vec<&str>> = BTreeMap::new();
    for (difference, set) in &report.harmless {
        rows.entry((&difference.ty, set))
            .or_default()
            .push(&difference.what);
    }
    for ((ty, set), what) in rows {
        let _ = writeln!(
            out,
            "| `{ty}` | {} | {} |",
            ranges(history, set),
            together(&what)
        );
    }
}

fn events(history: &History, report: &Report, out: &mut String) {
    let everywhere = |set: &Firmwares| set.len() == history.firmwares.len();
    let whole = report
        .events
        .values()
        .filter(|event| everywhere(&event.there) && event.differences.is_empty())
        .count();
    let _ = write!(
        out,
        "\n## Events\n\nOf the {} types of events that the newest firmware has, {whole} are the same in all firmwares. The others can be \
         demanded and read as well: a firmware raises none of a type that it does not have, and what an event lacks is treated as in every \
         answer. The version in the type of an event is another one in most firmwares. `Events::demand_from` and `Events::demand_like` send \
         the version of the device (`older::event_type`); events that come are taken by their name, whatever the version.\n\n\
         | event | there in | otherwise |\n|---|---|---|\n",
        report.events.len()
    );
    for (name, event) in &report.events {
        if everywhere(&event.there) && event.differences.is_empty() {
            continue;
        }
        let mut rows: BTreeMap<&Firmwares, Vec<&str>> = BTreeMap::new();
        for (difference, set) in &event.differences {
            rows.entry(set).or_default().push(&difference.what);
        }
        let mut cells: Vec<String> = Vec::new();
        for (set, what) in rows {
            cells.push(format!("{}: {}", ranges(history, set), together(&what)));
        }
        let _ = writeln!(
            out,
            "| `{name}` | {} | {} |",
            ranges(history, &event.there),
            cells.join("; ")
        );
    }
}

/// `no a yet` and `no b yet` as `no a, b yet`.
fn together(all: &[&str]) -> String {
    let absent = |what: &&str| {
        what.strip_prefix("no ")?
            .strip_suffix(" yet")
            .map(str::to_owned)
    };
    let names: Vec<String> = all
        .iter()
        .filter_map(absent)
        .map(|name| format!("`{}`", name.replace(", ", "`, `")))
        .collect();
    let mut words: Vec<String> = Vec::new();
    if !names.is_empty() {
        words.push(format!("no {} yet", names.join(", ")));
    }
    words.extend(
        all.iter()
            .filter(|what| absent(what).is_none())
            .map(|what| (*what).to_owned()),
    );
    words.join(", ")
}
