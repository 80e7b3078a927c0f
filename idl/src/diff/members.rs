use std::collections::{HashMap, HashSet};

use super::change::{Action, Change, Item, Rating, RustItem};
use super::pair::{Pair, moved};
use super::shape::{self, Fit};
use super::side::{Side, TO_DEVICE, direction};
use super::{Travel, enumerators, signature};
use crate::model::{Annotation, Constant, Field, Type, TypeKind, TypeRef};

impl<'m> Pair<'_, 'm> {
    pub(super) fn compare(&mut self) {
        let (old, new) = self.types();
        self.annotations("", &old.annotations, &new.annotations);
        match (&old.kind, &new.kind) {
            (TypeKind::Interface(a), TypeKind::Interface(b)) => {
                self.major();
                self.base();
                self.constants(&a.constants, &b.constants);
                self.methods(&a.methods, &b.methods);
            }
            (TypeKind::Structure { fields: a }, TypeKind::Structure { fields: b }) => {
                self.fields(a, b);
            }
            (TypeKind::ValueObject { fields: a, .. }, TypeKind::ValueObject { fields: b, .. }) => {
                self.base();
                self.fields(a, b);
            }
            (
                TypeKind::Enumeration {
                    enumerators: a,
                    fallback: x,
                },
                TypeKind::Enumeration {
                    enumerators: b,
                    fallback: y,
                },
            ) => enumerators::compare(self, (a, *x), (b, *y)),
            (TypeKind::Typedef { target: a }, TypeKind::Typedef { target: b }) => {
                let texts = [
                    self.old.model.type_text(a).to_string(),
                    self.new.model.type_text(b).to_string(),
                ];
                self.typed(Item::Target, "", (a, b), self.travel_bits(), texts);
            }
            (TypeKind::Opaque, TypeKind::Opaque) => {}
            (a, b) => {
                let texts = (Some(a.word().to_owned()), Some(b.word().to_owned()));
                // An alias is what it stands for.
                let stands = |kind: &TypeKind, at| match kind {
                    TypeKind::Typedef { target } => target.clone(),
                    _ => TypeRef::Named(at),
                };
                let is_alias = [a, b]
                    .iter()
                    .any(|kind| matches!(kind, TypeKind::Typedef { .. }));
                let types = (&stands(a, self.at.0), &stands(b, self.at.1));
                let fit = shape::fits(self.old, self.new, types, self.travel_bits());
                let rating = match fit {
                    Fit::Same if is_alias => Rating::RESHAPED,
                    Fit::Wider if is_alias => Rating::RENAMED,
                    _ => Rating::BREAKING,
                };
                self.push(Item::Kind, Action::Changed, "", texts, rating);
            }
        }
    }

    fn types(&self) -> (&'m Type, &'m Type) {
        (self.old.model.ty(self.at.0), self.new.model.ty(self.at.1))
    }

    /// Whether callers may leave members out.
    fn is_sparse(&self) -> bool {
        let (_, ty) = self.types();
        self.travel_bits() & TO_DEVICE != 0 && ty.has_annotation("sparse_in")
    }

    fn travel_bits(&self) -> u8 {
        self.old.travel(self.at.0) | self.new.travel(self.at.1)
    }

    pub(super) fn push(
        &mut self,
        item: Item,
        action: Action,
        member: &str,
        (old, new): (Option<String>, Option<String>),
        Rating(class, effect, step): Rating,
    ) {
        let (_, ty) = self.types();
        self.out.push(Change {
            item,
            action,
            module: self.new.model.module(ty.module).path.clone(),
            path: self.new.plain(self.at.1).to_owned(),
            member: member.to_owned(),
            old,
            new,
            travel: direction(self.travel_bits()),
            optional: item == Item::Field && self.is_sparse(),
            class,
            effect,
            step,
            rust: RustItem::default(),
        });
    }

    /// Whatever else changed or did not: clients compare the major number. Value objects are not asked for theirs.
    fn major(&mut self) {
        let (old, new) = self.types();
        if old.version.major != new.version.major {
            let texts = (Some(old.version.to_string()), Some(new.version.to_string()));
            let rating = Rating::REFUSED;
            self.push(Item::Version, Action::Changed, "", texts, rating);
        }
    }

    fn base(&mut self) {
        let old = self
            .old
            .model
            .base(self.at.0)
            .map(|base| self.old.plain(base));
        let new = self
            .new
            .model
            .base(self.at.1)
            .map(|base| self.new.plain(base));
        let (action, rating) = match (old, new) {
            (a, b) if a == b => return,
            (None, _) if self.demands_more() => (Action::Added, Rating::BREAKING),
            (None, _) => (Action::Added, Rating::ADDITION),
            (Some(_), _) if self.demands_more() => (Action::Changed, Rating::BREAKING),
            (Some(_), None) => (Action::Removed, Rating::BREAKING),
            // Put in between: all that was inherited still is.
            (Some(a), _) if self.new.extends(self.at.1, a) => (Action::Changed, Rating::ADDITION),
            _ => (Action::Changed, Rating::BREAKING),
        };
        let texts = (old.map(str::to_owned), new.map(str::to_owned));
        self.push(Item::Base, action, "", texts, rating);
    }

    /// Whether a value object that is sent to the device has to have members of a new base. (Interfaces have no fields.)
    fn demands_more(&self) -> bool {
        let (old, new) = (self.old.model, self.new.model);
        let known: HashSet<&str> = old
            .all_fields(self.at.0)
            .into_iter()
            .map(|(_, field)| field.name.as_str())
            .collect();
        let is_more = |base| {
            let fields: &[Field] = new.ty(base).fields();
            fields
                .iter()
                .any(|field| !known.contains(field.name.as_str()))
        };
        self.travel_bits() & TO_DEVICE != 0 && new.bases(self.at.1).any(is_more)
    }

    fn constants(&mut self, old: &'m [Constant], new: &'m [Constant]) {
        for pair in self.pairs(
            old,
            new,
            |c| &c.name,
            |ty| match &ty.kind {
                TypeKind::Interface(interface) => &interface.constants,
                _ => &[],
            },
        ) {
            match pair {
                (Some(a), Some(b)) => {
                    self.annotations(&a.name, &a.annotations, &b.annotations);
                    let texts = [
                        self.old.model.type_text(&a.ty).to_string(),
                        self.new.model.type_text(&b.ty).to_string(),
                    ];
                    self.typed(Item::Constant, &a.name, (&a.ty, &b.ty), 0, texts);
                    if a.value != b.value {
                        let texts = (Some(a.value.to_string()), Some(b.value.to_string()));
                        self.push(
                            Item::Constant,
                            Action::Changed,
                            &a.name,
                            texts,
                            Rating::RENUMBERED,
                        );
                    }
                }
                (a, b) => {
                    let name = a.or(b).map_or("", |c| &c.name);
                    let value = |c: Option<&Constant>| c.map(|c| c.value.to_string());
                    self.lone(Item::Constant, name, (value(a), value(b)));
                }
            }
        }
    }

    fn fields(&mut self, old: &'m [Field], new: &'m [Field]) {
        let bits = self.travel_bits();
        let sent = bits & TO_DEVICE != 0;
        let is_sparse = self.is_sparse();
        for pair in self.pairs(old, new, |f| &f.name, Type::fields) {
            match pair {
                (Some(a), Some(b)) => {
                    self.annotations(&a.name, &a.annotations, &b.annotations);
                    let texts = [
                        self.old.model.type_text(&a.ty).to_string(),
                        self.new.model.type_text(&b.ty).to_string(),
                    ];
                    self.typed(Item::Field, &a.name, (&a.ty, &b.ty), bits, texts);
                }
                (None, Some(b)) if sent && !is_sparse => {
                    let text = self.new.model.type_text(&b.ty).to_string();
                    self.push(
                        Item::Field,
                        Action::Added,
                        &b.name,
                        (None, Some(text)),
                        Rating::BREAKING,
                    );
                }
                (a, b) => {
                    let name = a.or(b).map_or("", |f| &f.name);
                    let texts = (
                        a.map(|f| self.old.model.type_text(&f.ty).to_string()),
                        b.map(|f| self.new.model.type_text(&f.ty).to_string()),
                    );
                    self.lone(Item::Field, name, texts);
                }
            }
        }
        let names =
            |fields: &[Field]| -> Vec<String> { fields.iter().map(|f| f.name.clone()).collect() };
        if let Some((old, new)) = moved(&names(old), &names(new)) {
            let texts = (Some(old), Some(new));
            self.push(
                Item::Field,
                Action::Reordered,
                "",
                texts,
                Rating::REGENERATED,
            );
        }
    }

    /// Something that one side lacks: an addition is compatible, a removal is not.
    pub(super) fn lone(
        &mut self,
        item: Item,
        member: &str,
        texts: (Option<String>, Option<String>),
    ) {
        let (action, rating) = match texts.0 {
            Some(_) => (Action::Removed, Rating::BREAKING),
            None => (Action::Added, Rating::ADDITION),
        };
        self.push(item, action, member, texts, rating);
    }

    pub(super) fn annotations(&mut self, member: &str, old: &[Annotation], new: &[Annotation]) {
        // The fallback of an enumeration is compared by its meaning.
        let missing = |from: &[Annotation], to: &[Annotation]| -> Vec<Annotation> {
            let from = from.iter().filter(|a| a.name != "unknown_fallback");
            from.filter(|a| !to.contains(a)).cloned().collect()
        };
        for gone in missing(old, new) {
            let rating = match gone.name.as_str() {
                // What is only received was never sent in parts.
                "sparse_in" if direction(self.travel_bits()) == Some(Travel::FromDevice) => {
                    Rating::RECUT
                }
                "sparse_in" => Rating::BREAKING,
                "unversioned_scope" => self.other_id(),
                _ => Rating::NEUTRAL,
            };
            let texts = (Some(signature::annotation(&gone)), None);
            self.push(Item::Annotation, Action::Removed, member, texts, rating);
        }
        for come in missing(new, old) {
            let rating = match come.name.as_str() {
                // What took the whole structure takes it still.
                "sparse_in" => Rating::ADDITION,
                "deprecated" => Rating::REGENERATED,
                "unversioned_scope" => self.other_id(),
                _ => Rating::NEUTRAL,
            };
            let texts = (None, Some(signature::annotation(&come)));
            self.push(Item::Annotation, Action::Added, member, texts, rating);
        }
    }

    /// Another type id under the same name: that of a value object travels, so programs take the type for an unknown one.
    fn other_id(&self) -> Rating {
        match self.types().1.kind {
            TypeKind::ValueObject { .. } => Rating::RENUMBERED,
            _ => Rating::REGENERATED,
        }
    }

    /// Members of the same name. One that moved to a base, or came from one, is still there.
    pub(super) fn pairs<T>(
        &self,
        old: &'m [T],
        new: &'m [T],
        name: fn(&T) -> &str,
        of: fn(&'m Type) -> &'m [T],
    ) -> Vec<(Option<&'m T>, Option<&'m T>)> {
        let by_name = |list: &'m [T]| -> HashMap<&'m str, &'m T> {
            list.iter().map(|t| (name(t), t)).collect()
        };
        let (olds, news) = (by_name(old), by_name(new));
        let inherited = |side: &Side<'m>, at, wanted: &str| {
            let model = side.model;
            let mut all = model.bases(at).flat_map(|base| of(model.ty(base)));
            all.find(|t| name(t) == wanted)
        };
        let mut pairs = Vec::new();
        for a in old {
            let own = news.get(name(a)).copied();
            pairs.push((
                Some(a),
                own.or_else(|| inherited(self.new, self.at.1, name(a))),
            ));
        }
        for b in new.iter().filter(|b| !olds.contains_key(name(b))) {
            pairs.push((inherited(self.old, self.at.0, name(b)), Some(b)));
        }
        pairs
    }
}
