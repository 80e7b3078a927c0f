//! What the device thinks of the image, and what the program makes of it.

use tokio::time::{Instant, sleep};
use xerus_api::firmware::ImageInfo;
use xerus_rpc::Error;

use super::device::Device;
use super::{Ended, Flow};
use crate::firmware::error::UpdateError;
use crate::firmware::event::{Phase, UpdateEvent};
use crate::firmware::notes::Step;
use crate::firmware::review::{Allow, Decision, Obstacle, Review};
use crate::firmware::text::{cut, same_version};
use crate::firmware::updated::Updated;

/// What was decided, if the update goes on or needs not.
pub(super) enum Judged {
    Start,
    Already(Box<Updated>),
}

/// What is on the device after the decision.
enum Now {
    /// The image that was reviewed.
    Same,
    /// An image of this version, which is not the one that was reviewed.
    Other(String),
    /// No image.
    Gone,
    /// The device is at an update.
    Updating(Phase),
}

impl Flow {
    pub(super) async fn review(&mut self, device: &Device) -> Ended<Judged> {
        let image = self.image_info(device).await?;
        let about = match device.firmware.get_info().await {
            Ok(about) => Some(about),
            // Older firmwares do not tell product and platform.
            Err(error) if error.is_method_not_found() => None,
            Err(error) => return Err(self.call(error)),
        };
        let expected = Some(self.notes.image.as_str()).filter(|version| !version.is_empty());
        let installed = self.notes.installed.clone();
        let review = Review::new(
            image,
            &installed,
            about.as_ref(),
            expected,
            &self.notes.allow,
        );
        let is_same = review.image.valid && same_version(&review.image.version, &installed);
        if is_same && !self.notes.allows(Allow::Reinstall) {
            self.discard(device, &review).await;
            return Ok(Judged::Already(Box::new(self.unchanged(installed))));
        }
        if self.notes.image.is_empty() {
            self.notes.image = cut(&review.image.version);
        }
        self.go(Step::Review).await?;
        let told = UpdateEvent::Review(Box::new(review.clone()));
        self.teller.tell(told).await;
        let mut review = self.decided(device, review).await?;
        if !review.is_clear() {
            self.discard_if_there(device, &review).await;
            return Err(UpdateError::Refused(Box::new(review)));
        }
        match self.look_again(device, &review).await {
            Ok(Now::Same) => Ok(Judged::Start),
            Ok(Now::Updating(phase)) => Err(self.updating(&phase)),
            Ok(Now::Gone) => {
                self.notes.step = Step::Upload;
                Err(UpdateError::ImageGone(self.ticket()))
            }
            Ok(Now::Other(found)) => {
                let expected = review.image.version.clone();
                let other = Obstacle::OtherImage { expected, found };
                review.obstacles.insert(0, other);
                Err(UpdateError::Refused(Box::new(review)))
            }
            Err(error) => Err(self.call(error)),
        }
    }

    /// Whether the image is still the one that was reviewed: the decision may have taken hours.
    async fn look_again(&self, device: &Device, review: &Review) -> Result<Now, Error> {
        // First, for it is answered also while nothing else is.
        let progress = device.progress().await?;
        if progress.phase.is_under_way() {
            return Ok(Now::Updating(progress.phase));
        }
        let status = device.firmware.get_image_status().await?;
        let (present, image) = device.firmware.get_image_info().await?;
        let began = status.time_started.unix_seconds();
        let is_same_transfer = self.notes.image_taken == 0 || began == self.notes.image_taken;
        Ok(if image == review.image && present && is_same_transfer {
            Now::Same
        } else if present {
            Now::Other(image.version)
        } else {
            Now::Gone
        })
    }

    /// Asks the program. Gives the review with what it permits.
    async fn decided(&mut self, device: &Device, mut review: Review) -> Ended<Review> {
        let decision = match &self.ways.decide {
            Some(decide) => decide(review.clone()).await,
            None => Decision::Start,
        };
        match decision {
            Decision::Start => {}
            Decision::StartAllowing(more) => {
                for allow in more {
                    if !self.notes.allows(allow) {
                        self.notes.allow.push(allow);
                    }
                }
                review.allowed.clone_from(&self.notes.allow);
            }
            Decision::Decline(why) => {
                self.discard_if_there(device, &review).await;
                let review = Box::new(review);
                return Err(UpdateError::Declined { why, review });
            }
            Decision::Later => {
                return Err(UpdateError::Undecided {
                    review: Box::new(review),
                    ticket: self.ticket(),
                });
            }
        }
        Ok(review)
    }

    async fn image_info(&self, device: &Device) -> Ended<ImageInfo> {
        let until = Instant::now() + self.notes.patience;
        loop {
            let read: Result<(bool, ImageInfo), Error> = device.firmware.get_image_info().await;
            let is_over = Instant::now() >= until;
            match read {
                Ok((true, image)) => return Ok(image),
                Ok((false, _)) if is_over => return Err(self.no_image(String::new())),
                Ok(_) => {}
                Err(error) if error.is_retryable() && !is_over => {}
                Err(error) => return Err(self.call(error)),
            }
            sleep(self.notes.interval).await;
        }
    }

    /// Throws the image away after the decision, if it is the one that was reviewed.
    async fn discard_if_there(&mut self, device: &Device, review: &Review) {
        match self.look_again(device, review).await {
            Ok(Now::Same) => self.discard(device, review).await,
            Ok(_) => {}
            Err(error) => self.still_there(&error).await,
        }
    }

    async fn still_there(&mut self, error: &Error) {
        self.warn(format!("the image is still on the device: {error}"))
            .await;
    }

    /// Throws the image away, unless it is somebody else's.
    async fn discard(&mut self, device: &Device, review: &Review) {
        let is_other = |obstacle: &Obstacle| matches!(obstacle, Obstacle::OtherImage { .. });
        if self.notes.keep_image || review.obstacles.iter().any(is_other) {
            return;
        }
        if let Err(error) = device.firmware.discard_image().await {
            self.still_there(&error).await;
        }
    }
}
