//! One update under way.

use std::time::Duration;

use super::plan::{UpdateEnding, UpdatePlan};
use crate::model::image::ImageFacts;
use crate::model::presence::Presence;

/// Where an update is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Init,
    Preparation,
    Simulation,
    Flashing,
    Success,
    Away,
    Failed,
    Back,
}

/// An update that was begun. The plan is the one of its beginning.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) began: Duration,
    pub(super) plan: UpdatePlan,
    pub(super) facts: ImageFacts,
    /// The device has said that it goes.
    pub(super) told_farewell: bool,
}

impl Run {
    pub(super) fn step(&self, now: Duration) -> Step {
        let at = now.saturating_sub(self.began);
        let plan = &self.plan;
        let mut end = plan.init;
        if at < end {
            return Step::Init;
        }
        end += plan.preparation;
        if at < end {
            return Step::Preparation;
        }
        end += plan.simulation;
        if at < end {
            return Step::Simulation;
        }
        if at < self.flashing_ends() {
            return Step::Flashing;
        }
        if let UpdateEnding::FailsAt { .. } = plan.ending {
            return Step::Failed;
        }
        if plan.ending == UpdateEnding::NeverEnds {
            return Step::Flashing;
        }
        end = plan.total() + plan.farewell;
        if at < end {
            return Step::Success;
        }
        if plan.ending == UpdateEnding::StaysAway || at < end + plan.absence {
            return Step::Away;
        }
        Step::Back
    }

    /// Since the beginning, when writing ends or fails.
    fn flashing_ends(&self) -> Duration {
        match self.plan.ending {
            UpdateEnding::FailsAt { percent } => {
                self.plan.flashing_begins() + self.plan.flashing * u32::from(percent.min(100)) / 100
            }
            _ => self.plan.total(),
        }
    }

    /// When it is over, or the device goes: what happens next that others must know.
    pub(super) fn due(&self) -> Option<Duration> {
        let after = match self.plan.ending {
            UpdateEnding::FailsAt { .. } => self.flashing_ends(),
            UpdateEnding::NeverEnds => return None,
            _ if !self.told_farewell => self.leaves(),
            UpdateEnding::StaysAway => return None,
            _ => self.leaves() + self.plan.absence,
        };
        Some(self.began + after)
    }

    /// Since the beginning, when the device restarts.
    pub(super) fn leaves(&self) -> Duration {
        self.plan.total() + self.plan.farewell
    }

    pub(super) fn presence(&self, now: Duration) -> Presence {
        match self.step(now) {
            Step::Away => Presence::Away {
                until: (self.plan.ending != UpdateEnding::StaysAway)
                    .then(|| self.began + self.leaves() + self.plan.absence),
            },
            Step::Failed | Step::Back => Presence::Here,
            _ => Presence::ProgressOnly,
        }
    }
}
