//! The HTTP transport: what goes over the wire to a device, and everything that can go wrong on it.
//!
//! [`HttpTransport`] is made by [`AgentBuilder`]. The functions for addresses are public because
//! recorders, simulators and tests need the same rules.

mod body;
mod builder;
mod classify;
mod credentials;
mod exchange;
mod files;
mod gate;
mod lane;
mod markup;
mod redirect;
mod stray;
mod tls;
mod trace;
mod transport;
mod url;
mod verify;

pub use builder::AgentBuilder;
pub use transport::HttpTransport;
pub use url::{request_url, rid_path};
