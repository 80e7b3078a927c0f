//! What a status other than the wanted one means (`docs/protocol.md`, Status codes).

use std::time::Duration;

use ::http::header::{CONTENT_ENCODING, LOCATION, RETRY_AFTER};
use ::http::{HeaderMap, HeaderValue, Response};
use bytes::Bytes;
use http_body::Body;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::Instant;

use super::connection::Connection;
use super::times::Times;
use super::{Access, Url};
use crate::error::{
    AuthError, Error, HttpProtocolError, HttpStatusError, RedirectError, TimeoutPhase,
};
use crate::http::markup::strip_markup;
use crate::http::redirect::{self, Verdict};
use crate::http::url::Base;

/// Bytes of an error page that are kept.
const EXCERPT_BYTES: usize = 512;

/// The bytes of an error page that are worth reading.
const PAGE_BYTES: usize = 64 << 10;

/// Time for which an error page is worth waiting.
const PAGE_TIME: Duration = Duration::from_secs(5);

/// Why there is no answer that counts.
pub(super) enum Refusal {
    Failed(Error),
    /// The device wants the request at its https address, and the agent may go there.
    Upgraded(Base, RedirectError),
}

/// The meaning of an answer with a status that was not wanted. `asked` is the URL of the request at `base`.
pub(super) async fn refusal<B>(
    response: Response<Incoming>,
    connection: &mut Connection<B>,
    access: Access<'_>,
    base: &Base,
    asked: &Url,
    times: &Times,
) -> Refusal
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let failed = |error: Error| Refusal::Failed(error);
    match status {
        301 | 302 | 303 | 307 | 308 => match judge(&headers, status, access, base, asked) {
            Verdict::Refuse(error) => failed(error.into()),
            Verdict::Follow(upgraded) => {
                let [from, to] = [base, &upgraded].map(|base| base.as_str().to_owned());
                let reason = crate::error::RedirectReason::AlreadySent;
                let error = RedirectError::new(reason, status, from, Some(to));
                Refusal::Upgraded(upgraded, error)
            }
        },
        401 => failed(AuthError::Unauthorized.into()),
        403 => failed(AuthError::Forbidden.into()),
        451 => failed(AuthError::PasswordChangeRequired.into()),
        _ => {
            let page = page(response.into_body(), connection, times).await;
            let mut error = HttpStatusError::new(status, strip_markup(&page, EXCERPT_BYTES));
            error.retry_after = retry_after(&headers);
            failed(error.into())
        }
    }
}

pub(super) fn judge(
    headers: &HeaderMap,
    status: u16,
    access: Access<'_>,
    base: &Base,
    asked: &Url,
) -> Verdict {
    let location = headers.get(LOCATION).map(HeaderValue::as_bytes);
    redirect::judge(base, asked, status, location, access.options.upgrade)
}

/// Refuses what was sent in a form that was not asked for.
pub(super) fn check_encoding(headers: &HeaderMap) -> Result<(), Error> {
    let plain = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(CONTENT_ENCODING).iter().all(plain) {
        Ok(())
    } else {
        Err(HttpProtocolError::ContentEncoding.into())
    }
}

/// The beginning of an error page; what goes wrong on the way, or takes too long, only makes it shorter.
async fn page<B>(mut body: Incoming, connection: &mut Connection<B>, times: &Times) -> Vec<u8>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let begin = Instant::now();
    let times = times.with_haste(PAGE_TIME);
    let mut page = Vec::new();
    while page.len() < PAGE_BYTES {
        let frame = connection.drive(body.frame());
        let frame = times.watch(frame, || (begin, TimeoutPhase::Body)).await;
        let Ok(Some(Ok(frame))) = frame else {
            break;
        };
        if let Ok(bytes) = frame.into_data() {
            let room = PAGE_BYTES - page.len();
            page.extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
    }
    page
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
