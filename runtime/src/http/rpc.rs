//! One request on one connection, and what its answer means.

use std::time::Duration;

use ::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, LOCATION, RETRY_AFTER,
    TRANSFER_ENCODING,
};
use ::http::{HeaderMap, HeaderValue, Method, Request, Response, Version};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::Instant;

use super::body::{self, Body};
use super::causes::find;
use super::connection::{Connection, SendFailure};
use super::credentials::{API_KEY, SESSION_TOKEN};
use super::markup::strip_markup;
use super::redirect::{self, Upgrade, Verdict};
use super::stray;
use super::tls;
use super::url::{Base, Path};
use crate::error::{AuthError, Error, ErrorKind, HttpProtocolError, HttpStatusError};
use crate::id::RequestId;

/// Bytes of an error page that are kept.
const EXCERPT_BYTES: usize = 512;

/// All that one attempt needs.
pub(super) struct Exchange<'a> {
    pub(super) base: &'a Base,
    pub(super) path: &'a Path,
    pub(super) headers: HeaderMap,
    pub(super) document: &'a Bytes,
    /// The id by which the answer is known, on wires that have ids.
    pub(super) id: Option<RequestId>,
    /// Whether the answer may be compressed.
    pub(super) gzip: bool,
    pub(super) max_response_bytes: usize,
    pub(super) upgrade: Upgrade,
    /// When the time of the call is over.
    pub(super) end: Instant,
}

/// An answer, and whether the connection can carry another call.
pub(super) struct Answered {
    pub(super) body: Bytes,
    /// Whether the body is compressed, as was asked for.
    pub(super) gzip: bool,
    pub(super) keep: bool,
}

/// A failed attempt, and when the request may be sent once more.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) resend: Resend,
    /// The connection can carry another call.
    pub(super) keep: bool,
    /// The connection ended before an answer began.
    pub(super) lost: bool,
}

pub(super) enum Resend {
    /// Never on our own account.
    No,
    /// The attempt was certainly not executed, and the next connection may be better.
    Harmless,
    /// It may have been executed.
    IfRepeatable,
    /// At the https address that the device names.
    Upgraded(Box<Base>),
}

