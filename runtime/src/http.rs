//! The HTTP transport: what goes over the wire to a device, and everything that can go wrong on it.
//!
//! [`HttpTransport`] is made by [`AgentBuilder`]. The functions for addresses are public because
//! recorders, simulators and tests need the same rules.

mod body;
mod builder;
mod causes;
mod connect;
mod connection;
mod credentials;
mod files;
mod habits;
mod lane;
mod markup;
mod post;
mod redirect;
mod rpc;
#[cfg(feature = "wamp")]
mod secure;
mod stray;
mod tls;
mod trace;
mod transport;
mod url;

#[cfg(feature = "ripex2")]
pub(crate) use connect::Stage;
#[cfg(feature = "ripex2")]
pub(crate) use credentials::Authorization;
#[cfg(feature = "ripex2")]
pub(crate) use post::{Post, Posted};
#[cfg(feature = "ripex2")]
pub(crate) use tls::{random, server_config};
#[cfg(feature = "ripex2")]
pub(crate) use transport::runtime;

pub use builder::AgentBuilder;
#[cfg(feature = "wamp")]
pub use secure::Tls;
pub use transport::HttpTransport;
pub use url::{request_url, rid_path};
