//! JSON-RPC in netstrings over TCP: the wire of Kamailio's modules `jsonrpcc` and `janssonrpcc`.
//!
//! [`Netstring`] is the calling side, with groups of servers as those modules have them. [`NetstringServer`] stands
//! behind them: it answers from a [`Router`](crate::server::Router), and never sends what kills a running Kamailio.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use xerus_rpc::netstring::{Netstring, Servers};
//!
//! let servers = Servers::jsonrpcc("localhost:9999,2 10.10.0.1:9999,2 backup.server:9999,1")?;
//! let agent = Netstring::builder(servers).build().agent();
//! let user = agent.call("", "get_user", r#"{"id": 1234}"#.parse()?).await?;
//! # Ok(())
//! # }
//! ```

mod answer;
mod builder;
mod codec;
mod connection;
mod document;
mod member;
mod outbox;
mod pool;
mod resolve;
mod retry_codes;
mod server;
mod servers;
mod source;
mod srv;
mod status;
mod transport;
mod unreachable;

pub use builder::NetstringBuilder;
pub use codec::{Codec, FrameError};
pub use resolve::Resolve;
pub use retry_codes::{ParseRetryCodesError, RetryCodes};
pub use server::{Counters, NetstringServer, Peer, Serving};
pub use servers::{ParseServersError, Priority, Server, Servers, SrvName};
#[cfg(feature = "netstring-srv")]
pub use srv::Dns;
pub use srv::{DnsError, ResolveSrv, SrvRecord, SrvRecords};
pub use status::ServerStatus;
pub use transport::Netstring;
pub use unreachable::{NoServer, ServerCause};

use crate::wire::{Binding, ResultStyle};

/// How this wire calls methods: bare names, arguments by name, one result alone, several as an object, none as `{}`.
#[must_use]
pub fn binding() -> Binding {
    Binding::XERUS.with_results(ResultStyle::Bare)
}
