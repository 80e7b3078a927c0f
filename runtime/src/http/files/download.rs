//! `GET` to a stream.

use ::http::header::{CONTENT_RANGE, RANGE};
use ::http::{HeaderMap, HeaderValue, Request, Response};
use bytes::Bytes;
use http_body::Body;
use tokio::time::Instant;

use super::incoming::{Incoming, NoBody};
use super::queue::Turn;
use super::times::Times;
use super::trace::Trace;
use super::{Files, asked, headers, open};
use crate::error::{
    Error, FileError, HttpProtocolError, HttpStatusError, TimeoutPhase, TooLargeError,
};
use crate::http::body::read_page;
use crate::http::connection::Connection;
use crate::http::credentials::Authorization;
use crate::http::rpc::{Failure, Resend, is_plain, refusal, without_answer};
use crate::http::transport::{HttpTransport, Target, runtime_id};
use crate::http::url::Path;
use crate::wire::{DownloadRequest, Headers, IncomingFile};

impl Files {
    /// Asks for a file, and gives it when the head of the answer is there.
    pub(in crate::http) async fn download(
        &self,
        device: &HttpTransport,
        request: DownloadRequest,
    ) -> Result<IncomingFile, Error> {
        let mut trace = Trace::begin(&device.origin, request.target(), "download");
        match self.open(device, &request).await {
            Ok(opened) => {
                let headers = headers_of(opened.response.headers());
                let length = length_of(&opened.response);
                let bytes = Incoming::new(opened, request.limit(), trace);
                let file = IncomingFile::new(Box::pin(bytes))
                    .with_headers(headers)
                    .with_offset(request.offset());
                Ok(match length {
                    Some(length) => file.with_length(length),
                    None => file,
                })
            }
            Err(error) => Err(trace.failed(error.with_sent(true, true))),
        }
    }

    async fn open(
        &self,
        device: &HttpTransport,
        request: &DownloadRequest,
    ) -> Result<Opened, Error> {
        runtime_id()?;
        let own = request.credentials().map(Authorization::new).transpose()?;
        // Faults of the request itself cost no place in the queue.
        asked(&device.target().base, request.target(), request.query())?;
        let times = Times::begin(request.idle_timeout(), request.timeout());
        let turn = self.queue.enter(&times).await?;
        // Only now: the agent may have moved to https meanwhile.
        let mut target = device.target();
        loop {
            let (path, uri) = asked(&target.base, request.target(), request.query())?;
            let user = device.user(own.as_ref());
            let mut headers = headers(device, &target, &user);
            if request.offset() > 0 {
                let range = HeaderValue::try_from(format!("bytes={}-", request.offset()));
                headers.insert(RANGE, range.expect("digits"));
            }
            turn.activity().touch();
            let mut connection = open(device, &target, &times).await?;
            turn.activity().touch();
            let mut asking = Request::new(NoBody::new());
            *asking.uri_mut() = uri;
            *asking.headers_mut() = headers;
            let state = || (turn.activity().last(), TimeoutPhase::FirstByte);
            let response = times.watch(connection.send(asking), state).await?;
            let response = response.map_err(|failure| {
                let error = without_answer(failure).error;
                error.with_sent(connection.was_sent(), true)
            })?;
            turn.activity().touch();
            let wanted = if request.offset() == 0 { 200 } else { 206 };
            match response.status().as_u16() {
                status if status == wanted => {}
                200 => return Err(FileError::NotResumed.into()),
                206 => return Err(HttpStatusError::new(206, "").into()),
                _ => {
                    let failure = refused(
                        &mut connection,
                        response,
                        device,
                        &user,
                        &target,
                        &path,
                        &times,
                    );
                    match failure.await {
                        Failure {
                            resend: Resend::Upgraded(base),
                            ..
                        } => {
                            tracing::warn!(
                                origin = %device.origin,
                                "device redirects to https; credentials had already been sent in clear text"
                            );
                            // From https no redirect leads on, so this happens once.
                            target = device.upgrade(*base)?;
                            continue;
                        }
                        failure => return Err(failure.error),
                    }
                }
            }
            check(&response, request)?;
            return Ok(Opened {
                connection,
                response,
                times,
                turn,
            });
        }
    }
}

