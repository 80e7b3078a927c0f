//! All calls with all firmwares.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Api;
use crate::calls::Calls;
use crate::compare::{Comparer, Difference, Verdict, Weight};
use crate::history::History;
use crate::treatment::{ABSENT, ADAPTERS, RENAMED};

/// Places in the list of firmwares.
pub(crate) type Firmwares = BTreeSet<usize>;

/// What becomes of everything that is called.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// By interface and method.
    pub(crate) calls: BTreeMap<(String, String), Call>,
    /// Types of events that the newest firmware has.
    pub(crate) events: BTreeMap<String, Event>,
    /// What older firmware leaves out, has in another way, or has more, without harm.
    pub(crate) harmless: BTreeMap<Difference, Firmwares>,
    /// What is wrong, and with which firmwares: none for what is wrong in the statements.
    pub(crate) faults: BTreeMap<String, Firmwares>,
}

/// One method.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) as_it_is: Firmwares,
    /// By the name of the adapter.
    pub(crate) adapted: BTreeMap<&'static str, Firmwares>,
    pub(crate) no_interface: Firmwares,
    pub(crate) no_method: Firmwares,
}

/// One type of events.
#[derive(Debug, Default)]
pub(crate) struct Event {
    pub(crate) there: Firmwares,
    pub(crate) differences: BTreeMap<Difference, Firmwares>,
}

/// Works all of it out.
pub(crate) fn report(history: &History, calls: &Calls) -> Result<Report, String> {
    let newest = history
        .firmwares
        .len()
        .checked_sub(1)
        .ok_or("no firmware in the history")?;
    let new = Api::of(&history.facts_of(newest))?;
    let comparer = Comparer::new(&new, calls);
    let mut report = Report::default();
    let mut needed = Needed::default();
    for at in 0..history.firmwares.len() {
        let old = Api::of(&history.facts_of(at))?;
        for (interface, method) in comparer.methods() {
            let verdict = comparer.method(&old, interface, method);
            let key = (interface.to_owned(), method.to_owned());
            let call = report.calls.entry(key).or_default();
            match verdict {
                Verdict::NoInterface => {
                    call.no_interface.insert(at);
                    needed.absent(interface, method, at, &mut report.faults);
                }
                Verdict::NoMethod => {
                    call.no_method.insert(at);
                    needed.absent(interface, method, at, &mut report.faults);
                }
                Verdict::There(found) => {
                    let mut by = None;
                    for difference in found {
                        if difference.weight == Weight::Compatible {
                            report.harmless.entry(difference).or_default().insert(at);
                            continue;
                        }
                        match needed.adapter(interface, method, &difference) {
                            Some(adapter) => by = Some(adapter),
                            None => fault(
                                &mut report.faults,
                                at,
                                format!(
                                    "{interface}.{method} does not fit and has no adapter: {difference}"
                                ),
                            ),
                        }
                    }
                    match by {
                        Some(adapter) => call.adapted.entry(adapter).or_default(),
                        None => &mut call.as_it_is,
                    }
                    .insert(at);
                }
            }
        }
        for difference in comparer.constants(&old) {
            fault(&mut report.faults, at, difference.to_string());
        }
        events(&comparer, &old, at, &mut report);
    }
    needed.is_all_used();
    renamed_are_there(&report, &mut needed);
    for fault in needed.faults {
        report.faults.entry(fault).or_default();
    }
    Ok(report)
}

fn fault(faults: &mut BTreeMap<String, Firmwares>, at: usize, what: String) {
    faults.entry(what).or_default().insert(at);
}

impl Report {
    /// What is wrong, a line each.
    pub(crate) fn told(&self, history: &History) -> BTreeSet<String> {
        let faults = self.faults.iter();
        faults
            .map(|(fault, set)| match set.is_empty() {
                true => fault.clone(),
                false => format!("{fault} (firmware {})", history.ranges(set)),
            })
            .collect()
    }
}

fn events(comparer: &Comparer<'_>, old: &Api, at: usize, report: &mut Report) {
    let is_event = |name: &str| comparer.new.lineage(name).any(|base| base == "idl.Event");
    let types = comparer
        .new
        .iter()
        .filter(|(name, ty)| ty.kind == "valueobject" && is_event(name));
    for (name, _) in types {
        let event = report.events.entry(name.to_owned()).or_default();
        if let Verdict::There(found) = comparer.value_object(old, name) {
            event.there.insert(at);
            for difference in found {
                if difference.weight == Weight::Incompatible {
                    fault(
                        &mut report.faults,
                        at,
                        format!("the event {name} cannot be read: {difference}"),
                    );
                }
                // What is otherwise in a structure is told once, not at each event that holds it.
                let differences = if difference.ty == name {
                    &mut event.differences
                } else {
                    &mut report.harmless
                };
                differences.entry(difference).or_default().insert(at);
            }
        }
    }
}

/// Which statements were called for.
#[derive(Default)]
struct Needed {
    adapted: BTreeSet<(&'static str, &'static str, &'static str, &'static str)>,
    absent: BTreeSet<(&'static str, &'static str)>,
    faults: BTreeSet<String>,
}

impl Needed {
    fn adapter(
        &mut self,
        interface: &str,
        method: &str,
        difference: &Difference,
    ) -> Option<&'static str> {
        let major = difference.what.strip_prefix("major version ")?;
        for adapter in ADAPTERS {
            for (of, majors, methods) in adapter.calls {
                let found = majors.iter().find(|known| **known == major);
                let called = methods.iter().find(|known| **known == method);
                if let (true, Some(major), Some(method)) = (*of == interface, found, called) {
                    self.adapted.insert((adapter.name, of, major, method));
                    return Some(adapter.name);
                }
            }
        }
        None
    }

    fn absent(
        &mut self,
        interface: &str,
        method: &str,
        at: usize,
        faults: &mut BTreeMap<String, Firmwares>,
    ) {
        let known = ABSENT.iter().find(|absent| {
            absent.interface == interface && (absent.method == method || absent.method.is_empty())
        });
        if let Some(absent) = known {
            self.absent.insert((absent.interface, absent.method));
            return;
        }
        let what =
            format!("{interface}.{method} is not there, and nothing says what the user gets");
        fault(faults, at, what);
    }

    fn is_all_used(&mut self) {
        for adapter in ADAPTERS {
            for (interface, majors, methods) in adapter.calls {
                for (major, method) in majors
                    .iter()
                    .flat_map(|major| methods.iter().map(move |m| (major, m)))
                {
                    if !self
                        .adapted
                        .contains(&(adapter.name, interface, major, method))
                    {
                        self.faults.insert(format!(
                            "{} is not needed for {interface} {major}, {method}",
                            adapter.name
                        ));
                    }
                }
            }
        }
        for absent in ABSENT {
            if !self.absent.contains(&(absent.interface, absent.method)) {
                self.faults.insert(format!(
                    "{}.{} is there in all firmwares",
                    absent.interface, absent.method
                ));
            }
        }
    }
}

fn renamed_are_there(report: &Report, needed: &mut Needed) {
    let of_events = report
        .events
        .values()
        .flat_map(|event| event.differences.keys());
    let all: BTreeSet<(&str, &str)> = report
        .harmless
        .keys()
        .chain(of_events)
        .map(|difference| (difference.ty.as_str(), difference.what.as_str()))
        .collect();
    for (ty, old, new) in RENAMED {
        if !all.contains(&(*ty, format!("`{new}` was called `{old}`").as_str())) {
            needed
                .faults
                .insert(format!("{ty}: no firmware has {old} in the place of {new}"));
        }
    }
}
