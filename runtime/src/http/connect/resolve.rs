//! Name lookup by the operating system, which also knows the zones of IPv6 (`fe80::1%eth0`).

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::dns::Name;
use tokio::net::lookup_host;
use tower_service::Service;

use crate::error::{ConnectError, Error};

/// Looks names up, or the one address with a zone that the device has.
#[derive(Clone, Debug)]
pub(super) struct Resolver {
    zoned: Option<Arc<str>>,
}

impl Resolver {
    pub(super) fn new(zoned: Option<String>) -> Self {
        Self {
            zoned: zoned.map(Arc::from),
        }
    }

    /// The first address of a name, as text.
    pub(super) async fn first_address(&self, host: &str) -> Result<String, Error> {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let none = || Error::from(ConnectError::Dns);
        let mut found = lookup_host((host, 0))
            .await
            .map_err(|error| none().with_source(error))?;
        Ok(found.next().ok_or_else(none)?.ip().to_string())
    }
}

/// A name without an address, or a zone that no interface has.
#[derive(Debug)]
pub(super) struct NotFound {
    pub(super) zone: bool,
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.zone {
            "no such zone"
        } else {
            "no address"
        })
    }
}

impl std::error::Error for NotFound {}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = NotFound;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, NotFound>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NotFound>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let zone = self.zoned.is_some();
        let host = match &self.zoned {
            Some(zoned) => Arc::clone(zoned),
            None => Arc::from(name.as_str()),
        };
        Box::pin(async move {
            let found = lookup_host((&*host, 0)).await;
            let found: Vec<_> = found.map_err(|_| NotFound { zone })?.collect();
            // Some systems take a zone that they do not know for none.
            let lost = |address: &SocketAddr| match address {
                SocketAddr::V6(address) => {
                    address.scope_id() == 0 && address.ip().is_unicast_link_local()
                }
                SocketAddr::V4(_) => false,
            };
            if zone && found.iter().any(lost) {
                return Err(NotFound { zone });
            }
            Ok(found.into_iter())
        })
    }
}
