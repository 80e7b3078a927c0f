//! How an update will go, as whoever tests a roll-out wants it.

use std::time::Duration;

/// How firmware updates of a simulated device go: how long they take, and what goes wrong.
///
/// ```
/// use std::time::Duration;
/// use xerus_sim::{UpdateEnding, UpdatePlan};
///
/// let plan = UpdatePlan::new()
///     .absence(Duration::from_secs(3))
///     .ending(UpdateEnding::FailsAt { percent: 40 });
/// assert_eq!(plan.total(), Duration::from_secs(30));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct UpdatePlan {
    pub(super) init: Duration,
    pub(super) preparation: Duration,
    pub(super) simulation: Duration,
    pub(super) flashing: Duration,
    pub(super) farewell: Duration,
    pub(super) absence: Duration,
    pub(super) ending: UpdateEnding,
    pub(super) wrong_progress: bool,
    pub(super) new_certificate: bool,
    pub(super) max_bytes: u64,
    pub(super) upload_code: i32,
}

/// How an update ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateEnding {
    /// The device is back with the new version.
    #[default]
    Succeeds,
    /// Writing fails when this much of it is done. The device tells so, and goes on with the old version.
    FailsAt {
        /// 0 to 100.
        percent: u8,
    },
    /// The device tells of success, restarts, and is back with the old version.
    OldVersion,
    /// The device restarts and never comes back by itself.
    StaysAway,
    /// Writing never ends.
    NeverEnds,
}

impl Default for UpdatePlan {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            init: seconds(2),
            preparation: seconds(3),
            simulation: seconds(5),
            flashing: seconds(20),
            farewell: seconds(3),
            absence: seconds(15),
            ending: UpdateEnding::Succeeds,
            wrong_progress: false,
            new_certificate: false,
            max_bytes: 256 * 1024 * 1024,
            upload_code: 0,
        }
    }
}

/// No step takes longer than a day, so that no sum of them can overflow.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

impl UpdatePlan {
    /// An update that succeeds: 30 s of work, 3 s of saying so, 15 s of absence.
    pub fn new() -> Self {
        Self::default()
    }

    /// Time in state `INIT`, at most a day. Default 2 s.
    pub fn init(mut self, time: Duration) -> Self {
        self.init = time.min(LONGEST);
        self
    }

    /// Time in state `PREP`, at most a day. Default 3 s.
    pub fn preparation(mut self, time: Duration) -> Self {
        self.preparation = time.min(LONGEST);
        self
    }

    /// Time in state `SIMULATE`, at most a day. Default 5 s.
    pub fn simulation(mut self, time: Duration) -> Self {
        self.simulation = time.min(LONGEST);
        self
    }

    /// Time in state `UPDATE`, at most a day. Default 20 s.
    pub fn flashing(mut self, time: Duration) -> Self {
        self.flashing = time.min(LONGEST);
        self
    }

    /// Time in state `SUCCESS` before the device restarts, at most a day. Default 3 s.
    pub fn farewell(mut self, time: Duration) -> Self {
        self.farewell = time.min(LONGEST);
        self
    }

    /// Time that the device is away for when it restarts, at most a day; not only in updates. Default 15 s.
    pub fn absence(mut self, time: Duration) -> Self {
        self.absence = time.min(LONGEST);
        self
    }

    /// How it ends. Default: it succeeds.
    pub fn ending(mut self, ending: UpdateEnding) -> Self {
        self.ending = ending;
        self
    }

    /// While the firmware is written, the device tells a state that no client knows, and times that cannot be. Default: false.
    pub fn wrong_progress(mut self, wrong: bool) -> Self {
        self.wrong_progress = wrong;
        self
    }

    /// The device is back with another certificate, so that pins do not hold any more. Default: false.
    pub fn new_certificate(mut self, new: bool) -> Self {
        self.new_certificate = new;
        self
    }

    /// Largest image that the device takes, in bytes. Default 256 MiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The code with which the device answers an upload that has come in whole; with another than 0 it does not keep the image. Real
    /// devices are not known to give one here. Default: 0.
    pub fn upload_code(mut self, code: i32) -> Self {
        self.upload_code = code;
        self
    }

    /// The time that the device estimates: the one before it tells of success.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.flashing_begins() + self.flashing
    }

    pub(super) fn flashing_begins(&self) -> Duration {
        self.init + self.preparation + self.simulation
    }
}
