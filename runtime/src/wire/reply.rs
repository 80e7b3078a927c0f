//! What a wire brings back.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::binding::Binding;
use crate::id::RequestId;
use crate::meta::Meta;

/// The answer to a request: its results, and what the wire knows besides.
#[derive(Clone, Debug)]
pub struct Reply {
    results: Results,
    meta: Meta,
    /// How the inside of an envelope is laid out, where it is not as on Xerus devices.
    binding: Option<Binding>,
}

/// The results of a call as they came, in one of the forms that wires have.
#[derive(Clone)]
#[non_exhaustive]
pub enum Results {
    /// A whole JSON-RPC answer; its id and version are still to be checked.
    Envelope {
        /// The document.
        body: Bytes,
        /// The id that the transport gave the request.
        id: RequestId,
    },
    /// The text of an object with the results by name, a return value as `_ret_`.
    ByName(Bytes),
    /// The text of an array with the results in the order of the method: return value, then out-parameters.
    ByPosition(Bytes),
    /// The text of the only result.
    Bare(Bytes),
    /// No results, for which the wire sends nothing.
    Nothing,
}

impl Results {
    /// The text; empty for [`Nothing`](Self::Nothing).
    #[must_use]
    pub fn body(&self) -> &[u8] {
        match self {
            Self::Envelope { body, .. }
            | Self::ByName(body)
            | Self::ByPosition(body)
            | Self::Bare(body) => body,
            Self::Nothing => b"",
        }
    }
}

impl Reply {
    /// A reply with these results.
    #[must_use]
    pub fn new(results: Results) -> Self {
        Self {
            results,
            meta: Meta::default(),
            binding: None,
        }
    }

    /// A whole JSON-RPC answer to the request that was sent under `id`.
    #[must_use]
    pub fn envelope(body: impl Into<Bytes>, id: RequestId) -> Self {
        let body = body.into();
        Self::new(Results::Envelope { body, id })
    }

    /// The text of an object with the results by name.
    #[must_use]
    pub fn by_name(body: impl Into<Bytes>) -> Self {
        Self::new(Results::ByName(body.into()))
    }

    /// The text of an array with the results in the order of the method.
    #[must_use]
    pub fn by_position(body: impl Into<Bytes>) -> Self {
        Self::new(Results::ByPosition(body.into()))
    }

    /// The text of the only result.
    #[must_use]
    pub fn bare(body: impl Into<Bytes>) -> Self {
        Self::new(Results::Bare(body.into()))
    }

    /// No results.
    #[must_use]
    pub fn nothing() -> Self {
        Self::new(Results::Nothing)
    }

    pub(super) fn with_binding(mut self, binding: Binding) -> Self {
        self.binding = Some(binding);
        self
    }

    pub(crate) fn binding(&self) -> Option<&Binding> {
        self.binding.as_ref()
    }

    /// Adds who answered.
    #[must_use]
    pub fn with_peer(mut self, peer: impl Into<Arc<str>>) -> Self {
        self.meta.peer = Some(peer.into());
        self
    }

    /// Adds how often the request was sent.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.meta.attempts = attempts;
        self
    }

    /// Says whether an attempt before the one that was answered was lost, and may have been executed.
    #[must_use]
    pub fn with_attempt_lost(mut self, lost: bool) -> Self {
        self.meta.attempt_lost = lost;
        self
    }

    /// Adds how long it took.
    #[must_use]
    pub fn with_elapsed(mut self, elapsed: Duration) -> Self {
        self.meta.elapsed = Some(elapsed);
        self
    }

    /// Says how many reported values were lost right before this, because they were not read in time.
    #[must_use]
    pub fn with_missed(mut self, missed: u64) -> Self {
        self.meta.missed = missed;
        self
    }

    /// Adds something that the device said.
    #[must_use]
    pub fn with_warning(mut self, warning: impl Into<String>) -> Self {
        self.meta.warnings.push(warning.into());
        self
    }

    /// Adds what the runtime has to say.
    pub(crate) fn warn(&mut self, warning: String) {
        self.meta.warnings.push(warning);
    }

    /// Adds the status of the wire.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.meta.status = Some(status);
        self
    }

    /// Adds an attribute that only this wire has, or replaces it: the clock of the device, the session of a callee.
    #[must_use]
    pub fn with_attribute(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.meta.set_attribute(name, value);
        self
    }

    /// Replaces all that the wire knows besides: for layers that keep replies.
    #[must_use]
    pub fn with_meta(mut self, meta: Meta) -> Self {
        self.meta = meta;
        self
    }

    /// The results.
    #[must_use]
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// What the wire knows besides.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    pub(crate) fn into_meta(self) -> Meta {
        self.meta
    }
}

impl fmt::Debug for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Answers may hold session tokens.
        let (form, body) = match self {
            Self::Envelope { body, id } => {
                return f
                    .debug_struct("Envelope")
                    .field("body_bytes", &body.len())
                    .field("id", id)
                    .finish();
            }
            Self::ByName(body) => ("ByName", body),
            Self::ByPosition(body) => ("ByPosition", body),
            Self::Bare(body) => ("Bare", body),
            Self::Nothing => return f.write_str("Nothing"),
        };
        f.debug_struct(form)
            .field("body_bytes", &body.len())
            .finish()
    }
}
