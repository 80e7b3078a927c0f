//! What the ticket of an update knows.

mod read;

use std::time::Duration;

use xerus_rpc::action::{Plan, Ticket};
use xerus_rpc::error::{ConfigError, Fingerprint};
use xerus_rpc::files::{FIRMWARE_PROGRESS, FIRMWARE_UPLOAD, FirmwareUpload};
use xerus_rpc::{Agent, Error};

use super::review::Allow;

/// What tickets of updates are called.
pub(super) const ACTION: &str = "guided firmware update";
const FIRMWARE: &str = "/firmware";

/// Where an update is, for whoever goes on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The image is going to be uploaded, or was.
    Upload,
    /// The image is on the device; the program decides.
    Review,
    /// The update is going to begin, or has begun: from here on it is asked after, and never begun again.
    Start,
    /// The device has taken the call that begins it.
    Watch,
}

impl Step {
    const ALL: [Self; 4] = [Self::Upload, Self::Review, Self::Start, Self::Watch];

    /// The name, as it stands in a ticket: `upload`, `review`, `start` or `watch`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Review => "review",
            Self::Start => "start",
            Self::Watch => "watch",
        }
    }
}

/// What the update shall do, and what is known of it: all that stands in its ticket.
#[derive(Clone, Debug)]
pub(super) struct Notes {
    pub(super) step: Step,
    /// The number of the link unit; `None` for the device itself.
    pub(super) unit: Option<u32>,
    pub(super) allow: Vec<Allow>,
    pub(super) upload: FirmwareUpload,
    pub(super) keep_image: bool,
    /// How often the device is asked, for how long in all, and how long bad news are doubted.
    pub(super) interval: Duration,
    pub(super) deadline: Duration,
    pub(super) check_timeout: Duration,
    pub(super) patience: Duration,
    /// How long the device may be away; zero: as long as there is time.
    pub(super) absence: Duration,
    /// The version before.
    pub(super) installed: String,
    /// The version of the image; empty while it is not known.
    pub(super) image: String,
    /// The updates that the device knew of before.
    pub(super) updates: String,
    /// When the transfer of the image began that was there before, in seconds of the device's clock.
    pub(super) image_before: i64,
    /// The same of ours; 0 while it is not known.
    pub(super) image_taken: i64,
    /// `startUpdate` may have been sent before, so that what goes on may be this update.
    pub(super) told: bool,
    /// The device was seen to work on the update.
    pub(super) ran: bool,
    /// The device was away since it began.
    pub(super) away: bool,
    /// The certificate that it presented and that is not trusted.
    pub(super) certificate: Option<String>,
}

impl Notes {
    pub(super) fn new() -> Self {
        Self {
            step: Step::Upload,
            unit: None,
            allow: Vec::new(),
            upload: FirmwareUpload::new(),
            keep_image: false,
            interval: Duration::from_secs(2),
            deadline: Duration::from_secs(30 * 60),
            check_timeout: Duration::from_secs(10),
            patience: Duration::from_secs(30),
            absence: Duration::ZERO,
            installed: String::new(),
            image: String::new(),
            updates: String::new(),
            image_before: 0,
            image_taken: 0,
            told: false,
            ran: false,
            away: false,
            certificate: None,
        }
    }

    pub(super) fn allows(&self, what: Allow) -> bool {
        self.allow.contains(&what)
    }

    /// The resource id of the firmware of the unit.
    pub(super) fn firmware(&self) -> String {
        match self.unit {
            Some(unit) => format!("/link/{unit}{FIRMWARE}"),
            None => FIRMWARE.to_owned(),
        }
    }

    /// The resource id of what tells the progress.
    pub(super) fn progress(&self) -> Result<String, Error> {
        match self.unit {
            Some(unit) => FIRMWARE_PROGRESS.through_link(unit),
            None => Ok(FIRMWARE_PROGRESS.path().to_owned()),
        }
    }

    /// Where the image goes.
    pub(super) fn upload_path(&self) -> Result<String, Error> {
        match self.unit {
            Some(unit) => FIRMWARE_UPLOAD.through_link(unit),
            None => Ok(FIRMWARE_UPLOAD.path().to_owned()),
        }
    }

    fn times(&self) -> String {
        let times = [
            self.interval,
            self.deadline,
            self.check_timeout,
            self.patience,
            self.absence,
        ];
        times.map(|time| time.as_millis().to_string()).join(" ")
    }

    pub(super) fn plan(&self) -> Plan {
        let flag = |is: bool| if is { "yes" } else { "no" };
        let allow: Vec<_> = self.allow.iter().map(|allow| allow.name()).collect();
        let query = self.upload.query();
        let upload: Vec<_> = query
            .iter()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let mut plan = Plan::new()
            .delay(Duration::ZERO)
            .interval(self.interval)
            .timeout(self.deadline)
            .check_timeout(self.check_timeout)
            .note("step", self.step.name())
            .note("allow", allow.join(","))
            .note("upload", upload.join(","))
            .note("keep image", flag(self.keep_image))
            .note("times ms", self.times())
            .note("installed", &self.installed)
            .note("image", &self.image)
            .note("updates before", &self.updates)
            .note("image before", self.image_before.to_string())
            .note("image taken", self.image_taken.to_string())
            .note("told", flag(self.told))
            .note("ran", flag(self.ran))
            .note("away", flag(self.away));
        if let Some(unit) = self.unit {
            plan = plan.note("unit", unit.to_string());
        }
        if let Some(certificate) = &self.certificate {
            plan = plan.note("certificate", certificate);
        }
        plan
    }

    /// A ticket as of now, with all the time.
    pub(super) fn ticket(&self, agent: &Agent) -> Ticket {
        Ticket::new(agent, self.firmware(), ACTION, self.plan())
    }

    /// Brings a ticket of the watching up to date.
    pub(super) fn stamp(&self, ticket: Ticket) -> Ticket {
        let flag = |is: bool| if is { "yes" } else { "no" };
        let ticket = ticket
            .with_note("step", self.step.name())
            .with_note("ran", flag(self.ran))
            .with_note("away", flag(self.away));
        match &self.certificate {
            Some(certificate) => ticket.with_note("certificate", certificate),
            None => ticket,
        }
    }

    /// What a ticket says.
    ///
    /// # Errors
    ///
    /// `Config.BadTicket`: it is not one of an update, or makes no sense.
    pub(super) fn read(ticket: &Ticket) -> Result<Self, Error> {
        read::read(ticket).map_err(|reason| ConfigError::BadTicket(reason).into())
    }

    pub(super) fn presented(&mut self, certificate: Fingerprint) {
        self.certificate = Some(certificate.to_string());
    }
}

#[cfg(test)]
mod tests;
