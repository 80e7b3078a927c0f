use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Change, Class, Effect, Item, Rating, RustItem};
use super::pair::Pair;
use super::side::{Side, direction};
use super::{Comparison, Habit, Older, Step, TypeDiff};
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
    units.enclose();
    units.finish()
}

/// A type with a version of its own.
struct Unit<'a> {
    path: &'a str,
    at: (TypeIndex, TypeIndex),
    demanded: Step,
    taken: Step,
    /// What its own changes and the steps taken by what it refers to call for.
    following: Step,
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
                        following: Step::None,
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
                // Neither the name nor the place of such a type travels; where it was used, the user tells what became of it.
                let rating = match (action, &side.model.ty(at).kind) {
                    (Action::Added, _)
                    | (_, TypeKind::Interface(_) | TypeKind::ValueObject { .. }) => rating,
                    _ => Rating::RESHAPED,
                };
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
            unit.following = unit.demanded;
        }
    }

    /// Steps travel against the references until nothing changes, larger ones first, so that each type is
    /// visited at most once more for each of them.
    ///
    /// Only demanded steps do: a version that rose without a visible cause gives no cause to others, or
    /// types that refer to each other would justify each other.
    fn propagate(&mut self) {
        // By type, those that refer to it, and whether they hold or pass values of it.
        let mut referrers = vec![BTreeMap::new(); self.units.len()];
        let model = self.new.model;
        let named = model.references().iter().map(|r| (r.from, r.to));
        let nested = model.types().filter_map(|(at, ty)| Some((ty.parent?, at)));
        for (from_ty, to_ty) in named.chain(nested) {
            if let (Some(&from), Some(&to)) = (self.unit_of.get(&from_ty), self.unit_of.get(&to_ty))
                && from != to
                // An event refers to what it is nested in, but does not follow its version.
                && !is_inside(self.units[from].path, self.units[to].path)
            {
                // Whoever extends a type has all its members.
                let is_part = !matches!(model.ty(to_ty).kind, TypeKind::Interface(_))
                    || model.base(from_ty) == Some(to_ty);
                *referrers[to].entry(from).or_insert(false) |= is_part;
            }
        }
        for step in [Step::Major, Step::Submajor, Step::Minor] {
            let mut open: Vec<_> = (0..self.units.len()).collect();
            while let Some(at) = open.pop() {
                let own = self.units[at].demanded;
                for (&from, &is_part) in &referrers[at] {
                    let referrer = &mut self.units[from];
                    if own.of_referrer(is_part) >= step && referrer.demanded < step {
                        referrer.demanded = step;
                        open.push(from);
                    }
                }
            }
        }
        for (to, from) in referrers.iter().enumerate() {
            let (own, taken) = (self.units[to].demanded, self.units[to].taken);
            for (&from, &is_part) in from {
                let following = &mut self.units[from].following;
                *following = taken.of_referrer(is_part).max(*following);
                let step = own.of_referrer(is_part);
                if step > Step::None {
                    let change = self.reference(from, to, step);
                    self.units[from].changes.push(change);
                }
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
            optional: false,
            class: Class::Reference,
            effect: Effect::Recompile,
            step,
            rust: RustItem::default(),
        }
    }

    /// A wire id holds the versions of all that encloses the type: their steps count for it, as far as one is demanded,
    /// and in an id with a new major number in front its own numbers may begin again.
    fn enclose(&mut self) {
        for at in 0..self.units.len() {
            let parent = self.new.model.ty(self.units[at].at.1).parent;
            let outer = parent.and_then(|parent| self.unit_of.get(&parent));
            let Some(outer) = outer.map(|&outer| self.units[outer].taken) else {
                continue;
            };
            let unit = &mut self.units[at];
            if unit.taken != Step::Backward || outer == Step::Major {
                unit.taken = unit.taken.max(outer.min(unit.demanded));
            }
        }
    }

    fn finish(self) -> Comparison {
        let mut comparison = self.comparison;
        for unit in self.units {
            let ty = self.new.model.ty(unit.at.1);
            if unit.changes.is_empty() && unit.taken == Step::None {
                continue;
            }
            let habit = habit(&unit, &ty.kind);
            comparison.types.push(TypeDiff {
                module: self.new.model.module(ty.module).path.clone(),
                path: unit.path.to_owned(),
                kind: ty.kind.word(),
                old: self.old.model.ty(unit.at.0).version,
                new: ty.version,
                demanded: unit.demanded,
                taken: unit.taken,
                habit,
                changes: unit.changes,
                rust: RustItem::default(),
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

fn habit(unit: &Unit<'_>, kind: &TypeKind) -> Option<Habit> {
    let is_value = matches!(
        kind,
        TypeKind::Structure { .. } | TypeKind::Enumeration { .. }
    );
    match (unit.demanded, unit.taken) {
        (demanded, taken) if demanded == taken => None,
        (Step::Minor | Step::Submajor, Step::Major) if is_value => Some(Habit::WholeStep),
        (_, taken) if taken == unit.following => Some(Habit::Follows),
        _ => None,
    }
}

fn is_inside(inner: &str, outer: &str) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with('.'))
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
        optional: false,
        class,
        effect,
        step,
        rust: RustItem::default(),
    }
}
