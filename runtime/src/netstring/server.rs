//! The serving side.

mod call;
mod connection;
mod counters;
mod ids;
mod serving;

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::Semaphore;

pub use counters::Counters;
pub use serving::Serving;

use crate::server::{Context, Router};
use crate::wire::Binding;

/// Longer than anything takes; a time beyond it may have no place on the clock.
const LONGEST: Duration = Duration::from_secs(86_400 * 365);

/// Who calls a [`NetstringServer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Peer {
    /// Kamailio, with either of its modules. `jsonrpcc` takes its whole process down when an answer comes late, twice or unasked, so
    /// what might be one of these is not sent.
    Kamailio,
    /// Any client that keeps to JSON-RPC 2.0: batches, errors without an id, late answers.
    JsonRpc,
}

/// Answers JSON-RPC in netstrings from a [`Router`].
///
/// Methods are found by their names, whichever object has them: a call over this wire names no object, and the resource ids of the router
/// mean nothing here. A method that two objects have is refused when the server starts, and its calls are (-32601) where the second one is put
/// into the router later. Servants [of types known at run time](crate::server::Servant::of_type) are asked one after the other, in the order of
/// their resource ids.
///
/// Calls of a Kamailio are worked on side by side. Where the peer keeps to JSON-RPC, a call is worked on where it is read, until it has to
/// wait; calls that follow one which took longer than 200 µs without waiting are worked on side by side, too.
///
/// ```no_run
/// # async fn example(router: xerus_rpc::server::Router) -> std::io::Result<()> {
/// use xerus_rpc::netstring::NetstringServer;
///
/// let serving = NetstringServer::new(router).bind("127.0.0.1:9999").await?;
/// println!("serving at {}", serving.address());
/// // And when the program is to end:
/// serving.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct NetstringServer {
    router: Router,
    binding: Binding,
    peer: Peer,
    context: Context,
    deadline: Duration,
    answer_bytes: usize,
    request_bytes: usize,
    connections: usize,
    calls: usize,
    waiting_notifications: usize,
    slow: Duration,
    drain: Duration,
    finish: bool,
}

impl NetstringServer {
    /// A server for Kamailio, in front of these servants.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            binding: super::binding(),
            peer: Peer::Kamailio,
            context: Context::new().with_transport("netstring"),
            deadline: Duration::from_millis(450),
            answer_bytes: 60 << 10,
            request_bytes: 1 << 20,
            connections: 256,
            calls: 500,
            waiting_notifications: 10_000,
            slow: Duration::from_secs(5),
            drain: Duration::from_secs(5),
            finish: false,
        }
    }

    /// A server for clients that keep to JSON-RPC 2.0: 30 s for a call, answers of up to 16 MiB, 10 000 calls on a connection.
    pub fn for_json_rpc(router: Router) -> Self {
        Self {
            peer: Peer::JsonRpc,
            deadline: Duration::from_secs(30),
            answer_bytes: 16 << 20,
            calls: 10_000,
            ..Self::new(router)
        }
    }

    /// Sets how methods are called and results laid out. Default: [`binding`](super::binding).
    pub fn with_binding(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    /// Sets the context in which servants are called.
    pub fn with_context(mut self, context: Context) -> Self {
        self.context = context.with_transport("netstring");
        self
    }

    /// Sets the time for a call, which must be shorter than the caller waits. Default: 450 ms. A later result is counted and not sent; a peer
    /// that keeps to JSON-RPC gets an error. Calls of a Kamailio have it from when they can have come in at the earliest.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline.min(LONGEST);
        self
    }

    /// Sets the size of the largest answer, in bytes. Default: 60 KiB. The caller gets error -32000 in place of a larger one. Over a real
    /// network 1400 are right for `jsonrpcc`, which drops the connection when an answer comes in pieces.
    pub fn with_answer_bytes(mut self, bytes: usize) -> Self {
        self.answer_bytes = bytes;
        self
    }

    /// Sets the size of the largest request, in bytes. Default: 1 MiB. A larger one ends the connection.
    pub fn with_request_bytes(mut self, bytes: usize) -> Self {
        self.request_bytes = bytes;
        self
    }

    /// Sets how many connections there may be. Default: 256. Further ones are closed at once.
    pub fn with_connections(mut self, connections: usize) -> Self {
        self.connections = connections.min(Semaphore::MAX_PERMITS);
        self
    }

    /// Sets how many calls of one connection are worked on at a time, at least 1. Default: 500. As many notifications of a Kamailio are worked
    /// on beside them.
    pub fn with_calls(mut self, calls: usize) -> Self {
        self.calls = calls.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Sets how many notifications of one connection of a Kamailio may wait until others are done, 32 MiB of them at most. Default: 10 000.
    /// More are dropped and counted as [lost](Counters::lost_notifications): a call behind them must not wait. Other clients have to wait
    /// instead.
    pub fn with_waiting_notifications(mut self, notifications: usize) -> Self {
        self.waiting_notifications = notifications;
        self
    }

    /// Sets how long one write may take, of up to 64 KiB or one larger answer, and how long a peer may send no more of a frame that it has begun, at least 10 ms. Default: 5 s. Then
    /// its connection is closed.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.slow = patience.clamp(Duration::from_millis(10), LONGEST);
        self
    }

    /// Sets how long `shutdown` waits for calls and notifications under way. Default: 5 s.
    pub fn with_drain(mut self, drain: Duration) -> Self {
        self.drain = drain.min(LONGEST);
        self
    }

    /// Finishes and answers calls whose peer has closed its side of the connection. Default: they are given up, because Kamailio is gone then.
    /// Notifications are finished in any case, within their deadline; until then the connection counts among those that there may be.
    pub fn with_answers_after_close(mut self, finish: bool) -> Self {
        self.finish = finish;
        self
    }

    /// Listens.
    ///
    /// # Errors
    ///
    /// When the address cannot be used; `InvalidInput` for two objects with a method of the same name.
    pub async fn bind(self, address: impl ToSocketAddrs) -> io::Result<Serving> {
        self.serve(TcpListener::bind(address).await?)
    }

    /// Serves at a socket that listens already.
    ///
    /// # Errors
    ///
    /// When the socket has no address; `InvalidInput` for two objects with a method of the same name.
    pub fn serve(self, listener: TcpListener) -> io::Result<Serving> {
        Serving::start(self, listener)
    }
}

impl fmt::Debug for NetstringServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetstringServer")
            .field("peer", &self.peer)
            .field("rids", &self.router)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
