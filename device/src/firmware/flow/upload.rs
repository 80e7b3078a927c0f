//! Sending the image, and waiting until the device has read it.

mod paced;

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use tokio::time::{Instant, sleep};
use xerus_api::firmware::ImageState;
use xerus_rpc::error::{CgiError, CgiRefusal, FileError};
use xerus_rpc::files::FIRMWARE_UPLOAD;
use xerus_rpc::wire::UploadAnswer;
use xerus_rpc::{Error, ErrorKind, Outcome};

use super::device::Device;
use super::{Ended, Flow};
use crate::firmware::error::UpdateError;
use crate::firmware::event::UpdateEvent;
use crate::firmware::image::Image;
use crate::firmware::notes::Step;

/// The least that is told of at a time.
const LEAST: u64 = 64 << 10;

enum Moved {
    Sent(u64),
    Ended(Result<UploadAnswer, Error>),
}

impl Flow {
    pub(super) async fn upload(&mut self, device: &Device, image: &Image) -> Ended<()> {
        self.go(Step::Upload).await?;
        let lost = match self.send(image).await? {
            Ok(answer) => {
                self.check_code(&answer).await?;
                None
            }
            // What the device shows is worth more than the error.
            Err(error) if error.may_have_executed() => Some(error),
            Err(error) => return Err(self.not_uploaded(error, Outcome::NotExecuted)),
        };
        self.teller.tell(UpdateEvent::Checking).await;
        self.arrives(device, lost).await
    }

    fn not_uploaded(&self, error: Error, outcome: Outcome) -> UpdateError {
        UpdateError::Upload {
            error,
            outcome,
            ticket: self.ticket(),
        }
    }

    async fn send(&self, image: &Image) -> Ended<Result<UploadAnswer, Error>> {
        let path = self.notes.upload_path().map_err(|error| self.call(error))?;
        let source = image.open().map_err(|error| {
            let error = Error::from(ErrorKind::File(FileError::Source)).with_source(error);
            self.not_uploaded(error, Outcome::NotExecuted)
        })?;
        let step = (image.size() / 100).max(LEAST);
        let source = paced::paced(source, usize::try_from(step).unwrap_or(usize::MAX));
        let sent = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&sent);
        let upload = self
            .agent
            .upload(path)
            .queries(self.notes.upload.query())
            .part(FIRMWARE_UPLOAD.file(source))
            .progress(move |bytes, _| counted.store(bytes, Ordering::Relaxed));
        let mut upload = std::future::IntoFuture::into_future(upload);
        let total = Some(image.size());
        let mut told = 0;
        self.teller
            .tell(UpdateEvent::Uploading { sent: 0, total })
            .await;
        loop {
            let moved = poll_fn(|context| {
                if let Poll::Ready(ended) = upload.as_mut().poll(context) {
                    return Poll::Ready(Moved::Ended(ended));
                }
                // The count changes only while the upload is polled.
                let now = sent.load(Ordering::Relaxed);
                if now - told >= step {
                    return Poll::Ready(Moved::Sent(now));
                }
                Poll::Pending
            });
            match moved.await {
                Moved::Sent(sent) => {
                    told = sent;
                    self.teller
                        .tell(UpdateEvent::Uploading { sent, total })
                        .await;
                }
                Moved::Ended(ended) => return Ok(ended),
            }
        }
    }

    /// The endpoint is not known to give a code. Where a device gives one all the same, a refusal is believed.
    async fn check_code(&mut self, answer: &UploadAnswer) -> Ended<()> {
        match answer.response_code() {
            Ok(0) => Ok(()),
            Ok(code) => {
                let refusal = CgiError::Refused(CgiRefusal::new(code));
                let error = Error::from(ErrorKind::Cgi(refusal))
                    .with_origin(self.agent.origin())
                    .with_call(self.notes.firmware(), "upload");
                Err(self.not_uploaded(error, Outcome::NotExecuted))
            }
            Err(error) if error.code() == "Cgi.MissingResponseCode" => Ok(()),
            Err(error) => {
                self.warn(error.to_string()).await;
                Ok(())
            }
        }
    }

    /// Waits until the device says that the image is there. `lost`: why the answer to the upload is not known.
    async fn arrives(&mut self, device: &Device, lost: Option<Error>) -> Ended<()> {
        let begun = Instant::now();
        loop {
            let is_over = begun.elapsed() >= self.notes.patience * 4;
            // The device may still be reading the end of the form.
            let is_early = begun.elapsed() < self.notes.patience / 3;
            match device.firmware.get_image_status().await {
                Ok(status) => {
                    let began = status.time_started.unix_seconds();
                    let message = status.error_message;
                    match status.state {
                        ImageState::Complete
                            if lost.is_none() || began != self.notes.image_before =>
                        {
                            self.notes.image_taken = began;
                            if let Some(error) = lost {
                                self.warn(format!(
                                    "the answer to the upload was lost, and the image is there: {error}"
                                ))
                                .await;
                            }
                            return Ok(());
                        }
                        ImageState::None | ImageState::Complete if is_early => {}
                        ImageState::UploadFailed
                        | ImageState::DownloadFailed
                        | ImageState::None
                        | ImageState::Complete => {
                            if let Some(error) = lost {
                                return Err(self.not_uploaded(error, Outcome::NotExecuted));
                            }
                            if is_over || status.state == ImageState::UploadFailed {
                                return Err(self.no_image(message));
                            }
                        }
                        _ if is_over => {
                            return Err(match lost {
                                Some(lost) => self.not_uploaded(lost, Outcome::Unknown),
                                None => self.no_image(message),
                            });
                        }
                        _ => {}
                    }
                }
                Err(error) if error.is_retryable() && !is_over => {}
                Err(error) => {
                    return Err(match lost {
                        Some(lost) => self.not_uploaded(lost, Outcome::Unknown),
                        None => self.call(error),
                    });
                }
            }
            sleep(self.notes.interval).await;
        }
    }

    pub(super) fn no_image(&self, message: String) -> UpdateError {
        UpdateError::NoImage {
            message,
            ticket: self.ticket(),
        }
    }
}
