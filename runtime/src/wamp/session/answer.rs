//! What ends a request.

use crate::error::Error;
use crate::wamp::message::{Object, Payload};

/// What a router answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::wamp) enum Answered {
    /// The results of a call.
    Result { details: Object, payload: Payload },
    /// An error, of whoever was asked or of the router.
    Error {
        details: Object,
        uri: String,
        payload: Payload,
    },
    /// It was done; the id of what was made: a registration, a subscription, a publication. 0 for what was unmade.
    Done { id: u64 },
}

/// An answer, or why none comes any more.
pub(in crate::wamp) type Answer = Result<Answered, Error>;
