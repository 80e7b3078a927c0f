//! What subscribers get.

use std::time::Duration;

use crate::codec::Decode;
use crate::error::{DecodeError, Error};
use crate::wamp::content::Received;
use crate::wamp::message::{Object, Payload};

/// Something that was published.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event {
    /// The topic: of a subscription with a pattern, one of those that fit it.
    pub topic: String,
    /// The id that the router gave to the publication.
    pub publication: u64,
    /// Who published it, as far as the router tells.
    pub publisher: Publisher,
    /// Whether it was published before the subscription, and kept by the router.
    pub retained: bool,
    /// What was published.
    pub content: Received,
}

/// Who published something, as far as the router tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Publisher {
    /// The id of its session.
    pub session: Option<u64>,
    /// The name under which it logged in.
    pub authid: Option<String>,
    /// Its role.
    pub authrole: Option<String>,
}

impl Event {
    pub(super) fn new(topic: &str, publication: u64, details: &Object, payload: Payload) -> Self {
        let told = details.text("topic");
        Self {
            topic: told.unwrap_or_else(|| topic.to_owned()),
            publication,
            publisher: Publisher {
                session: details.number("publisher"),
                authid: details.text("publisher_authid"),
                authrole: details.text("publisher_authrole"),
            },
            retained: details.is_true("retained"),
            content: Received::new(payload),
        }
    }

    /// What was published as a value of one type, or a tuple of several in order.
    ///
    /// ```no_run
    /// # fn example(event: &xerus_rpc::wamp::Event) -> Result<(), xerus_rpc::DecodeError> {
    /// let (session, registration): (Option<i64>, i64) = event.read()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When a value is missing or of another type.
    pub fn read<T: FromContent>(&self) -> Result<T, DecodeError> {
        T::from_content(&self.content)
    }
}

/// What can be made of the values of a message, in order: one value, or a tuple of them.
pub trait FromContent: Sized {
    /// Reads the values.
    ///
    /// # Errors
    ///
    /// When one is missing or of another type.
    fn from_content(content: &Received) -> Result<Self, DecodeError>;
}

impl<T: Decode> FromContent for T {
    fn from_content(content: &Received) -> Result<Self, DecodeError> {
        content.arg(0)
    }
}

macro_rules! tuple {
    ($($type:ident $index:tt),*) => {
        impl<$($type: Decode),*> FromContent for ($($type,)*) {
            fn from_content(content: &Received) -> Result<Self, DecodeError> {
                Ok(($(content.arg::<$type>($index)?,)*))
            }
        }
    };
}

crate::tuples::tuples!(tuple);

/// What a subscription yields.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Delivery {
    /// Something was published.
    Event(Event),
    /// This many events were dropped here, because the program had not read those before.
    Missed(u64),
    /// The session was lost and the topic subscribed to again: what was published meanwhile did not come.
    Restored,
    /// The router refuses on a new session to subscribe again, for a reason that may pass. Nothing comes until it is [`Restored`](Self::Restored).
    NotRestored {
        /// Why.
        error: Error,
        /// After how long the router is asked again.
        again: Duration,
    },
}

impl Delivery {
    /// The event, if it is one.
    #[must_use]
    pub fn into_event(self) -> Option<Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Missed(_) | Self::Restored | Self::NotRestored { .. } => None,
        }
    }
}
