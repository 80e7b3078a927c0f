//! What an update shall be, before it begins.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::action::Ticket;
use xerus_rpc::error::ConfigError;
use xerus_rpc::files::FirmwareUpload;
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Error, FirmwareVersion};

use super::error::UpdateError;
use super::flow::{Flow, Ways};
use super::image::Image;
use super::keep;
use super::notes::{Notes, Step};
use super::review::{Allow, Decision, Review};
use super::run::{Teller, UpdateRun};
use super::updated::Updated;

/// A firmware update of one device, of any firmware. Nothing is sent before it is awaited, or its [run](Self::run) is.
///
/// Awaited, it goes on to the end: [`Updated`], or an [`UpdateError`] that says what the device shows. `startUpdate` is sent once
/// at most, and only when nothing speaks against the image but what is [permitted](Self::allow).
///
/// ```no_run
/// use xerus_device::firmware::{FirmwareUpdate, Image, UpdateEvent};
/// use xerus_rpc::Agent;
///
/// async fn watched(agent: &Agent, image: Image) -> std::io::Result<()> {
///     let mut run = FirmwareUpdate::of(agent, image).run();
///     while let Some(event) = run.next().await {
///         std::fs::write("rack-4.ticket", run.ticket().to_string())?; // before the next step is taken
///         match event {
///             UpdateEvent::Uploading { sent, total } => println!("{sent} of {total:?} bytes"),
///             UpdateEvent::Progress(progress) => println!("{}", progress.phase),
///             UpdateEvent::Away { since, .. } => println!("away for {since:?}"),
///             UpdateEvent::End(Ok(updated)) => println!("{} runs", updated.version),
///             UpdateEvent::End(Err(error)) => println!("{}: {error}", error.code()),
///             _ => {}
///         }
///     }
///     Ok(())
/// }
/// ```
#[must_use = "nothing is sent before this is awaited"]
#[doc(alias = "firmware.upload")]
pub struct FirmwareUpdate {
    agent: Agent,
    image: Option<Image>,
    notes: Notes,
    resumed: Option<Ticket>,
    ways: Ways,
}

impl FirmwareUpdate {
    /// The update of the device that this agent calls, with this image.
    ///
    /// A device that runs the version of the image already gets nothing, unless [`Allow::Reinstall`] is permitted.
    pub fn of(agent: &Agent, image: Image) -> Self {
        let mut notes = Notes::new();
        notes.image = image
            .version()
            .map_or_else(String::new, |version| version.to_string());
        Self::new(agent, Some(image), notes)
    }

    /// The update with an image that is on the device already: uploaded by other means, or through the primary unit of a cascade,
    /// which hands it to its link units. Another version than this one is refused. The image is not thrown away.
    pub fn of_uploaded(agent: &Agent, version: FirmwareVersion) -> Self {
        let mut notes = Notes::new();
        notes.image = version.to_string();
        notes.step = Step::Review;
        notes.keep_image = true;
        Self::new(agent, None, notes)
    }

    /// Goes on with the update that a ticket is of, which another process may have written at any moment.
    ///
    /// What the ticket says of permissions, times and the unit holds. What is on the device decides: an image that has arrived is
    /// not uploaded again, and an update that may have begun is watched and never begun again. The [image](Self::image) is
    /// needed only while it may have to be uploaded. For a certificate that has changed, the agent is one that trusts the new one.
    ///
    /// # Errors
    ///
    /// `Config.BadTicket` when the ticket is not one of an update, or the agent is one for another device;
    /// [`Ticket::with_origin`] says that it is the same.
    pub fn resume(agent: &Agent, ticket: Ticket) -> Result<Self, Error> {
        if ticket.origin() != agent.origin() {
            const OTHER: &str = "it is for a device with another address than this agent; use an agent for that one, or with_origin if the address is new";
            return Err(Error::from(ConfigError::BadTicket(OTHER)).with_origin(agent.origin()));
        }
        let notes = Notes::read(&ticket)?;
        let mut update = Self::new(agent, None, notes);
        update.resumed = Some(ticket);
        Ok(update)
    }

    fn new(agent: &Agent, image: Option<Image>, notes: Notes) -> Self {
        Self {
            agent: agent.clone(),
            image,
            notes,
            resumed: None,
            ways: Ways::default(),
        }
    }

    /// The step that is next: for a resumed update, the one of its ticket.
    #[must_use]
    pub fn step(&self) -> Step {
        self.notes.step
    }

    /// The image, for an update that is resumed: it is uploaded if the device does not have it. One of another version than the
    /// ticket is of ends the update with `Config.BadTicket`, before anything is sent.
    pub fn image(mut self, image: Image) -> Self {
        if self.notes.image.is_empty()
            && let Some(version) = image.version()
        {
            self.notes.image = version.to_string();
        }
        self.image = Some(image);
        self
    }

    /// Permits this, though it speaks against the image. The flags among them are sent with `startUpdate`. Default: nothing.
    pub fn allow(mut self, what: Allow) -> Self {
        if !self.notes.allows(what) {
            self.notes.allow.push(what);
        }
        self
    }

