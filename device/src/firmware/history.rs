//! Which update of the history is a new one.
//!
//! The clock of a device may be set back by a restart, and nobody promises the order of its history. So an update is new when
//! it was not there before.

use xerus_api::firmware::UpdateHistoryEntry;

use super::text::{cut, same_version};

/// Updates that are looked at, and those that are remembered; a device that knows more has old ones that nobody asks for.
const LOOKED_AT: usize = 500;
const REMEMBERED: usize = 1_000;

/// The updates of a history, for a ticket.
pub(super) fn known(history: &[UpdateHistoryEntry]) -> String {
    let mut all: Vec<_> = history.iter().collect();
    all.sort_by_key(|update| update.timestamp);
    let newest = &all[all.len().saturating_sub(REMEMBERED)..];
    let names: Vec<_> = newest.iter().map(|update| name(update)).collect();
    names.join(" ")
}

/// The newest update that was not known before; of several, one with this image.
pub(super) fn news(
    mut history: Vec<UpdateHistoryEntry>,
    known: &str,
    image: &str,
) -> Option<UpdateHistoryEntry> {
    history.sort_by_key(|update| update.timestamp);
    let old = history.len().saturating_sub(LOOKED_AT);
    let is_new = |update: &UpdateHistoryEntry| {
        let name = name(update);
        !known.split(' ').any(|known| known == name)
    };
    history
        .drain(old..)
        .filter(is_new)
        .max_by_key(|update| same_version(&update.image_version, image))
}

/// What tells an update from the others; how it ended is not in it.
fn name(update: &UpdateHistoryEntry) -> String {
    let md5: String = update.image_md5.chars().take(8).collect();
    let name = format!(
        "{}/{}/{md5}",
        update.timestamp.unix_seconds(),
        cut(&update.image_version)
    );
    name.replace(char::is_whitespace, "_")
}

#[cfg(test)]
mod tests {
    use xerus_rpc::Time;

    use super::*;

    fn update(at: i64, image: &str) -> UpdateHistoryEntry {
        UpdateHistoryEntry {
            timestamp: Time::from_unix_seconds(at),
            image_version: image.to_owned(),
            ..UpdateHistoryEntry::default()
        }
    }

    #[test]
    fn what_was_not_there_is_new_wherever_it_stands() {
        let before = [update(100, "1.0.0.0-1"), update(200, "2.0.0.0 1")];
        let known = known(&before);
        let found = |more: &[UpdateHistoryEntry]| {
            let history = [more, &before].concat();
            let found = news(history, &known, "3.0.0.0-1");
            found.map(|update| (update.timestamp.unix_seconds(), update.image_version))
        };
        assert_eq!(found(&[]), None);
        let ours = || update(300, "3.0.0.0-1");
        let wanted = |at| Some((at, "3.0.0.0-1".to_owned()));
        assert_eq!(found(&[ours()]), wanted(300));
        // The clock was set back.
        assert_eq!(found(&[update(50, "3.0.0.0-1")]), wanted(50));
        // Of several, ours; of several of ours, the newest.
        assert_eq!(found(&[update(400, "9.0.0.0-1"), ours()]), wanted(300));
        assert_eq!(found(&[update(400, "3.0.0.0-1"), ours()]), wanted(400));
        assert_eq!(
            found(&[update(400, "9.0.0.0-1")]),
            Some((400, "9.0.0.0-1".to_owned()))
        );
        assert_eq!(
            news(before.to_vec(), "", "3.0.0.0-1").map(|update| update.timestamp),
            Some(Time::from_unix_seconds(200))
        );
    }

    #[test]
    fn a_long_history_is_no_news() {
        let history: Vec<_> = (0..5_000).map(|at| update(at, "1.0.0.0-1")).collect();
        let known = known(&history);
        assert!(known.len() < 40_000, "{}", known.len());
        assert_eq!(news(history, &known, "1.0.0.0-1"), None);
    }
}
