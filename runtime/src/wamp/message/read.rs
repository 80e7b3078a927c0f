//! Taking a message apart.

use bytes::Bytes;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::elements::{Elements, elements};
use super::object::{Object, number, text};
use super::payload::Payload;
use super::*;
use crate::error::ProtocolError;

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::wamp) enum Incoming {
    Welcome {
        session: u64,
        details: Object,
    },
    Abort {
        details: Object,
        reason: String,
    },
    Challenge {
        method: String,
        extra: Object,
    },
    Goodbye {
        details: Object,
        reason: String,
    },
    Error {
        request: u64,
        details: Object,
        uri: String,
        payload: Payload,
    },
    Published {
        request: u64,
        publication: u64,
    },
    Subscribed {
        request: u64,
        subscription: u64,
    },
    /// Request 0 is a subscription that the router took back; the details say which.
    Unsubscribed {
        request: u64,
        details: Option<Object>,
    },
    Event {
        subscription: u64,
        publication: u64,
        details: Object,
        payload: Payload,
    },
    Result {
        request: u64,
        details: Object,
        payload: Payload,
    },
    Registered {
        request: u64,
        registration: u64,
    },
    /// Request 0 is a registration that the router took back; the details say which.
    Unregistered {
        request: u64,
        details: Option<Object>,
    },
    Invocation {
        request: u64,
        registration: u64,
        details: Object,
        payload: Payload,
    },
    Interrupt {
        request: u64,
        details: Object,
    },
}

/// Takes a message apart. Elements behind those that its kind has are left out; what is in details and payload is not looked at.
///
/// # Errors
///
/// When it is no message, or none for a client.
pub(in crate::wamp) fn read(message: Utf8Bytes) -> Result<Incoming, ProtocolError> {
    let bytes = Bytes::from(message.clone());
    take_apart(&message, &bytes).map_err(|what| {
        let error = ProtocolError::new(what);
        // What looks like a message may carry a secret; what does not tells who is there.
        if message.trim_start().starts_with('[') {
            error
        } else {
            error.with_excerpt(&bytes)
        }
    })
}

fn take_apart(whole: &str, message: &Bytes) -> Result<Incoming, &'static str> {
    let parts = Parts {
        message,
        whole,
        places: elements(whole)?,
    };
    let kind = parts
        .json(0)
        .and_then(number)
        .ok_or("a message does not begin with the number of its kind")?;
    Ok(match kind {
        WELCOME => Incoming::Welcome {
            session: parts.id(1)?,
            details: parts.object(2)?,
        },
        ABORT => Incoming::Abort {
            details: parts.object(1)?,
            reason: parts.text(2)?,
        },
        CHALLENGE => Incoming::Challenge {
            method: parts.text(1)?,
            extra: parts.object(2)?,
        },
        GOODBYE => Incoming::Goodbye {
            details: parts.object(1)?,
            reason: parts.text(2)?,
        },
        // What it answers is known by its id: routers differ in the kind that they name.
        ERROR => Incoming::Error {
            request: parts.id(2)?,
            details: parts.object(3)?,
            uri: parts.text(4)?,
            payload: parts.payload(5)?,
        },
        PUBLISHED => Incoming::Published {
            request: parts.id(1)?,
            publication: parts.id(2)?,
        },
        SUBSCRIBED => Incoming::Subscribed {
            request: parts.id(1)?,
            subscription: parts.id(2)?,
        },
        UNSUBSCRIBED => Incoming::Unsubscribed {
            request: parts.id(1)?,
            details: parts.object(2).ok(),
        },
        EVENT => Incoming::Event {
            subscription: parts.id(1)?,
            publication: parts.id(2)?,
            details: parts.object(3)?,
            payload: parts.payload(4)?,
        },
        RESULT => Incoming::Result {
            request: parts.id(1)?,
            details: parts.object(2)?,
            payload: parts.payload(3)?,
        },
        REGISTERED => Incoming::Registered {
            request: parts.id(1)?,
            registration: parts.id(2)?,
        },
        UNREGISTERED => Incoming::Unregistered {
            request: parts.id(1)?,
            details: parts.object(2).ok(),
        },
        INVOCATION => Incoming::Invocation {
            request: parts.id(1)?,
            registration: parts.id(2)?,
            details: parts.object(3)?,
            payload: parts.payload(4)?,
        },
        INTERRUPT => Incoming::Interrupt {
            request: parts.id(1)?,
            details: parts.object(2)?,
        },
        _ => return Err("a message is of a kind that no router sends"),
    })
}

