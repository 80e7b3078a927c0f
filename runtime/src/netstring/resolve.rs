//! Where servers are.

use std::io;
use std::net::SocketAddr;

use crate::wire::BoxFuture;

/// Looks up the addresses of servers. The default asks the operating system. Asked anew for each connection.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of a host, the best first.
    fn addresses<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>>;
}

/// Asks the operating system.
pub(super) struct System;

impl Resolve for System {
    fn addresses<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    }
}
