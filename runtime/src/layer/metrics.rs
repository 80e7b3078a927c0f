//! What programs count: calls, errors, times, bytes.

mod course;
mod follow;

use std::sync::Arc;
use std::time::Duration;

use course::Watch;
use follow::{Follow, Stepwise, watched};

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

/// What begins or ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Subject<'a> {
    /// What the wire is used for: `call`, `notify` (a call without an answer), `stream` (one that reports progress),
    /// `download` or `upload`. A bulk request is one call, of `performBulk`.
    pub usage: &'static str,
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

    fn watch<'a>(&'a self, usage: &'static str, request: &'a Request) -> Watch<'a, O> {
        Watch::new(
            &*self.observer,
            subject(self.inner.origin(), usage, request),
        )
    }
}

fn subject<'a>(origin: &'a str, usage: &'static str, request: &'a Request) -> Subject<'a> {
    Subject {
        usage,
        origin,
        target: request.target(),
        interface: request.method().map(|method| method.interface),
        method: request.name(),
    }
}

impl<O: Observer> Layer for Metrics<O> {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.inner
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let mut watch = self.watch("call", request);
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
            let mut watch = self.watch("notify", request);
            let sent = self.inner.notify(request).await;
            match &sent {
                Ok(()) => watch.course.over("ok", None, false),
                Err(error) => watch.course.failed(error),
            }
            sent
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let course = Follow::new(&self.observer, &self.inner, "stream", request.clone());
        Box::pin(Stepwise {
            inner: Arc::clone(&self.inner).stream(request),
            follow: course,
        })
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        Box::pin(async move {
            let of_file = request.target().to_owned();
            let mut follow = Follow::new(&self.observer, &self.inner, "download", of_file);
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
            let mut follow = Follow::new(&self.observer, &self.inner, "upload", of_file);
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
