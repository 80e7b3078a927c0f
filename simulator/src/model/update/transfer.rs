//! How an image comes to the device.

use std::fmt;
use std::time::Duration;

use super::{Happened, UpdateEvent, Updater};
use crate::model::image::ReceivedImage;

/// What is known about the transfer of an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransferState {
    /// There is no image.
    #[default]
    None,
    /// It is being uploaded.
    Uploading,
    /// The upload failed.
    UploadFailed,
    /// The image is there.
    Complete,
}

/// How far the transfer of an image has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transfer {
    /// What is known about it.
    pub state: TransferState,
    /// Why it failed; empty otherwise.
    pub error_message: String,
    /// When it began: time since 1970-01-01 UTC; zero when there is none.
    pub began: Duration,
    /// Bytes to transfer; 0: not known.
    pub total: u64,
    /// Bytes transferred.
    pub done: u64,
    ticket: u64,
}

/// Names one upload, so that one that was given up cannot disturb the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct UploadTicket(u64);

/// Why an upload cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadRefusal {
    /// Another image is being uploaded.
    Uploading,
    /// An update goes on.
    Updating,
    /// The image is larger than the device takes.
    TooLarge,
}

impl fmt::Display for UploadRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uploading => "another image is being uploaded: wait for it, or discard it",
            Self::Updating => "an update goes on: wait for its end",
            Self::TooLarge => "the file is larger than the device takes: upload a firmware image",
        })
    }
}

impl Updater {
    /// Begins an upload of so many bytes, if that is known. It takes the place of an image that is there.
    ///
    /// # Errors
    ///
    /// While another upload or an update goes on, and when it is too large.
    pub fn begin_upload(
        &mut self,
        now: Duration,
        total: Option<u64>,
    ) -> Result<UploadTicket, UploadRefusal> {
        if self.run.is_some() || self.restart.is_some() {
            return Err(UploadRefusal::Updating);
        }
        if self.transfer.state == TransferState::Uploading {
            return Err(UploadRefusal::Uploading);
        }
        if total.is_some_and(|total| total > self.plan.max_bytes) {
            return Err(UploadRefusal::TooLarge);
        }
        self.tickets += 1;
        self.image = None;
        self.failure = None;
        self.transfer = Transfer {
            state: TransferState::Uploading,
            error_message: String::new(),
            began: now,
            total: total.unwrap_or(0),
            done: 0,
            ticket: self.tickets,
        };
        Ok(UploadTicket(self.tickets))
    }

    /// So many bytes have come. The answer says whether the upload shall go on: it does not when it was discarded, or has
    /// become too large.
    #[must_use]
    pub fn uploading(&mut self, ticket: UploadTicket, done: u64) -> bool {
        if !self.holds(ticket) {
            return false;
        }
        self.transfer.done = done;
        if done > self.plan.max_bytes {
            self.upload_failed(ticket, UploadRefusal::TooLarge.to_string());
            return false;
        }
        true
    }

    /// The code with which an upload is answered that has come in whole: 0 when the image is taken.
    #[must_use]
    pub fn upload_code(&self) -> i32 {
        self.plan.upload_code
    }

    /// The upload ended before all was there, or the image is not taken.
    pub fn upload_failed(&mut self, ticket: UploadTicket, why: impl Into<String>) {
        if self.holds(ticket) {
            self.transfer.state = TransferState::UploadFailed;
            self.transfer.error_message = why.into();
        }
    }

    /// All is there. A file that is no image is kept like one, as devices do: what is wrong with it is told with it.
    pub fn uploaded(
        &mut self,
        now: Duration,
        ticket: UploadTicket,
        image: ReceivedImage,
    ) -> Vec<Happened> {
        if !self.holds(ticket) {
            return Vec::new();
        }
        self.transfer.state = TransferState::Complete;
        self.transfer.total = image.bytes;
        self.transfer.done = image.bytes;
        let wrong = match &image.facts {
            Err(fault) => Some(fault.to_string()),
            Ok(facts) => facts
                .obstacles(&self.installed)
                .first()
                .map(|obstacle| obstacle.explanation().to_owned()),
        };
        self.image = Some(image);
        wrong
            .map(|why| (now, UpdateEvent::ValidationFailed(why)))
            .into_iter()
            .collect()
    }

    fn holds(&self, ticket: UploadTicket) -> bool {
        self.transfer.state == TransferState::Uploading && self.transfer.ticket == ticket.0
    }
}
