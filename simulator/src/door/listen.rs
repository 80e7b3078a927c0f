//! Listeners: accepting connections until the door closes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use xerus_rpc::server::Router;

use super::admission::Admission;
use super::connection;
use super::reach::Reach;
use super::site::Site;
use super::tls::Tls;
use crate::authenticator::Authenticator;
use crate::fault::{Faults, Memory};
use crate::firmware::Routes;
use crate::limits::{Limits, timeout};
use crate::record::Recorder;

/// After a failure to accept: file handles come back as connections end.
const PAUSE: Duration = Duration::from_millis(50);

/// What is spoken on a listener.
#[derive(Clone)]
pub(crate) enum Scheme {
    Http,
    Https(Arc<Tls>),
    /// Plain HTTP that only says where HTTPS is: on this port.
    Redirect {
        port: u16,
    },
}

impl Scheme {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Http | Self::Redirect { .. } => "http",
            Self::Https(_) => "https",
        }
    }

    pub(super) fn is_encrypted(&self) -> bool {
        matches!(self, Self::Https(_))
    }

    /// The port that callers are sent to.
    pub(super) fn redirect(&self) -> Option<u16> {
        match self {
            Self::Redirect { port } => Some(*port),
            _ => None,
        }
    }
}

/// Everything that a request meets.
pub(crate) struct Door {
    routes: Arc<dyn Routes>,
    pub(super) site: Option<Arc<dyn Site>>,
    pub(super) authenticator: Arc<dyn Authenticator>,
    pub(super) faults: Faults,
    pub(super) memory: Memory,
    pub(super) limits: Limits,
    pub(super) recorder: Arc<Recorder>,
    admission: Arc<Admission>,
    pub(super) reach: Reach,
}

/// Listeners at work. Ends them and every connection when it is dropped.
pub(crate) struct Listening {
    stop: watch::Sender<bool>,
    accepting: Vec<JoinHandle<()>>,
    door: Arc<Door>,
}

impl Door {
    pub(crate) fn new(
        routes: Arc<dyn Routes>,
        site: Option<Arc<dyn Site>>,
        authenticator: Arc<dyn Authenticator>,
        faults: Faults,
        limits: Limits,
        recorder: Arc<Recorder>,
    ) -> Self {
        Self {
            reach: routes.reach(),
            routes,
            site,
            authenticator,
            faults,
            memory: Memory::default(),
            admission: Arc::new(Admission::new(
                limits.connections,
                limits.connections_per_address,
            )),
            limits,
            recorder,
        }
    }

    /// All names of the object with this resource id.
    pub(super) fn names(&self, rid: &str) -> Vec<String> {
        self.routes.names(rid)
    }

    /// Who answers a request that has come now, with the caps of the limits.
    pub(super) fn router(&self) -> Router {
        let router = self.routes.router();
        let mut caps = *router.caps();
        caps.bulk_parts = self.limits.bulk_parts;
        caps.answer_bytes = self.limits.answer_bytes;
        router.with_caps(caps)
    }

    /// Serves the listeners, in the background of the tokio runtime that this is called in.
    pub(crate) fn open(self, listeners: Vec<(TcpListener, Scheme)>) -> Listening {
        let door = Arc::new(self);
        let (stop, _) = watch::channel(false);
        let accepting = listeners
            .into_iter()
            .map(|(listener, scheme)| {
                let accept = Arc::clone(&door).accept(listener, scheme, stop.subscribe());
                tokio::spawn(accept)
            })
            .collect();
        Listening {
            stop,
            accepting,
            door,
        }
    }

    /// Accepts until it is stopped, then waits for the connections to end.
    async fn accept(
        self: Arc<Self>,
        listener: TcpListener,
        scheme: Scheme,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut connections = JoinSet::new();
        while !*stop.borrow() {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    // A device that is away has nobody who would listen.
                    Ok((stream, _)) if self.reach.presence().is_away() => drop(stream),
                    Ok((stream, peer)) => {
                        let Some(admitted) = self.admit(peer, &mut stop).await else {
                            continue;
                        };
                        connections.spawn(connection::serve(
                            Arc::clone(&self),
                            stream,
                            scheme.clone(),
                            admitted,
                            stop.clone(),
                        ));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "accepting a connection failed");
                        tokio::time::sleep(PAUSE).await;
                    }
                },
                _ = stop.changed() => {}
            }
            while connections.try_join_next().is_some() {}
        }
        drop(listener);
        self.admission.cut_idle();
        while connections.join_next().await.is_some() {}
    }

    async fn admit(
        &self,
        peer: SocketAddr,
        stop: &mut watch::Receiver<bool>,
    ) -> Option<super::admission::Admitted> {
        tokio::select! {
            admitted = self.admission.admit(peer) => {
                if admitted.is_none() {
                    tracing::debug!(%peer, "connection refused: too many from this address");
                }
                admitted
            }
            _ = stop.changed() => None,
        }
    }
}

impl Listening {
    /// Closes the listeners, lets calls in flight end, and cuts what has not ended when the grace is over.
    pub(crate) async fn shutdown(&mut self) {
        self.stop.send_replace(true);
        let accepting = std::mem::take(&mut self.accepting);
        let aborts: Vec<_> = accepting.iter().map(JoinHandle::abort_handle).collect();
        let ended = async {
            for task in accepting {
                // It ends by itself; a panic in it has been told already.
                let _ = task.await;
            }
        };
        if tokio::time::timeout(timeout(self.door.limits.grace), ended)
            .await
            .is_err()
        {
            tracing::debug!("calls in flight did not end in time and are cut");
            for abort in aborts {
                abort.abort();
            }
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // The accept loops own the tasks of their connections: they end with them.
        for task in &self.accepting {
            task.abort();
        }
    }
}
