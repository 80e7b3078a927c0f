//! What follows from what a device says after it was told to begin.
//!
//! A device tells three things: which version runs, what its update history says, how far the update is. Only all of them
//! together say how an update ended, and each may lag behind the others while it starts. So bad news are believed when they
//! were heard several times, good ones when everything fits.

use std::time::Duration;

use tokio::time::Instant;
use xerus_api::firmware::{UpdateHistoryEntry, UpdateHistoryStatus};

use super::event::{Phase, Progress};
use super::text::same_version;

/// So often the same bad news have to be heard.
const TIMES: u32 = 3;

/// What is known of the update at one look.
pub(super) struct Facts<'a> {
    /// The version before.
    pub(super) installed: &'a str,
    /// The version of the image.
    pub(super) image: &'a str,
    /// The version that runs.
    pub(super) version: &'a str,
    /// The last update in the history, if it is a new one.
    pub(super) record: Option<&'a UpdateHistoryEntry>,
    /// What the device tells of the progress.
    pub(super) progress: &'a Progress,
    /// The device was seen to work on it.
    pub(super) ran: bool,
    /// The device was away since it began.
    pub(super) away: bool,
}

/// What follows from one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It goes on.
    Pending,
    /// The version of the image runs, and the history says so.
    Updated,
    /// An end, once it was seen often enough.
    Ends(Ending),
}

/// An end other than success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The device says that it failed.
    Failed,
    /// It is back with the old version.
    OldVersion,
    /// It never began, as it seems.
    NotBegun,
    /// It runs a third version.
    OtherVersion,
    /// Not everything that it says can be true.
    Contradiction(&'static str),
}

const RUNS_BUT_FAILED: &str =
    "the version of the image runs, and the update history says that the update did not succeed";
const RUNS_BUT_FAIL: &str =
    "the update history says that the update succeeded, and the progress that it failed";
const RUNS_UNRECORDED: &str =
    "the version of the image runs, and the update history does not have the update";
const SUCCEEDED_BUT_OLD: &str =
    "the update history says that the update succeeded, and the old version runs";
const ANOTHER: &str = "the update history has an update with another image";

impl Facts<'_> {
    pub(super) fn verdict(&self) -> Verdict {
        let record = match self.record {
            None => Record::None,
            Some(record) if !same_version(&record.image_version, self.image) => Record::Foreign,
            Some(record) => match record.status {
                UpdateHistoryStatus::Successful => Record::Successful,
                UpdateHistoryStatus::Failed => Record::Failed,
                _ => Record::Incomplete,
            },
        };
        let runs_image = same_version(self.version, self.image);
        let is_old = same_version(self.version, self.installed);
        match (runs_image, is_old) {
            (true, is_same) => self.runs_image(record, is_same),
            (false, true) => self.runs_old(record),
            (false, false) => Verdict::Ends(Ending::OtherVersion),
        }
    }

    fn runs_image(&self, record: Record, is_same: bool) -> Verdict {
        let phase = &self.progress.phase;
        match record {
            Record::Successful if *phase == Phase::Failed => contradiction(RUNS_BUT_FAIL),
            // Before the restart the same version runs as after it.
            Record::Successful if is_same && !self.away && *phase != Phase::None => {
                Verdict::Pending
            }
            Record::Successful => Verdict::Updated,
            Record::Failed if is_same && *phase == Phase::Failed => Verdict::Ends(Ending::Failed),
            Record::Failed => contradiction(RUNS_BUT_FAILED),
            Record::Incomplete if phase.is_running() || *phase == Phase::Written => {
                Verdict::Pending
            }
            Record::Incomplete => contradiction(RUNS_BUT_FAILED),
            Record::Foreign => contradiction(ANOTHER),
            Record::None if is_same => self.unrecorded(),
            Record::None => contradiction(RUNS_UNRECORDED),
        }
    }

    fn runs_old(&self, record: Record) -> Verdict {
        let phase = &self.progress.phase;
        match record {
            Record::Successful if phase.is_running() || *phase == Phase::Written => {
                Verdict::Pending
            }
            Record::Successful => contradiction(SUCCEEDED_BUT_OLD),
            Record::Failed if *phase == Phase::Failed => Verdict::Ends(Ending::Failed),
            Record::Failed if phase.is_running() || *phase == Phase::Written => Verdict::Pending,
            Record::Failed => Verdict::Ends(Ending::OldVersion),
            Record::Incomplete if *phase == Phase::Failed => Verdict::Ends(Ending::Failed),
            Record::Incomplete if phase.is_running() || *phase == Phase::Written => {
                Verdict::Pending
            }
            Record::Incomplete => Verdict::Ends(Ending::OldVersion),
            Record::Foreign => contradiction(ANOTHER),
            Record::None => self.unrecorded(),
        }
    }

    /// The old version runs, and the history knows nothing.
    fn unrecorded(&self) -> Verdict {
        match &self.progress.phase {
            Phase::Failed => Verdict::Ends(Ending::Failed),
            Phase::None if self.ran => Verdict::Ends(Ending::OldVersion),
            Phase::None => Verdict::Ends(Ending::NotBegun),
            _ => Verdict::Pending,
        }
    }
}

