//! What is reported about a call for tracing.

use tokio::time::Instant;

use crate::id::RequestId;
use crate::wire::Request;

/// Reports a call when it ends, also when the caller gives it up. Names and times only: no bodies, no headers.
pub(super) struct Trace<'a> {
    origin: &'a str,
    request: &'a Request,
    id: RequestId,
    begin: Instant,
    outcome: &'static str,
}

impl<'a> Trace<'a> {
    pub(super) fn begin(origin: &'a str, request: &'a Request, id: RequestId) -> Self {
        let (begin, outcome) = (Instant::now(), "Cancelled");
        Self {
            origin,
            request,
            id,
            begin,
            outcome,
        }
    }

    /// Notes how the call ended: `ok` or the code of an error.
    pub(super) fn end(&mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        tracing::debug!(
            target: "xerus_rpc::http",
            origin = %self.origin,
            rid = self.request.target(),
            method = self.request.name(),
            id = self.id.get(),
            elapsed_us = u64::try_from(self.begin.elapsed().as_micros()).unwrap_or(u64::MAX),
            outcome = self.outcome,
            "call"
        );
    }
}
