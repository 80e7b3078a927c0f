//! The sessions of one configuration.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustls::NamedGroup;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::pki_types::ServerName;

/// Tickets of TLS 1.3 that are kept. A ticket is used once, so agents that start together need one each.
const TICKETS: usize = 8;

/// How long sessions spare the look at a certificate. Each resumed handshake brings new tickets, so without an end of ours a
/// program that calls every minute would never see that a certificate expired.
pub(super) const UNCHECKED: Duration = Duration::from_secs(24 * 60 * 60);

/// When a certificate was last looked at and accepted.
#[derive(Debug)]
pub(super) struct LastCheck {
    start: Instant,
    /// Since the start.
    milliseconds: AtomicU64,
}

impl LastCheck {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            milliseconds: AtomicU64::new(0),
        })
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Now it was.
    pub(super) fn note(&self) {
        self.milliseconds.store(self.elapsed(), Ordering::Relaxed);
    }

    fn is_within(&self, time: Duration) -> bool {
        let since = self
            .elapsed()
            .saturating_sub(self.milliseconds.load(Ordering::Relaxed));
        Duration::from_millis(since) < time
    }
}

/// A store that gives sessions out only for some time after the last full handshake.
pub(super) struct Sessions {
    store: ClientSessionMemoryCache,
    last_check: Arc<LastCheck>,
    unchecked: Duration,
}

impl Sessions {
    pub(super) fn new(last_check: Arc<LastCheck>, unchecked: Duration) -> Self {
        Self {
            store: ClientSessionMemoryCache::new(TICKETS),
            last_check,
            unchecked,
        }
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not what is in it: it holds secrets.
        f.write_str("Sessions")
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, name: ServerName<'static>, group: NamedGroup) {
        self.store.set_kx_hint(name, group);
    }

    fn kx_hint(&self, name: &ServerName<'_>) -> Option<NamedGroup> {
        self.store.kx_hint(name)
    }

    fn set_tls12_session(&self, name: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.store.set_tls12_session(name, session);
    }

    fn tls12_session(&self, name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        let session = self.store.tls12_session(name)?;
        self.last_check.is_within(self.unchecked).then_some(session)
    }

    fn remove_tls12_session(&self, name: &ServerName<'static>) {
        self.store.remove_tls12_session(name);
    }

    fn insert_tls13_ticket(&self, name: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        self.store.insert_tls13_ticket(name, ticket);
    }

    fn take_tls13_ticket(&self, name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        // Taken in any case: one that is too old now stays so.
        let ticket = self.store.take_tls13_ticket(name)?;
        self.last_check.is_within(self.unchecked).then_some(ticket)
    }
}

#[cfg(test)]
mod tests;
