//! What an older firmware makes of a call that is written for the newest one, by the rules of the wire
//! (`docs/protocol/marshalling.md`, `docs/changes.md`).

mod difference;
mod travel;

use std::collections::BTreeSet;

pub(crate) use self::difference::{About, Difference, Weight};
use self::travel::Travel;
use crate::api::Api;
use crate::calls::Calls;

/// Compares calls of the newest firmware's kind with what an older one has.
pub(crate) struct Comparer<'a> {
    pub(crate) new: &'a Api,
    pub(crate) calls: &'a Calls,
    /// Interfaces of which references come from the device; the others are only reached by their well-known ids.
    referred: BTreeSet<String>,
}

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The firmware has no such interface.
    NoInterface,
    /// Its interface has no such method.
    NoMethod,
    /// It is there; in no particular order, what is otherwise.
    There(BTreeSet<Difference>),
}

impl<'a> Comparer<'a> {
    pub(crate) fn new(new: &'a Api, calls: &'a Calls) -> Self {
        let mut referred = BTreeSet::new();
        for (interface, method) in calls.methods() {
            let Some(signature) = new.method(interface, method) else {
                continue;
            };
            for ty in signature.outs.values() {
                refer(new, ty, &mut BTreeSet::new(), &mut referred);
            }
        }
        Self {
            new,
            calls,
            referred,
        }
    }

    /// The methods that are called: interface and method.
    pub(crate) fn methods(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.calls.methods()
    }

    /// What a firmware makes of a call.
    pub(crate) fn method(&self, old: &Api, interface: &str, method: &str) -> Verdict {
        let Some(there) = old.get(interface) else {
            return Verdict::NoInterface;
        };
        let (Some(ours), Some(theirs)) = (
            self.new.method(interface, method),
            old.method(interface, method),
        ) else {
            return Verdict::NoMethod;
        };
        let mut travel = Travel::new(self, old);
        let newest = self.new.get(interface).map(|ty| ty.major().to_owned());
        if newest.as_deref() != Some(there.major()) && self.referred.contains(interface) {
            let what = format!("major version {}", there.major());
            let about = About::Major(there.major().to_owned());
            travel.note_about(Weight::Incompatible, interface, what, about);
        }
        travel.sends(method, &ours.ins, &theirs.ins);
        travel.receives(method, &ours.outs, &theirs.outs);
        Verdict::There(travel.found)
    }

    /// Constants whose number is another one, or means another thing.
    pub(crate) fn constants(&self, old: &Api) -> BTreeSet<Difference> {
        let mut travel = Travel::new(self, old);
        for (name, member) in self.calls.iter() {
            let (Some(ours), Some(theirs)) = (self.new.get(name), old.get(name)) else {
                continue;
            };
            let (Some(value), other) = (ours.constants.get(member), theirs.constants.get(member))
            else {
                continue;
            };
            if other.is_some_and(|other| other != value) {
                let what = format!(
                    "constant {member} is {value}, not {}",
                    other.unwrap_or(value)
                );
                travel.note(Weight::Incompatible, name, what);
            }
        }
        travel.found
    }

    /// What becomes of a value object of this type, which the device sends.
    pub(crate) fn value_object(&self, old: &Api, name: &str) -> Verdict {
        if old.get(name).is_none() {
            return Verdict::NoInterface;
        }
        let mut travel = Travel::new(self, old);
        travel.receives_type(name, name, name);
        Verdict::There(travel.found)
    }
}

/// The interfaces that a value of this type may refer to, with their bases.
fn refer(api: &Api, ty: &str, seen: &mut BTreeSet<String>, referred: &mut BTreeSet<String>) {
    for name in ty.split(['<', '>', ',']) {
        let Some(found) = api.get(name) else { continue };
        if found.kind == "interface" {
            referred.extend(api.lineage(name).map(str::to_owned));
        }
        if seen.insert(name.to_owned()) {
            api.members(name)
                .values()
                .for_each(|ty| refer(api, ty, seen, referred));
        }
    }
}
