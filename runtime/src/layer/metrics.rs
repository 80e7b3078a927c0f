//! What programs count: calls, errors, times, bytes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::Instant;

use crate::error::{Error, Outcome};
use crate::wire::{
    BoxFuture, BoxStream, DownloadRequest, IncomingFile, Item, Layer, Reply, Request, Transport,
    UploadAnswer, UploadRequest,
};

/// Is told of everything that goes over a wire. Put it around one with [`Metrics`].
///
/// It is called where the call is made, so it must not block. Nothing is allocated for it.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
/// use xerus_rpc::layer::metrics::{End, Metrics, Observer, Subject};
/// use xerus_rpc::{Agent, Json, MemoryTransport, server::Router};
///
/// #[derive(Default)]
/// struct Counters {
///     under_way: AtomicI64,
///     made: AtomicU64,
///     failed: AtomicU64,
///     given_up: AtomicU64,
///     microseconds: AtomicU64,
///     bytes: AtomicU64,
/// }
///
/// impl Observer for Counters {
///     fn begin(&self, _: &Subject<'_>) {
///         self.under_way.fetch_add(1, Relaxed);
///     }
///
///     fn end(&self, _: &Subject<'_>, end: &End) {
///         self.under_way.fetch_sub(1, Relaxed);
///         self.made.fetch_add(1, Relaxed);
///         self.failed.fetch_add(u64::from(end.outcome.is_some()), Relaxed);
///         self.given_up.fetch_add(u64::from(end.cancelled), Relaxed);
///         self.microseconds.fetch_add(end.elapsed.as_micros() as u64, Relaxed);
///         self.bytes.fetch_add(end.bytes, Relaxed);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let counters = Arc::new(Counters::default());
/// let device = Arc::new(MemoryTransport::new(Router::new()));
/// let agent = Agent::with_transport(Arc::new(Metrics::new(device, counters.clone())));
/// agent.call("/nowhere", "getState", Json::EMPTY_OBJECT).await.unwrap_err();
/// assert_eq!((counters.made.load(Relaxed), counters.failed.load(Relaxed)), (1, 1));
/// assert_eq!(counters.under_way.load(Relaxed), 0);
/// # }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Something begins. Default: nothing.
    fn begin(&self, subject: &Subject<'_>) {
        let _ = subject;
    }

    /// It ended, or the caller gave it up. Comes once for each [`begin`](Self::begin).
    fn end(&self, subject: &Subject<'_>, end: &End);
}

/// What a wire is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Use {
    /// A call with an answer. A bulk request is one call, of `performBulk`.
    Call,
    /// A call without an answer.
    Notify,
    /// A call that reports progress.
    Stream,
    /// A file from the device.
    Download,
    /// Files to the device.
    Upload,
}

/// What begins or ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Subject<'a> {
    /// What the wire is used for.
    pub usage: Use,
    /// Where the device is, without credentials.
    pub origin: &'a str,
    /// The object that is called, or the path of a file: an unbounded set, no label for a metric.
    pub target: &'a str,
    /// The interface of the method, such as `pdumodel.Outlet:2.1.7`; `None` for calls without bindings and for files.
    pub interface: Option<&'static str>,
    /// The name of the method in the IDL; empty for files.
    pub method: &'a str,
}

/// How something ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct End {
    /// Time since it began. A file ends with its last byte.
    pub elapsed: Duration,
    /// How often the request was sent; 0 where the wire does not tell.
    pub attempts: u32,
    /// `ok`, `cancelled`, or the [code](Error::code) of the error. Few different ones: a label for a metric.
    ///
    /// An error of the device that comes as an answer counts (`Rpc`); what is wrong with results, and return codes, is found
    /// out when the call reads them, and is `ok` here.
    pub code: &'static str,
    /// Whether the device executed what failed; `None` for what did not fail.
    pub outcome: Option<Outcome>,
    /// The size of the answer or of the file that came, in bytes, without headers; of an upload the size of its answer.
    pub bytes: u64,
    /// The caller gave it up: it was dropped before its end.
    pub cancelled: bool,
}

/// A layer that tells an [`Observer`] what goes through it.
///
/// `AgentBuilder::layer` puts it around the transport: the layers that are added later are outside of it, and what they
/// answer themselves is not seen.
pub struct Metrics<O> {
    inner: Arc<dyn Transport>,
    observer: Arc<O>,
}

impl<O: Observer> Metrics<O> {
    /// Puts an observer around a transport. Several transports may share one.
    #[must_use]
    pub fn new(inner: Arc<dyn Transport>, observer: Arc<O>) -> Self {
        Self { inner, observer }
    }

    fn watch<'a>(&'a self, usage: Use, request: &'a Request) -> Watch<'a, O> {
        Watch::new(
            &*self.observer,
            subject(self.inner.origin(), usage, request),
        )
    }
}

