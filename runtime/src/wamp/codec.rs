//! Messages and frames: JSON is what all others are transcoded to and from.

mod msgpack;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::error::ProtocolError;

/// How messages are written on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Serializer {
    /// JSON in text frames, as every router speaks it.
    #[default]
    Json,
    /// MessagePack in binary frames.
    MessagePack,
}

impl Serializer {
    /// The name in the handshake of the WebSocket.
    #[must_use]
    pub const fn subprotocol(self) -> &'static str {
        match self {
            Self::Json => "wamp.2.json",
            Self::MessagePack => "wamp.2.msgpack",
        }
    }

    /// The frame for a message.
    ///
    /// # Errors
    ///
    /// What cannot be written, in words that follow "what is to be sent has ".
    pub(super) fn frame(self, message: Bytes) -> Result<Message, &'static str> {
        match self {
            Self::Json => Utf8Bytes::try_from(message)
                .map(Message::Text)
                .map_err(|_| "something that is no text"),
            Self::MessagePack => msgpack::from_json(&message).map(Message::from),
        }
    }

    /// The message in a frame.
    pub(super) fn message(self, frame: Message) -> Result<Utf8Bytes, ProtocolError> {
        match (self, frame) {
            (Self::Json, Message::Text(text)) => Ok(text),
            (Self::MessagePack, Message::Binary(bytes)) => msgpack::to_json(&bytes)
                .and_then(|text| Utf8Bytes::try_from(text).map_err(|_| "a message is no text"))
                .map_err(ProtocolError::new),
            (Self::Json, _) => Err(ProtocolError::new("a message in JSON is no text frame")),
            (Self::MessagePack, _) => Err(ProtocolError::new(
                "a message in MessagePack is no binary frame",
            )),
        }
    }
}