impl Failure {
    fn new(error: Error, resend: Resend) -> Self {
        Self {
            error,
            resend,
            keep: false,
            lost: false,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(error, Resend::No)
    }
}

impl Exchange<'_> {
    /// Sends the request once and reads the answer.
    ///
    /// `begun` is called when the head of the answer is there.
    pub(super) async fn run(
        self,
        connection: &mut Connection,
        begun: impl FnOnce(),
    ) -> Result<Answered, Failure> {
        let mut request = Request::new(Full::new(self.document.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.path.uri().clone();
        let anonymous = !is_logged_in(&self.headers);
        *request.headers_mut() = self.headers;
        let answer = connection.send(request).await.map_err(without_answer)?;
        begun();
        let keeps = keeps_connection(&answer) && !has_two_lengths(answer.headers());
        let status = answer.status().as_u16();
        if status != 200 {
            let used = connection.is_used();
            let (head, page) = answer.into_parts();
            let (page, at_end) = body::read_page(connection, page, self.end).await;
            let mut failure = refusal(
                self.base,
                self.path,
                self.upgrade,
                &head.headers,
                status,
                &page,
                used,
            );
            // A 408 was caused by something that this connection has behind it. And a device that refuses a request
            // before it has read it may never read the rest: the next request would wait behind that.
            failure.keep = at_end && keeps && status != 408 && connection.is_flushed();
            if anonymous {
                failure.error = failure.error.without_credentials();
            }
            return Err(failure);
        }
        let gzip = self.gzip && is_gzip(answer.headers());
        if !gzip && !is_plain(answer.headers()) {
            return Err(Error::from(HttpProtocolError::ContentEncoding).into());
        }
        let declared = declares_end(&answer);
        let id = self.id;
        let (body, complete) =
            match body::read(connection, answer.into_body(), self.max_response_bytes).await {
                Body::Complete(body) => (body, true),
                Body::TooLarge(error) => return Err(error.into()),
                // Without a declared length the end of the connection is the end of the answer, in good order or not,
                // if what came is a whole answer to this request. So it is behind the last chunk.
                Body::Cut(body, _)
                    if (!declared || connection.has_all_chunks())
                        && match gzip {
                            true => stray::is_whole_gzip(&body, self.max_response_bytes),
                            false => stray::is_whole(&body, id),
                        } =>
                {
                    (body, false)
                }
                Body::Cut(_, error) => return Err(cut(error, declared)),
            };
        // What comes next on the connection of a stray answer may belong to yet another request.
        let keep = keeps
            && complete
            && declared
            && connection.is_flushed()
            && id.is_none_or(|id| stray::answers(&body, id));
        Ok(Answered { body, gzip, keep })
    }
}

/// Why no answer began.
pub(super) fn without_answer(failure: SendFailure) -> Failure {
    let lost = |error: hyper::Error, resend| {
        let kind = find::<rustls::Error>(&error)
            .and_then(|error| tls::refusal(error))
            .map_or(ErrorKind::ConnectionLost, ErrorKind::Tls);
        let resend = match kind {
            ErrorKind::ConnectionLost => resend,
            _ => Resend::No,
        };
        let failure = Failure::new(Error::new(kind).with_source(error), resend);
        Failure {
            lost: true,
            ..failure
        }
    };
    match failure {
        SendFailure::NotSent(error) => lost(error, Resend::Harmless),
        SendFailure::Lost(error) => lost(error, Resend::IfRepeatable),
        SendFailure::Garbled(error) => Error::from(HttpProtocolError::Framing)
            .with_source(error)
            .into(),
        // A server that waits for TLS takes a request for a broken handshake.
        SendFailure::SpeaksTls(error) => Error::from(HttpProtocolError::SpeaksTls)
            .with_source(error)
            .into(),
    }
}

/// What a body that ended before its end means.
pub(super) fn cut(error: hyper::Error, declared: bool) -> Failure {
    // Faults in chunk sizes.
    let garbled = find::<std::io::Error>(&error).is_some_and(|error| {
        matches!(
            error.kind(),
            std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData
        ) && find::<rustls::Error>(error).is_none()
    });
    let kind = match (garbled, declared) {
        (true, _) => HttpProtocolError::Framing.into(),
        (false, true) => HttpProtocolError::Truncated.into(),
        (false, false) => Error::from(ErrorKind::ConnectionLost),
    };
    let resend = if garbled {
        Resend::No
    } else {
        Resend::IfRepeatable
    };
    Failure::new(kind.with_source(error), resend)
}

/// What an answer with a status other than 200 means (`docs/protocol/http.md`, Status codes).
pub(super) fn refusal(
    base: &Base,
    path: &Path,
    upgrade: Upgrade,
    headers: &HeaderMap,
    status: u16,
    page: &[u8],
    reused: bool,
) -> Failure {
    match status {
        301 | 302 | 303 | 307 | 308 => {
            let location = headers.get(LOCATION).map(HeaderValue::as_bytes);
            match redirect::judge(base, &base.url_of(path), status, location, upgrade) {
                Verdict::Refuse(error) => Error::from(error).into(),
                Verdict::Follow(base) => Failure::new(
                    // Replaced by what happens at the new address.
                    Error::from(ErrorKind::ConnectionLost),
                    Resend::Upgraded(Box::new(base)),
                ),
            }
        }
        401 => Error::from(AuthError::Unauthorized).into(),
        403 => Error::from(AuthError::Forbidden).into(),
        451 => Error::from(AuthError::PasswordChangeRequired).into(),
        _ => {
            // What is compressed is nothing to read.
            let page = if is_plain(headers) { page } else { b"" };
            let mut error = HttpStatusError::new(status, strip_markup(page, EXCERPT_BYTES));
            error.retry_after = retry_after(headers);
            // On a reused connection 408 is the farewell to the silence before this request, which the device has
            // not read.
            let resend = if status == 408 && reused {
                Resend::Harmless
            } else {
                Resend::No
            };
            Failure::new(error.into(), resend)
        }
    }
}

/// Whether a request with these headers says who sends it.
fn is_logged_in(headers: &HeaderMap) -> bool {
    [&AUTHORIZATION, &SESSION_TOKEN, &API_KEY]
        .into_iter()
        .any(|name| headers.contains_key(name))
}

/// Whether the body is as it was asked for, in no encoding.
pub(super) fn is_plain(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .all(|coding| {
            let coding = coding.trim_ascii();
            coding.is_empty() || coding.eq_ignore_ascii_case(b"identity")
        })
}

/// Whether the body is compressed with gzip, and with nothing else.
fn is_gzip(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    let coding = codings.next().map(|value| value.as_bytes().trim_ascii());
    let gzip = |coding: &[u8]| {
        coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip")
    };
    codings.next().is_none() && coding.is_some_and(gzip)
}

/// Whether the answer says itself where its body ends.
pub(super) fn declares_end(answer: &Response<Incoming>) -> bool {
    use http_body::Body as _;
    answer.body().size_hint().exact().is_some()
        || answer
            .headers()
            .get_all(TRANSFER_ENCODING)
            .iter()
            .any(|value| {
                value
                    .as_bytes()
                    .trim_ascii()
                    .eq_ignore_ascii_case(b"chunked")
            })
}

/// Whether the device is expected to keep the connection open after this answer.
fn keeps_connection(response: &Response<Incoming>) -> bool {
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

/// Whether the answer says in two ways where it ends. Who reads the other way begins the next answer elsewhere.
fn has_two_lengths(headers: &HeaderMap) -> bool {
    headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING)
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