fn subject<'a>(origin: &'a str, usage: Use, request: &'a Request) -> Subject<'a> {
    Subject {
        usage,
        origin,
        target: request.target(),
        interface: request.method().map(|method| method.interface),
        method: request.name(),
    }
}

/// How far something has come.
struct Course {
    begin: Instant,
    end: Option<End>,
    attempts: u32,
    bytes: u64,
}

impl Course {
    fn new() -> Self {
        Self {
            begin: Instant::now(),
            end: None,
            attempts: 0,
            bytes: 0,
        }
    }

    /// Notes that it ended; the first end counts.
    fn over(&mut self, code: &'static str, outcome: Option<Outcome>, cancelled: bool) {
        let end = End {
            elapsed: self.begin.elapsed(),
            attempts: self.attempts,
            code,
            outcome,
            bytes: self.bytes,
            cancelled,
        };
        self.end.get_or_insert(end);
    }

    fn failed(&mut self, error: &Error) {
        if let Some(meta) = error.meta() {
            self.attempts = meta.attempts;
        }
        self.over(error.code(), Some(error.outcome()), false);
    }

    fn replied(&mut self, reply: &Reply) {
        self.attempts = reply.meta().attempts;
        self.bytes += reply.results().body().len() as u64;
        match reply.error() {
            Some(error) => self.over(error.code(), Some(error.outcome()), false),
            None => self.over("ok", None, false),
        }
    }

    /// How it ended; what did not end was given up.
    fn close(&mut self) -> End {
        self.over("cancelled", None, true);
        // There is one since the line above.
        self.end.unwrap_or(End {
            elapsed: Duration::ZERO,
            attempts: 0,
            code: "cancelled",
            outcome: None,
            bytes: 0,
            cancelled: true,
        })
    }
}

/// A call that is watched: tells its end when it is dropped.
struct Watch<'a, O: Observer> {
    observer: &'a O,
    subject: Subject<'a>,
    course: Course,
}

impl<'a, O: Observer> Watch<'a, O> {
    fn new(observer: &'a O, subject: Subject<'a>) -> Self {
        observer.begin(&subject);
        Self {
            observer,
            subject,
            course: Course::new(),
        }
    }
}

impl<O: Observer> Drop for Watch<'_, O> {
    fn drop(&mut self) {
        self.observer.end(&self.subject, &self.course.close());
    }
}

impl<O: Observer> Layer for Metrics<O> {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.inner
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let mut watch = self.watch(Use::Call, request);
            let reply = self.inner.call(request).await;
            match &reply {
                Ok(reply) => watch.course.replied(reply),
                Err(error) => watch.course.failed(error),
            }
            reply
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut watch = self.watch(Use::Notify, request);
            let sent = self.inner.notify(request).await;
            match &sent {
                Ok(()) => watch.course.over("ok", None, false),
                Err(error) => watch.course.failed(error),
            }
            sent
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let course = Follow::new(&self.observer, &self.inner, Use::Stream, request.clone());
        Box::pin(Stepwise {
            inner: Arc::clone(&self.inner).stream(request),
            follow: course,
        })
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        Box::pin(async move {
            let of_file = request.target().to_owned();
            let mut follow = Follow::new(&self.observer, &self.inner, Use::Download, of_file);
            match self.inner.download(request).await {
                Ok(file) => Ok(watched(file, follow)),
                Err(error) => {
                    follow.course.failed(&error);
                    Err(error)
                }
            }
        })
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        Box::pin(async move {
            let of_file = request.target().to_owned();
            let mut follow = Follow::new(&self.observer, &self.inner, Use::Upload, of_file);
            let answer = self.inner.upload(request).await;
            match &answer {
                Ok(answer) => {
                    follow.course.bytes = answer.body().len() as u64;
                    follow.course.over("ok", None, false);
                }
                Err(error) => follow.course.failed(error),
            }
            answer
        })
    }
}

/// What has a subject.
trait Named: Send + 'static {
    fn subject<'a>(&'a self, origin: &'a str, usage: Use) -> Subject<'a>;
}

impl Named for Request {
    fn subject<'a>(&'a self, origin: &'a str, usage: Use) -> Subject<'a> {
        subject(origin, usage, self)
    }
}

/// The path of a file.
impl Named for String {
    fn subject<'a>(&'a self, origin: &'a str, usage: Use) -> Subject<'a> {
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
struct Follow<O: Observer, N: Named> {
    observer: Arc<O>,
    device: Arc<dyn Transport>,
    usage: Use,
    of: N,
    course: Course,
}

impl<O: Observer, N: Named> Follow<O, N> {
    fn new(observer: &Arc<O>, device: &Arc<dyn Transport>, usage: Use, of: N) -> Self {
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
struct Stepwise<S, O: Observer, N: Named> {
    inner: S,
    follow: Follow<O, N>,
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
fn watched<O: Observer>(file: IncomingFile, follow: Follow<O, String>) -> IncomingFile {
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
