//! What one request may cost.

/// How many requests fit into a bulk, unless a router says otherwise.
const BULK_PARTS: usize = 1_000;
/// How long an answer may get, unless a router says otherwise.
const ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// Caps on what one request to a [`Router`](super::Router) may cost.
///
/// ```
/// use xerus_rpc::server::{Caps, Router};
///
/// let mut caps = Caps::default();
/// assert_eq!((caps.bulk_parts, caps.answer_bytes), (1_000, 32 * 1024 * 1024));
/// caps.bulk_parts = 100;
/// let router = Router::new().with_caps(caps);
/// # let _ = router;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caps {
    /// Requests in one bulk. A bulk with more is refused as a whole (−32602), and none of them is executed. Default 1 000.
    pub bulk_parts: usize,
    /// Bytes of one answer. A bulk whose answer grows beyond this ends with an error (−32000), and the requests that are
    /// left are not executed; `performBulkTimeout` gives the answers up to there instead. The answer of a single call that is larger is
    /// replaced by the same error. Default 32 MiB.
    pub answer_bytes: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            bulk_parts: BULK_PARTS,
            answer_bytes: ANSWER_BYTES,
        }
    }
}
