//! What outlives the call that began it: progress, and files.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::course::Course;
use super::{Observer, Subject, subject};
use crate::error::Error;
use crate::wire::{BoxStream, IncomingFile, Item, Request, Transport};

/// What has a subject.
pub(super) trait Named: Send + 'static {
    fn subject<'a>(&'a self, origin: &'a str, usage: &'static str) -> Subject<'a>;
}

impl Named for Request {
    fn subject<'a>(&'a self, origin: &'a str, usage: &'static str) -> Subject<'a> {
        subject(origin, usage, self)
    }
}

/// The path of a file.
impl Named for String {
    fn subject<'a>(&'a self, origin: &'a str, usage: &'static str) -> Subject<'a> {
        Subject {
            usage,
            origin,
            target: self,
            interface: None,
            method: "",
        }
    }
}

/// As [`Watch`], for what outlives the call that began it.
pub(super) struct Follow<O: Observer, N: Named> {
    observer: Arc<O>,
    device: Arc<dyn Transport>,
    usage: &'static str,
    of: N,
    pub(super) course: Course,
}

impl<O: Observer, N: Named> Follow<O, N> {
    pub(super) fn new(
        observer: &Arc<O>,
        device: &Arc<dyn Transport>,
        usage: &'static str,
        of: N,
    ) -> Self {
        observer.begin(&of.subject(device.origin(), usage));
        Self {
            observer: Arc::clone(observer),
            device: Arc::clone(device),
            usage,
            of,
            course: Course::new(),
        }
    }
}

impl<O: Observer, N: Named> Drop for Follow<O, N> {
    fn drop(&mut self) {
        let end = self.course.close();
        let subject = self.of.subject(self.device.origin(), self.usage);
        self.observer.end(&subject, &end);
    }
}

/// A call that reports progress, or a file that comes.
pub(super) struct Stepwise<S, O: Observer, N: Named> {
    pub(super) inner: S,
    pub(super) follow: Follow<O, N>,
}

impl<O: Observer> Stream for Stepwise<BoxStream<'static, Result<Item, Error>>, O, Request> {
    type Item = Result<Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.inner.as_mut().poll_next(context);
        let course = &mut self.follow.course;
        match &next {
            Poll::Ready(Some(Ok(Item::Progress(report)))) => {
                course.bytes += report.results().body().len() as u64;
            }
            Poll::Ready(Some(Ok(Item::Final(reply)))) => course.replied(reply),
            Poll::Ready(Some(Err(error))) => course.failed(error),
            Poll::Ready(None) => course.over("ok", None, false),
            Poll::Pending => {}
        }
        next
    }
}

impl<O: Observer> Stream for Stepwise<IncomingFile, O, String> {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.inner).poll_next(context);
        let course = &mut self.follow.course;
        match &next {
            Poll::Ready(Some(Ok(bytes))) => course.bytes += bytes.len() as u64,
            Poll::Ready(Some(Err(error))) => course.failed(error),
            Poll::Ready(None) => course.over("ok", None, false),
            Poll::Pending => {}
        }
        next
    }
}

/// The same file, watched to its end.
pub(super) fn watched<O: Observer>(file: IncomingFile, follow: Follow<O, String>) -> IncomingFile {
    let (length, offset, headers) = (file.length(), file.offset(), file.headers().clone());
    let stepwise = Stepwise {
        inner: file,
        follow,
    };
    let watched = IncomingFile::new(Box::pin(stepwise))
        .with_offset(offset)
        .with_headers(headers);
    match length {
        Some(length) => watched.with_length(length),
        None => watched,
    }
}
