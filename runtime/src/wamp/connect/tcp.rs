//! Names and connections.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;

use super::url::RouterUrl;
use crate::error::{ConnectError, Error};

pub(super) async fn addresses(router: &RouterUrl) -> Result<Vec<SocketAddr>, Error> {
    let found = tokio::net::lookup_host((router.host(), router.port())).await;
    let found = found.map_err(|error| Error::from(ConnectError::Dns).with_source(error))?;
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        return Err(ConnectError::Dns.into());
    }
    Ok(found)
}

/// Connects to the first address that answers. A dead one leaves time for those behind it.
pub(super) async fn connect(addresses: &[SocketAddr], time: Duration) -> Result<TcpStream, Error> {
    let mut last = Error::from(ConnectError::Dns);
    let each = time / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    for address in addresses {
        match tokio::time::timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Only slower without.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = Error::from(cause(&error)).with_source(error),
            Err(_) => last = ConnectError::Unreachable.into(),
        }
    }
    Err(last)
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
