//! All calls with all firmwares.

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Api;
use crate::calls::Calls;
use crate::compare::{Comparer, Difference, Verdict, Weight};
use crate::history::History;
use crate::statements::Statements;

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
    let mut statements = Statements::default();
    for at in 0..history.firmwares.len() {
        let old = Api::of(&history.facts_of(at))?;
        for (interface, method) in comparer.methods() {
            let verdict = comparer.method(&old, interface, method);
            let key = (interface.to_owned(), method.to_owned());
            let call = report.calls.entry(key).or_default();
            match verdict {
                Verdict::NoInterface => {
                    call.no_interface.insert(at);
                    if !statements.absent(interface, method) {
                        let what = format!(
                            "{interface}.{method} is not there, and nothing says what the user gets"
                        );
                        fault(&mut report.faults, at, what);
                    }
                }
                Verdict::NoMethod => {
                    call.no_method.insert(at);
                    if !statements.absent(interface, method) {
                        let what = format!(
                            "{interface}.{method} is not there, and nothing says what the user gets"
                        );
                        fault(&mut report.faults, at, what);
                    }
                }
                Verdict::There(found) => {
                    let mut by = None;
                    for difference in found {
                        if difference.weight == Weight::Compatible {
                            report.harmless.entry(difference).or_default().insert(at);
                            continue;
                        }
                        match statements.adapter(&old, (interface, method), &difference) {
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
        events(&comparer, &old, at, &mut statements, &mut report);
    }
    let differences = report.harmless.keys();
    let of_events = report
        .events
        .values()
        .flat_map(|event| event.differences.keys());
    statements.renamed(differences.chain(of_events));
    for fault in statements.not_called_for(calls) {
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

fn events(
    comparer: &Comparer<'_>,
    old: &Api,
    at: usize,
    statements: &mut Statements,
    report: &mut Report,
) {
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
                if difference.weight == Weight::Incompatible && !statements.member(&difference) {
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
