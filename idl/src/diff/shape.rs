//! Types of different names, as the wire sees them.

use std::collections::{HashMap, HashSet};

use super::side::{FROM_DEVICE, Side, TO_DEVICE};
use crate::model::{Enumerator, Field, Type, TypeIndex, TypeKind, TypeRef};

/// How a new type fits a program that knows the old one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It looks the same.
    Same,
    /// It has more, which the program passes over or need not send.
    Wider,
    /// The program may fail.
    Not,
}

/// How the new type fits a program that knows the old one, for values that go the ways of `bits` (both, when none is
/// known).
///
/// Structures go by their members, enumerations by the numbers of their enumerators. Value objects and references carry the
/// name of their type, so they never fit another one.
pub(super) fn fits(old: &Side<'_>, new: &Side<'_>, types: (&TypeRef, &TypeRef), bits: u8) -> Fit {
    let bits = if bits == 0 {
        TO_DEVICE | FROM_DEVICE
    } else {
        bits
    };
    let mut seen = HashSet::new();
    let mut open = Vec::new();
    if !alike(old, new, types, &mut open) {
        return Fit::Not;
    }
    let mut fit = Fit::Same;
    while let Some((a, b)) = open.pop() {
        // What has kept its name is compared where it is declared.
        if old.plain(a) == new.plain(b) || !seen.insert((a, b)) {
            continue;
        }
        let found = match (&old.model.ty(a).kind, &new.model.ty(b).kind) {
            (TypeKind::Structure { fields: x }, TypeKind::Structure { fields: y }) => {
                if same_names(x, y).all(|types| alike(old, new, types, &mut open)) {
                    members(x, (new.model.ty(b), y), bits)
                } else {
                    Fit::Not
                }
            }
            (
                TypeKind::Enumeration { enumerators: x, .. },
                TypeKind::Enumeration { enumerators: y, .. },
            ) => begins_with(y, x),
            _ => Fit::Not,
        };
        fit = fit.max(found);
    }
    fit
}

/// Whether the members that one side demands are there: none is gone, and what is sent need have no new one.
fn members(old: &[Field], (ty, new): (&Type, &[Field]), bits: u8) -> Fit {
    let is_demanded = bits & TO_DEVICE != 0 && !ty.has_annotation("sparse_in");
    let shared = same_names(old, new).count();
    if shared < old.len() {
        Fit::Not
    } else if shared == new.len() {
        Fit::Same
    } else if is_demanded {
        Fit::Not
    } else {
        Fit::Wider
    }
}

/// The types of the fields that both have, by name.
fn same_names<'f>(
    old: &'f [Field],
    new: &'f [Field],
) -> impl Iterator<Item = (&'f TypeRef, &'f TypeRef)> {
    let known: HashMap<_, _> = new
        .iter()
        .map(|field| (field.name.as_str(), &field.ty))
        .collect();
    old.iter()
        .filter_map(move |field| Some((&field.ty, *known.get(field.name.as_str())?)))
}

/// Whether an enumeration has the enumerators of another, under their numbers, and perhaps more behind them. Only their names
/// tell that it is the same enumeration.
fn begins_with(list: &[Enumerator], with: &[Enumerator]) -> Fit {
    if list.len() < with.len() || list.iter().zip(with).any(|(a, b)| a.name != b.name) {
        Fit::Not
    } else if list.len() == with.len() {
        Fit::Same
    } else {
        Fit::Wider
    }
}

/// Compares two type expressions down to the named types, which go to `open`.
fn alike(
    old: &Side<'_>,
    new: &Side<'_>,
    types: (&TypeRef, &TypeRef),
    open: &mut Vec<(TypeIndex, TypeIndex)>,
) -> bool {
    let mut parts = vec![types];
    while let Some((a, b)) = parts.pop() {
        match (old.model.unaliased(a), new.model.unaliased(b)) {
            (TypeRef::Builtin(a), TypeRef::Builtin(b)) if a == b => {}
            (TypeRef::Vector(a), TypeRef::Vector(b)) => parts.push((a, b)),
            (TypeRef::Map(x, a), TypeRef::Map(y, b)) => parts.extend([(&**x, &**y), (&**a, &**b)]),
            (TypeRef::Named(a), TypeRef::Named(b)) => open.push((*a, *b)),
            _ => return false,
        }
    }
    true
}
