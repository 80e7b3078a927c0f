//! One topic or pattern that is subscribed to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::options::SubscribeOptions;
use super::sink::Sink;

/// One topic or pattern: one subscription on the router, however many in the program read it.
pub(super) struct Topic {
    pub(super) uri: String,
    pub(super) options: SubscribeOptions,
    sinks: Mutex<Vec<Weak<Sink>>>,
    /// Held while it is being subscribed to or unsubscribed from.
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

impl Topic {
    pub(super) fn new(uri: &str, options: &SubscribeOptions) -> Arc<Self> {
        Arc::new(Self {
            uri: uri.to_owned(),
            options: options.clone(),
            sinks: Mutex::default(),
            turn: Arc::default(),
        })
    }

    /// Whether somebody who wants this can be served by it.
    pub(super) fn is(&self, uri: &str, options: &SubscribeOptions) -> bool {
        self.uri == uri && self.options.matching == options.matching
    }

    pub(super) fn add(&self, sink: &Arc<Sink>) {
        let mut sinks = self.sinks();
        if !sinks
            .iter()
            .any(|known| std::ptr::eq(known.as_ptr(), Arc::as_ptr(sink)))
        {
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

    fn sinks(&self) -> MutexGuard<'_, Vec<Weak<Sink>>> {
        self.sinks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
