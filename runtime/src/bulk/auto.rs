//! Bulk requests that nobody has to write: calls that are made at the same time share one.

mod flight;
mod kept;
mod member;
mod queue;
mod seat;
mod signal;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::time::Instant;

use super::send::is_bulk;
use crate::agent::Agent;
use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::settings::{MAX_BULK_CALLS, MAX_DEPTH, Settings};
use crate::wire::{BoxFuture, Layer, Reply, Request, Transport};
use member::Member;
use queue::Queue;
use seat::Verdict;

/// Puts calls that are made at the same time into one bulk request, without a change to the code that makes them.
///
/// For programs whose parts ask the same device without knowing of each other: fifty tasks that each read a sensor send
/// one request, not fifty. Where one place has all the calls, [`Agent::bulk`] is the better way.
///
/// `AgentBuilder::auto_bulk` switches it on for an agent over HTTP, [`around`](Self::around) for any other
/// transport.
///
/// * **What joins**: calls that are [repeatable](crate::Call::repeatable), as all that only read, on wires that have bulk
///   requests. What changes something, long polls, calls with attributes and calls that need more time than others are sent
///   alone. [`Call::auto_bulk`](crate::Call::auto_bulk) says otherwise for one call. Calls that change something share
///   requests of their own, never one with reads, so that these may still be sent again; the same goes for long polls.
/// * **When**: a call goes out at once, as a request of its own, when no other waits. Calls that are made while it is under
///   way go together in the next request, so a busy agent has one request under way and one that fills. Nothing waits
///   longer than that unless a [`window`](Self::window) is set.
/// * **Each call stays its own**: it has its own time, error, outcome and [`Meta`](crate::wire::Meta), and can be dropped
///   without harm to the others. When its time is over it ends, and the others go on. The request has the longest time of
///   the calls in it, and is given up when nobody waits for it any more.
/// * **Limits** are those of [`Settings`]: calls and bytes of one request, size of an answer.
/// * **When a request fails as a whole**, each call in it gets that error, under its own name. When the device has no bulk
///   service, the calls are sent alone, and so are all later ones until the agent is [closed](Agent::close).
///
/// No task is started: the calls that wait move the request on, each in turn. Calls that are made in different tokio
/// runtimes do not share requests. In a runtime, its timers must be enabled.
///
/// ```
/// use std::sync::Arc;
/// use xerus_rpc::bulk::AutoBulk;
/// use xerus_rpc::{Agent, Json, MemoryTransport, Settings, server::Router};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let device = Arc::new(MemoryTransport::new(Router::new()));
/// let settings = Settings::default();
/// let agent = Agent::with_settings(AutoBulk::new().around(device.clone(), &settings), settings);
///
/// let read = |rid| agent.call(rid, "getTypeInfo", Json::EMPTY_OBJECT);
/// let (first, second) = tokio::join!(read("/bulk"), read("/bulk"));
/// assert!(first.is_ok() && second.is_ok());
/// assert_eq!(device.calls(), 1);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "these are options: give them to `AgentBuilder::auto_bulk`, or call `around`"]
pub struct AutoBulk {
    window: Duration,
}

impl AutoBulk {
    /// Without a window.
    pub const fn new() -> Self {
        Self {
            window: Duration::ZERO,
        }
    }

    /// Waits so long for further calls before a request is sent, counted from the first call in it. A request that is full
    /// does not wait.
    ///
    /// Default: no time. Calls that are made together, before the program waits for anything, and calls that are made
    /// while a request is under way share a request in any case. A window of a few milliseconds is for calls that come one
    /// shortly after the other; every call then takes so much longer.
    pub const fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Puts this around a transport. `settings` are those of the agent that will use it.
    #[must_use]
    pub fn around(self, inner: Arc<dyn Transport>, settings: &Settings) -> Arc<dyn Transport> {
        /// How much deeper an answer lies in a bulk answer than alone.
        const DEEPER: usize = 4;
        let mut inside = settings.clone();
        inside.max_depth = settings.max_depth.saturating_add(DEEPER).min(MAX_DEPTH);
        inside.bulk_calls = settings.bulk_calls.clamp(1, MAX_BULK_CALLS);
        Arc::new(Joining {
            agent: Agent::with_settings(Arc::clone(&inner), inside),
            inner,
            window: self.window,
            queues: Mutex::new(Vec::new()),
            lacks_bulk: AtomicBool::new(false),
        })
    }
}