/// A file of which the head has come.
pub(super) struct Opened {
    pub(super) connection: Connection<NoBody>,
    pub(super) response: Response<hyper::body::Incoming>,
    pub(super) times: Times,
    pub(super) turn: Turn,
}

/// The meaning of an answer with a status that was not wanted. What goes wrong with its page, or takes too long, only makes
/// the page shorter.
pub(super) async fn refused<B>(
    connection: &mut Connection<B>,
    response: Response<hyper::body::Incoming>,
    device: &HttpTransport,
    user: &Authorization,
    target: &Target,
    path: &Path,
    times: &Times,
) -> Failure
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (head, body) = response.into_parts();
    let (page, _) = read_page(connection, body, times.next_look(Instant::now())).await;
    let status = head.status.as_u16();
    let upgrade = device.options.upgrade;
    let mut failure = refusal(
        &target.base,
        path,
        upgrade,
        &head.headers,
        status,
        &page,
        false,
    );
    if user.as_header().is_none() {
        failure.error = failure.error.without_credentials();
    }
    failure
}

/// The length that an answer declares.
pub(super) fn length_of(response: &Response<hyper::body::Incoming>) -> Option<u64> {
    response.body().size_hint().exact()
}

/// Looks at the head of an answer with the wanted status.
fn check(
    response: &Response<hyper::body::Incoming>,
    request: &DownloadRequest,
) -> Result<(), Error> {
    if !is_plain(response.headers()) {
        return Err(HttpProtocolError::ContentEncoding.into());
    }
    let length = length_of(response);
    let range = response.headers().get(CONTENT_RANGE);
    if request.offset() > 0 && !resumes(range, request.offset(), length) {
        return Err(FileError::NotResumed.into());
    }
    match length {
        Some(length) if length > request.limit() => {
            Err(TooLargeError::new(request.limit(), length).into())
        }
        _ => Ok(()),
    }
}

/// Whether `Content-Range: bytes 100-199/200` says that the answer is all that is left from `offset` on.
fn resumes(range: Option<&HeaderValue>, offset: u64, length: Option<u64>) -> bool {
    let parse = || {
        let range = range?.to_str().ok()?.trim().strip_prefix("bytes ")?;
        let (range, whole) = range.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        let end = last.checked_add(1)?;
        let whole_fits = match whole.trim() {
            "*" => true,
            whole => whole.parse() == Ok(end),
        };
        let length_fits = length.is_none_or(|length| end.checked_sub(first) == Some(length));
        Some(first == offset && whole_fits && length_fits)
    };
    parse().unwrap_or(false)
}

/// Headers as texts.
pub(super) fn headers_of(headers: &HeaderMap) -> Headers {
    headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rest_that_was_asked_for_is_taken() {
        let resumes = |range: &'static str, length| {
            resumes(Some(&HeaderValue::from_static(range)), 100, length)
        };
        for range in [
            "bytes 100-199/200",
            "bytes 100-199/*",
            " bytes 100 - 199 / 200 ",
        ] {
            assert!(resumes(range, Some(100)), "{range}");
            assert!(resumes(range, None), "{range}");
        }
        for range in [
            "bytes 0-199/200",
            "bytes 101-199/200",
            "bytes 100-198/200",
            "bytes 100-18446744073709551615/*",
            "bytes 100-99/100",
            "bytes */200",
            "items 100-199/200",
            "100-199/200",
            "",
        ] {
            assert!(!resumes(range, Some(100)), "{range}");
        }
        assert!(!super::resumes(None, 100, Some(100)));
    }
}
