//! The serving side: generated traits are implemented here, and a [`Router`] answers requests with them.
//!
//! Made for simulated devices, tests, and programs that others call. The server side of a wire reads a request, gives
//! [`Router::call`] method, arguments (by name or by position) and [`Context`], and lays the values out as its
//! [`Binding`](crate::wire::Binding) says. [`Router::handle`] does all of that for JSON-RPC: an HTTP server gives it a
//! resource id and a body and sends what comes back; [`MemoryTransport`](crate::MemoryTransport) does the same inside one
//! process.

mod bulk;
mod caps;
mod context;
mod fault;
mod incoming;
mod methods;
#[cfg(any(feature = "netstring", feature = "ripex2"))]
pub(crate) mod names;
mod outcome;
mod reply;
mod router;
mod servant;
mod typed;

pub use bulk::PartHandler;
pub use caps::Caps;
pub use context::{Context, Progress};
pub use fault::Fault;
pub use incoming::Incoming;
pub use methods::Methods;
pub use outcome::Outcome;
pub use reply::{Answer, Reply, ReplyTuple};
pub use router::Router;
pub use servant::{Dispatch, Servant};
pub use tokio_util::sync::CancellationToken;
