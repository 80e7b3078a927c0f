//! The handshake of the WebSocket.

use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::error::{ProtocolError as Fault, SubProtocolError};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self};

use super::Failure;
use super::url::RouterUrl;
use crate::error::text::DeviceText;
use crate::error::{ConfigError, ConnectError, Error, ErrorKind, ProtocolError};
use crate::secure::BoxByteStream;
use crate::wamp::codec::Serializer;
use crate::wamp::error::Stage;
use crate::wamp::session::Limits;
use crate::wamp::socket::{Counted, Socket};

/// Bytes that are read at a time.
const READ: usize = 32 << 10;

pub(super) async fn upgrade(
    stream: BoxByteStream,
    router: &RouterUrl,
    serializer: Serializer,
    limits: Limits,
) -> Result<Socket, Failure> {
    let mut request = router
        .uri()
        .clone()
        .into_client_request()
        .map_err(failure)?;
    request.headers_mut().insert(
        "Sec-WebSocket-Protocol",
        HeaderValue::from_static(serializer.subprotocol()),
    );
    // A router that reads nothing fills its own buffers, not ours: what waits is bounded before it comes here.
    let config = WebSocketConfig::default()
        // It is filled with zeros before each read.
        .read_buffer_size(READ)
        .max_message_size(Some(limits.incoming))
        .max_frame_size(Some(limits.incoming));
    let upgraded =
        tokio_tungstenite::client_async_with_config(request, Counted::new(stream), Some(config))
            .await;
    let (socket, _) = upgraded.map_err(failure)?;
    Ok(socket)
}

fn failure(error: tungstenite::Error) -> Failure {
    let passing = |kind: ErrorKind| Failure::passing(Stage::WebSocket, Error::from(kind));
    match &error {
        tungstenite::Error::Http(response) => {
            let status = response.status().as_u16();
            let body = response.body().as_deref().unwrap_or_default();
            let told = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            let text = format!("status {status}, {}", DeviceText(&told));
            let mut failure = passing(ErrorKind::Connect(ConnectError::NoWebSocket));
            failure.error = failure.error.with_source(NoUpgrade(text));
            failure
        }
        tungstenite::Error::Protocol(Fault::SecWebSocketSubProtocolError(which)) => {
            let what = match which {
                SubProtocolError::NoSubProtocol => "the server chose no protocol of WAMP",
                _ => "the server chose a protocol that was not offered",
            };
            passing(ErrorKind::Protocol(ProtocolError::new(what)))
        }
        tungstenite::Error::Url(_) | tungstenite::Error::HttpFormat(_) => Failure {
            stage: Stage::WebSocket,
            error: ConfigError::BadUrl("the URL of a router is like ws://host:8080/ws").into(),
            permanent: true,
        },
        tungstenite::Error::Io(_)
        | tungstenite::Error::ConnectionClosed
        | tungstenite::Error::AlreadyClosed => {
            let mut failure = passing(ErrorKind::Connect(ConnectError::Other));
            failure.error = failure.error.with_source(error);
            failure
        }
        _ => {
            let what = "what answers is no WebSocket";
            let mut failure = passing(ErrorKind::Protocol(ProtocolError::new(what)));
            failure.error = failure.error.with_source(error);
            failure
        }
    }
}

/// The server answered, and not with a WebSocket.
#[derive(Debug)]
struct NoUpgrade(String);

impl std::fmt::Display for NoUpgrade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the server answered with {}", self.0)
    }
}

impl std::error::Error for NoUpgrade {}