struct Parts<'m> {
    message: &'m Bytes,
    whole: &'m str,
    places: Elements,
}

impl<'m> Parts<'m> {
    fn json(&self, index: usize) -> Option<&'m str> {
        let (start, end) = self.places.place(index)?;
        self.whole.get(start..end)
    }

    fn bytes(&self, index: usize) -> Option<Bytes> {
        let (start, end) = self.places.place(index)?;
        Some(self.message.slice(start..end))
    }

    fn id(&self, index: usize) -> Result<u64, &'static str> {
        self.json(index)
            .and_then(number)
            .filter(|id| *id <= LAST_ID)
            .ok_or("an id in a message is no whole number up to 2^53")
    }

    fn text(&self, index: usize) -> Result<String, &'static str> {
        self.json(index)
            .and_then(text)
            .ok_or("a text in a message is missing")
    }

    fn object(&self, index: usize) -> Result<Object, &'static str> {
        self.json(index)
            .filter(|json| json.starts_with('{'))
            .and_then(|_| self.bytes(index))
            .map(Object::new)
            .ok_or("an object in a message is missing")
    }

    fn payload(&self, index: usize) -> Result<Payload, &'static str> {
        let begins = |index, sign| match self.json(index) {
            None => Ok(None),
            Some(json) if json.starts_with(sign) => Ok(self.bytes(index)),
            // Some write null where there is nothing.
            Some("null") => Ok(None),
            Some(_) => Err("what a message carries is no array or no object"),
        };
        Ok(Payload {
            args: begins(index, '[')?,
            kwargs: begins(index + 1, '{')?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &'static str) -> Result<Incoming, ProtocolError> {
        read(Utf8Bytes::from_static(text))
    }

    #[test]
    fn messages_of_a_router_are_taken_apart() {
        let result = look(r#"[50,1,{"progress":true},[5],{"k":1}]"#);
        let Ok(Incoming::Result {
            request: 1,
            details,
            payload,
        }) = result
        else {
            panic!("{result:?}");
        };
        assert!(details.is_true("progress"));
        assert_eq!(
            (payload.args(), payload.kwargs()),
            ("[5]".into(), r#"{"k":1}"#.into())
        );
        assert_eq!(
            look(r#"[8,48,4,{},"com.example.error.mine",["text",7]]"#)
                .map(|m| matches!(m, Incoming::Error { request: 4, .. })),
            Ok(true)
        );
        assert_eq!(
            look("[65,1,9007199254740992]"),
            Ok(Incoming::Registered {
                request: 1,
                registration: 1 << 53
            })
        );
        let revoked = look(r#"[67,0,{"reason":"x","registration":7}]"#);
        let Ok(Incoming::Unregistered {
            request: 0,
            details: Some(details),
        }) = revoked
        else {
            panic!("{revoked:?}");
        };
        assert_eq!(details.number("registration"), Some(7));
    }

    #[test]
    fn w14_an_error_is_known_by_its_id_alone() {
        let told = look(r#"[8,49,12,{},"wamp.error.canceled"]"#);
        assert!(matches!(told, Ok(Incoming::Error { request: 12, .. })));
    }

    #[test]
    fn w33_what_is_no_message_is_told() {
        for bad in [
            "hello",
            "{}",
            "[]",
            r#"["50",1,{}]"#,
            "[99,1]",
            "[50]",
            r#"[50,"1",{}]"#,
            "[50,-1,{}]",
            "[50,1.0,{}]",
            "[50,9007199254740993,{}]",
            "[50,1,[]]",
            "[50,1,{},{}]",
            r#"[3,{},7]"#,
            r#"[48,1,{},"com.example.add"]"#,
        ] {
            assert!(look(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn w34_more_elements_are_left_out() {
        let told = look(r#"[50,1,{},[5],{},"extra",[7],8,9]"#);
        assert!(matches!(told, Ok(Incoming::Result { request: 1, .. })));
        assert!(look(r#"[17,1,2,"extra"]"#).is_ok());
    }
}
