//! From the URL of a router to a WebSocket.

use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::{ProtocolError, SubProtocolError};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, http::Uri};
use tokio_tungstenite::{WebSocketStream, client_async};
use xerus_rpc::secure::BoxByteStream;

use super::Setup;
use crate::conformance::reach::Place;
use crate::wire::Wire;

pub(super) type Socket = WebSocketStream<BoxByteStream>;

/// What became of a handshake.
pub(super) enum Handshake {
    /// A WebSocket, and the protocol that the router chose.
    Open(Box<Socket>, Option<String>),
    /// None.
    Refused(String),
}

/// Offers these protocols.
///
/// # Errors
///
/// Why nobody there speaks HTTP.
pub(super) async fn open(setup: &Setup, protocols: Option<&str>) -> Result<Handshake, String> {
    let opening = timeout(setup.probe.patience, handshake(setup, protocols));
    opening
        .await
        .unwrap_or_else(|_| Err("no WebSocket in time".to_owned()))
}

/// Where the router is, by its URL.
struct Location {
    uri: Uri,
    host: String,
    port: u16,
    is_secure: bool,
}

impl Location {
    fn of(setup: &Setup) -> Result<Self, String> {
        let uri: Uri = setup
            .url
            .parse()
            .map_err(|_| "the URL is none".to_owned())?;
        let is_secure = uri.scheme_str().is_some_and(|scheme| scheme == "wss");
        let host = uri.host().unwrap_or_default();
        Ok(Self {
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port: uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 }),
            is_secure,
            uri,
        })
    }

    fn place<'p>(&'p self, setup: &'p Setup) -> Place<'p> {
        Place {
            host: &self.host,
            port: self.port,
            tls: self.is_secure.then_some(&setup.tls),
            wire: Wire::Wamp,
        }
    }
}

/// Whether there is a connection to the router.
///
/// # Errors
///
/// Why there is none, with what to do.
pub(super) async fn reach(setup: &Setup) -> Result<(), String> {
    let location = Location::of(setup)?;
    location.place(setup).reach(setup.probe.patience).await
}

async fn handshake(setup: &Setup, protocols: Option<&str>) -> Result<Handshake, String> {
    let location = Location::of(setup)?;
    let stream = location.place(setup).open().await?;
    let uri = location.uri;
    let mut request = uri
        .into_client_request()
        .map_err(|_| "the URL is none".to_owned())?;
    if let Some(protocols) = protocols.and_then(|text| HeaderValue::from_str(text).ok()) {
        request
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", protocols);
    }
    match client_async(request, stream).await {
        Ok((socket, response)) => {
            let chosen = response.headers().get("Sec-WebSocket-Protocol");
            let chosen = chosen.and_then(|name| name.to_str().ok());
            Ok(Handshake::Open(Box::new(socket), chosen.map(str::to_owned)))
        }
        Err(error) => Ok(Handshake::Refused(refusal(&error))),
    }
}

fn refusal(error: &Error) -> String {
    match error {
        Error::Http(response) => format!("HTTP status {}", response.status().as_u16()),
        Error::Protocol(ProtocolError::SecWebSocketSubProtocolError(which)) => match which {
            SubProtocolError::NoSubProtocol => "a WebSocket without a protocol",
            SubProtocolError::ServerSentSubProtocolNoneRequested => {
                "a WebSocket with a protocol, though none was offered"
            }
            SubProtocolError::InvalidSubProtocol => {
                "a WebSocket with a protocol that was not offered"
            }
        }
        .to_owned(),
        Error::Io(_) | Error::ConnectionClosed | Error::AlreadyClosed => {
            "closed without an answer".to_owned()
        }
        _ => "an answer that is no WebSocket".to_owned(),
    }
}
