//! A form with files on its way to a device.

use std::fmt;
use std::time::Duration;

use xerus_rpc::Error;
use xerus_rpc::files::UploadEndpoint;
use xerus_rpc::wire::{Part, Query, UploadAnswer};

use super::fetch::Progress;
use super::place::Place;

/// How a form is sent.
#[derive(Default)]
pub(super) struct Sending {
    pub(super) progress: Option<Progress>,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) timeout: Option<Duration>,
}

impl Sending {
    /// Sends the parts once, and makes a refusal an error.
    pub(super) async fn send(
        self,
        place: &Place,
        endpoint: UploadEndpoint,
        query: Query,
        parts: Vec<Part>,
    ) -> Result<UploadAnswer, Error> {
        let path = place.upload_path(endpoint)?;
        let mut upload = place.agent().upload(path).queries(query);
        for part in parts {
            upload = upload.part(part);
        }
        if let Some(progress) = self.progress {
            upload = upload.progress(progress);
        }
        if let Some(time) = self.idle_timeout {
            upload = upload.idle_timeout(time);
        }
        if let Some(time) = self.timeout {
            upload = upload.timeout(time);
        }
        let answer = upload.await?;
        endpoint.check(&answer)?;
        Ok(answer)
    }
}

impl fmt::Debug for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending")
            .field("progress", &self.progress.is_some())
            .field("idle_timeout", &self.idle_timeout)
            .field("timeout", &self.timeout)
            .finish()
    }
}
