//! The request body, which tells when it is taken, and the answer's body, read with limits.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};

use super::gate::Progress;
use crate::error::{Error, TooLargeError};

/// The bytes of an error page that are worth reading.
const ERROR_PAGE_BYTES: usize = 64 << 10;

/// Room made for an answer whose size is only promised.
const FIRST_CAPACITY: usize = 64 << 10;

/// A request document. The HTTP library takes it in the moment in which it writes the request to a connection, so
/// "taken" means "may have gone out" and "not taken" means that nothing has.
pub(super) struct RequestBody {
    document: Bytes,
    progress: Arc<Progress>,
}

impl RequestBody {
    pub(super) fn new(document: Bytes, progress: Arc<Progress>) -> Self {
        Self { document, progress }
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.progress.request_sent();
        let document = std::mem::take(&mut self.document);
        Poll::Ready((!document.is_empty()).then(|| Ok(Frame::data(document))))
    }

    fn is_end_stream(&self) -> bool {
        self.document.is_empty()
    }

    /// Exact, so that the request has a `Content-Length` and is not chunked.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.document.len() as u64)
    }
}

/// Why a body could not be read.
pub(super) enum BodyError {
    TooLarge(Error),
    Broken(reqwest::Error),
}

/// Reads an answer of at most `limit` bytes; a larger one is refused before it is read, if its size is declared.
pub(super) async fn read(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Bytes, BodyError> {
    let too_large = |seen: u64| BodyError::TooLarge(TooLargeError::new(limit as u64, seen).into());
    let declared = response.content_length();
    if let Some(declared) = declared.filter(|&declared| declared > limit as u64) {
        return Err(too_large(declared));
    }
    let Some(first) = response.chunk().await.map_err(BodyError::Broken)? else {
        return Ok(Bytes::new());
    };
    if first.len() > limit {
        return Err(too_large(first.len() as u64));
    }
    let Some(second) = response.chunk().await.map_err(BodyError::Broken)? else {
        return Ok(first);
    };
    // A promised size is not believed beyond a first helping.
    let promised = declared
        .and_then(|declared| usize::try_from(declared).ok())
        .unwrap_or(0);
    let mut all =
        BytesMut::with_capacity(promised.min(FIRST_CAPACITY).max(first.len() + second.len()));
    all.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(chunk) = next {
        if all.len() + chunk.len() > limit {
            return Err(too_large((all.len() + chunk.len()) as u64));
        }
        all.extend_from_slice(&chunk);
        next = response.chunk().await.map_err(BodyError::Broken)?;
    }
    Ok(all.freeze())
}

/// Reads the beginning of an error page; what goes wrong on the way only makes it shorter.
///
/// The second value tells whether the end was reached, that is whether the connection can be used again.
pub(super) async fn read_page(mut response: reqwest::Response) -> (Vec<u8>, bool) {
    let mut page = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = ERROR_PAGE_BYTES - page.len();
                page.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if chunk.len() >= room {
                    return (page, false);
                }
            }
            Ok(None) => return (page, true),
            Err(_) => return (page, false),
        }
    }
}
