//! Types of different names that look the same on the wire.

use std::collections::HashSet;

use super::side::Side;
use crate::model::{TypeIndex, TypeKind, TypeRef};

/// Whether values of two structures or enumerations are written alike. Value objects and references carry the name of
/// their type, so theirs never are, unless the name has stayed.
pub(super) fn is_same(old: &Side<'_>, new: &Side<'_>, pair: (TypeIndex, TypeIndex)) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![pair];
    while let Some((a, b)) = open.pop() {
        if !seen.insert((a, b)) {
            continue;
        }
        let found = match (&old.model.ty(a).kind, &new.model.ty(b).kind) {
            (TypeKind::Structure { fields: x }, TypeKind::Structure { fields: y }) => {
                let names = |list: &[crate::model::Field]| -> Vec<String> {
                    list.iter().map(|field| field.name.clone()).collect()
                };
                let mut types = x.iter().zip(y).map(|(x, y)| (&x.ty, &y.ty));
                names(x) == names(y) && types.all(|types| alike(old, new, types, &mut open))
            }
            (
                TypeKind::Enumeration { enumerators: x, .. },
                TypeKind::Enumeration { enumerators: y, .. },
            ) => x
                .iter()
                .map(|one| &one.name)
                .eq(y.iter().map(|one| &one.name)),
            _ => old.plain(a) == new.plain(b),
        };
        if !found {
            return false;
        }
    }
    true
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
