//! Layers that this crate has: each wraps a [`Transport`](crate::wire::Transport) and loses nothing of it.
//!
//! `AgentBuilder::layer` puts one around the transport of an agent; [`Layer`](crate::wire::Layer) is what they implement, and
//! what your own implement.

mod session;

pub use session::{ChangePassword, CredentialsFile, CredentialsSource, Sessions};
pub mod metrics;
#[cfg(feature = "http")]
pub mod trace;
