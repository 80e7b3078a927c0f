//! The error of a call. (First shape; the kinds grow.)

mod bulk;
mod decode;
mod encode;
mod envelope;
mod json;
mod path;

use std::fmt;
use std::sync::Arc;

pub use bulk::BulkError;
pub use decode::{DecodeError, DecodeErrorKind};
pub use encode::{EncodeError, EncodeErrorKind};
pub use envelope::{EnvelopeError, RpcError};
pub use json::{JsonError, JsonErrorKind};

/// Why a call has no result.
#[derive(Clone)]
pub struct Error(Arc<Cause>);

#[derive(Debug)]
enum Cause {
    Decode(DecodeError),
    Encode(EncodeError),
    Envelope(EnvelopeError),
    Rpc(RpcError),
    Bulk(BulkError),
    ResponseTooLarge { limit: usize, seen: usize },
    BadRid(&'static str),
    MajorMismatch(String),
    Unsupported(&'static str),
}

impl Error {
    pub(crate) fn unsupported(what: &'static str) -> Self {
        Self(Arc::new(Cause::Unsupported(what)))
    }

    pub(crate) fn response_too_large(limit: usize, seen: usize) -> Self {
        Self(Arc::new(Cause::ResponseTooLarge { limit, seen }))
    }

    pub(crate) fn bad_rid(reason: &'static str) -> Self {
        Self(Arc::new(Cause::BadRid(reason)))
    }

    pub(crate) fn major_mismatch(text: String) -> Self {
        Self(Arc::new(Cause::MajorMismatch(text)))
    }

    /// Adds what was called, for the message; what is already there stays.
    pub(crate) fn in_call(self, _origin: &str, _rid: &str, _method: &str) -> Self {
        self
    }

    /// The decode error inside, when it is one.
    #[must_use]
    pub fn as_decode(&self) -> Option<&DecodeError> {
        match &*self.0 {
            Cause::Decode(error) => Some(error),
            _ => None,
        }
    }
}

macro_rules! from {
    ($($variant:ident($error:ty)),*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self(Arc::new(Cause::$variant(error)))
            }
        }
    )*};
}
from!(
    Decode(DecodeError),
    Encode(EncodeError),
    Envelope(EnvelopeError),
    Rpc(RpcError),
    Bulk(BulkError)
);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Cause::Decode(error) => error.fmt(f),
            Cause::Encode(error) => error.fmt(f),
            Cause::Envelope(error) => error.fmt(f),
            Cause::Rpc(error) => error.fmt(f),
            Cause::Bulk(error) => error.fmt(f),
            Cause::ResponseTooLarge { limit, seen } => {
                write!(f, "answer of {seen} bytes, the limit is {limit}")
            }
            Cause::BadRid(reason) => write!(f, "bad resource id: {reason}"),
            Cause::MajorMismatch(text) => f.write_str(text),
            Cause::Unsupported(what) => f.write_str(what),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {}
