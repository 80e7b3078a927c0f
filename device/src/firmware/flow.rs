//! The steps of an update, in their order.
//!
//! `survey` looks at the device before anything is sent, `upload` sends the image, `review` has it judged, `watch` begins and
//! follows. What each has learned is in the [`Notes`], of which the ticket is made.

mod device;
mod look;
mod review;
mod survey;
mod upload;
mod watch;

use std::io;
use std::sync::Arc;

use xerus_rpc::action::Ticket;
use xerus_rpc::error::ConfigError;
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Error};

use self::device::Device;
use self::review::Judged;
use super::error::UpdateError;
use super::event::UpdateEvent;
use super::image::Image;
use super::notes::{Notes, Step};
use super::review::{Decision, Review};
use super::run::Teller;
use super::text::same_version;
use super::updated::Updated;

pub(super) type Decide = dyn Fn(Review) -> BoxFuture<'static, Decision> + Send + Sync;
pub(super) type Keep = dyn Fn(&Ticket) -> io::Result<()> + Send + Sync;
pub(super) type Renew = dyn Fn(Agent) -> BoxFuture<'static, Result<(), Error>> + Send + Sync;

/// What the program does for the update.
#[derive(Default)]
pub(super) struct Ways {
    pub(super) decide: Option<Arc<Decide>>,
    pub(super) keep: Option<Arc<Keep>>,
    pub(super) renew: Option<Arc<Renew>>,
}

/// An update on its way.
pub(super) struct Flow {
    pub(super) agent: Agent,
    pub(super) image: Option<Image>,
    pub(super) notes: Notes,
    /// The ticket of an update that another process began.
    pub(super) resumed: Option<Ticket>,
    pub(super) ways: Ways,
    pub(super) teller: Teller,
    pub(super) warnings: Vec<String>,
    /// Why it is not known whether the device has taken `startUpdate`.
    pub(super) unconfirmed: Option<Error>,
}

type Ended<T> = Result<T, UpdateError>;

impl Flow {
    pub(super) async fn run(mut self) -> Ended<Updated> {
        self.check_image_version()?;
        if let (Step::Start | Step::Watch, Some(ticket)) = (self.notes.step, &self.resumed) {
            let ticket = ticket.clone();
            return self.watch_on(ticket).await;
        }
        let device = Device::new(&self.agent, &self.notes).map_err(|error| self.call(error))?;
        if self.notes.told && self.resumed.is_some() {
            // A device that showed no sign of the update may have begun later.
            let progress = device.progress().await.map_err(|error| self.call(error))?;
            if progress.phase.is_under_way() {
                self.notes.step = Step::Watch;
                self.notes.ran = true;
                let ticket = self.ticket();
                return self.watch_on(*ticket).await;
            }
        }
        let found = self.survey(&device).await?;
        if let Some(done) = self.already(&found) {
            return Ok(done);
        }
        if self.needs_upload(&device, &found).await? {
            let Some(image) = self.image.clone() else {
                self.notes.step = Step::Upload;
                return Err(UpdateError::ImageGone(self.ticket()));
            };
            self.upload(&device, &image).await?;
        }
        match self.review(&device).await? {
            Judged::Already(updated) => Ok(*updated),
            Judged::Start => self.start(&device).await,
        }
    }

    /// A ticket of an update to one version does not go on with the image of another: its end would be taken for that of this one.
    fn check_image_version(&self) -> Ended<()> {
        const OTHER: &str = "it is of an update to another version than this image: when that update is over, remove the ticket";
        let version = self.image.as_ref().and_then(Image::version);
        let is_other = version.is_some_and(|version| {
            !self.notes.image.is_empty() && !same_version(&version.to_string(), &self.notes.image)
        });
        if self.resumed.is_none() || !is_other {
            return Ok(());
        }
        let error = Error::from(ConfigError::BadTicket(OTHER)).with_origin(self.agent.origin());
        Err(match self.notes.step {
            Step::Start | Step::Watch => self.stopped(error),
            Step::Upload | Step::Review => self.call(error),
        })
    }

    /// The ticket as of now, for an error.
    fn ticket(&self) -> Box<Ticket> {
        Box::new(self.notes.ticket(&self.agent))
    }

    /// A call failed before anything began.
    fn call(&self, error: Error) -> UpdateError {
        UpdateError::Call {
            error,
            ticket: self.ticket(),
        }
    }

    /// Goes to the next step: the ticket is kept and told before anything of it is done.
    async fn go(&mut self, step: Step) -> Ended<()> {
        self.notes.step = step;
        let ticket = self.ticket();
        if let Some(keep) = &self.ways.keep {
            keep(&ticket).map_err(|error| UpdateError::NotKept(Arc::new(error)))?;
        }
        self.teller.set_ticket(*ticket);
        self.teller.tell(UpdateEvent::Step(step)).await;
        Ok(())
    }

    async fn warn(&mut self, warning: String) {
        self.warnings.push(warning.clone());
        self.teller.tell(UpdateEvent::Warning(warning)).await;
    }
}
