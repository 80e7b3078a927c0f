//! What the features need.

use xerus_idl::model::{Model, TypeIndex, TypeKind};

use super::Set;
use crate::select::Selection;
use crate::walk;
use crate::well_known::WellKnown;

/// For every interface the features under which its methods are there: its own, and those of interfaces that
/// extend it, whose users call inherited methods.
pub(super) fn callable(
    model: &Model,
    selection: &Selection,
    own: impl Fn(TypeIndex) -> Option<usize>,
) -> Vec<Set> {
    let mut callable = vec![Set::new(); model.types().len()];
    for (index, ty) in model.types() {
        if !selection.emits(index) || !matches!(ty.kind, TypeKind::Interface(_)) {
            continue;
        }
        if let Some(feature) = own(index) {
            for base in walk::chain(model, index) {
                callable[base.0 as usize].insert(feature);
            }
        }
    }
    callable
}

/// For every type the features under which it is declared.
pub(super) fn present(
    model: &Model,
    selection: &Selection,
    own: impl Fn(TypeIndex) -> Option<usize>,
    features: usize,
    callable: &[Set],
    well_known: &WellKnown,
) -> Vec<Set> {
    let mut present = vec![Set::new(); model.types().len()];
    for feature in 0..features {
        let mut todo: Vec<_> = model
            .types()
            .map(|(index, _)| index)
            .filter(|index| own(*index) == Some(feature))
            .collect();
        while let Some(index) = todo.pop() {
            let at = index.0 as usize;
            if !selection.emits(index) || !present[at].insert(feature) {
                continue;
            }
            let ty = model.ty(index);
            todo.extend(ty.parent);
            // Value objects (events) in a foreign interface are named by nothing, so they stay away even when
            // its methods come.
            let is_bare =
                matches!(ty.kind, TypeKind::Interface(_)) && !callable[at].contains(&feature);
            if is_bare {
                todo.extend(walk::base(ty));
            } else {
                walk::references(ty, &mut |other| todo.push(other));
                todo.extend(well_known.returned(index));
            }
        }
    }
    present
}
