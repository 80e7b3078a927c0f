//! Uploading an image, installing it, and being away meanwhile.

mod history;
mod plan;
mod run;
mod telling;
#[cfg(test)]
mod tests;
mod transfer;

pub use self::history::{UpdateEvent, UpdateFlags, UpdateRecord, UpdateResult, UpdateStatus};
pub use self::plan::{UpdateEnding, UpdatePlan};
pub use self::transfer::{Transfer, TransferState, UploadRefusal, UploadTicket};

use std::time::Duration;

use xerus_rpc::FirmwareVersion;

use self::run::{Run, Step};
use super::image::{ImageFacts, Installed, ReceivedImage};

/// Updates that are remembered; the oldest are forgotten.
const REMEMBERED: usize = 32;

/// What happened, and when.
pub type Happened = (Duration, UpdateEvent);

/// The firmware of a device: what is installed, what was uploaded, what goes on.
#[derive(Debug)]
pub struct Updater {
    installed: Installed,
    plan: UpdatePlan,
    transfer: Transfer,
    tickets: u64,
    image: Option<ReceivedImage>,
    run: Option<Run>,
    /// The last update failed: what the device says of it, until something else is done.
    failure: Option<UpdateStatus>,
    history: Vec<UpdateRecord>,
    /// The device restarts without an update, and is back at this time.
    restart: Option<Duration>,
}

impl Updater {
    /// A device with this firmware, without an image.
    #[must_use]
    pub fn new(installed: Installed, plan: UpdatePlan) -> Self {
        Self {
            installed,
            plan,
            transfer: Transfer::default(),
            tickets: 0,
            image: None,
            run: None,
            failure: None,
            history: Vec::new(),
            restart: None,
        }
    }

    /// What is installed.
    #[must_use]
    pub fn installed(&self) -> &Installed {
        &self.installed
    }

    /// Another version is installed, without an update.
    pub(crate) fn set_version(&mut self, version: FirmwareVersion) {
        self.installed.version = version;
        self.installed.min_downgrade = None;
    }

    /// How updates that begin later go.
    pub fn set_plan(&mut self, plan: UpdatePlan) {
        self.plan = plan;
    }

    /// How updates that begin later go.
    pub fn plan(&self) -> &UpdatePlan {
        &self.plan
    }

    /// How far the upload of an image has come.
    #[must_use]
    pub fn transfer(&self) -> &Transfer {
        &self.transfer
    }

    /// The image that was uploaded.
    #[must_use]
    pub fn image(&self) -> Option<&ReceivedImage> {
        self.image.as_ref()
    }

    /// Updates of the past, the last one at the end; at most 32.
    #[must_use]
    pub fn history(&self) -> &[UpdateRecord] {
        &self.history
    }

    /// Throws the image away, and ends an upload. Not while it is being installed.
    pub fn discard(&mut self) {
        if self.run.is_none() {
            self.transfer = Transfer::default();
            self.image = None;
            self.failure = None;
        }
    }

    /// Installs the image. It does not begin without one, while another update goes on, or when something speaks against the
    /// image that `flags` do not allow: then the device tells of a failure.
    pub fn start(&mut self, now: Duration, flags: UpdateFlags) -> Vec<Happened> {
        if self.run.is_some() || self.restart.is_some() {
            return Vec::new();
        }
        self.failure = None;
        let Some(image) = &self.image else {
            self.fail_status("there is no image: upload one first".to_owned(), 0);
            return Vec::new();
        };
        let facts = match &image.facts {
            Ok(facts) => facts.clone(),
            Err(fault) => {
                self.fail_status(fault.to_string(), 0);
                return Vec::new();
            }
        };
        self.remember(now, &facts, image.md5.clone());
        let (old, new) = (self.installed.version, facts.version);
        let against = facts.obstacles(&self.installed);
        if let Some(obstacle) = against.iter().find(|obstacle| !flags.ignores(**obstacle)) {
            let why = obstacle.explanation().to_owned();
            self.close_record(UpdateResult::Failed, &why);
            self.fail_status(why.clone(), 0);
            return vec![(now, UpdateEvent::Failed { old, new, why })];
        }
        self.run = Some(Run {
            began: now,
            plan: self.plan.clone(),
            facts,
            told_farewell: false,
        });
        vec![(now, UpdateEvent::Started { old, new })]
    }

