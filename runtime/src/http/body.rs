//! The body of an answer, read with limits.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use super::connection::Connection;
use crate::error::{Error, TooLargeError};

/// The bytes of an error page that are worth reading.
const ERROR_PAGE_BYTES: usize = 64 << 10;

/// Time for which an error page is worth waiting.
const ERROR_PAGE_TIME: Duration = Duration::from_secs(5);

/// Room made for an answer whose size is only promised: enough for one to a large bulk request, which then is never moved while it
/// comes in.
const FIRST_CAPACITY: usize = 256 << 10;

/// What became of a body.
pub(super) enum Body {
    /// All of it.
    Complete(Bytes),
    /// What came before the connection ended or the framing went wrong.
    Cut(Bytes, hyper::Error),
    TooLarge(Error),
}

/// Reads an answer of at most `limit` bytes; a larger one is refused before it is read, if its size is declared.
pub(super) async fn read(connection: &mut Connection, mut body: Incoming, limit: usize) -> Body {
    let too_large = |seen: u64| Body::TooLarge(TooLargeError::new(limit as u64, seen).into());
    let declared = body.size_hint().exact();
    if let Some(declared) = declared.filter(|&declared| declared > limit as u64) {
        return too_large(declared);
    }
    let first = match connection.chunk(&mut body).await {
        Ok(Some(first)) => first,
        Ok(None) => return Body::Complete(Bytes::new()),
        Err(error) => return Body::Cut(Bytes::new(), error),
    };
    if first.len() > limit {
        return too_large(first.len() as u64);
    }
    let second = match connection.chunk(&mut body).await {
        Ok(Some(second)) => second,
        Ok(None) => return Body::Complete(first),
        Err(error) => return Body::Cut(first, error),
    };
    // A promised size is not believed beyond a first helping.
    let promised = declared
        .and_then(|declared| usize::try_from(declared).ok())
        .unwrap_or(0);
    let mut all =
        BytesMut::with_capacity(promised.min(FIRST_CAPACITY).max(first.len() + second.len()));
    all.extend_from_slice(&first);
    let mut next = second;
    loop {
        if all.len() + next.len() > limit {
            return too_large((all.len() + next.len()) as u64);
        }
        all.extend_from_slice(&next);
        next = match connection.chunk(&mut body).await {
            Ok(Some(next)) => next,
            Ok(None) => return Body::Complete(all.freeze()),
            Err(error) => return Body::Cut(all.freeze(), error),
        };
    }
}

/// Reads the beginning of an error page, until `end` at the latest; what goes wrong on the way, or takes too long, only makes it
/// shorter.
///
/// The value tells whether the end was reached, that is whether the connection can be used again.
pub(super) async fn read_page<B>(
    connection: &mut Connection<B>,
    body: Incoming,
    end: Instant,
) -> (Vec<u8>, bool)
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut page = Vec::new();
    let end = end.min(Instant::now() + ERROR_PAGE_TIME);
    let reading = read_page_into(&mut page, connection, body);
    let at_end = timeout_at(end, reading).await.unwrap_or(false);
    (page, at_end)
}

async fn read_page_into<B>(
    page: &mut Vec<u8>,
    connection: &mut Connection<B>,
    mut body: Incoming,
) -> bool
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    loop {
        match connection.chunk(&mut body).await {
            Ok(Some(chunk)) => {
                let room = ERROR_PAGE_BYTES - page.len();
                page.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() >= room {
                    return false;
                }
            }
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}
