//! What follows from what a device says after it was told to begin.
//!
//! A device tells three things: which version runs, what its update history says, how far the update is. Only all of them
//! together say how an update ended, and each may lag behind the others while it starts. So bad news are believed when they
//! were heard several times, good ones when everything fits.

mod doubt;

use xerus_api::firmware::{UpdateHistoryEntry, UpdateHistoryStatus};

use super::event::{Phase, Progress};
use super::text::same_version;
pub(super) use doubt::Doubt;

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
            (false, false) if self.progress.phase.is_under_way() => Verdict::Pending,
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
            Record::Incomplete if phase.is_under_way() => Verdict::Pending,
            Record::Incomplete => contradiction(RUNS_BUT_FAILED),
            Record::Foreign => contradiction(ANOTHER),
            Record::None if is_same => self.unrecorded(),
            Record::None if phase.is_under_way() => Verdict::Pending,
            Record::None => contradiction(RUNS_UNRECORDED),
        }
    }

    fn runs_old(&self, record: Record) -> Verdict {
        let phase = &self.progress.phase;
        match record {
            Record::Successful if phase.is_under_way() => Verdict::Pending,
            Record::Successful => contradiction(SUCCEEDED_BUT_OLD),
            Record::Failed if *phase == Phase::Failed => Verdict::Ends(Ending::Failed),
            Record::Failed if phase.is_under_way() => Verdict::Pending,
            Record::Failed => Verdict::Ends(Ending::OldVersion),
            Record::Incomplete if *phase == Phase::Failed => Verdict::Ends(Ending::Failed),
            Record::Incomplete if phase.is_under_way() => Verdict::Pending,
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

#[cfg(test)]
mod tests;
