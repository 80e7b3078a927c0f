//! The bodies of answers.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::watch::Watch;

/// So much of a stream is read at a time.
const PIECE: usize = 64 * 1024;

/// What a file is read from.
pub(crate) type Reader = Pin<Box<dyn AsyncRead + Send>>;

/// A body: bytes that are there, or a stream.
pub(crate) struct AnswerBody {
    source: Source,
    watch: Option<Arc<Watch>>,
}

enum Source {
    Bytes(Option<Bytes>),
    Reader {
        reader: Reader,
        /// How much is still to come, where that is known.
        left: Option<u64>,
        buffer: BytesMut,
    },
}

/// The connection is torn down on purpose, or the file that an answer was to be ended too early.
#[derive(Debug)]
pub(crate) struct TornDown;

impl std::fmt::Display for TornDown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection torn down")
    }
}

impl std::error::Error for TornDown {}

impl AnswerBody {
    pub(crate) fn bytes(data: Bytes) -> Self {
        Self {
            source: Source::Bytes(Some(data).filter(|data| !data.is_empty())),
            watch: None,
        }
    }

    pub(crate) fn reader(reader: Reader, length: Option<u64>) -> Self {
        Self {
            source: Source::Reader {
                reader,
                left: length,
                buffer: BytesMut::new(),
            },
            watch: None,
        }
    }

    /// Tells `watch` when the HTTP library has all of it.
    pub(super) fn watched(mut self, watch: Arc<Watch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// The bytes, unless it is a stream.
    pub(crate) fn into_bytes(mut self) -> Result<Bytes, Self> {
        match &mut self.source {
            Source::Bytes(data) => Ok(data.take().unwrap_or_default()),
            Source::Reader { .. } => Err(self),
        }
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        if let Some(watch) = &self.watch {
            watch.handed_over();
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = TornDown;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TornDown>>> {
        match &mut self.source {
            Source::Bytes(data) => Poll::Ready(data.take().map(|data| Ok(Frame::data(data)))),
            Source::Reader {
                reader,
                left,
                buffer,
            } => poll_piece(reader, left, buffer, cx)
                .map(|piece| piece.map(|data| data.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(
            &self.source,
            Source::Bytes(None) | Source::Reader { left: Some(0), .. }
        )
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Bytes(data) => {
                SizeHint::with_exact(data.as_ref().map_or(0, |data| data.len() as u64))
            }
            Source::Reader { left, .. } => {
                left.map_or_else(SizeHint::default, SizeHint::with_exact)
            }
        }
    }
}

/// The next piece of a stream; an error when it ends before its length, or when reading fails.
fn poll_piece(
    reader: &mut Reader,
    left: &mut Option<u64>,
    buffer: &mut BytesMut,
    cx: &mut task::Context<'_>,
) -> Poll<Option<Result<Bytes, TornDown>>> {
    let most = left.map_or(PIECE, |left| {
        usize::try_from(left).unwrap_or(PIECE).min(PIECE)
    });
    if most == 0 {
        return Poll::Ready(None);
    }
    buffer.resize(most, 0);
    let mut window = ReadBuf::new(buffer);
    if let Err(error) = std::task::ready!(reader.as_mut().poll_read(cx, &mut window)) {
        tracing::warn!(%error, "reading a file to send failed");
        return Poll::Ready(Some(Err(TornDown)));
    }
    let bytes = window.filled().len();
    match (bytes, left) {
        (0, Some(1..)) => Poll::Ready(Some(Err(TornDown))),
        (0, _) => Poll::Ready(None),
        (_, left) => {
            if let Some(left) = left {
                *left -= bytes as u64;
            }
            Poll::Ready(Some(Ok(buffer.split_to(bytes).freeze())))
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    async fn read(data: &'static [u8], length: Option<u64>) -> Option<Vec<u8>> {
        let body = AnswerBody::reader(Box::pin(data), length);
        let whole = body.collect().await.ok()?;
        Some(whole.to_bytes().to_vec())
    }

    #[tokio::test]
    async fn streams_end_with_their_length() {
        let data = b"0123456789";
        assert_eq!(read(data, None).await.as_deref(), Some(&data[..]));
        assert_eq!(read(data, Some(10)).await.as_deref(), Some(&data[..]));
        assert_eq!(read(data, Some(4)).await.as_deref(), Some(&data[..4]));
        assert_eq!(read(data, Some(11)).await, None);
        let long: &'static [u8] = vec![7; 3 * PIECE + 1].leak();
        assert_eq!(read(long, None).await.as_deref(), Some(long));
    }
}
