//! What is refused before it is sent.

use std::fmt;

use crate::error::{ConfigError, Error};

/// Why something was not sent: the source of the error.
#[derive(Debug)]
pub(in crate::wamp) enum NotSent {
    TooLarge {
        bytes: usize,
        limit: usize,
    },
    /// The serializer has no form for this.
    NoForm(&'static str),
    Other(String),
}

impl NotSent {
    /// Why it was, where it was for something that is told here.
    fn of(error: &Error) -> Option<&Self> {
        std::error::Error::source(error)?.downcast_ref()
    }

    /// Whether it was for its size.
    pub(in crate::wamp) fn is_size(error: &Error) -> bool {
        matches!(Self::of(error), Some(Self::TooLarge { .. }))
    }

    /// Why an answer was not sent, for who gets this instead: what it was to be, what is wrong with it, and what to do.
    pub(in crate::wamp) fn of_answer(what: &str, error: &Error) -> String {
        match Self::of(error) {
            Some(Self::TooLarge { bytes, limit }) => format!(
                "{what} is larger than a message may be ({bytes} bytes, and at most {limit} are sent): make it smaller, or raise max_request_bytes at the callee"
            ),
            Some(Self::NoForm(this)) => {
                format!("{what} has {this}: use Serializer::Json at the callee, or other values")
            }
            Some(Self::Other(_)) | None => format!("{what} cannot be sent: {error}"),
        }
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes, limit } => {
                write!(f, "{bytes} bytes, and at most {limit} are sent")
            }
            Self::NoForm(what) => write!(f, "it has {what}"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for NotSent {}

fn refused(what: &'static str, why: NotSent) -> Error {
    Error::from(ConfigError::Unsupported(what))
        .with_sent(false, false)
        .with_source(why)
}

/// A message larger than the limit.
pub(in crate::wamp) fn too_large(limit: usize, bytes: usize) -> Error {
    refused(
        "the arguments are larger than a message may be: send less at a time, or raise max_request_bytes where router and callee take more",
        NotSent::TooLarge { bytes, limit },
    )
}

/// A message that the serializer has no form for.
pub(in crate::wamp) fn cannot_be_sent(what: &'static str) -> Error {
    refused(
        "what is to be sent has no form in the serializer of this session: use Serializer::Json, or other values",
        NotSent::NoForm(what),
    )
}

/// A URI for which a router would end the session.
pub(in crate::wamp) fn bad_uri(uri: &str, why: &'static str) -> Error {
    refused(
        "a URI that no router takes: parts between dots, without blanks and #; correct the name of the method, its mark @wire, or the prefix",
        NotSent::Other(format!(
            "{:?} is {why}",
            uri.chars().take(200).collect::<String>()
        )),
    )
}

/// Why the turn did not come: another task of the program does this, and does not end.
pub(in crate::wamp) fn turn_held(does: &'static str) -> impl std::error::Error + Send + Sync {
    NotSent::Other(format!(
        "another task of this program {does} and does not come to an end: keep the runtime of that task running, or drop what it has begun"
    ))
}

/// What `Overflow::Wait` asks for.
pub(in crate::wamp) fn no_waiting() -> Error {
    let what = "a router waits for nobody, so who sends cannot be held back until there is room: take Overflow::Fail where nothing may be \
                lost unseen, and a room as large as it takes";
    Error::unsupported(what).with_sent(false, false)
}
