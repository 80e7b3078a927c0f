//! What the ticket of an update knows.

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
        read(ticket).map_err(|reason| ConfigError::BadTicket(reason).into())
    }

    pub(super) fn presented(&mut self, certificate: Fingerprint) {
        self.certificate = Some(certificate.to_string());
    }
}

fn read(ticket: &Ticket) -> Result<Notes, &'static str> {
    const DAMAGED: &str =
        "a note of it is missing or makes no sense; give the ticket as it was written";
    if ticket.action() != ACTION {
        return Err("it is not one of a guided firmware update; resume it with what wrote it");
    }
    let text = |name| ticket.note(name).ok_or(DAMAGED);
    let number = |name| text(name)?.parse::<i64>().map_err(|_| DAMAGED);
    let flag = |name| match text(name)? {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(DAMAGED),
    };
    let step = text("step")?;
    let step = Step::ALL.into_iter().find(|known| known.name() == step);
    let allow = text("allow")?
        .split(',')
        .filter(|name| !name.is_empty())
        .map(|name| Allow::ALL.into_iter().find(|allow| allow.name() == name));
    let unit = match ticket.note("unit") {
        Some(unit) => Some(unit.parse().map_err(|_| DAMAGED)?),
        None => None,
    };
    let times: Vec<u64> = text("times ms")?
        .split(' ')
        .map(|time| time.parse().map_err(|_| DAMAGED))
        .collect::<Result<_, _>>()?;
    let [interval, deadline, check_timeout, patience, absence] = times[..] else {
        return Err(DAMAGED);
    };
    let milliseconds = Duration::from_millis;
    Ok(Notes {
        step: step.ok_or(DAMAGED)?,
        unit,
        allow: allow.collect::<Option<_>>().ok_or(DAMAGED)?,
        upload: upload(text("upload")?).ok_or(DAMAGED)?,
        keep_image: flag("keep image")?,
        interval: milliseconds(interval),
        deadline: milliseconds(deadline),
        check_timeout: milliseconds(check_timeout),
        patience: milliseconds(patience),
        absence: milliseconds(absence),
        installed: text("installed")?.to_owned(),
        image: text("image")?.to_owned(),
        updates: text("updates before")?.to_owned(),
        image_before: number("image before")?,
        image_taken: number("image taken")?,
        ran: flag("ran")?,
        away: flag("away")?,
        certificate: ticket.note("certificate").map(str::to_owned),
    })
}

fn upload(text: &str) -> Option<FirmwareUpload> {
    let mut upload = FirmwareUpload::new();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ')?;
        let value = match value {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        upload = match name {
            "lowMemoryUpload" => upload.low_memory(value),
            "allowLowMemoryDowngrade" => upload.allow_downgrade(value),
            "allowLowMemoryUntrusted" => upload.allow_untrusted(value),
            _ => return None,
        };
    }
    Some(upload)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use xerus_rpc::MemoryTransport;
    use xerus_rpc::server::Router;

    use super::*;

    #[test]
    fn a_ticket_keeps_everything() {
        let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
        let mut notes = Notes::new();
        notes.step = Step::Watch;
        notes.unit = Some(3);
        notes.allow = Allow::ALL.to_vec();
        notes.upload = FirmwareUpload::new()
            .low_memory(true)
            .allow_downgrade(false)
            .allow_untrusted(true);
        notes.keep_image = true;
        notes.patience = Duration::from_millis(1500);
        notes.installed = "4.0.20.5-1".to_owned();
        notes.image = "4.4.1.5-2".to_owned();
        notes.updates = "17 x=y z".to_owned();
        notes.image_before = -5;
        notes.image_taken = 7;
        notes.ran = true;
        notes.certificate = Some("ab".to_owned());
        let ticket = notes.ticket(&agent).to_string().parse::<Ticket>().unwrap();
        assert_eq!(ticket.target(), "/link/3/firmware");
        let mut read = Notes::read(&ticket).unwrap();
        assert_eq!(format!("{read:?}"), format!("{notes:?}"));
        read.away = true;
        let stamped = read.stamp(ticket);
        assert!(Notes::read(&stamped).unwrap().away);
    }

    #[test]
    fn other_tickets_are_refused() {
        let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
        let other = Ticket::new(&agent, "/firmware", "startUpdate", Plan::new());
        let refused = Notes::read(&other).unwrap_err();
        assert_eq!(refused.code(), "Config.BadTicket");
        for note in ["step", "allow", "upload", "ran", "image before", "times ms"] {
            let ticket = Notes::new().ticket(&agent).with_note(note, "damaged");
            assert!(Notes::read(&ticket).is_err(), "{note}");
        }
    }
}
