//! One request on one connection, and what its answer means.

use std::sync::Arc;
use std::time::Duration;

use ::http::header::{CONNECTION, CONTENT_ENCODING, LOCATION, RETRY_AFTER};
use ::http::{HeaderMap, HeaderValue, Version};
use bytes::Bytes;
use reqwest::Url;

use super::body::{self, BodyError, RequestBody};
use super::classify::{self, Situation};
use super::lane::Turn;
use super::markup::strip_markup;
use super::redirect::{self, Upgrade, Verdict};
use super::stray;
use super::url::Base;
use crate::error::{AuthError, Error, ErrorKind, HttpProtocolError, HttpStatusError};
use crate::id::RequestId;

/// Bytes of an error page that are kept.
const EXCERPT_BYTES: usize = 512;

/// All that one attempt needs.
pub(super) struct Exchange<'a> {
    pub(super) base: &'a Base,
    pub(super) url: &'a Url,
    pub(super) headers: HeaderMap,
    pub(super) document: &'a Bytes,
    pub(super) id: RequestId,
    pub(super) max_response_bytes: usize,
    pub(super) connect_timeout: Duration,
    pub(super) upgrade: Upgrade,
}

/// A failed attempt, and when the request may be sent once more.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) resend: Resend,
}

pub(super) enum Resend {
    /// Never on our own account.
    No,
    /// The attempt was certainly not executed, and the next connection may be better.
    Harmless,
    /// It may have been executed.
    IfRepeatable,
    /// At the https address that the device names.
    Upgraded(Base),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let resend = Resend::No;
        Self { error, resend }
    }
}

impl Exchange<'_> {
    /// Sends the request once and reads the answer.
    pub(super) async fn run(self, turn: &mut Turn<'_>) -> Result<Bytes, Failure> {
        let Some(slot) = turn.slot() else {
            return Err(Error::from(ErrorKind::ConnectionLost).into());
        };
        let progress = Arc::clone(&slot.progress);
        let attempt = progress.begin();
        let body = RequestBody::new(self.document.clone(), Arc::clone(&progress));
        let request = slot
            .client
            .post(self.url.clone())
            .headers(self.headers.clone())
            .body(reqwest::Body::wrap(body));
        let response = request
            .send()
            .await
            .map_err(|error| self.before_answer(error, progress.was_sent()))?;
        progress.answer_begun();
        let reused = progress.is_reused(&attempt);
        let keeps = keeps_connection(&response);

        let status = response.status().as_u16();
        if status != 200 {
            let (failure, at_end) = self.refusal(response, status, reused).await;
            if status == 408 {
                // Whatever caused it, this connection has seen its best days.
                turn.discard();
            } else if at_end && keeps {
                progress.connection_returned();
            }
            return Err(failure);
        }
        let encoding = response.headers().get(CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(Error::from(HttpProtocolError::ContentEncoding).into());
        }
        let body = body::read(response, self.max_response_bytes)
            .await
            .map_err(within_body)?;
        if !stray::answers(&body, self.id) {
            // What comes next on this connection may belong to yet another request.
            turn.discard();
        } else if keeps {
            progress.connection_returned();
        }
        Ok(body)
    }

    fn before_answer(&self, error: reqwest::Error, sent: bool) -> Failure {
        let situation = Situation {
            sent,
            https: self.base.is_https(),
            connect_timeout: self.connect_timeout,
        };
        let error = classify::request_failure(error, &situation);
        let resend = match error.kind() {
            ErrorKind::ConnectionLost if sent => Resend::IfRepeatable,
            ErrorKind::ConnectionLost => Resend::Harmless,
            _ => Resend::No,
        };
        Failure { error, resend }
    }

    /// What an answer with a status other than 200 means (`docs/protocol.md`, Status codes), and whether it was read to
    /// its end.
    async fn refusal(
        &self,
        response: reqwest::Response,
        status: u16,
        reused: bool,
    ) -> (Failure, bool) {
        let headers = response.headers().clone();
        let (page, at_end) = body::read_page(response).await;
        let failure = match status {
            301 | 302 | 303 | 307 | 308 => {
                let location = headers.get(LOCATION).map(HeaderValue::as_bytes);
                match redirect::judge(self.base, self.url, status, location, self.upgrade) {
                    Verdict::Refuse(error) => Error::from(error).into(),
                    Verdict::Follow(base) => Failure {
                        // Replaced by what happens at the new address.
                        error: Error::from(ErrorKind::ConnectionLost),
                        resend: Resend::Upgraded(base),
                    },
                }
            }
            401 => Error::from(AuthError::Unauthorized).into(),
            403 => Error::from(AuthError::Forbidden).into(),
            451 => Error::from(AuthError::PasswordChangeRequired).into(),
            _ => {
                let mut error = HttpStatusError::new(status, strip_markup(&page, EXCERPT_BYTES));
                error.retry_after = retry_after(&headers);
                // On a reused connection 408 is the farewell to the silence before this request, which the device has
                // not read.
                let resend = if status == 408 && reused {
                    Resend::Harmless
                } else {
                    Resend::No
                };
                let error = error.into();
                Failure { error, resend }
            }
        };
        (failure, at_end)
    }
}

fn within_body(error: BodyError) -> Failure {
    match error {
        BodyError::TooLarge(error) => error.into(),
        BodyError::Broken(error) if classify::is_truncated(&error) => {
            Error::from(HttpProtocolError::Truncated)
                .with_source(error.without_url())
                .into()
        }
        BodyError::Broken(error) => {
            let error = classify::body_failure(error);
            let resend = match error.kind() {
                ErrorKind::ConnectionLost => Resend::IfRepeatable,
                _ => Resend::No,
            };
            Failure { error, resend }
        }
    }
}

/// Whether the device is expected to keep the connection open after this answer.
fn keeps_connection(response: &reqwest::Response) -> bool {
    let says = |word: &str| {
        response
            .headers()
            .get_all(CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    if response.version() == Version::HTTP_10 {
        says("keep-alive")
    } else {
        !says("close")
    }
}

/// `Retry-After` in seconds, a day at most. The form with a date is of no use on devices without a reliable clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds.min(86_400)))
}
