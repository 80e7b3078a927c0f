//! `multipart/form-data`, made of its parts while the connection takes it.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::sent::Sent;
use crate::error::{Error, FileError};
use crate::wire::{BoxSource, Part, Progress};

/// Bytes handed to the connection at a time.
const FRAME: usize = 64 << 10;

/// A form on its way. Nothing of it is joined in memory: pieces of the sources go out as they come.
pub(super) struct Form {
    /// Never contended: the connection alone has the form. A lock makes it `Sync`, as bodies have to be.
    inner: Mutex<Inner>,
    total: Option<u64>,
}

struct Inner {
    pieces: VecDeque<Piece>,
    sent: Arc<Sent>,
    total: Option<u64>,
    progress: Option<Progress>,
}

enum Piece {
    /// Delimiters, heads of parts.
    Text(Bytes),
    Source {
        bytes: BoxSource,
        declared: Option<u64>,
        seen: u64,
        /// What came and was too much for one frame.
        rest: Bytes,
    },
}

impl Form {
    /// The form of these parts. The boundary must not occur in any of them.
    pub(super) fn new(
        parts: Vec<Part>,
        boundary: &str,
        sent: Arc<Sent>,
        progress: Option<Progress>,
    ) -> Self {
        let mut pieces = VecDeque::with_capacity(parts.len() * 2 + 1);
        let mut total = Some(0u64);
        let add = |total: &mut Option<u64>, length: Option<u64>| {
            *total = total
                .zip(length)
                .and_then(|(total, length)| total.checked_add(length));
        };
        let mut between = "";
        for part in parts {
            let head = format!("{between}--{boundary}\r\n{}\r\n", head(&part));
            between = "\r\n";
            add(&mut total, Some(head.len() as u64));
            pieces.push_back(Piece::Text(head.into()));
            let source = part.into_source();
            add(&mut total, source.length());
            pieces.push_back(Piece::Source {
                declared: source.length(),
                bytes: source.into_bytes(),
                seen: 0,
                rest: Bytes::new(),
            });
        }
        let end = format!("{between}--{boundary}--\r\n");
        add(&mut total, Some(end.len() as u64));
        pieces.push_back(Piece::Text(end.into()));
        Self {
            total,
            inner: Mutex::new(Inner {
                pieces,
                sent,
                total,
                progress,
            }),
        }
    }

    fn inner(&mut self) -> &mut Inner {
        self.inner.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The head of a part. Its names were checked.
fn head(part: &Part) -> String {
    let name = part.name();
    match (part.file_name(), part.content_type()) {
        (Some(file_name), Some(content_type)) => format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: {content_type}\r\n"
        ),
        _ => format!("Content-Disposition: form-data; name=\"{name}\"\r\n"),
    }
}

impl Inner {
    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            match self.pieces.front_mut() {
                None => return Poll::Ready(None),
                Some(Piece::Text(text)) => {
                    let text = std::mem::take(text);
                    self.pieces.pop_front();
                    return Poll::Ready(Some(Ok(text)));
                }
                Some(Piece::Source { rest, .. }) if !rest.is_empty() => {
                    let frame = rest.split_to(rest.len().min(FRAME));
                    return Poll::Ready(Some(Ok(frame)));
                }
                Some(Piece::Source {
                    bytes,
                    declared,
                    seen,
                    rest,
                }) => match ready!(bytes.as_mut().poll_next(context)) {
                    Some(Ok(bytes)) => {
                        *seen += bytes.len() as u64;
                        if let Some(declared) = declared.filter(|declared| *seen > *declared) {
                            return Poll::Ready(Some(Err(wrong_length(declared, *seen))));
                        }
                        *rest = bytes;
                    }
                    Some(Err(error)) => {
                        let error = Error::from(FileError::Source).with_source(error);
                        return Poll::Ready(Some(Err(error)));
                    }
                    None => {
                        if let Some(declared) = declared.filter(|declared| seen != declared) {
                            return Poll::Ready(Some(Err(wrong_length(declared, *seen))));
                        }
                        self.pieces.pop_front();
                    }
                },
            }
        }
    }
}

fn wrong_length(declared: u64, seen: u64) -> Error {
    FileError::SourceLength { declared, seen }.into()
}

impl Body for Form {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let inner = self.inner();
        if !inner.sent.may_go_on() {
            // Nothing wakes this again: the rest is not wanted.
            return Poll::Pending;
        }
        let Some(bytes) = ready!(inner.poll_bytes(context)) else {
            return Poll::Ready(None);
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                inner.sent.fail(error);
                return Poll::Ready(Some(Err(io::ErrorKind::InvalidInput.into())));
            }
        };
        let taken = inner.sent.took(bytes.len(), inner.pieces.is_empty());
        if let Some(progress) = &mut inner.progress {
            progress(taken, inner.total);
        }
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pieces
            .is_empty()
    }

    /// Exact where all lengths are known, so that the request has a `Content-Length` and is not chunked.
    fn size_hint(&self) -> SizeHint {
        self.total
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
