//! From a URL to a connection that is trusted.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::socket::{Outlet, Signs, Socket};
use super::{Url, fault};
use crate::error::{ConnectError, Error, TimeoutError, TimeoutPhase};

/// The head start of an address before the next one of the same host is tried beside it.
const HEAD_START: Duration = Duration::from_millis(250);

/// A connection, plain or TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What [`dial`] brings.
pub(super) struct Dialled {
    pub(super) stream: Box<dyn Stream>,
    pub(super) signs: Arc<Signs>,
}

/// Connects to the host of a URL.
pub(super) async fn dial(
    url: &Url,
    tls: &Arc<ClientConfig>,
    limit: Duration,
) -> Result<Dialled, Error> {
    let connected = timeout(limit, connect(url, tls)).await;
    connected
        .unwrap_or_else(|_| Err(TimeoutError::new(TimeoutPhase::Connect, limit).into()))
        .map_err(|error| error.with_sent(false, false))
}

async fn connect(url: &Url, tls: &Arc<ClientConfig>) -> Result<Dialled, Error> {
    let host = host(url);
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses = lookup_host((host, port)).await.map_err(no_address)?;
    let stream = first_of(addresses.collect())
        .await
        .map_err(fault::connecting)?;
    // Pieces of a form are large enough to go at once.
    let _ = stream.set_nodelay(true);
    let signs = Arc::new(Signs::default());
    let socket = Socket::new(stream, &signs);
    let stream: Box<dyn Stream> = if url.scheme() == "https" {
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| Error::from(ConnectError::Dns))?;
        let connector = TlsConnector::from(Arc::clone(tls));
        let stream = connector.connect(name, socket).await;
        Box::new(Outlet::new(stream.map_err(fault::handshake)?, &signs))
    } else {
        Box::new(Outlet::new(socket, &signs))
    };
    Ok(Dialled { stream, signs })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_as_the_resolver_takes_them() {
        for (url, expected) in [
            ("https://pdu.example:8443/x", "pdu.example"),
            ("https://10.0.0.1/x", "10.0.0.1"),
            ("https://[fe80::1]:8443/x", "fe80::1"),
        ] {
            assert_eq!(host(&Url::parse(url).expect("a URL")), expected);
        }
    }

    #[tokio::test]
    async fn an_address_that_leads_nowhere_costs_a_moment() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let good = listener.local_addr().expect("an address");
        let dead = {
            let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
            gone.local_addr().expect("an address")
        };
        let stream = first_of(vec![dead, good]).await.expect("connected");
        assert_eq!(stream.peer_addr().ok(), Some(good));
        let refused = first_of(vec![dead]).await.expect_err("nobody");
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        assert!(first_of(Vec::new()).await.is_err());
    }
}
