//! What the thread that listens and whoever is told have in common.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::error::Error;
use crate::event::Event;
use crate::state::{Full, State};

#[derive(Clone, Debug)]
pub(crate) struct Shared(Arc<(Mutex<Inner>, Condvar)>);

#[derive(Debug)]
struct Inner {
    state: State,
    end: End,
    waker: Option<Waker>,
}

#[derive(Debug)]
enum End {
    NotYet,
    With(Error),
    Told,
}

impl Shared {
    pub(crate) fn new(limit: usize) -> Self {
        let inner = Inner {
            state: State::new(limit),
            end: End::NotYet,
            waker: None,
        };
        Self(Arc::new((Mutex::new(inner), Condvar::new())))
    }

    /// No state is left half done, so a panic elsewhere does no harm to it.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, mut inner: MutexGuard<'_, Inner>) {
        let waker = inner.waker.take();
        drop(inner);
        self.0.1.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut State) -> Result<(), Full>,
    ) -> Result<(), Full> {
        let mut inner = self.lock();
        let changed = change(&mut inner.state);
        self.wake(inner);
        changed
    }

    pub(crate) fn end(&self, end: Result<(), Error>) {
        let mut inner = self.lock();
        inner.end = end.map_or_else(End::With, |()| End::Told);
        self.wake(inner);
    }

    /// The next item, or whether there will be none; `Pending` registers the waker.
    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Event, Error>>> {
        let mut inner = self.lock();
        match inner.next() {
            Some(item) => Poll::Ready(item),
            None => {
                inner.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    /// The next item, waited for.
    pub(crate) fn wait(&self) -> Option<Result<Event, Error>> {
        let mut inner = self.lock();
        loop {
            if let Some(item) = inner.next() {
                return item;
            }
            inner = self.0.1.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Inner {
    /// `None` if nothing is there yet, `Some(None)` after the end.
    fn next(&mut self) -> Option<Option<Result<Event, Error>>> {
        if let Some(event) = self.state.next() {
            return Some(Some(Ok(event)));
        }
        match std::mem::replace(&mut self.end, End::Told) {
            End::NotYet => {
                self.end = End::NotYet;
                None
            }
            End::With(error) => Some(Some(Err(error))),
            End::Told => Some(None),
        }
    }
}
