//! Which entry of a recording a call is.

use std::time::Duration;

use super::difference::{Bindings, difference};
use crate::error::ReplayError;
use crate::recording::entry::{Answer, Entry, What};

/// How far a replay got.
#[derive(Clone, Default)]
pub(super) struct Progress {
    /// Which entries were used, by their places.
    pub(super) used: Vec<bool>,
    bindings: Bindings,
}

/// The entries in the order in which they began.
pub(super) struct Search<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) strict: bool,
    /// Where the recording is cut off.
    pub(super) cut: Option<usize>,
}

impl Search<'_> {
    /// The place of the entry for a call, which is used with that.
    pub(super) fn take(
        &self,
        made: &What,
        repeatable: bool,
        progress: &mut Progress,
    ) -> Result<usize, ReplayError> {
        progress.used.resize(self.entries.len(), false);
        let found = if self.strict {
            self.next(made, progress)
        } else {
            self.any(made, repeatable, progress)
        };
        let at = found.ok_or_else(|| {
            if self.strict {
                self.different(made, progress)
            } else {
                self.unknown(made, progress)
            }
        })?;
        if let Some(used) = progress.used.get_mut(at) {
            *used = true;
        }
        Ok(at)
    }

    /// The entries that may come next: the first that was not used, and those that had begun before it ended.
    fn open<'p>(&'p self, progress: &'p Progress) -> impl Iterator<Item = (usize, &'p Entry)> {
        let mut first: Option<&Entry> = None;
        let mut until = Duration::MAX;
        self.left(progress).take_while(move |(_, entry)| {
            let first = *first.get_or_insert(entry);
            let together = entry.bulk.is_some() && entry.bulk == first.bulk;
            let may_come = std::ptr::eq(first, *entry) || together || entry.at < until;
            until = until.min(entry.at.saturating_add(entry.took));
            may_come
        })
    }

    fn left<'p>(&'p self, progress: &'p Progress) -> impl Iterator<Item = (usize, &'p Entry)> {
        let unused = |at: &usize| !progress.used.get(*at).is_some_and(|used| *used);
        let entries = self.entries.iter().enumerate();
        entries.filter(move |(at, _)| unused(at))
    }

    fn next(&self, made: &What, progress: &mut Progress) -> Option<usize> {
        let places: Vec<usize> = self.open(progress).map(|(at, _)| at).collect();
        places.into_iter().find(|at| self.fits(*at, made, progress))
    }

    /// The first that was not used; for what only reads else the last that was.
    fn any(&self, made: &What, repeatable: bool, progress: &mut Progress) -> Option<usize> {
        let given_up = |at: &usize| self.entries[*at].answer == Answer::GivenUp;
        let left: Vec<usize> = self.left(progress).map(|(at, _)| at).collect();
        let (given_up, answered): (Vec<_>, Vec<_>) = left.into_iter().partition(given_up);
        let mut found = answered
            .into_iter()
            .find(|at| self.fits(*at, made, progress));
        if found.is_none() && repeatable {
            let used = |at: &usize| progress.used[*at];
            let places: Vec<usize> = (0..self.entries.len()).rev().filter(used).collect();
            let mut answered = places
                .into_iter()
                .filter(|at| self.entries[*at].answer != Answer::GivenUp);
            found = answered.find(|at| self.fits(*at, made, progress));
        }
        let mut given_up = given_up.into_iter();
        found.or_else(|| given_up.find(|at| self.fits(*at, made, progress)))
    }

    fn fits(&self, at: usize, made: &What, progress: &mut Progress) -> bool {
        let Some(entry) = self.entries.get(at) else {
            return false;
        };
        let mut bindings = progress.bindings.clone();
        let fits = difference(&entry.what, made, &mut bindings).is_none();
        if fits {
            progress.bindings = bindings;
        }
        fits
    }

    /// Why the call is not the one that comes next.
    fn different(&self, made: &What, progress: &Progress) -> ReplayError {
        let made_shown = made.shown();
        let mut open = self.open(progress).map(|(_, entry)| entry);
        let Some(first) = open.next() else {
            let cut = self.cut_off();
            return ReplayError::Different {
                line: 0,
                text: format!(
                    "the recording ends here{cut}, and {made_shown} was made: record again, or make fewer calls"
                ),
            };
        };
        // Of those that may come next the one that is like it.
        let is_like = |entry: &&Entry| {
            entry.what.target() == made.target()
                && entry.what.called().map(|called| &called.method)
                    == made.called().map(|called| &called.method)
        };
        let entry = open
            .find(is_like)
            .filter(|_| !is_like(&first))
            .unwrap_or(first);
        let mut bindings = progress.bindings.clone();
        let why = difference(&entry.what, made, &mut bindings).unwrap_or_default();
        let expected = entry.what.shown();
        let (number, line) = (entry.number, entry.line);
        ReplayError::Different {
            line,
            text: format!(
                "the recording has {expected} next (entry {number}, line {line}), and {made_shown} was made; {why}"
            ),
        }
    }

    /// Why there is no answer, and what is nearest.
    fn unknown(&self, made: &What, progress: &Progress) -> ReplayError {
        let shown = made.shown();
        let mut bindings = progress.bindings.clone();
        let same = self
            .entries
            .iter()
            .rev()
            .find(|entry| difference(&entry.what, made, &mut bindings).is_none());
        let text = if let Some(entry) = same {
            format!(
                "{shown} was made more often than it was recorded, and changes something; entry {} (line {}) is the last of it",
                entry.number, entry.line
            )
        } else {
            let cut = self.cut_off();
            match self.nearest(made) {
                None => format!("the recording has no entries{cut}, and {shown} was made"),
                Some(entry) => {
                    let why = difference(&entry.what, made, &mut bindings).unwrap_or_default();
                    format!(
                        "{shown} is not in the recording{cut}; nearest is entry {} (line {}), {}; {why}",
                        entry.number,
                        entry.line,
                        entry.what.shown()
                    )
                }
            }
        };
        ReplayError::Unknown { text }
    }

    fn cut_off(&self) -> String {
        self.cut.map_or_else(String::new, |line| {
            format!(" (it is cut off at line {line})")
        })
    }

    fn nearest(&self, made: &What) -> Option<&Entry> {
        let method = |what: &What| what.called().map_or("", |called| &called.method).to_owned();
        self.entries.iter().min_by_key(|entry| {
            distance(&method(&entry.what), &method(made))
                + distance(entry.what.target(), made.target())
                + usize::from(entry.what.word() != made.word()) * 100
        })
    }
}

/// How many characters have to be changed to make one text of another; of long ones, of their beginnings.
fn distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 200;
    if a == b {
        return 0;
    }
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(LONGEST).enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
