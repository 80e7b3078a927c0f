//! The queue in front of a device: few connections, many callers, first come first served.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::connection::Connection;

/// Connections are closed after this long without a call; devices time out idle ones too.
pub(super) const IDLE: Duration = Duration::from_secs(10);

/// A number of connections that calls take turns on.
pub(super) struct Lane {
    connections: usize,
    permits: Semaphore,
    idle: Arc<Mutex<Idle>>,
}

/// Connections between calls; the one used last comes last, since it is the least likely to be closed.
#[derive(Default)]
struct Idle {
    connections: Vec<Connection>,
    /// Runtimes in which a task closes connections that have been idle for long.
    watched: Vec<runtime::Id>,
}

impl Lane {
    pub(super) fn new(connections: usize) -> Self {
        Self {
            connections,
            permits: Semaphore::new(connections),
            idle: Arc::default(),
        }
    }

    /// A turn, if nobody waits.
    pub(super) fn try_acquire(&self) -> Option<Turn<'_>> {
        let permit = self.permits.try_acquire().ok()?;
        Some(Turn {
            lane: self,
            _permit: permit,
        })
    }

    /// Waits for a turn.
    pub(super) async fn acquire(&self) -> Turn<'_> {
        let permit = self.permits.acquire().await;
        Turn {
            lane: self,
            _permit: permit.expect("the semaphore is never closed"),
        }
    }

    /// Closes the connections once the calls under way have ended; calls that come meanwhile wait.
    pub(super) async fn close(&self) {
        let all = u32::try_from(self.connections).expect("a handful of connections");
        let permits = self.permits.acquire_many(all).await;
        let _all = permits.expect("the semaphore is never closed");
        let connections = std::mem::take(&mut lock(&self.idle).connections);
        connections.into_iter().for_each(Connection::close);
    }
}

fn lock(idle: &Mutex<Idle>) -> MutexGuard<'_, Idle> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The right to use one connection.
pub(super) struct Turn<'a> {
    lane: &'a Lane,
    _permit: SemaphorePermit<'a>,
}

impl Turn<'_> {
    /// An idle connection of this runtime that `fit` approves of, given how long it has been idle. The others among those
    /// looked at are closed.
    pub(super) fn idle(
        &self,
        runtime: runtime::Id,
        fit: impl Fn(&Connection, Duration) -> bool,
    ) -> Option<Connection> {
        let mut unfit = Vec::new();
        let mut idle = lock(&self.lane.idle);
        let mut found = None;
        while let Some(place) = idle
            .connections
            .iter()
            .rposition(|connection| connection.runtime() == runtime)
        {
            let connection = idle.connections.remove(place);
            let rested = connection.idle_since().map(|since| since.elapsed());
            if rested.is_some_and(|rested| rested < IDLE && fit(&connection, rested)) {
                found = Some(connection);
                break;
            }
            unfit.push(connection);
        }
        if found.is_none() {
            // A new one will be opened. Those of other runtimes must not make it one too many.
            let busy = self.lane.connections - self.lane.permits.available_permits();
            while !idle.connections.is_empty()
                && idle.connections.len() + busy > self.lane.connections
            {
                unfit.push(idle.connections.remove(0));
            }
        }
        drop(idle);
        unfit.into_iter().for_each(Connection::close);
        found
    }

    /// Leaves a connection for the next call.
    pub(super) fn put_back(&self, mut connection: Connection) {
        connection.rest();
        let runtime = connection.runtime();
        let mut idle = lock(&self.lane.idle);
        idle.connections.push(connection);
        if !idle.watched.contains(&runtime) {
            idle.watched.push(runtime);
            let watch = Watch {
                idle: Arc::downgrade(&self.lane.idle),
                runtime,
                ended: false,
            };
            drop(idle);
            Handle::current().spawn(watch.run());
        }
    }
}

/// Closes the connections of one runtime when they have been idle for long.
struct Watch {
    idle: Weak<Mutex<Idle>>,
    runtime: runtime::Id,
    /// Not listed as the watch of its runtime any more.
    ended: bool,
}

impl Watch {
    async fn run(mut self) {
        while let Some(next) = self.next() {
            sleep_until(next).await;
        }
    }

    /// Closes what is due, and tells when to look again; `None` when nothing is left to watch.
    fn next(&mut self) -> Option<Instant> {
        let idle = self.idle.upgrade()?;
        let mut idle = lock(&idle);
        let now = Instant::now();
        let (mut due, mut next) = (Vec::new(), None::<Instant>);
        let mut place = 0;
        while let Some(connection) = idle.connections.get(place) {
            let end = connection.idle_since().unwrap_or(now) + IDLE;
            if connection.runtime() != self.runtime {
                place += 1;
            } else if end <= now {
                due.push(idle.connections.remove(place));
            } else {
                next = Some(next.map_or(end, |next| next.min(end)));
                place += 1;
            }
        }
        if next.is_none() {
            idle.watched.retain(|runtime| *runtime != self.runtime);
            self.ended = true;
        }
        drop(idle);
        due.into_iter().for_each(Connection::close);
        next
    }
}

impl Drop for Watch {
    /// Before its end only when the runtime ends: nobody can use the connections of that one any more, nor would anybody
    /// close them.
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let Some(idle) = self.idle.upgrade() else {
            return;
        };
        let mut idle = lock(&idle);
        idle.watched.retain(|runtime| *runtime != self.runtime);
        let (gone, left) = std::mem::take(&mut idle.connections)
            .into_iter()
            .partition::<Vec<_>, _>(|connection| connection.runtime() == self.runtime);
        idle.connections = left;
        drop(idle);
        gone.into_iter().for_each(Connection::close);
    }
}
