//! Two versions of a type.

use std::collections::HashSet;

use super::change::Change;
use super::side::Side;
use crate::model::TypeIndex;

/// Two types of the same plain path, and where findings about them go.
pub(super) struct Pair<'a, 'm> {
    pub(super) old: &'a Side<'m>,
    pub(super) new: &'a Side<'m>,
    pub(super) at: (TypeIndex, TypeIndex),
    pub(super) out: &'a mut Vec<Change>,
}

/// The names that two lists share, in the order of each, when the orders differ.
pub(super) fn moved(old: &[String], new: &[String]) -> Option<(String, String)> {
    let shared = |list: &[String], other: &[String]| -> Vec<String> {
        let other: HashSet<_> = other.iter().collect();
        list.iter()
            .filter(|name| other.contains(name))
            .cloned()
            .collect()
    };
    let (a, b) = (shared(old, new), shared(new, old));
    (a != b).then(|| (a.join(", "), b.join(", ")))
}
