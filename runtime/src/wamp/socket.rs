//! The connection under a session, once it is a WebSocket.

use tokio_tungstenite::WebSocketStream;

use crate::secure::BoxByteStream;

/// A WebSocket over whatever there is.
pub(super) type Socket = WebSocketStream<BoxByteStream>;
