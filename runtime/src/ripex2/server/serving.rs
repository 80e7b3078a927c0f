//! A server at work.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use super::Ripex2Server;
use super::connection;
use super::power::{Orders, Power};
use super::rpc::Unit;
use super::sessions::Sessions;

/// How long to wait when no connection can be accepted, or the address is not free yet.
const PAUSE: Duration = Duration::from_millis(50);

/// What all connections share.
pub(super) struct Door {
    pub(super) local: Unit,
    pub(super) others: HashMap<IpAddr, Unit>,
    pub(super) sessions: Sessions,
    pub(super) request_bytes: usize,
    pub(super) call_time: Duration,
    pub(super) tls: Option<TlsAcceptor>,
}

/// A [`Ripex2Server`] at work. It ends when this is dropped, with what it is doing.
#[must_use]
pub struct Serving {
    address: SocketAddr,
    secure: bool,
    power: Power,
    stop: CancellationToken,
    accept: JoinHandle<()>,
}

impl Serving {
    pub(super) fn start(setup: Ripex2Server, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let secure = setup.tls.is_some();
        let door = Arc::new(Door {
            local: setup.local,
            others: setup.others,
            sessions: Sessions::new(setup.users, setup.idle),
            request_bytes: setup.request_bytes,
            call_time: setup.call_time,
            tls: setup.tls.map(TlsAcceptor::from),
        });
        let stop = CancellationToken::new();
        let places = Arc::new(Semaphore::new(
            setup.connections.min(Semaphore::MAX_PERMITS),
        ));
        let accept = accept(door, listener, address, places, setup.orders, stop.clone());
        Ok(Self {
            address,
            secure,
            power: setup.power,
            stop,
            accept: tokio::spawn(accept),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for [`Ripex2::builder`](crate::ripex2::Ripex2::builder).
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The power of the unit.
    #[must_use]
    pub fn power(&self) -> Power {
        self.power.clone()
    }

    /// Stops listening, and ends all connections.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        // It fails only when it panicked, and then nothing is left to wait for.
        let _ = (&mut self.accept).await;
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
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

async fn accept(
    door: Arc<Door>,
    mut listener: TcpListener,
    address: SocketAddr,
    places: Arc<Semaphore>,
    mut orders: Orders,
    stop: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            Some(order) = orders.recv() => {
                if order.off.is_zero() {
                    if order.forget {
                        door.sessions.forget();
                    }
                } else {
                    drop(listener);
                    connections.shutdown().await;
                    tokio::select! {
                        () = tokio::time::sleep(order.off) => {}
                        () = stop.cancelled() => return,
                    }
                    if order.forget {
                        door.sessions.forget();
                    }
                    let again = tokio::select! {
                        again = listen(address) => again,
                        () = stop.cancelled() => return,
                    };
                    listener = again;
                }
                // Whoever ordered it may have gone.
                let _ = order.done.send(());
                continue;
            }
            () = stop.cancelled() => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Too many open files, say; that passes.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            continue;
        };
        let door = Arc::clone(&door);
        connections.spawn(async move {
            let _place = place;
            connection::serve(door, stream, peer).await;
        });
    }
    drop(listener);
    connections.shutdown().await;
}

async fn listen(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            // Somebody else has it for now.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
