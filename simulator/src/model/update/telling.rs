//! What the device tells of itself while an update goes on.

use std::time::Duration;

use super::run::Step;
use super::{UpdateStatus, Updater, seconds};
use crate::model::presence::Presence;

impl Updater {
    /// When [`pass`](Self::pass) has something to do next; `None`: never by itself.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.restart.or_else(|| self.run.as_ref()?.due())
    }

    /// What the device answers.
    #[must_use]
    pub fn presence(&self, now: Duration) -> Presence {
        match (&self.run, self.restart) {
            (_, Some(until)) if now < until => Presence::Away { until: Some(until) },
            (Some(run), _) => run.presence(now),
            _ => Presence::Here,
        }
    }

    /// How far the update has come.
    #[must_use]
    pub fn status(&self, now: Duration) -> UpdateStatus {
        let Some(run) = &self.run else {
            return self.failure.clone().unwrap_or(UpdateStatus {
                state: "NONE",
                ..UpdateStatus::default()
            });
        };
        let step = run.step(now);
        if step == Step::Flashing && run.plan.wrong_progress {
            return UpdateStatus {
                state: "FLASHING",
                elapsed: -1,
                estimated: -1,
                error_message: String::new(),
            };
        }
        UpdateStatus {
            state: match step {
                Step::Init => "INIT",
                Step::Preparation => "PREP",
                Step::Simulation => "SIMULATE",
                Step::Flashing => "UPDATE",
                Step::Failed => "FAIL",
                Step::Success | Step::Away | Step::Back => "SUCCESS",
            },
            elapsed: seconds(now.saturating_sub(run.began)),
            estimated: seconds(run.plan.total()),
            error_message: String::new(),
        }
    }
}
