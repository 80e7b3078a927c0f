//! A document that is sent to a path, and what comes back: what every wire over HTTP is made of.

use bytes::Bytes;

use super::connect::Stage;
use super::credentials::Authorization;
use crate::error::Error;
use crate::id::RequestId;

/// A document to be sent.
pub(crate) struct Post<'a> {
    /// The path behind the URL of the device, not encoded.
    pub(crate) path: &'a str,
    pub(crate) document: Bytes,
    /// The id by which its answer is known; `None` on wires whose answers have none.
    pub(crate) id: Option<RequestId>,
    /// Who sends it, where that is not the user of the transport.
    pub(crate) user: Option<Authorization>,
    /// Time for all of it, or for all behind its turn.
    pub(crate) timeout: std::time::Duration,
    /// Whether it may be sent again when the first attempt may have arrived.
    pub(crate) repeatable: bool,
    /// Whether the device may hold the answer back, so that others must not wait for it.
    pub(crate) long_poll: bool,
    /// Whether it waits for its turn however long the calls before it take, which have times of their own.
    pub(crate) patient: bool,
    /// Whether the answer may be compressed.
    pub(crate) gzip: bool,
    /// The size of the largest answer accepted, as it travels.
    pub(crate) max_response_bytes: usize,
    /// Where others see how far the opening of a connection is.
    pub(crate) stage: Option<&'a Stage>,
}

/// What came back with status 200.
pub(crate) struct Posted {
    pub(crate) body: Bytes,
    /// Whether the body is compressed.
    #[cfg_attr(
        not(feature = "ripex2"),
        allow(dead_code, reason = "only that wire asks for it")
    )]
    pub(crate) gzip: bool,
    pub(super) attempts: Attempts,
}

impl Posted {
    /// How often the document was sent.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts.sent
    }

    /// Whether an attempt before the last was lost, and may have been executed.
    pub(crate) fn attempt_lost(&self) -> bool {
        self.attempts.pending
    }
}

/// What became of the attempts of a call so far.
pub(super) struct Attempts {
    /// How often the request was sent.
    pub(super) sent: u32,
    /// One of them may have been executed, which nothing that comes later can undo.
    pub(super) pending: bool,
    pub(super) repeatable: bool,
}

impl Attempts {
    /// None yet.
    pub(super) fn none(repeatable: bool) -> Self {
        Self {
            sent: 0,
            pending: false,
            repeatable,
        }
    }

    /// Adds to the last error of a call what is known from all attempts.
    pub(super) fn tell(&self, error: Error, sent: bool) -> Error {
        let error = error.with_sent(sent || self.pending, self.repeatable);
        if self.pending {
            error.with_outcome(crate::error::Outcome::Unknown)
        } else {
            error
        }
    }
}