    /// Asks the program, when the device has read the image. Default: [`Decision::Start`].
    ///
    /// The update waits as long as the answer takes. It is asked again when the update is resumed before it has begun.
    pub fn decide<F, D>(mut self, decide: F) -> Self
    where
        F: Fn(Review) -> D + Send + Sync + 'static,
        D: Future<Output = Decision> + Send + 'static,
    {
        self.ways.decide = Some(Arc::new(move |review| Box::pin(decide(review))));
        self
    }

    /// Keeps the ticket before each step that changes something. When it cannot be kept, the step is not taken:
    /// [`UpdateError::NotKept`]. The thread waits for it.
    pub fn keep(
        mut self,
        keep: impl Fn(&Ticket) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.ways.keep = Some(Arc::new(keep));
        self
    }

    /// [Keeps](Self::keep) the ticket in this file. There is a whole one at any moment: the file is written beside it, with `.new`
    /// behind its name, and takes its place. It stays after the end: resumed, it tells that end again, so remove it before an update
    /// to another version.
    pub fn keep_in(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        self.keep(move |ticket| keep::write(&path, ticket))
    }

    /// Logs in again when the device no longer knows the user, as after a restart: see
    /// [`Action::on_session_gone`](xerus_rpc::action::Action::on_session_gone). Not needed with a password, nor by an agent that
    /// renews sessions by itself.
    pub fn on_session_gone<R, F>(mut self, renew: R) -> Self
    where
        R: Fn(Agent) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.ways.renew = Some(Arc::new(move |agent| Box::pin(renew(agent))));
        self
    }

    /// How the image is sent to a device with little memory. Known from firmware 4.0 on; for an older one, a
    /// [warning](super::UpdateEvent::Warning) says that it may not know them.
    pub fn upload_options(mut self, options: FirmwareUpload) -> Self {
        self.notes.upload = options;
        self
    }

    /// Updates a link unit, 2 to 8, through the device that it is cascaded to: everything goes through `/link/<unit>`, the upload
    /// too. Link units are updated before the primary unit.
    ///
    /// The vendor's own tool uploads once, to the primary unit, and begins on all units after that: [`of_uploaded`](Self::of_uploaded).
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for any other number.
    pub fn unit(mut self, unit: u32) -> Result<Self, Error> {
        xerus_rpc::files::FIRMWARE_UPLOAD.through_link(unit)?;
        self.notes.unit = Some(unit);
        Ok(self)
    }

    /// Leaves the image on the device when it is not installed. Default: it is thrown away.
    pub fn keep_image(mut self, keep: bool) -> Self {
        self.notes.keep_image = keep;
        self
    }

    /// The pause between two looks at the device, 100 ms to a day. Default: 2 s.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.notes.interval = interval;
        self
    }

    /// The time from the beginning of the update to its verified end, the absence included; at most seven days. Default: 30 min.
    /// The upload and the decision are not in it.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.notes.deadline = deadline;
        self
    }

    /// How long the device may be away at a stretch: [`UpdateError::Away`] after that. Default: as long as there is time.
    ///
    /// Restarts take minutes. A roll-out that is to stop at the first device that does not come back gets to know it earlier.
    pub fn longest_absence(mut self, absence: Duration) -> Self {
        self.notes.absence = absence;
        self
    }

    /// The time for one look. A look that takes longer counts as one that nobody answered. Default: 10 s.
    pub fn check_timeout(mut self, timeout: Duration) -> Self {
        self.notes.check_timeout = timeout;
        self
    }

    /// How long bad news are doubted while a device starts. A device that shows no sign of the update is given up after this time;
    /// the old version, a contradiction or another certificate must last for a third of it. Four times as long the device may take to
    /// read the image. Default: 30 s.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.notes.patience = patience.min(Duration::from_secs(24 * 60 * 60));
        self
    }

    /// The update as a stream of events.
    pub fn run(self) -> UpdateRun {
        let ticket = match &self.resumed {
            Some(ticket) => ticket.clone(),
            None => self.notes.ticket(&self.agent),
        };
        let teller = Teller::new(ticket);
        let flow = Flow {
            agent: self.agent,
            image: self.image,
            notes: self.notes,
            resumed: self.resumed,
            ways: self.ways,
            teller: teller.clone(),
            warnings: Vec::new(),
            unconfirmed: None,
        };
        UpdateRun::new(Box::pin(flow.run()), teller)
    }
}

impl IntoFuture for FirmwareUpdate {
    type Output = Result<Updated, UpdateError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let run = self.run();
        Box::pin(async move {
            let end = run.finish().await;
            end.expect("the end of a run that was just begun is told once")
        })
    }
}

impl fmt::Debug for FirmwareUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirmwareUpdate")
            .field("origin", &self.agent.origin())
            .field("image", &self.image)
            .field("step", &self.notes.step)
            .finish_non_exhaustive()
    }
}