fn contradiction(what: &'static str) -> Verdict {
    Verdict::Ends(Ending::Contradiction(what))
}

#[derive(Clone, Copy)]
enum Record {
    None,
    Successful,
    Failed,
    Incomplete,
    /// Of another image.
    Foreign,
}

/// How often an ending was seen, without anything else in between.
#[derive(Debug, Default)]
pub(super) struct Doubt {
    first_look: Option<Instant>,
    seen: Option<(Ending, Instant, u32)>,
}

impl Doubt {
    /// Something was heard from the device for the first time.
    pub(super) fn looks(&mut self, now: Instant) {
        self.first_look.get_or_insert(now);
    }

    /// Something else was seen.
    pub(super) fn forget(&mut self) {
        self.seen = None;
    }

    /// Whether this ending is believed now. `is_recorded`: the history of the device has the update, so that it surely began;
    /// otherwise it may begin yet.
    pub(super) fn believes(
        &mut self,
        ending: Ending,
        is_recorded: bool,
        patience: Duration,
        now: Instant,
    ) -> bool {
        let (since, times) = match self.seen {
            Some((known, since, times)) if known == ending => (since, times.saturating_add(1)),
            _ => (now, 1),
        };
        self.seen = Some((ending, since, times));
        let first_look = *self.first_look.get_or_insert(now);
        times >= TIMES
            && now - since >= patience / 3
            && (is_recorded || now - first_look >= patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "4.0.20.5-1";
    const NEW: &str = "4.4.1.5-2";

    fn record(image: &str, status: UpdateHistoryStatus) -> UpdateHistoryEntry {
        UpdateHistoryEntry {
            image_version: image.to_owned(),
            status,
            ..UpdateHistoryEntry::default()
        }
    }

    fn verdict(
        installed: &str,
        version: &str,
        record: Option<UpdateHistoryEntry>,
        phase: Phase,
        ran: bool,
        away: bool,
    ) -> Verdict {
        let progress = Progress {
            phase,
            ..Progress::none()
        };
        let facts = Facts {
            installed,
            image: NEW,
            version,
            record: record.as_ref(),
            progress: &progress,
            ran,
            away,
        };
        facts.verdict()
    }

    #[test]
    fn success_needs_version_and_history() {
        use UpdateHistoryStatus::{Failed, Incomplete, Successful};
        let ends = |what| Verdict::Ends(Ending::Contradiction(what));
        for (record, phase, expected) in [
            (Some(record(NEW, Successful)), Phase::None, Verdict::Updated),
            (
                Some(record(NEW, Successful)),
                Phase::Written,
                Verdict::Updated,
            ),
            (
                Some(record(NEW, Successful)),
                Phase::Other("FLASHING".to_owned()),
                Verdict::Updated,
            ),
            (
                Some(record(NEW, Successful)),
                Phase::Failed,
                ends(RUNS_BUT_FAIL),
            ),
            (
                Some(record(NEW, Failed)),
                Phase::None,
                ends(RUNS_BUT_FAILED),
            ),
            (
                Some(record(NEW, Incomplete)),
                Phase::None,
                ends(RUNS_BUT_FAILED),
            ),
            (
                Some(record(NEW, Incomplete)),
                Phase::Written,
                Verdict::Pending,
            ),
            (
                Some(record("9.9.9.9-9", Successful)),
                Phase::None,
                ends(ANOTHER),
            ),
            (None, Phase::None, ends(RUNS_UNRECORDED)),
        ] {
            let shown = format!("{record:?} {phase}");
            let found = verdict(OLD, NEW, record, phase, true, true);
            assert_eq!(found, expected, "{shown}");
        }
    }

    #[test]
    fn the_old_version_says_nothing_by_itself() {
        use UpdateHistoryStatus::{Failed, Incomplete, Successful};
        let ends = Verdict::Ends;
        for (record, phase, ran, expected) in [
            (None, Phase::None, false, ends(Ending::NotBegun)),
            (None, Phase::None, true, ends(Ending::OldVersion)),
            (None, Phase::Beginning, true, Verdict::Pending),
            (None, Phase::Written, true, Verdict::Pending),
            (None, Phase::Failed, false, ends(Ending::Failed)),
            (
                Some(record(NEW, Failed)),
                Phase::Failed,
                true,
                ends(Ending::Failed),
            ),
            (
                Some(record(NEW, Failed)),
                Phase::None,
                true,
                ends(Ending::OldVersion),
            ),
            (
                Some(record(NEW, Incomplete)),
                Phase::Writing,
                true,
                Verdict::Pending,
            ),
            (
                Some(record(NEW, Incomplete)),
                Phase::None,
                true,
                ends(Ending::OldVersion),
            ),
            (
                Some(record(NEW, Successful)),
                Phase::Written,
                true,
                Verdict::Pending,
            ),
            (
                Some(record(NEW, Successful)),
                Phase::None,
                true,
                ends(Ending::Contradiction(SUCCEEDED_BUT_OLD)),
            ),
            (
                Some(record("9.9.9.9-9", Failed)),
                Phase::None,
                true,
                ends(Ending::Contradiction(ANOTHER)),
            ),
        ] {
            let shown = format!("{record:?} {phase} {ran}");
            let found = verdict(OLD, OLD, record, phase, ran, true);
            assert_eq!(found, expected, "{shown}");
        }
        let third = verdict(OLD, "4.2.0.5-1", None, Phase::None, true, true);
        assert_eq!(third, ends(Ending::OtherVersion));
    }

    #[test]
    fn the_same_version_again_needs_a_new_record() {
        use UpdateHistoryStatus::{Failed, Successful};
        let successful = || Some(record(NEW, Successful));
        let before_restart = verdict(NEW, NEW, successful(), Phase::Written, true, false);
        assert_eq!(before_restart, Verdict::Pending);
        let after = verdict(NEW, NEW, successful(), Phase::None, true, true);
        assert_eq!(after, Verdict::Updated);
        let nothing = verdict(NEW, NEW, None, Phase::None, false, false);
        assert_eq!(nothing, Verdict::Ends(Ending::NotBegun));
        let failed = Some(record(NEW, Failed));
        let failed = verdict(NEW, NEW, failed, Phase::Failed, true, false);
        assert_eq!(failed, Verdict::Ends(Ending::Failed));
    }

    #[test]
    fn bad_news_are_believed_when_they_last() {
        let second = Duration::from_secs(1);
        let patience = 9 * second;
        let begin = Instant::now();
        let mut doubt = Doubt::default();
        doubt.looks(begin);
        let mut heard = |ending, recorded, at: u32| {
            doubt.believes(ending, recorded, patience, begin + second * at)
        };
        assert!(!heard(Ending::OldVersion, true, 1));
        assert!(!heard(Ending::OldVersion, true, 2));
        assert!(!heard(Ending::OldVersion, true, 3));
        assert!(heard(Ending::OldVersion, true, 4));
        // Another one begins anew, and what is in no history may begin yet.
        assert!(!heard(Ending::NotBegun, false, 5));
        assert!(!heard(Ending::NotBegun, false, 6));
        assert!(!heard(Ending::NotBegun, false, 8));
        assert!(heard(Ending::NotBegun, false, 9));
    }
}
