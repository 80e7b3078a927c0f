//! Faults that a peer has to live with, played to one that is live: what it should do, and what it did.

pub(crate) mod netstring;

use std::time::Duration;

/// A fault and what is expected then.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The name under which the documentation of the wire has it.
    pub(crate) name: &'static str,
    /// What is done to the peer.
    pub(crate) case: &'static str,
    /// What it should do.
    pub(crate) expect: &'static str,
}

/// Whether the peer does what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It does.
    Meets,
    /// It does something else.
    Differs,
}

impl Verdict {
    /// As the list has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Differs => "differs",
        }
    }
}

/// What one row came to.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) row: Row,
    pub(crate) seen: String,
    pub(crate) verdict: Verdict,
}

/// The call that is made again and again.
#[derive(Clone, Debug)]
pub(crate) struct Probe {
    pub(crate) method: String,
    /// A JSON text.
    pub(crate) params: String,
    /// How long the peer may take for anything.
    pub(crate) patience: Duration,
}
