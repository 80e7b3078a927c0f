//! A server at work.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use super::NetstringServer;
use super::connection;
use super::counters::{Counters, Counts};
use crate::server::names::Names;

/// What all connections share.
pub(super) struct Door {
    pub(super) setup: NetstringServer,
    pub(super) names: Names,
    pub(super) counts: Counts,
    /// No more requests are read.
    pub(super) stop: CancellationToken,
}

/// A [`NetstringServer`] at work. It ends when this is dropped, with what it is doing.
#[must_use]
pub struct Serving {
    address: SocketAddr,
    door: Arc<Door>,
    accept: JoinHandle<()>,
}

/// How long to wait when no connection can be accepted.
const PAUSE: Duration = Duration::from_millis(50);

impl Serving {
    pub(super) fn start(setup: NetstringServer, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let names = Names::default();
        names.check(&setup.router, &setup.binding)?;
        let door = Arc::new(Door {
            setup,
            names,
            counts: Counts::default(),
            stop: CancellationToken::new(),
        });
        let accept = tokio::spawn(accept(Arc::clone(&door), listener));
        Ok(Self {
            address,
            door,
            accept,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has done so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.door.counts.read()
    }

    /// Stops listening and reading, waits for calls and notifications under way as long as was set, answers the calls and closes. What it has
    /// done, and what was lost.
    pub async fn shutdown(mut self) -> Counters {
        self.door.stop.cancel();
        // It fails only when it panicked, and then nothing is left to wait for.
        let _ = (&mut self.accept).await;
        self.counters()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

impl fmt::Debug for Serving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serving")
            .field("address", &self.address)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

async fn accept(door: Arc<Door>, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(door.setup.connections));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = door.stop.cancelled() => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Too many open files, say; that passes.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            door.counts.refused_connections.add();
            continue;
        };
        door.counts.connections.add();
        let door = Arc::clone(&door);
        connections.spawn(async move {
            let _place = place;
            connection::serve(door, stream, peer).await;
        });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}