    /// Restarts the device without an update. It is away as long as the plan says.
    pub fn restart(&mut self, now: Duration) -> Vec<Happened> {
        if self.run.is_some() || self.restart.is_some() {
            return Vec::new();
        }
        self.restart = Some(now + self.plan.absence);
        vec![(now, UpdateEvent::ShuttingDown)]
    }

    /// Switches a device on again that [stays away](UpdateEnding::StaysAway) or [never ends](UpdateEnding::NeverEnds): the old
    /// version runs. Also ends any other update.
    pub fn rescue(&mut self, now: Duration) -> Vec<Happened> {
        let Some(run) = self.run.take() else {
            return Vec::new();
        };
        self.close_record(UpdateResult::Incomplete, "the update was interrupted");
        self.forget_image();
        let (old, new) = (self.installed.version, run.facts.version);
        let why = "the update was interrupted: upload the image again".to_owned();
        vec![
            (now, UpdateEvent::StartedUp),
            (now, UpdateEvent::Failed { old, new, why }),
        ]
    }

    /// Lets everything happen that is due at `now`. What it tells must be acted upon: a device that is away answers nobody.
    pub fn pass(&mut self, now: Duration) -> Vec<Happened> {
        let mut happened = Vec::new();
        if let Some(back) = self.restart.filter(|back| *back <= now) {
            self.restart = None;
            self.forget_image();
            happened.push((back, UpdateEvent::StartedUp));
        }
        let Some(run) = &mut self.run else {
            return happened;
        };
        let step = run.step(now);
        let left = run.began + run.leaves();
        if matches!(step, Step::Away | Step::Back) && !run.told_farewell {
            run.told_farewell = true;
            happened.push((left, UpdateEvent::ShuttingDown));
        }
        match step {
            Step::Failed => happened.extend(self.flashing_failed()),
            Step::Back => happened.extend(self.came_back()),
            _ => {}
        }
        happened
    }

    fn flashing_failed(&mut self) -> Vec<Happened> {
        let Some(run) = self.run.take() else {
            return Vec::new();
        };
        let at = run.due().unwrap_or(run.began);
        let why = "writing the firmware failed: the old one is still there".to_owned();
        self.close_record(UpdateResult::Failed, &why);
        self.fail_status(why.clone(), seconds(at - run.began));
        let (old, new) = (self.installed.version, run.facts.version);
        vec![(at, UpdateEvent::Failed { old, new, why })]
    }

    fn came_back(&mut self) -> Vec<Happened> {
        let Some(run) = self.run.take() else {
            return Vec::new();
        };
        let at = run.began + run.leaves() + run.plan.absence;
        let (old, new) = (self.installed.version, run.facts.version);
        self.forget_image();
        let mut happened = Vec::new();
        if run.plan.new_certificate {
            happened.push((at, UpdateEvent::CertificateLost));
        }
        happened.push((at, UpdateEvent::StartedUp));
        if run.plan.ending == UpdateEnding::OldVersion {
            let why = "the new firmware did not start: the old one runs again".to_owned();
            self.close_record(UpdateResult::Failed, &why);
            happened.push((at, UpdateEvent::Failed { old, new, why }));
        } else {
            self.installed.version = new;
            self.installed.min_downgrade = run.facts.min_downgrade;
            self.close_record(UpdateResult::Successful, "");
            happened.push((at, UpdateEvent::Completed { old, new }));
        }
        happened
    }

    fn fail_status(&mut self, why: String, elapsed: i32) {
        self.failure = Some(UpdateStatus {
            state: "FAIL",
            elapsed,
            estimated: 0,
            error_message: why,
        });
    }

    fn remember(&mut self, began: Duration, facts: &ImageFacts, md5: String) {
        if self.history.len() == REMEMBERED {
            self.history.remove(0);
        }
        self.history.push(UpdateRecord {
            began,
            old: self.installed.version,
            new: facts.version,
            product: facts.product.clone(),
            platform: facts.platform.clone(),
            md5,
            result: UpdateResult::Incomplete,
            details: String::new(),
        });
    }

    fn close_record(&mut self, result: UpdateResult, details: &str) {
        if let Some(record) = self.history.last_mut() {
            record.result = result;
            record.details = details.to_owned();
        }
    }

    fn forget_image(&mut self) {
        self.transfer = Transfer::default();
        self.image = None;
        self.failure = None;
    }
}

fn seconds(time: Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}
