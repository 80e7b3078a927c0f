use std::collections::{HashMap, HashSet};

use xerus_wire_id::split_suffix;

use super::change::{Action, Item, Rating};
use super::pair::{Pair, moved};
use super::side::{FROM_DEVICE, TO_DEVICE};
use super::signature;
use crate::marks::Marks;
use crate::model::{Direction, Method, Type};

impl<'m> Pair<'_, 'm> {
    pub(super) fn methods(&mut self, old: &'m [Method], new: &'m [Method]) {
        for pair in self.pairs(old, new, |m| &m.name, Type::methods) {
            match pair {
                (Some(a), Some(b)) => self.method(a, b),
                (a, b) => {
                    let name = a.or(b).map_or("", |m| &m.name);
                    let texts = (
                        a.map(|m| signature::method(self.old.model, m)),
                        b.map(|m| signature::method(self.new.model, m)),
                    );
                    self.lone(Item::Method, name, texts);
                }
            }
        }
    }

    fn method(&mut self, a: &'m Method, b: &'m Method) {
        let name = &a.name;
        self.annotations(name, &a.annotations, &b.annotations);
        self.marks(a, b);
        let texts = [
            signature::returns(self.old.model, a.returns.as_ref()),
            signature::returns(self.new.model, b.returns.as_ref()),
        ];
        match (&a.returns, &b.returns) {
            (Some(x), Some(y)) => self.typed(Item::Return, name, (x, y), FROM_DEVICE, texts),
            (None, None) => {}
            (a, _) => {
                // The result is one more member of the answer, which old programs pass over; they do wait for one that is gone.
                let rating = match a {
                    None => Rating::RESHAPED,
                    Some(_) => Rating::BREAKING,
                };
                let texts = texts.map(Some).into();
                self.push(Item::Return, Action::Changed, name, texts, rating);
            }
        }
        let find: HashMap<_, _> = b.parameters.iter().map(|p| (p.name.as_str(), p)).collect();
        let known: HashSet<_> = a.parameters.iter().map(|p| p.name.as_str()).collect();
        for x in &a.parameters {
            let member = format!("{name}({})", x.name);
            let old = signature::parameter(self.old.model, x);
            let Some(y) = find.get(x.name.as_str()) else {
                self.push(
                    Item::Parameter,
                    Action::Removed,
                    &member,
                    (Some(old), None),
                    Rating::BREAKING,
                );
                continue;
            };
            let new = signature::parameter(self.new.model, y);
            if x.direction == y.direction {
                let bits = match x.direction {
                    Direction::In => TO_DEVICE,
                    Direction::Out => FROM_DEVICE,
                };
                self.typed(Item::Parameter, &member, (&x.ty, &y.ty), bits, [old, new]);
            } else {
                let texts = (Some(old), Some(new));
                self.push(
                    Item::Parameter,
                    Action::Changed,
                    &member,
                    texts,
                    Rating::BREAKING,
                );
            }
        }
        for y in b
            .parameters
            .iter()
            .filter(|p| !known.contains(p.name.as_str()))
        {
            let text = signature::parameter(self.new.model, y);
            let member = format!("{name}({})", y.name);
            // One more member of the answer is passed over; in Rust the answer becomes another tuple.
            let rating = match y.direction {
                Direction::In => Rating::BREAKING,
                Direction::Out => Rating::RESHAPED,
            };
            let texts = (None, Some(text));
            self.push(Item::Parameter, Action::Added, &member, texts, rating);
        }
        self.parameter_order(a, b);
    }

    /// Marks say how bindings use a method; the wire does not see most of them, and versions speak of none.
    fn marks(&mut self, a: &'m Method, b: &'m Method) {
        let (x, y) = (unversioned(&a.marks), unversioned(&b.marks));
        if x == y {
            return;
        }
        let text = |marks: &Marks| (!marks.is_empty()).then(|| marks.to_string());
        let texts = (text(&x), text(&y));
        let action = match texts {
            (None, _) => Action::Added,
            (_, None) => Action::Removed,
            _ => Action::Changed,
        };
        let rating = if x.wire != y.wire {
            Rating::BREAKING
        } else if shape(&x) != shape(&y) {
            Rating::RECUT
        } else {
            Rating::REGENERATED
        };
        self.push(Item::Marks, action, &a.name, texts, rating);
    }

    /// The wire knows parameters by name, callers by their place among those of the same direction.
    fn parameter_order(&mut self, a: &Method, b: &Method) {
        let names = |m: &'_ Method, only: Option<Direction>| -> Vec<String> {
            let fits = m
                .parameters
                .iter()
                .filter(|p| only.is_none_or(|d| p.direction == d));
            fits.map(|p| p.name.clone()).collect()
        };
        let moved = |only| moved(&names(a, only), &names(b, only));
        let rating = if moved(Some(Direction::In))
            .or(moved(Some(Direction::Out)))
            .is_some()
        {
            Rating::RENAMED
        } else {
            Rating::NEUTRAL
        };
        if let Some((old, new)) = moved(None) {
            self.push(
                Item::Parameter,
                Action::Reordered,
                &a.name,
                (Some(old), Some(new)),
                rating,
            );
        }
    }
}

/// Marks whose types are named without versions: another version of a type is its own change.
fn unversioned(marks: &Marks) -> Marks {
    let plain = |text: &mut String| {
        let names = text.split_inclusive(['<', '>', ',', '.']).map(|part| {
            let end = part.trim_end_matches(['<', '>', ',', '.']).len();
            let (name, rest) = part.split_at(end);
            format!("{}{rest}", split_suffix(name).base())
        });
        *text = names.collect();
    };
    let mut marks = marks.clone();
    marks.progress.as_mut().map(plain);
    let poll = marks
        .action
        .as_mut()
        .and_then(|action| action.poll.as_mut());
    poll.map(plain);
    marks
}

/// What callers see of marks: the shape of the call and its errors.
fn shape(marks: &Marks) -> Marks {
    let marks = marks.clone();
    Marks {
        code: marks.code,
        one_way: marks.one_way,
        errors: marks.errors,
        progress: marks.progress,
        stream: marks.stream,
        action: marks.action,
        nullable: marks.nullable,
        ..Marks::default()
    }
}
