//! Messages and frames: JSON is what all others are transcoded to and from.

mod msgpack;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::Json;
use crate::error::{Error, ProtocolError};

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

    /// A message as it stands in a frame, out of its JSON text. For programs that speak WAMP themselves, such as tests of routers.
    ///
    /// ```
    /// use xerus_rpc::wamp::Serializer;
    ///
    /// let message = r#"[48,1,{},"com.example.add",[2,3]]"#.parse()?;
    /// let packed = Serializer::MessagePack.encode(&message)?;
    /// assert_eq!(packed[..3], [0x95, 48, 1]);
    /// assert_eq!(Serializer::MessagePack.decode(&packed)?, message);
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When it has something that this serializer has no form for, such as a number over 64 bits in MessagePack.
    pub fn encode(self, message: &Json) -> Result<Vec<u8>, Error> {
        match self {
            Self::Json => Ok(message.get().as_bytes().to_vec()),
            Self::MessagePack => {
                msgpack::from_json(message.get().as_bytes()).map_err(super::error::cannot_be_sent)
            }
        }
    }

    /// The JSON text of a message that stood in a frame.
    ///
    /// # Errors
    ///
    /// `Protocol` when these bytes are no message of this serializer.
    pub fn decode(self, bytes: &[u8]) -> Result<Json, Error> {
        let text = match self {
            Self::Json => bytes.to_vec(),
            Self::MessagePack => msgpack::to_json(bytes).map_err(ProtocolError::new)?,
        };
        let text = String::from_utf8(text).ok();
        let message = text.and_then(|text| text.parse().ok());
        message.ok_or_else(|| {
            let fault = ProtocolError::new("a message of WAMP is no JSON");
            fault.with_excerpt(bytes).into()
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_message_is_told_apart() {
        for serializer in [Serializer::Json, Serializer::MessagePack] {
            // The one byte that is nothing in MessagePack, and no UTF-8.
            let error = serializer.decode(&[0xc1]).expect_err("no message");
            assert_eq!(error.code(), "Protocol");
            let message = r#"[36,1,2,{},["\u0000AAEC"]]"#.parse().expect("JSON");
            let bytes = serializer.encode(&message).expect("a form");
            assert_eq!(serializer.decode(&bytes).expect("a message"), message);
        }
        let large = "[18446744073709551616]".parse().expect("JSON");
        assert!(Serializer::Json.encode(&large).is_ok());
        let error = Serializer::MessagePack.encode(&large).expect_err("no form");
        assert!(error.to_string().contains("Serializer::Json"), "{error}");
    }
}
