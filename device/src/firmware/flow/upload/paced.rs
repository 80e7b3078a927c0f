//! A source that stops for a moment after each piece.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use xerus_rpc::wire::{BoxStream, Source};

/// Gives the bytes of a source in pieces of this size, and lets others have their turn after each, so that it can be told how
/// far the upload is, however fast both sides are.
pub(super) fn paced(source: Source, piece: usize) -> Source {
    let length = source.length();
    let pieces = Paced {
        bytes: source.into_bytes(),
        rest: Bytes::new(),
        piece: piece.max(1),
        rests: false,
    };
    match length {
        Some(length) => Source::stream(length, pieces),
        None => Source::stream_of_unknown_length(pieces),
    }
}

struct Paced {
    bytes: BoxStream<'static, io::Result<Bytes>>,
    rest: Bytes,
    piece: usize,
    /// The next turn is somebody else's.
    rests: bool,
}

impl Stream for Paced {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if std::mem::take(&mut this.rests) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.rest.is_empty() {
            match ready!(this.bytes.as_mut().poll_next(context)) {
                Some(Ok(bytes)) => this.rest = bytes,
                other => return Poll::Ready(other),
            }
        }
        this.rests = true;
        let piece = this.rest.len().min(this.piece);
        Poll::Ready(Some(Ok(this.rest.split_to(piece))))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn nothing_is_lost_in_pieces() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
        let source = paced(Source::from(bytes.clone()), 300);
        assert_eq!(source.length(), Some(1_000));
        let pieces: Vec<_> = source.into_bytes().map(Result::unwrap).collect().await;
        assert_eq!(
            pieces.iter().map(Bytes::len).collect::<Vec<_>>(),
            [300, 300, 300, 100]
        );
        assert_eq!(pieces.concat(), bytes);
    }
}
