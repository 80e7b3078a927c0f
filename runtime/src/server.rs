//! The serving side: generated traits are implemented here, and a [`Router`] answers requests with them.
//!
//! Made for simulated devices and tests. Transport-neutral: an HTTP server hands [`Router::handle`] a resource
//! id and a body and sends what comes back; [`MemoryTransport`](crate::MemoryTransport) does the same inside one
//! process.

mod answer;
mod bulk;
mod context;
mod fault;
mod incoming;
mod reply;
mod request;
mod router;
mod servant;

pub use answer::Answer;
pub use context::Context;
pub use fault::Fault;
pub use incoming::Incoming;
pub use reply::{Reply, ReplyTuple};
pub use router::{Outcome, Router};
pub use servant::{Dispatch, Servant};
