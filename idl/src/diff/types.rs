use super::Step;
use super::change::{Action, Class, Effect, Item, Rating};
use super::pair::Pair;
use super::shape::{self, Fit};
use crate::model::{TypeIndex, TypeRef};

/// How two type expressions differ when versions and aliases are looked through.
#[derive(PartialEq)]
enum TypeChange {
    Same,
    MapKey,
    /// Another type, which looks the same on the wire.
    Moved,
    /// Another type, which old programs take for theirs on the wire.
    Widened,
    Other,
}

impl<'m> Pair<'_, 'm> {
    /// Reports a difference of two type expressions of values that go the ways of `bits` ([`Side::travel`]).
    ///
    /// [`Side::travel`]: super::side::Side::travel
    pub(super) fn typed(
        &mut self,
        item: Item,
        member: &str,
        types: (&'m TypeRef, &'m TypeRef),
        bits: u8,
        texts: [String; 2],
    ) {
        let (item, rating) = match self.type_change(member, types, bits) {
            TypeChange::Same => return,
            TypeChange::MapKey => (Item::MapKey, Rating::BREAKING),
            TypeChange::Moved => (item, Rating::RESHAPED),
            TypeChange::Widened => (item, Rating::RENAMED),
            TypeChange::Other => (item, Rating::BREAKING),
        };
        let texts = texts.map(Some).into();
        self.push(item, Action::Changed, member, texts, rating);
    }

    fn type_change(
        &mut self,
        member: &str,
        types: (&'m TypeRef, &'m TypeRef),
        bits: u8,
    ) -> TypeChange {
        let mut found = TypeChange::Same;
        let mut is_key = false;
        let mut open = vec![types];
        while let Some((a, b)) = open.pop() {
            // An alias of one name is compared where it is declared.
            if let (TypeRef::Named(a), TypeRef::Named(b)) = (a, b)
                && self.old.plain(*a) == self.new.plain(*b)
            {
                self.other_version(member, *a, *b);
                continue;
            }
            let (a, b) = (self.old.model.unaliased(a), self.new.model.unaliased(b));
            match (a, b) {
                (TypeRef::Builtin(a), TypeRef::Builtin(b)) if a == b => {}
                (TypeRef::Vector(a), TypeRef::Vector(b)) => open.push((a, b)),
                (TypeRef::Map(x, a), TypeRef::Map(y, b)) => {
                    let (x, y) = (self.old.model.unaliased(x), self.new.model.unaliased(y));
                    match (x, y) {
                        (TypeRef::Builtin(x), TypeRef::Builtin(y)) if x != y => {
                            is_key = true;
                        }
                        _ => open.push((x, y)),
                    }
                    open.push((a, b));
                }
                (TypeRef::Named(a), TypeRef::Named(b))
                    if self.old.plain(*a) == self.new.plain(*b) =>
                {
                    self.other_version(member, *a, *b);
                }
                (TypeRef::Named(_), TypeRef::Named(_)) => {
                    match shape::fits(self.old, self.new, (a, b), bits) {
                        Fit::Not => return TypeChange::Other,
                        Fit::Same if found == TypeChange::Widened => {}
                        Fit::Same => found = TypeChange::Moved,
                        Fit::Wider => found = TypeChange::Widened,
                    }
                }
                _ => return TypeChange::Other,
            }
        }
        if is_key { TypeChange::MapKey } else { found }
    }

    /// A member names another version than before, and that is not the step of the newest version.
    fn other_version(&mut self, member: &str, a: TypeIndex, b: TypeIndex) {
        let (old, new) = (self.old.model.ty(a), self.new.model.ty(b));
        let step = Step::between_paths(&old.path, &new.path).of_referrer(false);
        if step == Step::None || (self.old.is_current(a) && self.new.is_current(b)) {
            return;
        }
        let texts = (Some(old.wire_id.clone()), Some(new.wire_id.clone()));
        let rating = Rating(Class::Reference, Effect::Recompile, step);
        self.push(Item::Reference, Action::Changed, member, texts, rating);
    }
}
