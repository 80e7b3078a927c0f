//! Layers: one that keeps what passes, one that plays it again.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{StreamExt as _, stream};
use xerus_rpc::error::ConfigError;
use xerus_rpc::wire::{BoxFuture, BoxStream, Item, Layer, Reply, Request, Transport};
use xerus_rpc::{Credentials, Error};

/// A transport with nothing of its own, to be put around others.
pub struct Plain(pub Arc<dyn Transport>);

impl Layer for Plain {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.0
    }
}

/// What passed once.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Target, name and arguments.
    pub asked: (String, String, String),
    /// What came back: items in order. A call has one.
    pub came: Vec<Result<Item, Error>>,
}

/// Everything that passed.
pub type Tape = Arc<Mutex<Vec<Passed>>>;

fn asked(request: &Request) -> (String, String, String) {
    let args = String::from_utf8_lossy(request.args().by_name()).into_owned();
    (request.target().into(), request.name().into(), args)
}

fn keep(tape: &Tape, passed: Passed) {
    tape.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(passed);
}

/// Keeps calls, notifications and streams with what came back.
pub struct Record {
    inner: Arc<dyn Transport>,
    tape: Tape,
}

impl Record {
    /// A recorder around a transport.
    #[must_use]
    pub fn new(inner: Arc<dyn Transport>, tape: Tape) -> Self {
        Self { inner, tape }
    }
}

impl Layer for Record {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.inner
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let reply = self.inner.call(request).await;
            let came = vec![reply.clone().map(Item::Final)];
            keep(
                &self.tape,
                Passed {
                    asked: asked(request),
                    came,
                },
            );
            reply
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let told = self.inner.notify(request).await;
            let came = told.clone().err().map(Err).into_iter().collect();
            keep(
                &self.tape,
                Passed {
                    asked: asked(request),
                    came,
                },
            );
            told
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let asked = asked(&request);
        let tape = Arc::clone(&self.tape);
        let mut came = Vec::new();
        let items = Arc::clone(&self.inner).stream(request);
        Box::pin(items.inspect(move |item| {
            came.push(item.clone());
            if !matches!(item, Ok(Item::Progress(_))) {
                let passed = Passed {
                    asked: asked.clone(),
                    came: came.clone(),
                };
                keep(&tape, passed);
            }
        }))
    }
}

/// Answers from a tape; what is behind it is asked for nothing but its name and what it can do.
pub struct Replay {
    like: Arc<dyn Transport>,
    tape: Mutex<std::collections::VecDeque<Passed>>,
}

impl Replay {
    /// Plays what passed, in order, with the face of `like`.
    #[must_use]
    pub fn new(like: Arc<dyn Transport>, tape: &Tape) -> Self {
        let passed = tape.lock().unwrap_or_else(PoisonError::into_inner);
        let tape = Mutex::new(passed.iter().cloned().collect());
        Self { like, tape }
    }

    fn next(&self, request: &Request) -> Result<Vec<Result<Item, Error>>, Error> {
        let mut tape = self.tape.lock().unwrap_or_else(PoisonError::into_inner);
        match tape.pop_front() {
            Some(passed) if passed.asked == asked(request) => Ok(passed.came),
            _ => Err(ConfigError::Unsupported("the tape has something else here").into()),
        }
    }
}

impl Layer for Replay {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.like
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            match self.next(request)?.pop() {
                Some(Ok(Item::Final(reply))) => Ok(reply),
                Some(Err(error)) => Err(error),
                _ => Err(ConfigError::Unsupported("the tape has no answer here").into()),
            }
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            match self.next(request)?.pop() {
                Some(Err(error)) => Err(error),
                _ => Ok(()),
            }
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let items = self.next(&request).unwrap_or_else(|error| vec![Err(error)]);
        Box::pin(stream::iter(items))
    }

    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        drop(credentials);
        Box::pin(async { Ok(()) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
