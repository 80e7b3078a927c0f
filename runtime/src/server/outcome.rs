//! What a request comes to.

use std::fmt;

use bytes::Bytes;

use super::fault::Fault;
use crate::jsonrpc::answer;

/// What a request comes to: an HTTP status and a body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// 200, or 404 for an unknown resource id.
    pub status: u16,
    /// The JSON document to send, also with a 404.
    pub body: Vec<u8>,
}

impl Outcome {
    /// A status with a document.
    #[must_use]
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, body }
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Answers may hold session tokens.
        f.debug_struct("Outcome")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Status of a call that came to an object, whatever that said.
pub(super) const OK: u16 = 200;
/// Status of a call to a resource id behind which nothing stands.
pub(super) const NOT_FOUND: u16 = 404;

/// The document that answers the request with this id.
pub(super) fn outcome(status: u16, result: Result<Bytes, Fault>, id: &str) -> Outcome {
    let result = result.map_err(Fault::into_numbered);
    let result = result.as_ref().map(|text| &text[..]);
    Outcome {
        status,
        body: answer::write(result, id),
    }
}
