//! One server and the connection to it, which is kept up.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;

use super::connection::{Connection, Limits};
use super::resolve::Resolve;
use super::servers::Server;
use super::status::Tally;
use crate::error::ConnectError;
use crate::pause::pause;

/// A connection that lasted this long was a good one.
const GOOD: Duration = Duration::from_secs(10);

/// How connections are made.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) resolve: Arc<dyn Resolve>,
    pub(super) connect: Duration,
    /// The first pause before a server is tried again, and the longest.
    pub(super) pause: (Duration, Duration),
    pub(super) limits: Limits,
}

#[derive(Clone)]
pub(super) enum Condition {
    /// For the first time, or again after a good connection.
    Connecting,
    Up(Arc<Connection>),
    /// Why, and whether it took calls and answered none on the connection before.
    Down(ConnectError, bool),
}

pub(super) struct Member {
    pub(super) server: Server,
    pub(super) name: Arc<str>,
    pub(super) tally: Tally,
    condition: watch::Receiver<Condition>,
}

impl Member {
    /// A member, and what keeps up its connection.
    pub(super) fn new(server: Server, plan: Plan) -> (Self, impl Future<Output = ()> + Send) {
        let (tell, condition) = watch::channel(Condition::Connecting);
        let member = Self {
            name: server.name().into(),
            server: server.clone(),
            tally: Tally::default(),
            condition,
        };
        (member, keep_up(server, plan, tell))
    }

    pub(super) fn condition(&self) -> Condition {
        self.condition.borrow().clone()
    }

    /// Whether its connection is kept up: not any more when the runtime in which that was begun has ended.
    pub(super) fn is_kept_up(&self) -> bool {
        self.condition.has_changed().is_ok()
    }

    /// Waits until it is known whether the server can be reached.
    pub(super) async fn decided(&self) {
        let mut condition = self.condition.clone();
        let decided = condition.wait_for(|now| !matches!(now, Condition::Connecting));
        // An error means that nobody keeps it up any more; the condition stays what it is.
        let _ = decided.await;
    }
}

async fn keep_up(server: Server, plan: Plan, tell: watch::Sender<Condition>) {
    let (mut failures, mut is_silent) = (0u32, false);
    let limits = Limits {
        waiting: server.max_waiting,
        ..plan.limits
    };
    loop {
        let (mut cause, mut gave_nothing) = (ConnectError::Other, false);
        match connect(&server, &plan).await {
            Ok(stream) => {
                let since = Instant::now();
                let (incoming, outgoing) = stream.into_split();
                let connection = Arc::new(Connection::open(incoming, outgoing, limits, is_silent));
                tell.send_replace(Condition::Up(Arc::clone(&connection)));
                connection.ended().await;
                is_silent = connection.is_silent();
                if is_silent {
                    (cause, gave_nothing) = (ConnectError::Unreachable, true);
                } else if connection.has_answered() || since.elapsed() > GOOD {
                    failures = 0;
                    tell.send_replace(Condition::Connecting);
                    continue;
                }
            }
            Err(error) => cause = error,
        }
        failures += 1;
        tell.send_replace(Condition::Down(cause, gave_nothing));
        tokio::time::sleep(pause(plan.pause, failures)).await;
    }
}

async fn connect(server: &Server, plan: &Plan) -> Result<TcpStream, ConnectError> {
    let connect = async {
        let found = plan.resolve.addresses(&server.host, server.port).await;
        let addresses = found.map_err(|_| ConnectError::Dns)?;
        let mut last = ConnectError::Dns;
        let count = u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
        // A dead address leaves time for those behind it.
        let each = plan.connect / count;
        for address in addresses {
            match tokio::time::timeout(each, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // Only slower without.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => last = cause(&error),
                Err(_) => last = ConnectError::Unreachable,
            }
        }
        Err(last)
    };
    tokio::time::timeout(plan.connect, connect)
        .await
        .unwrap_or(Err(ConnectError::Unreachable))
}

fn cause(error: &io::Error) -> ConnectError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ConnectError::Refused,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            ConnectError::Unreachable
        }
        _ => ConnectError::Other,
    }
}
