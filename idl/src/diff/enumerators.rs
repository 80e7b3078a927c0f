use std::collections::HashMap;

use super::change::{Action, Item, Rating};
use super::pair::{Pair, moved};
use crate::model::Enumerator;

/// The enumerators of an enumeration, and the index of the fallback.
type Enumeration<'m> = (&'m [Enumerator], Option<usize>);

/// Compares two enumerations. The wire knows enumerators by index only, callers by name.
pub(super) fn compare(pair: &mut Pair<'_, '_>, old: Enumeration<'_>, new: Enumeration<'_>) {
    let (olds, news) = (places(old.0), places(new.0));
    let renamed = |at: usize| {
        let (a, b) = (old.0.get(at)?, new.0.get(at)?);
        let is_new = !olds.contains_key(b.name.as_str()) && !news.contains_key(a.name.as_str());
        is_new.then_some((a, b))
    };
    for (at, a) in old.0.iter().enumerate() {
        if let Some(&now) = news.get(a.name.as_str()) {
            let annotations = new.0.get(now).map_or(&[][..], |b| &b.annotations);
            pair.annotations(&a.name, &a.annotations, annotations);
        } else if let Some((a, b)) = renamed(at) {
            let texts = (Some(a.name.clone()), Some(b.name.clone()));
            pair.push(
                Item::Enumerator,
                Action::Renamed,
                &a.name,
                texts,
                // The number in its place still travels.
                Rating::RENAMED,
            );
        } else {
            let texts = (Some(at.to_string()), None);
            pair.push(
                Item::Enumerator,
                Action::Removed,
                &a.name,
                texts,
                Rating::BREAKING,
            );
        }
    }
    // Whatever stands behind the last one that stayed takes no number from another.
    let stays = |at: usize, name: &str| olds.contains_key(name) || renamed(at).is_some();
    let end = new
        .0
        .iter()
        .enumerate()
        .rposition(|(at, b)| stays(at, &b.name));
    for (at, b) in new.0.iter().enumerate() {
        if stays(at, &b.name) {
            continue;
        }
        let (action, rating) = if end.is_some_and(|end| at < end) {
            (Action::Inserted, Rating::RENUMBERED)
        } else {
            (Action::Added, Rating::ADDITION)
        };
        pair.push(
            Item::Enumerator,
            action,
            &b.name,
            (None, Some(at.to_string())),
            rating,
        );
    }
    let names =
        |list: &[Enumerator]| -> Vec<String> { list.iter().map(|e| e.name.clone()).collect() };
    if let Some((a, b)) = moved(&names(old.0), &names(new.0)) {
        pair.push(
            Item::Enumerator,
            Action::Reordered,
            "",
            (Some(a), Some(b)),
            Rating::RENUMBERED,
        );
    }
    fallback(pair, old, new);
}

fn places(list: &[Enumerator]) -> HashMap<&str, usize> {
    list.iter()
        .enumerate()
        .map(|(at, e)| (e.name.as_str(), at))
        .collect()
}

/// What unknown numbers become is a matter of the bindings alone.
fn fallback(pair: &mut Pair<'_, '_>, old: Enumeration<'_>, new: Enumeration<'_>) {
    let name = |(list, at): Enumeration<'_>| Some(list.get(at?)?.name.clone());
    let (a, b) = (name(old), name(new));
    if a == b {
        return;
    }
    let action = match (&a, &b) {
        (None, _) => Action::Added,
        (_, None) => Action::Removed,
        _ => Action::Changed,
    };
    pair.push(Item::Fallback, action, "", (a, b), Rating::REGENERATED);
}
