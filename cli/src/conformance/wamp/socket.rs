//! From the URL of a router to a WebSocket.

use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::{ProtocolError, SubProtocolError};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, http::Uri};
use tokio_tungstenite::{WebSocketStream, client_async};
use xerus_rpc::secure::{BoxByteStream, Secure as _};

use super::Setup;
use crate::conformance::no_trust;

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

async fn handshake(setup: &Setup, protocols: Option<&str>) -> Result<Handshake, String> {
    let no_url = |_| "the URL is none".to_owned();
    let uri: Uri = setup.url.parse().map_err(no_url)?;
    let is_secure = uri.scheme_str().is_some_and(|scheme| scheme == "wss");
    let host = uri.host().unwrap_or_default();
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
    let stream = TcpStream::connect((host.as_str(), port)).await;
    let stream = stream.map_err(|error| format!("no connection: {}", error.kind()))?;
    // Small frames would wait for each other. Where that cannot be had, they do.
    let _ = stream.set_nodelay(true);
    let mut stream: BoxByteStream = Box::new(stream);
    if is_secure {
        let secured = setup.tls.secure(stream, &host, port).await;
        stream = secured.map_err(|error| no_trust(&error))?;
    }
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
