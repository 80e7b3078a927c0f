//! What is reported about a transfer for tracing.

use std::sync::Arc;

use tokio::time::Instant;

use crate::error::Error;

/// Reports a transfer when it ends, also when the caller gives it up. Names, sizes and times only: the query of a file may
/// hold a password.
pub(super) struct Trace {
    origin: Arc<str>,
    target: String,
    /// `download` or `upload`.
    direction: &'static str,
    begin: Instant,
    bytes: u64,
    outcome: &'static str,
}

impl Trace {
    pub(super) fn begin(origin: &Arc<str>, target: &str, direction: &'static str) -> Self {
        Self {
            origin: Arc::clone(origin),
            target: target.to_owned(),
            direction,
            begin: Instant::now(),
            bytes: 0,
            outcome: "Cancelled",
        }
    }

    pub(super) fn moved(&mut self, bytes: u64) {
        self.bytes = bytes;
    }

    pub(super) fn done(&mut self) {
        self.outcome = "ok";
    }

    /// Notes how the transfer failed, and says in the error which it was.
    pub(super) fn failed(&mut self, error: Error) -> Error {
        self.outcome = error.code();
        error
            .with_origin(Arc::clone(&self.origin))
            .with_call(&*self.target, self.direction)
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        tracing::debug!(
            target: "xerus_rpc::http",
            origin = %self.origin,
            path = %self.target,
            direction = self.direction,
            bytes = self.bytes,
            elapsed_us = u64::try_from(self.begin.elapsed().as_micros()).unwrap_or(u64::MAX),
            outcome = self.outcome,
            "file"
        );
    }
}
