//! Whether there is a connection to a peer at all, and what to do where there is none.

use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpStream, ToSocketAddrs, lookup_host};
use tokio::time::timeout;
use xerus_rpc::http::Tls;
use xerus_rpc::secure::{BoxByteStream, Secure as _};

use crate::bad_news::{about_certificate, words};
use crate::wire::Wire;

/// Where a peer is, over TLS or not.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) host: &'p str,
    pub(super) port: u16,
    pub(super) tls: Option<&'p Tls>,
    /// Whose URLs and options are meant in what is said.
    pub(super) wire: Wire,
}

/// A connection. The error says what to do.
pub(super) async fn connect(address: impl ToSocketAddrs) -> Result<TcpStream, String> {
    let found = lookup_host(address).await;
    let found = found.map_err(|_| "host not found: check the name of the peer".to_owned())?;
    let mut why = "host not found: the name has no address".to_owned();
    for address in found {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Pieces are to leave as pieces. Where that cannot be had, they are a little larger.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => why = no_connection(error.kind()),
        }
    }
    Err(why)
}

fn no_connection(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::ConnectionRefused => {
            "connection refused: check that the peer is up and the port is right".to_owned()
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            "host unreachable: check the address and the network".to_owned()
        }
        kind => format!("no connection ({kind}): check the address, the port and the network"),
    }
}

impl Place<'_> {
    /// A connection, made safe where it is to be. The error says what to do.
    pub(super) async fn open(self) -> Result<BoxByteStream, String> {
        let stream = connect((self.host, self.port)).await?;
        self.secure(stream).await
    }

    async fn secure(self, stream: TcpStream) -> Result<BoxByteStream, String> {
        let stream: BoxByteStream = Box::new(stream);
        match self.tls {
            None => Ok(stream),
            Some(tls) => {
                let secured = tls.secure(stream, self.host, self.port).await;
                secured.map_err(|error| no_trust(&error, self.wire))
            }
        }
    }

    /// Whether there is a connection within this time.
    ///
    /// # Errors
    ///
    /// Why there is none, with what to do.
    pub(super) async fn reach(self, patience: Duration) -> Result<(), String> {
        let stream = in_time(patience, connect((self.host, self.port))).await?;
        let secured = timeout(patience, self.secure(stream)).await;
        let mut stream = secured.map_err(|_| {
            format!(
                "TCP is open, TLS is silent for {patience:?}: check that this port speaks TLS, or give --timeout more"
            )
        })??;
        let _ = timeout(Duration::from_millis(100), stream.shutdown()).await;
        Ok(())
    }
}

/// A connection that is made within this time. The error says what to do.
pub(super) async fn in_time<T>(
    patience: Duration,
    connecting: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    timeout(patience, connecting).await.unwrap_or_else(|_| {
        Err(format!(
            "no connection within {patience:?}: check the address, or give --timeout more"
        ))
    })
}

/// Why a connection is not made safe, and what can be done about it.
fn no_trust(error: &xerus_rpc::Error, wire: Wire) -> String {
    let line = words::line(error, wire);
    let help = match error.kind() {
        // What the line says already is not said again.
        xerus_rpc::error::ErrorKind::Tls(tls) if !line.contains("--pin") => about_certificate(tls),
        _ => None,
    };
    match help {
        Some(help) => format!("{line}; {help}"),
        None => line,
    }
}
