//! `GET` to a stream.

use ::http::header::{CONTENT_RANGE, RANGE};
use ::http::{HeaderMap, HeaderValue, Method, Response};
use http_body::Body as _;

use super::connection::Connection;
use super::incoming::{Incoming, NoBody};
use super::queue::Turn;
use super::refusal::{Refusal, check_encoding, refusal};
use super::times::Times;
use super::trace::Trace;
use super::{Access, Files, url_of};
use crate::error::{Error, FileError, HttpStatusError, TimeoutPhase, TooLargeError};
use crate::wire::{DownloadRequest, Headers, IncomingFile};

impl Files {
    /// Asks for a file, and gives it when the head of the answer is there.
    pub(in crate::http) async fn download(
        &self,
        access: Access<'_>,
        request: DownloadRequest,
    ) -> Result<IncomingFile, Error> {
        let mut trace = Trace::begin(access.origin, request.target(), "download");
        match self.open(access, &request).await {
            Ok(Opened {
                connection,
                response,
                times,
                turn,
            }) => {
                let headers = headers_of(response.headers());
                let length = length_of(&response);
                let body = response.into_body();
                let bytes = Incoming::new(connection, body, request.limit(), times, turn, trace);
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

    async fn open(&self, access: Access<'_>, request: &DownloadRequest) -> Result<Opened, Error> {
        // Faults of the request itself cost no place in the queue.
        url_of(&access.base(), request.target(), request.query())?;
        let tls = self.tls(access.options)?;
        let times = Times::begin(request.idle_timeout(), request.timeout());
        let turn = self.queue.enter(&times).await?;
        loop {
            let base = access.base();
            let url = url_of(&base, request.target(), request.query())?;
            turn.activity().touch();
            let mut connection = times.connect(Connection::open(access, &url, &tls)).await?;
            turn.activity().touch();
            let answer = connection.send(
                Method::GET,
                &url,
                headers(access, request.offset()),
                NoBody::new(),
            );
            let state = || (turn.activity().last(), TimeoutPhase::FirstByte);
            let response = times.watch(answer, state).await??;
            turn.activity().touch();
            let wanted = if request.offset() == 0 { 200 } else { 206 };
            match response.status().as_u16() {
                status if status == wanted => {}
                200 => return Err(FileError::NotResumed.into()),
                206 => return Err(HttpStatusError::new(206, "").into()),
                _ => {
                    let refused =
                        refusal(response, &mut connection, access, &base, &url, &times).await;
                    match refused {
                        Refusal::Failed(error) => return Err(error),
                        Refusal::Upgraded(upgraded, _) => {
                            tracing::warn!(
                                origin = %access.origin,
                                "device redirects to https; credentials had already been sent in clear text"
                            );
                            // From https no redirect leads on, so this happens once.
                            access.upgrade(upgraded);
                            continue;
                        }
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
struct Opened {
    connection: Connection<NoBody>,
    response: Response<hyper::body::Incoming>,
    times: Times,
    turn: Turn,
}

fn headers(access: Access<'_>, offset: u64) -> HeaderMap {
    let mut headers = access.headers();
    if offset > 0 {
        let range = HeaderValue::try_from(format!("bytes={offset}-"));
        headers.insert(RANGE, range.expect("digits"));
    }
    headers
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
    check_encoding(response.headers())?;
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
