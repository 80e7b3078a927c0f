//! Which statements of people the facts call for.

use std::collections::BTreeSet;

use crate::api::Api;
use crate::calls::Calls;
use crate::compare::{About, Difference};
use crate::treatment::{ABSENT, FORMS, Form, MAJORS, MEMBERS, RENAMED, ROUND_TRIPS, UPDATE};

/// The file of a function in the sources of the crate.
pub(crate) fn file_of(function: &str) -> String {
    let (module, _) = function.rsplit_once("::").unwrap_or((function, ""));
    format!("{}.rs", module.replace("::", "/"))
}

/// Those that were called for so far.
#[derive(Default)]
pub(crate) struct Statements {
    majors: BTreeSet<(&'static str, &'static str, &'static str, &'static str)>,
    absent: BTreeSet<(&'static str, &'static str)>,
    forms: BTreeSet<&'static str>,
    trips: BTreeSet<(&'static str, &'static str)>,
    members: BTreeSet<(&'static str, &'static str)>,
    renamed: BTreeSet<(&'static str, &'static str, &'static str)>,
}

impl Statements {
    /// The name of what makes the call fit in spite of the difference.
    pub(crate) fn adapter(
        &mut self,
        old: &Api,
        (interface, method): (&str, &str),
        difference: &Difference,
    ) -> Option<&'static str> {
        if let Some(name) = self.form(old, interface, method) {
            return Some(name);
        }
        match &difference.about {
            About::Major(major) => self.major(interface, method, major),
            About::Lacks { used, sent, .. } => {
                let is_said = !used || self.member(difference);
                let is_sent = !sent || self.trip(old, interface, method);
                (is_said && is_sent).then_some(UPDATE)
            }
            About::Expects => self.trip(old, interface, method).then_some(UPDATE),
            About::Other => None,
        }
    }

    fn major(&mut self, interface: &str, method: &str, major: &str) -> Option<&'static str> {
        for adapter in MAJORS {
            for (of, majors, methods) in adapter.calls {
                let found = majors.iter().find(|known| **known == major);
                let called = methods.iter().find(|known| **known == method);
                if let (true, Some(major), Some(method)) = (*of == interface, found, called) {
                    self.majors.insert((adapter.name, of, major, method));
                    return Some(adapter.name);
                }
            }
        }
        None
    }

    /// The older form of a method, when the firmware has just that, and the crate takes it there.
    fn form(&mut self, old: &Api, interface: &str, method: &str) -> Option<&'static str> {
        let there = old.method(interface, method)?;
        let major: u32 = old.get(interface)?.major().parse().ok()?;
        let form = FORMS.iter().find(|form| {
            form.interface == interface
                && form.method == method
                && there.ins.keys().eq(form.ins)
                && there.outs.keys().eq(form.outs)
                && major < form.below
        })?;
        self.forms.insert(form.name);
        Some(form.name)
    }

    /// Whether what is sent is what the firmware has given before.
    fn trip(&mut self, old: &Api, interface: &str, method: &str) -> bool {
        let trip = ROUND_TRIPS
            .iter()
            .find(|trip| trip.interface == interface && trip.write == method);
        let Some(trip) = trip else { return false };
        let given = old.method(interface, trip.read).map(|read| &read.outs);
        let taken = old.method(interface, method).map(|write| &write.ins);
        let (Some(given), Some(taken)) = (given, taken) else {
            return false;
        };
        self.trips.insert((trip.interface, trip.write));
        taken
            .values()
            .all(|ty| given.values().any(|other| other == ty))
    }

    /// Whether something is said of a member that the firmware lacks.
    pub(crate) fn member(&mut self, difference: &Difference) -> bool {
        let About::Lacks { member, .. } = &difference.about else {
            return false;
        };
        let said = MEMBERS
            .iter()
            .find(|said| said.ty == difference.ty && said.member == member);
        if let Some(said) = said {
            self.members.insert((said.ty, said.member));
        }
        said.is_some()
    }

    /// Whether something is said of a call that the firmware does not have.
    pub(crate) fn absent(&mut self, interface: &str, method: &str) -> bool {
        let known = ABSENT.iter().find(|absent| {
            absent.interface == interface && (absent.method == method || absent.method.is_empty())
        });
        if let Some(absent) = known {
            self.absent.insert((absent.interface, absent.method));
        }
        known.is_some()
    }

    pub(crate) fn renamed<'a>(&mut self, differences: impl Iterator<Item = &'a Difference>) {
        for difference in differences {
            let found = RENAMED.iter().find(|(ty, old, new)| {
                difference.ty == *ty && difference.what == format!("`{new}` was called `{old}`")
            });
            self.renamed.extend(found);
        }
    }

    /// Statements that no firmware calls for, about what the crate uses.
    pub(crate) fn not_called_for(&self, calls: &Calls) -> BTreeSet<String> {
        let is_used = |name: &str| calls.iter().any(|(ty, _)| ty == name);
        let mut faults = BTreeSet::new();
        for file in calls.by_name() {
            let is_told = |form: &Form| file_of(form.name) == file;
            if !FORMS.iter().any(is_told) {
                faults.insert(format!("{file} calls without bindings what no list has"));
            }
        }
        for adapter in MAJORS {
            for (interface, majors, methods) in adapter.calls {
                let pairs = majors
                    .iter()
                    .flat_map(|major| methods.iter().map(move |method| (major, method)));
                for (major, method) in pairs {
                    if !self
                        .majors
                        .contains(&(adapter.name, interface, major, method))
                    {
                        faults.insert(format!(
                            "{} is not needed for {interface} {major}, {method}",
                            adapter.name
                        ));
                    }
                }
            }
        }
        for absent in ABSENT {
            let known = self.absent.contains(&(absent.interface, absent.method));
            if !known && is_used(absent.interface) {
                faults.insert(format!(
                    "{}.{} is there in all firmwares",
                    absent.interface, absent.method
                ));
            }
        }
        for form in FORMS {
            if !self.forms.contains(form.name) && is_used(form.interface) {
                faults.insert(format!("{} is not needed", form.name));
            }
        }
        for trip in ROUND_TRIPS {
            if !self.trips.contains(&(trip.interface, trip.write)) && is_used(trip.interface) {
                faults.insert(format!("{}.{} fits by itself", trip.interface, trip.write));
            }
        }
        for said in MEMBERS {
            let is_named = calls.uses(said.ty, said.member);
            if is_named && !self.members.contains(&(said.ty, said.member)) {
                faults.insert(format!("{} has {} in all firmwares", said.ty, said.member));
            }
        }
        for renamed @ (ty, old, new) in RENAMED {
            if !self.renamed.contains(renamed) && is_used(ty) {
                faults.insert(format!("{ty}: no firmware has {old} in the place of {new}"));
            }
        }
        faults
    }
}
