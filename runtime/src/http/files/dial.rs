//! From a URL to a connection that is trusted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::{Url, fault, socket::Socket};
use crate::error::{ConnectError, Error, TimeoutError, TimeoutPhase};

/// The head start of an address before the next one of the same host is tried beside it.
const HEAD_START: Duration = Duration::from_millis(250);

/// A connection, plain or TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Connects to the host of a URL, and tells later whether the device has stopped taking bytes.
pub(super) async fn dial(
    url: &Url,
    tls: &Arc<ClientConfig>,
    limit: Duration,
) -> Result<(Box<dyn Stream>, Arc<AtomicBool>), Error> {
    let connected = timeout(limit, connect(url, tls)).await;
    connected
        .unwrap_or_else(|_| Err(TimeoutError::new(TimeoutPhase::Connect, limit).into()))
        .map_err(|error| error.with_sent(false, false))
}

async fn connect(
    url: &Url,
    tls: &Arc<ClientConfig>,
) -> Result<(Box<dyn Stream>, Arc<AtomicBool>), Error> {
    let host = host(url);
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = lookup_host((host, port)).await.map_err(no_address)?;
    let stream = first_of(addresses.collect())
        .await
        .map_err(fault::connecting)?;
    // Pieces of a form are large enough to go at once.
    let _ = stream.set_nodelay(true);
    let (socket, hung_up) = Socket::new(stream);
    if url.scheme() != "https" {
        return Ok((Box::new(socket), hung_up));
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::from(ConnectError::Dns))?;
    let connector = TlsConnector::from(Arc::clone(tls));
    let stream = connector.connect(name, socket).await;
    Ok((Box::new(stream.map_err(fault::handshake)?), hung_up))
}

/// The host as the system's resolver takes it: an IPv6 address without brackets.
fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

fn no_address(error: io::Error) -> Error {
    Error::from(ConnectError::Dns).with_source(error)
}

/// The connection to the first address that answers. Each gets a head start before the next, so that a host with an
/// address that leads nowhere costs a moment and not the whole time for connecting.
async fn first_of(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut addresses = addresses.into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure = io::ErrorKind::NotFound.into();
    loop {
        match addresses.next() {
            Some(address) => attempts.push(TcpStream::connect(address)),
            None if attempts.is_empty() => return Err(failure),
            None => {}
        }
        match timeout(HEAD_START, attempts.next()).await {
            Ok(Some(Ok(stream))) => return Ok(stream),
            Ok(Some(Err(error))) => failure = error,
            Ok(None) | Err(_) => {}
        }
    }
}
