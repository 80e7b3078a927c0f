use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Change, Class, Effect, Item, Rating};
use super::members::Pair;
use super::side::{Side, direction};
use super::{Comparison, Older, Step, TypeDiff};
use crate::model::{Model, TypeIndex, TypeKind};

pub(super) fn compare(old: &Model, new: &Model) -> Comparison {
    let (old, new) = (Side::new(old), Side::new(new));
    let mut units = Units {
        old: &old,
        new: &new,
        unit_of: BTreeMap::new(),
        units: Vec::new(),
        comparison: Comparison::default(),
    };
    units.pair();
    units.alone();
    units.propagate();
    units.finish()
}

/// A type with a version of its own.
struct Unit<'a> {
    path: &'a str,
    at: (TypeIndex, TypeIndex),
    demanded: Step,
    taken: Step,
    changes: Vec<Change>,
}

struct Units<'a, 'm> {
    old: &'a Side<'m>,
    new: &'a Side<'m>,
    /// Position in `units` of the one that speaks for a type of the new model.
    unit_of: BTreeMap<TypeIndex, usize>,
    units: Vec<Unit<'a>>,
    comparison: Comparison,
}

impl<'a> Units<'a, '_> {
    /// Compares what both have. An enclosing path sorts before what is nested in it.
    fn pair(&mut self) {
        for (path, &b) in &self.new.current {
            let Some(&a) = self.old.current.get(path) else {
                continue;
            };
            let (x, y) = (self.old.model.ty(a), self.new.model.ty(b));
            let is_versioned = x.name != x.base_name || y.name != y.base_name;
            let outer = y
                .parent
                .and_then(|parent| self.unit_of.get(&parent))
                .copied();
            let unit = match outer {
                Some(outer) if !is_versioned => outer,
                _ => {
                    self.units.push(Unit {
                        path,
                        at: (a, b),
                        demanded: Step::None,
                        taken: Step::between(x.version, y.version),
                        changes: Vec::new(),
                    });
                    self.units.len() - 1
                }
            };
            self.unit_of.insert(b, unit);
            let (old, new) = (self.old, self.new);
            if let Some(unit) = self.units.get_mut(unit) {
                let out = &mut unit.changes;
                Pair {
                    old,
                    new,
                    at: (a, b),
                    out,
                }
                .compare();
            }
        }
    }

    /// Reports what only one has, with the enclosing type when both have that.
    fn alone(&mut self) {
        let (old, new) = (self.old, self.new);
        for (side, other, action, rating) in [
            (old, new, Action::Removed, Rating::BREAKING),
            (new, old, Action::Added, Rating::ADDITION),
        ] {
            for (path, &at) in &side.current {
                if other.current.contains_key(path) {
                    continue;
                }
                let change = lone(side, path, at, action, rating);
                let Some(parent) = side.model.ty(at).parent else {
                    match action {
                        Action::Added => self.comparison.added.push(change),
                        _ => self.comparison.removed.push(change),
                    }
                    continue;
                };
                // Both sides have the enclosing type, or it is reported itself.
                let outer = new.current.get(side.plain(parent));
                let unit = outer.and_then(|outer| self.unit_of.get(outer));
                if let Some(unit) = unit.and_then(|&unit| self.units.get_mut(unit)) {
                    unit.changes.push(change);
                }
            }
        }
        for unit in &mut self.units {
            let steps = unit.changes.iter().map(|change| change.step);
            unit.demanded = steps.max().unwrap_or(Step::None);
        }
    }

    /// Steps travel against the references until nothing changes: first the incompatible ones, then the
    /// others, so that each type is visited at most once for each.
    fn propagate(&mut self) {
        let mut referrers = vec![BTreeSet::new(); self.units.len()];
        let named = self.new.model.references().iter().map(|r| (r.from, r.to));
        let nested = self
            .new
            .model
            .types()
            .filter_map(|(at, ty)| Some((ty.parent?, at)));
        for (from, to) in named.chain(nested) {
            if let (Some(&from), Some(&to)) = (self.unit_of.get(&from), self.unit_of.get(&to))
                && from != to
                // An event refers to what it is nested in, but does not follow its version.
                && !is_inside(self.units[from].path, self.units[to].path)
            {
                referrers[to].insert(from);
            }
        }
        for step in [Step::Submajor, Step::Minor] {
            let fits = |unit: &Unit<'_>| effective(unit).of_referrer() >= step;
            let all = self.units.iter().enumerate();
            let mut open: Vec<_> = all
                .filter(|(_, unit)| fits(unit))
                .map(|(at, _)| at)
                .collect();
            while let Some(at) = open.pop() {
                for &from in &referrers[at] {
                    let referrer = &mut self.units[from];
                    if effective(referrer) < step {
                        open.push(from);
                    }
                    referrer.demanded = referrer.demanded.max(step);
                }
            }
        }
        for (to, from) in referrers.iter().enumerate() {
            let step = effective(&self.units[to]).of_referrer();
            if step == Step::None {
                continue;
            }
            for &from in from {
                let change = self.reference(from, to, step);
                self.units[from].changes.push(change);
            }
        }
    }

    fn reference(&self, from: usize, to: usize, step: Step) -> Change {
        let (from, to) = (&self.units[from], &self.units[to]);
        let module = self.new.model.ty(from.at.1).module;
        Change {
            item: Item::Reference,
            action: Action::Changed,
            module: self.new.model.module(module).path.clone(),
            path: from.path.to_owned(),
            member: to.path.to_owned(),
            old: Some(self.old.model.ty(to.at.0).wire_id.clone()),
            new: Some(self.new.model.ty(to.at.1).wire_id.clone()),
            travel: None,
            class: Class::Reference,
            effect: Effect::Recompile,
            step,
        }
    }

    fn finish(self) -> Comparison {
        let mut comparison = self.comparison;
        for unit in self.units {
            let ty = self.new.model.ty(unit.at.1);
            if unit.changes.is_empty() && unit.taken == Step::None {
                continue;
            }
            comparison.types.push(TypeDiff {
                module: self.new.model.module(ty.module).path.clone(),
                path: unit.path.to_owned(),
                kind: ty.kind.word(),
                old: self.old.model.ty(unit.at.0).version,
                new: ty.version,
                demanded: unit.demanded,
                taken: unit.taken,
                changes: unit.changes,
            });
        }
        let modules = |side: &Side<'a>| -> BTreeSet<String> {
            side.model
                .modules()
                .iter()
                .map(|module| module.path.clone())
                .collect()
        };
        let (old, new) = (modules(self.old), modules(self.new));
        comparison.modules_added = new.difference(&old).cloned().collect();
        comparison.modules_removed = old.difference(&new).cloned().collect();
        for (side, in_new) in [(self.old, false), (self.new, true)] {
            let wire_ids = side.older.iter().cloned();
            comparison
                .older
                .extend(wire_ids.map(|wire_id| Older { in_new, wire_id }));
        }
        comparison
    }
}

fn is_inside(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with('.'))
}

/// The step that referrers see: also a major one whose cause does not show in the IDL. Lesser steps
/// without a cause are not passed on, or types that refer to each other would justify each other.
fn effective(unit: &Unit<'_>) -> Step {
    match unit.taken {
        Step::Major => Step::Major,
        _ => unit.demanded,
    }
}

fn lone(side: &Side<'_>, path: &str, at: TypeIndex, action: Action, rating: Rating) -> Change {
    let ty = side.model.ty(at);
    let is_event = matches!(ty.kind, TypeKind::ValueObject { .. }) && ty.parent.is_some();
    let Rating(class, effect, step) = rating;
    let text = Some(format!("{} {}", ty.kind.word(), ty.wire_id));
    let (old, new) = match action {
        Action::Added => (None, text),
        _ => (text, None),
    };
    Change {
        item: if is_event { Item::Event } else { Item::Type },
        action,
        module: side.model.module(ty.module).path.clone(),
        path: path.to_owned(),
        member: String::new(),
        old,
        new,
        travel: direction(side.travel(at)),
        class,
        effect,
        step,
    }
}
