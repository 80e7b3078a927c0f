//! The layer of a recorder.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::bulk::{self, Part};
use super::entry::{Answer, Called, Fetched, Given, What};
use super::file::{self, Incoming, Parts};
use super::json::Node;
use super::recorder::{Recorder, Seat};
use crate::error::Error;
use crate::wire::{
    BoxFuture, BoxStream, Credentials, DownloadRequest, IncomingFile, Item, Layer, Reply, Request,
    Transport, UploadAnswer, UploadRequest,
};

/// Records what goes through it.
pub(super) struct Recording {
    recorder: Recorder,
    inner: Arc<dyn Transport>,
}

impl Recording {
    pub(super) fn new(recorder: Recorder, inner: Arc<dyn Transport>) -> Self {
        Self { recorder, inner }
    }
}

/// An exchange that began. Dropped before it ended, it is written as given up.
pub(super) struct Open {
    recorder: Recorder,
    seat: Seat,
    what: Option<Asked>,
}

enum Asked {
    One(What),
    Bulk(Called, Vec<Part>),
    /// What was sent is known at the end only.
    Upload(Given, Parts),
}

impl Open {
    pub(super) fn new(recorder: &Recorder, what: What) -> Self {
        Self {
            recorder: recorder.clone(),
            seat: recorder.begin(1, false),
            what: Some(Asked::One(what)),
        }
    }

    fn call(recorder: &Recorder, request: &Request) -> Self {
        match bulk::parts(request) {
            Some(parts) if !parts.is_empty() => Self {
                recorder: recorder.clone(),
                seat: recorder.begin(parts.len(), true),
                what: Some(Asked::Bulk(called(request), parts)),
            },
            _ => Self::new(recorder, What::Call(called(request))),
        }
    }

    pub(super) fn end(&mut self, answer: Answer) {
        let exchanges = match self.what.take() {
            None => return,
            Some(Asked::One(what)) => vec![(what, answer)],
            Some(Asked::Upload(mut given, parts)) => {
                given.parts = parts.told();
                vec![(What::Upload(given), answer)]
            }
            Some(Asked::Bulk(whole, parts)) => match bulk::answers(&parts, &answer) {
                Some(answers) => {
                    let calls = parts.into_iter().map(|part| What::Call(part.called));
                    calls.zip(answers).collect()
                }
                // Nobody knows whose it is: then it is the request that was answered.
                None => vec![(What::Call(whole), answer)],
            },
        };
        self.recorder.end(&self.seat, exchanges);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.end(Answer::GivenUp);
    }
}

/// What a request asks for.
pub(super) fn called(request: &Request) -> Called {
    let params = Node::parse_bytes(request.args().by_name());
    Called {
        target: request.target().to_owned(),
        method: request.name().to_owned(),
        params: params.unwrap_or_else(|| Node::Object(Vec::new())),
    }
}

/// What stands behind a path, as an object.
pub(super) fn query<'q>(query: impl Iterator<Item = (&'q str, &'q str)>) -> Node {
    Node::object(query.map(|(name, value)| (name, Some(Node::text(value)))))
}

impl Layer for Recording {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.inner
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let mut open = Open::call(&self.recorder, request);
            let reply = self.inner.call(request).await;
            open.end(Answer::of(&reply));
            reply
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let mut open = Open::new(&self.recorder, What::Notify(called(request)));
            let sent = self.inner.notify(request).await;
            open.end(match &sent {
                Ok(()) => Answer::Nothing,
                Err(error) => Answer::of(&Err(error.clone())),
            });
            sent
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let open = Open::new(&self.recorder, What::Stream(called(&request)));
        Box::pin(Watched {
            inner: Arc::clone(&self.inner).stream(request),
            open,
            reports: Vec::new(),
        })
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        Box::pin(async move {
            let what = What::Download(Fetched {
                target: request.target().to_owned(),
                query: query(request.query()),
                offset: request.offset(),
            });
            let mut open = Open::new(&self.recorder, what);
            match self.inner.download(request).await {
                Ok(file) => Ok(Incoming::watch(file, open)),
                Err(error) => {
                    open.end(Answer::of(&Err(error.clone())));
                    Err(error)
                }
            }
        })
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        Box::pin(async move {
            let given = Given {
                target: request.target().to_owned(),
                query: query(request.query()),
                parts: Node::List(Vec::new()),
            };
            let (request, parts) = Parts::watch(request);
            let mut open = Open {
                recorder: self.recorder.clone(),
                seat: self.recorder.begin(1, false),
                what: Some(Asked::Upload(given, parts)),
            };
            let answer = self.inner.upload(request).await;
            open.end(match &answer {
                Ok(answer) => file::uploaded(answer),
                Err(error) => Answer::of(&Err(error.clone())),
            });
            answer
        })
    }

    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        self.recorder.learn(&credentials);
        self.inner.login(credentials)
    }
}

/// A call that reports progress.
struct Watched {
    inner: BoxStream<'static, Result<Item, Error>>,
    open: Open,
    reports: Vec<Node>,
}

impl Watched {
    fn end(&mut self, answer: Answer) {
        let reports = std::mem::take(&mut self.reports);
        self.open.end(if reports.is_empty() {
            answer
        } else {
            Answer::Progress(reports, Box::new(answer))
        });
    }
}

impl Stream for Watched {
    type Item = Result<Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.inner.as_mut().poll_next(context);
        match &next {
            Poll::Ready(Some(Ok(Item::Progress(report)))) => {
                let body = report.results().body();
                let text = || Node::text(String::from_utf8_lossy(body));
                let report = Node::parse_bytes(body).unwrap_or_else(text);
                self.reports.push(report);
            }
            Poll::Ready(Some(Ok(Item::Final(reply)))) => {
                let answer = Answer::of(&Ok(reply.clone()));
                self.end(answer);
            }
            Poll::Ready(Some(Err(error))) => {
                let answer = Answer::of(&Err(error.clone()));
                self.end(answer);
            }
            Poll::Ready(None) => self.end(Answer::Nothing),
            Poll::Pending => {}
        }
        next
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.end(Answer::GivenUp);
    }
}
