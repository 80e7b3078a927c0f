//! Declarations before their uses, as the vendor's files have it.

use crate::api::{Kind, Member, Type, TypeId};

/// Sorts siblings so that what others need comes first, otherwise as they were. `top` tells which of the siblings a
/// type belongs to, if any.
pub(super) fn by_need(
    siblings: &[TypeId],
    top: impl Fn(TypeId) -> Option<TypeId>,
    needs: impl Fn(TypeId) -> Vec<TypeId>,
) -> Vec<TypeId> {
    let mut done = std::collections::HashSet::new();
    let mut sorted = Vec::with_capacity(siblings.len());
    for &first in siblings {
        // Leave a sibling when everything that it needs has been left; a circle is cut where it closes.
        let mut open = vec![(first, false)];
        while let Some((id, leave)) = open.pop() {
            if leave {
                sorted.push(id);
            } else if done.insert(id) {
                open.push((id, true));
                let needed = needs(id).into_iter().rev().filter_map(&top);
                open.extend(needed.filter(|need| *need != id).map(|need| (need, false)));
            }
        }
    }
    sorted
}

/// The types that a type names itself.
pub(super) fn named(ty: &Type) -> Vec<TypeId> {
    let mut found = Vec::new();
    if let Kind::Interface(Some(base)) | Kind::ValueObject(Some(base)) = ty.kind {
        found.push(base);
    }
    for member in &ty.members {
        match member {
            Member::Field(field) => field.ty.named(&mut found),
            Member::Typedef(typedef) => typedef.target.named(&mut found),
            Member::Constant(constant) => constant.ty.named(&mut found),
            Member::Method(method) => {
                method.types().for_each(|ty| ty.named(&mut found));
            }
            Member::Type(_) | Member::Enumerator(_) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_come_first_and_circles_end() {
        let needs = |id| match id {
            0 => vec![2, 1],
            1 => vec![3, 1],
            3 => vec![0],
            _ => vec![],
        };
        let top = |id| (id != 9).then_some(id);
        assert_eq!(by_need(&[0, 1, 2, 3], top, needs), [2, 3, 1, 0]);
    }
}
