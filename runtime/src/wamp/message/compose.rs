//! Putting a message together.

use bytes::Bytes;

use super::payload::Payload;
use crate::codec::Writer;
use crate::wire::Values;

/// A message in the making: its elements in order.
///
/// ```text
/// Compose::new(CALL).number(7).object("{}").text("com.example.add").payload(&payload).finish()
/// ```
pub(in crate::wamp) struct Compose(Writer);

impl Compose {
    /// Begins a message of this kind.
    pub(in crate::wamp) fn new(kind: u64) -> Self {
        Self::with_room(kind, 0)
    }

    /// Begins a message that will hold about this many bytes of payload.
    pub(in crate::wamp) fn with_room(kind: u64, bytes: usize) -> Self {
        const FRAME: usize = 96;
        let mut writer = Writer::with_capacity(FRAME + bytes);
        writer.byte(b'[');
        writer.number(kind);
        Self(writer)
    }

    /// Adds an id or a kind.
    pub(in crate::wamp) fn number(mut self, number: u64) -> Self {
        self.0.byte(b',');
        self.0.number(number);
        self
    }

    /// Adds a text, a URI say.
    pub(in crate::wamp) fn text(mut self, text: &str) -> Self {
        self.0.byte(b',');
        self.0.string(text);
        self
    }

    /// Adds what is JSON already: options, details.
    pub(in crate::wamp) fn object(mut self, json: &str) -> Self {
        self.0.byte(b',');
        self.0.raw(json);
        self
    }

    /// Adds arguments in order, of which nothing is written when there are none.
    pub(in crate::wamp) fn in_order(mut self, values: &Values) -> Self {
        if !values.is_empty() {
            self.0.byte(b',');
            self.0.append(|text| values.write_by_position(text));
        }
        self
    }

    /// Adds the payload, of which nothing is written that is not needed.
    pub(in crate::wamp) fn payload(mut self, payload: &Payload) -> Self {
        let (args, kwargs) = (payload.has_args(), payload.has_kwargs());
        if args || kwargs {
            self.0.byte(b',');
            self.0.raw_bytes(&payload.args());
        }
        if kwargs {
            self.0.byte(b',');
            self.0.raw_bytes(&payload.kwargs());
        }
        self
    }

    /// The text of the message.
    pub(in crate::wamp) fn finish(mut self) -> Bytes {
        self.0.byte(b']');
        self.0.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wamp::message::CALL;

    fn call(payload: &Payload) -> Bytes {
        Compose::new(CALL)
            .number(7)
            .object("{}")
            .text("com.example.add")
            .payload(payload)
            .finish()
    }

    #[test]
    fn a_message_ends_with_what_it_carries() {
        let both = Payload {
            args: Some("[2,3]".into()),
            kwargs: Some(r#"{"k":null}"#.into()),
        };
        assert_eq!(call(&Payload::NONE), r#"[48,7,{},"com.example.add"]"#);
        assert_eq!(
            call(&both),
            r#"[48,7,{},"com.example.add",[2,3],{"k":null}]"#
        );
        let named = Payload { args: None, ..both };
        assert_eq!(call(&named), r#"[48,7,{},"com.example.add",[],{"k":null}]"#);
        let empty = Payload {
            args: Some("[ ]".into()),
            kwargs: Some("{}".into()),
        };
        assert_eq!(call(&empty), r#"[48,7,{},"com.example.add"]"#);
    }
}
