//! What DNS last said about a name.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::{DnsError, ResolveSrv};
use crate::netstring::servers::Server;

/// The longest that one question may take.
const QUESTION: Duration = Duration::from_secs(30);
/// An answer is kept no longer, whatever it says.
const LONGEST: Duration = Duration::from_secs(86_400);
/// The pause after a question that left no servers at all.
const PAUSE: Duration = Duration::from_secs(1);

/// A name, and the servers that DNS last gave for it.
pub(in crate::netstring) struct Srv {
    pub(in crate::netstring) name: String,
    /// How many calls may wait for the answers of each.
    max_waiting: usize,
    resolve: Arc<dyn ResolveSrv>,
    /// The shortest time for which an answer is kept.
    floor: Duration,
    known: watch::Sender<Known>,
}

#[derive(Clone, Default)]
struct Known {
    /// The last good answer.
    servers: Option<Arc<[Server]>>,
    /// Why the last question gave none.
    error: Option<DnsError>,
    /// Until when DNS is not asked again.
    until: Option<Instant>,
    is_asked: bool,
}

impl Known {
    fn is_old(&self) -> bool {
        self.until.is_none_or(|until| until <= Instant::now())
    }
}

impl Srv {
    pub(in crate::netstring) fn new(
        name: String,
        max_waiting: usize,
        resolve: Arc<dyn ResolveSrv>,
        floor: Duration,
    ) -> Self {
        Self {
            name,
            max_waiting,
            resolve,
            floor,
            known: watch::Sender::default(),
        }
    }

    /// The last good answer. When it is old, DNS is asked beside the calls, which go on with it.
    pub(in crate::netstring) fn at_hand(self: &Arc<Self>) -> Option<Arc<[Server]>> {
        self.ask_when_old();
        self.known.borrow().servers.clone()
    }

    /// Why the last question gave no servers; `None` when it did, or there was none.
    pub(in crate::netstring) fn error(&self) -> Option<DnsError> {
        self.known.borrow().error
    }

    /// The servers of now. Waits only where there is no answer yet. A question does not end with the call that began it, so
    /// that a DNS which takes longer than a call is of use for the next one.
    pub(in crate::netstring) async fn servers(self: &Arc<Self>) -> Result<Arc<[Server]>, DnsError> {
        let mut known = self.known.subscribe();
        loop {
            self.ask_when_old();
            {
                let now = known.borrow_and_update();
                if let Some(servers) = &now.servers {
                    return Ok(Arc::clone(servers));
                }
                if let Some(error) = now.error
                    && !now.is_asked
                {
                    return Err(error);
                }
            }
            // The sender is here.
            let _ = known.changed().await;
        }
    }

    fn ask_when_old(self: &Arc<Self>) {
        let mut asks = false;
        self.known.send_if_modified(|known| {
            asks = known.is_old() && !known.is_asked;
            known.is_asked |= asks;
            // Nobody waits for this.
            false
        });
        if asks {
            let asking = Asking(Arc::clone(self));
            tokio::spawn(async move { asking.0.ask().await });
        }
    }

    async fn ask(&self) {
        let answer = tokio::time::timeout(QUESTION, self.resolve.records(&self.name)).await;
        let answer = answer.unwrap_or(Err(DnsError::TimedOut));
        let ttl = answer.as_ref().map_or(Duration::ZERO, |answer| answer.ttl);
        let servers = answer.and_then(|answer| answer.servers(self.max_waiting));
        self.known.send_modify(|known| {
            let pause = match (&servers, &known.servers) {
                (Ok(_), _) => ttl.clamp(self.floor, LONGEST.max(self.floor)),
                // An empty answer, or none, takes no server away: they are there as long as they answer.
                (Err(_), Some(_)) => self.floor,
                (Err(_), None) => self.floor.min(PAUSE),
            };
            known.until = Instant::now().checked_add(pause);
            known.error = servers.as_ref().err().copied();
            known.servers = servers.ok().map(Arc::from).or_else(|| known.servers.take());
            known.is_asked = false;
        });
    }
}

/// A question that is under way; it may end with the runtime, or with a panic of what asks.
struct Asking(Arc<Srv>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.known.send_if_modified(|known| {
            let is_unanswered = std::mem::replace(&mut known.is_asked, false);
            if is_unanswered && std::thread::panicking() {
                // It would panic again, at once and for ever, if who waits for it asked anew.
                known.error = Some(DnsError::Other);
                known.until = Instant::now().checked_add(PAUSE);
            }
            // Who waits for it in another runtime asks anew.
            is_unanswered
        });
    }
}
