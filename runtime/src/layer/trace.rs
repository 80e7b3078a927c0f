//! A span for each call.

use std::sync::Arc;

use tracing::field::Empty;
use tracing::{Instrument as _, Span};

use crate::error::Error;
use crate::wire::{
    BoxFuture, DownloadRequest, IncomingFile, Layer, Reply, Request, Transport, UploadAnswer,
    UploadRequest,
};

/// A layer that puts a span of `tracing` around each call: what happens inside, from connecting to the events of other
/// layers, is then seen as a part of it.
///
/// Spans have the target `xerus_rpc::call`, level debug, and the fields `origin`, `rid`, `interface`, `method`, at the end
/// `attempts` and `outcome` (`ok` or the [code](Error::code) of the error). Files have `path` in the place of these. Never
/// in them: parameters, results, headers, queries. A call that is given up has no `outcome`. What nobody listens to
/// costs next to nothing.
///
/// ```
/// use std::sync::Arc;
/// use xerus_rpc::Agent;
/// use xerus_rpc::layer::trace::Trace;
///
/// let agent = Agent::builder("https://192.0.2.7")
///     .layer(|device| Arc::new(Trace::new(device)))
///     .build()?;
/// # drop(agent);
/// # Ok::<(), xerus_rpc::Error>(())
/// ```
#[doc(alias("debug", "logging"))]
pub struct Trace(Arc<dyn Transport>);

impl Trace {
    /// Puts spans around a transport.
    #[must_use]
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self(inner)
    }

    fn span(&self, request: &Request) -> Span {
        tracing::debug_span!(
            target: "xerus_rpc::call",
            "call",
            origin = self.0.origin(),
            rid = request.target(),
            interface = request.method().map(|method| method.interface),
            method = request.name(),
            attempts = Empty,
            outcome = Empty,
        )
    }

    fn file_span(&self, direction: &'static str, path: &str) -> Span {
        tracing::debug_span!(
            target: "xerus_rpc::call",
            "file",
            origin = self.0.origin(),
            path,
            direction,
            outcome = Empty,
        )
    }
}

fn note<T>(span: &Span, result: &Result<T, Error>) {
    span.record(
        "outcome",
        match result {
            Ok(_) => "ok",
            Err(error) => error.code(),
        },
    );
}

impl Layer for Trace {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.0
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        let span = self.span(request);
        if span.is_disabled() {
            return self.0.call(request);
        }
        Box::pin(async move {
            let reply = self.0.call(request).instrument(span.clone()).await;
            match &reply {
                Ok(answer) => {
                    span.record("attempts", answer.meta().attempts);
                    let error = answer.error();
                    span.record("outcome", error.as_ref().map_or("ok", Error::code));
                }
                Err(_) => note(&span, &reply),
            }
            reply
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        let span = self.span(request);
        Box::pin(async move {
            let sent = self.0.notify(request).instrument(span.clone()).await;
            note(&span, &sent);
            sent
        })
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        let span = self.file_span("download", request.target());
        Box::pin(async move {
            let file = self.0.download(request).instrument(span.clone()).await;
            note(&span, &file);
            file
        })
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        let span = self.file_span("upload", request.target());
        Box::pin(async move {
            let answer = self.0.upload(request).instrument(span.clone()).await;
            note(&span, &answer);
            answer
        })
    }
}
