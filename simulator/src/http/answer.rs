//! HTTP answers and the body that carries them.

use std::pin::Pin;
use std::task::{self, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use hyper::{Response, StatusCode};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=UTF-8");

/// A body of known length, which may end before it.
pub(crate) struct AnswerBody {
    data: Option<Bytes>,
    /// What `Content-Length` says of the part that is still to come.
    announced: u64,
}

/// The connection is torn down on purpose.
#[derive(Debug)]
pub(crate) struct TornDown;

impl std::fmt::Display for TornDown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection torn down by an injected fault")
    }
}

impl std::error::Error for TornDown {}

impl AnswerBody {
    fn whole(data: Bytes) -> Self {
        Self {
            announced: data.len() as u64,
            data: Some(data),
        }
    }

    /// Announces all of `data`, sends the first half.
    fn half(mut data: Bytes) -> Self {
        let announced = data.len() as u64;
        data.truncate(data.len() / 2);
        Self {
            announced,
            data: Some(data),
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = TornDown;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TornDown>>> {
        Poll::Ready(match self.data.take() {
            Some(data) if !data.is_empty() => {
                self.announced -= data.len() as u64;
                Some(Ok(Frame::data(data)))
            }
            _ if self.announced > 0 => Some(Err(TornDown)),
            _ => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.announced == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

/// The answer to a call.
pub(crate) fn json(body: Bytes, truncate: bool) -> Response<AnswerBody> {
    let body = if truncate {
        AnswerBody::half(body)
    } else {
        AnswerBody::whole(body)
    };
    with_type(StatusCode::OK, body, JSON)
}

/// An answer that is no call result: a status and a text for people.
pub(crate) fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<AnswerBody> {
    with_type(status, AnswerBody::whole(text.into()), HTML)
}

/// A status that says it all.
pub(crate) fn plain(status: StatusCode) -> Response<AnswerBody> {
    text(status, status.canonical_reason().unwrap_or_default())
}

pub(crate) fn unauthorized() -> Response<AnswerBody> {
    let mut answer = plain(StatusCode::UNAUTHORIZED);
    answer.headers_mut().insert(
        WWW_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"simulated PDU\""),
    );
    answer
}

pub(crate) fn password_change_required() -> Response<AnswerBody> {
    text(
        StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS,
        "Password change required",
    )
}

pub(crate) fn method_not_allowed() -> Response<AnswerBody> {
    let mut answer = plain(StatusCode::METHOD_NOT_ALLOWED);
    answer
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST"));
    answer
}

/// `None` when `location` cannot stand in a header.
pub(crate) fn redirect(status: StatusCode, location: &str) -> Option<Response<AnswerBody>> {
    let mut answer = text(status, "");
    answer
        .headers_mut()
        .insert(LOCATION, HeaderValue::from_str(location).ok()?);
    Some(answer)
}

fn with_type(status: StatusCode, body: AnswerBody, kind: HeaderValue) -> Response<AnswerBody> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store"),
    );
    headers.insert(CONTENT_TYPE, kind);
    answer
}

/// An answer whose `id` is one that nobody sent. The router writes the id last, and its value is a scalar.
pub(crate) fn with_wrong_id(body: Vec<u8>) -> Vec<u8> {
    const MEMBER: &[u8] = b"\"id\":";
    match body
        .windows(MEMBER.len())
        .rposition(|window| window == MEMBER)
    {
        Some(at) => [&body[..at], b"\"id\":\"nobody sent this\"}"].concat(),
        None => body,
    }
}

/// `body` with every occurrence of `from` replaced.
pub(crate) fn rewritten(body: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(&body)
        .replace(from, to)
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_id_is_the_one_of_the_envelope() {
        let body = br#"{"jsonrpc":"2.0","result":{"id":1},"id":7}"#.to_vec();
        assert_eq!(
            String::from_utf8(with_wrong_id(body)).unwrap(),
            r#"{"jsonrpc":"2.0","result":{"id":1},"id":"nobody sent this"}"#
        );
    }
}