/// The layer that lets calls share requests.
struct Joining {
    inner: Arc<dyn Transport>,
    /// Sends the requests, over the inner transport.
    agent: Agent,
    window: Duration,
    queues: Mutex<Vec<(Kind, Arc<Queue>)>>,
    /// The device has no bulk service.
    lacks_bulk: AtomicBool,
}

/// Which calls share requests.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    /// A connection and its timers belong to the runtime that opened it.
    runtime: Option<runtime::Id>,
    repeatable: bool,
    long_poll: bool,
}

impl Joining {
    /// Whether a call may share a request with others.
    fn joins(&self, request: &Request) -> bool {
        if is_bulk(request.target(), request.name())
            || request.credentials().is_some()
            || self.lacks_bulk.load(Ordering::Relaxed)
            || !self.inner.capabilities().bulk
        {
            return false;
        }
        request.auto_bulk().unwrap_or_else(|| {
            request.is_repeatable()
                && !request.is_long_poll()
                // They are for the request itself.
                && request.attributes().len() == 0
                && !self.is_slow(request)
        })
    }

    /// Whether others would have to wait for a call longer than for calls of their kind.
    fn is_slow(&self, request: &Request) -> bool {
        let own = request.marks().timeout();
        own.is_some_and(|own| own > self.agent.settings().timeout)
    }

    fn queue(&self, request: &Request) -> Arc<Queue> {
        let kind = Kind {
            runtime: Handle::try_current().ok().map(|handle| handle.id()),
            repeatable: request.is_repeatable(),
            long_poll: request.is_long_poll(),
        };
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of runtimes that are gone have no members left.
        queues.retain(|(known, queue)| *known == kind || Arc::strong_count(queue) > 1);
        match queues.iter().find(|(known, _)| *known == kind) {
            Some((_, queue)) => Arc::clone(queue),
            None => {
                let queue = Arc::new(Queue::new(self.agent.clone(), self.window));
                queues.push((kind, Arc::clone(&queue)));
                queue
            }
        }
    }

    /// The call as a request of its own, because the device takes no bulk request.
    async fn alone(&self, request: &Request, begun: Instant, sure: bool) -> Result<Reply, Error> {
        if sure {
            self.lacks_bulk.store(true, Ordering::Relaxed);
        }
        let limit = request.timeout();
        let left = limit.saturating_sub(begun.elapsed());
        if left.is_zero() {
            let error = Error::from(TimeoutError::new(TimeoutPhase::Queue, limit));
            return Err(error.with_sent(false, request.is_repeatable()));
        }
        let reply = self.inner.call(&request.clone().with_timeout(left)).await;
        let reply = reply.map_err(|error| error.with_limit(limit))?;
        // The device is there, and it has objects: the one for bulk requests is missing.
        self.lacks_bulk.store(true, Ordering::Relaxed);
        Ok(reply)
    }
}

impl Layer for Joining {
    fn inner(&self) -> &Arc<dyn Transport> {
        &self.inner
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        if !self.joins(request) {
            return self.inner.call(request);
        }
        Box::pin(async move {
            let begun = Instant::now();
            let verdict = Member::new(self.queue(request), request, begun).await;
            let reply = match verdict {
                Verdict::Told(reply) => *reply,
                Verdict::NoBulk { sure } => self.alone(request, begun, sure).await,
            };
            // The time in the queue belongs to the call.
            reply.map(|reply| reply.with_elapsed(begun.elapsed()))
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        // Behind the address may be another firmware the next time.
        self.lacks_bulk.store(false, Ordering::Relaxed);
        self.inner.close()
    }
}

impl fmt::Debug for Joining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Joining")
            .field("origin", &self.inner.origin())
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
