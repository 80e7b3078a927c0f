//! Errors of requests that carry several calls, as errors of those calls.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::{AuthError, BulkError, Error, ErrorKind, HttpStatusError, TimeoutError};

impl Error {
    /// The error of a request that carried other calls, for one of these: what became of the request became of all, but each
    /// has its own name, and may be repeated or not.
    pub(crate) fn of_call_inside(
        &self,
        rid: &Arc<str>,
        method: Cow<'static, str>,
        repeatable: bool,
    ) -> Self {
        let mut error = self.clone().with_outcome(self.outcome());
        let context = &mut error.0.context;
        context.rid = Some(Arc::clone(rid));
        context.method = Some(method);
        context.repeatable = repeatable;
        error
    }

    /// Says whether the request may be repeated, where it is not known whether it went out.
    pub(crate) fn with_repeatable(mut self, repeatable: bool) -> Self {
        self.0.context.repeatable = repeatable;
        self
    }

    /// Names the limit that the caller knows, where the time ran out that the request was given: what was left of it.
    pub(crate) fn with_whole_limit(mut self, given: Duration, limit: Duration) -> Self {
        if let ErrorKind::Timeout(error) = &mut self.0.kind
            && error.limit == given
        {
            *error = TimeoutError::new(error.phase, limit);
        }
        self
    }

    /// Names the limit that the caller knows, where time ran out: the request may have had what was left of it.
    pub(crate) fn with_limit(mut self, limit: Duration) -> Self {
        if let ErrorKind::Timeout(error) = &mut self.0.kind {
            *error = TimeoutError::new(error.phase, limit);
        }
        self
    }

    /// The error that the call would have ended with alone, where its entry in a bulk answer has a status that refuses it.
    pub(crate) fn told_alone(mut self) -> Self {
        if let ErrorKind::Bulk(BulkError::SubHttpStatus(status)) = self.0.kind
            && let Ok(status @ 400..=599) = u16::try_from(status)
        {
            self.0.kind = match status {
                401 => ErrorKind::Auth(AuthError::Unauthorized),
                403 => ErrorKind::Auth(AuthError::Forbidden),
                451 => ErrorKind::Auth(AuthError::PasswordChangeRequired),
                _ => ErrorKind::HttpStatus(HttpStatusError::new(status, "")),
            };
        }
        self
    }
}
