//! One topic or pattern that is subscribed to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::sink::Sink;
use crate::wamp::callee::Match;

/// One topic or pattern: one subscription on the router, however many in the program read it.
pub(super) struct Topic {
    pub(super) uri: String,
    pub(super) matching: Match,
    sinks: Mutex<Vec<Weak<Sink>>>,
    /// Who asked last for what the router kept of it; nothing where nobody ever did.
    asked: Mutex<Option<Vec<Weak<Sink>>>>,
    /// Held while it is being subscribed to or unsubscribed from.
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

impl Topic {
    pub(super) fn new(uri: &str, matching: Match) -> Arc<Self> {
        Arc::new(Self {
            uri: uri.to_owned(),
            matching,
            sinks: Mutex::default(),
            asked: Mutex::default(),
            turn: Arc::default(),
        })
    }

    /// Whether somebody who wants this can be served by it.
    pub(super) fn is(&self, uri: &str, matching: Match) -> bool {
        self.uri == uri && self.matching == matching
    }

    pub(super) fn add(&self, sink: &Arc<Sink>) {
        let mut sinks = self.sinks();
        if !sinks.iter().any(|known| is(known, sink)) {
            sinks.push(Arc::downgrade(sink));
        }
    }

    /// Takes a reader away that will not read it after all.
    pub(super) fn remove(&self, sink: &Weak<Sink>) {
        self.sinks().retain(|known| !Weak::ptr_eq(known, sink));
    }

    /// Those who read it, without those who went.
    pub(super) fn readers(&self) -> Vec<Arc<Sink>> {
        let mut sinks = self.sinks();
        sinks.retain(|sink| sink.strong_count() > 0);
        sinks.iter().filter_map(Weak::upgrade).collect()
    }

    /// Those for whom an event is: all, or for one that the router kept who asked for it, since it comes to all who share the
    /// subscription. Where it comes though nobody asked, all have it rather than nobody.
    pub(super) fn readers_of(&self, retained: bool) -> Vec<Arc<Sink>> {
        let mut readers = self.readers();
        if retained && let Some(asked) = &*lock(&self.asked) {
            readers.retain(|sink| asked.iter().any(|one| is(one, sink)));
        }
        readers
    }

    /// Notes that the router was asked for this one, and whether for what it kept, which comes next then.
    pub(super) fn asked(&self, retained: bool, sink: Weak<Sink>) {
        if retained {
            *lock(&self.asked) = Some(vec![sink]);
        }
    }

    /// Notes that it was subscribed to on a new session for this reader: events may be missing for the others.
    pub(super) fn again_for_others(&self, than: &Arc<Sink>) {
        for sink in self.readers() {
            if !Arc::ptr_eq(&sink, than) {
                sink.restored();
            }
        }
    }

    /// Notes that it was subscribed to again, for all: events may be missing here, and what the router kept comes for those who asked for that.
    pub(super) fn again(&self) {
        let readers = self.readers();
        let asked = readers.iter().filter(|sink| sink.retained);
        let asked: Vec<_> = asked.map(Arc::downgrade).collect();
        if !asked.is_empty() {
            *lock(&self.asked) = Some(asked);
        }
        for sink in readers {
            sink.restored();
        }
    }

    fn sinks(&self) -> MutexGuard<'_, Vec<Weak<Sink>>> {
        lock(&self.sinks)
    }
}

fn is(known: &Weak<Sink>, sink: &Arc<Sink>) -> bool {
    std::ptr::eq(known.as_ptr(), Arc::as_ptr(sink))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
