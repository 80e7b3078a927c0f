//! Values on their way: what is sent to an older firmware, and what comes back.

use std::collections::{BTreeMap, BTreeSet};

use super::{About, Comparer, Difference, Weight};
use crate::api::Api;
use crate::treatment::RENAMED;

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Sent,
    Received,
}

/// One call.
pub(super) struct Travel<'a> {
    comparer: &'a Comparer<'a>,
    old: &'a Api,
    pub(super) found: BTreeSet<Difference>,
    /// Pairs of types that were compared already; a type may hold itself.
    seen: BTreeSet<(Way, String, String)>,
}

impl<'a> Travel<'a> {
    pub(super) fn new(comparer: &'a Comparer<'a>, old: &'a Api) -> Self {
        Self {
            comparer,
            old,
            found: BTreeSet::new(),
            seen: BTreeSet::new(),
        }
    }

    pub(super) fn note(&mut self, weight: Weight, ty: &str, what: String) {
        self.note_about(weight, ty, what, About::Other);
    }

    pub(super) fn note_about(&mut self, weight: Weight, ty: &str, what: String, about: About) {
        self.found.insert(Difference {
            weight,
            ty: ty.to_owned(),
            what,
            about,
        });
    }

    /// The parameters: whether a device ignores one that it does not know is not certain.
    pub(super) fn sends(
        &mut self,
        method: &str,
        ours: &BTreeMap<String, String>,
        theirs: &BTreeMap<String, String>,
    ) {
        for (name, ty) in ours {
            match theirs.get(name) {
                Some(other) => self.travel(Way::Sent, &format!("{method}({name})"), ty, other),
                None => self.note(
                    Weight::Incompatible,
                    method,
                    format!("no parameter {name} yet"),
                ),
            }
        }
        for name in theirs.keys().filter(|name| !ours.contains_key(*name)) {
            self.note(
                Weight::Incompatible,
                method,
                format!("another parameter {name}"),
            );
        }
    }

    /// The results: what is missing is noted by the bindings, and has its default value.
    pub(super) fn receives(
        &mut self,
        method: &str,
        ours: &BTreeMap<String, String>,
        theirs: &BTreeMap<String, String>,
    ) {
        for (name, ty) in ours {
            match theirs.get(name) {
                Some(other) => self.travel(Way::Received, &format!("{method} {name}"), ty, other),
                None => self.note(Weight::Incompatible, method, format!("no result {name}")),
            }
        }
    }

    pub(super) fn receives_type(&mut self, place: &str, ours: &str, theirs: &str) {
        self.travel(Way::Received, place, ours, theirs);
    }

    fn travel(&mut self, way: Way, place: &str, ours: &str, theirs: &str) {
        match (outer(ours), outer(theirs)) {
            (Some(("vector", ours)), Some(("vector", theirs))) => {
                return self.travel(way, place, ours, theirs);
            }
            (Some(("map", ours)), Some(("map", theirs))) => {
                if let (Some(ours), Some(theirs)) = (ours.split_once(','), theirs.split_once(',')) {
                    self.travel(way, place, ours.0, theirs.0);
                    self.travel(way, place, ours.1, theirs.1);
                }
                return;
            }
            (None, None) => {}
            _ => return self.differs(place, ours, theirs),
        }
        if !self.seen.insert((way, ours.to_owned(), theirs.to_owned())) {
            return;
        }
        let (new, old) = (self.comparer.new, self.old);
        match (new.get(ours), old.get(theirs)) {
            (Some(our), Some(their)) if our.kind == their.kind => match our.kind.as_str() {
                "interface" => {
                    if ours != theirs {
                        self.differs(place, ours, theirs);
                    }
                }
                "enumeration" => {
                    self.enumeration(ours, &our.enumerators, &their.enumerators);
                }
                "opaque" => {}
                _ => self.members(way, ours, theirs),
            },
            (None, None) => {
                let fits = match way {
                    Way::Sent => holds(theirs, ours),
                    Way::Received => holds(ours, theirs),
                };
                if !fits {
                    self.differs(place, ours, theirs);
                }
            }
            _ => self.differs(place, ours, theirs),
        }
    }

    fn differs(&mut self, place: &str, ours: &str, theirs: &str) {
        let what = format!("{theirs} in the place of {ours}");
        self.note(Weight::Incompatible, place, what);
    }

    /// Numbers travel: one that has another name means another thing.
    fn enumeration(
        &mut self,
        name: &str,
        ours: &BTreeMap<i64, String>,
        theirs: &BTreeMap<i64, String>,
    ) {
        for (value, their) in theirs {
            match ours.get(value) {
                Some(our) if our == their => {}
                Some(our) if RENAMED.contains(&(name, their, our)) => {
                    let what = format!("`{our}` was called `{their}`");
                    self.note(Weight::Compatible, name, what);
                }
                Some(our) => {
                    let what = format!("{value} is {their}, not {our}");
                    self.note(Weight::Incompatible, name, what);
                }
                None => self.note(
                    Weight::Compatible,
                    name,
                    format!("`{their}` ({value}) stays a number"),
                ),
            }
        }
        let newer: Vec<&str> = ours
            .iter()
            .filter(|(value, _)| !theirs.contains_key(value))
            .map(|(_, name)| name.as_str())
            .collect();
        if !newer.is_empty() {
            let what = format!("no {} yet", newer.join(", "));
            self.note(Weight::Compatible, name, what);
        }
    }

    fn members(&mut self, way: Way, ours: &str, theirs: &str) {
        let (new, old) = (self.comparer.new, self.old);
        let (our, their) = (new.members(ours), old.members(theirs));
        let is_sparse = new.get(ours).is_some_and(|ty| ty.sparse);
        for (member, ty) in &our {
            if let Some(other) = their.get(member) {
                self.travel(way, &format!("{ours}.{member}"), ty, other);
                continue;
            }
            let declared = new.declares(ours, member).unwrap_or(ours);
            let is_used = self.comparer.calls.uses(declared, member);
            let weight = match way {
                // The code relies on it.
                Way::Received if is_used => Weight::Incompatible,
                Way::Received => Weight::Compatible,
                Way::Sent if is_sparse && !is_used => Weight::Compatible,
                Way::Sent => Weight::Incompatible,
            };
            let about = About::Lacks {
                member: (*member).to_owned(),
                used: is_used,
                sent: way == Way::Sent,
            };
            self.note_about(weight, ours, format!("no {member} yet"), about);
        }
        for member in their.keys().filter(|member| !our.contains_key(*member)) {
            match way {
                Way::Received => {
                    self.note(
                        Weight::Compatible,
                        ours,
                        format!("`{member}` is kept as JSON"),
                    );
                }
                Way::Sent => self.note_about(
                    Weight::Incompatible,
                    ours,
                    format!("`{member}` is expected"),
                    About::Expects,
                ),
            }
        }
    }
}

/// `vector` and `T` of `vector<T>`.
fn outer(ty: &str) -> Option<(&str, &str)> {
    ty.strip_suffix('>')?.split_once('<')
}

/// Whether every value of a built-in type can be read as another one.
fn holds(wide: &str, narrow: &str) -> bool {
    const NUMBERS: [&[&str]; 3] = [
        &["byte", "int", "long"],
        &["byte", "int", "time"],
        &["byte", "int", "float", "double"],
    ];
    wide == narrow
        || matches!((wide, narrow), ("string", "typecode") | ("float", "double"))
        || NUMBERS.iter().any(|ladder| {
            let at = |ty| ladder.iter().position(|step| *step == ty);
            matches!((at(wide), at(narrow)), (Some(wide), Some(narrow)) if wide >= narrow)
        })
}
