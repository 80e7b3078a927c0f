//! Options of the reader.

use crate::agent::Agent;
use crate::json::Limits;
use crate::settings::{DEFAULT_MAX_DEPTH, DEFAULT_MAX_MEMORY, MAX_DEPTH, Settings};

/// How a [`Reader`](crate::rt::Reader) reads: limits, strictness, and the agent that references found will use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReaderOptions {
    /// Refuse what lenient reading accepts: missing members, unknown enumerators, `3.0` for an integer,
    /// a decimal string for a 64-bit one, elements that are no reference or value object. Default: off.
    pub strict: bool,
    /// Deepest nesting of arrays and objects, the outermost being 1. Default: 64.
    ///
    /// 1 to 512; what lies outside counts as the nearest of these.
    pub max_depth: usize,
    /// Bytes that lists, maps and unknown members may take in memory. Default: 256 MiB.
    ///
    /// A short text can stand for a large value (`{}` for a structure of twenty members), so a limit for the size
    /// of the answer is not enough.
    pub max_memory: usize,
    /// The agent of references found in the document; without one they cannot be called.
    pub agent: Option<Agent>,
    /// Whether enumerators may stand by name, and maps as objects, as in the form for `serde`.
    #[cfg_attr(
        not(feature = "serde"),
        expect(dead_code, reason = "options have one form for all features")
    )]
    pub(crate) by_name: bool,
    /// Whether elements that cannot be read are kept as text: not in arguments, of which a servant must understand all.
    pub(crate) keeps_unreadable: bool,
}

impl Default for ReaderOptions {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl ReaderOptions {
    pub(super) const DEFAULT: Self = Self {
        strict: false,
        max_depth: DEFAULT_MAX_DEPTH,
        max_memory: DEFAULT_MAX_MEMORY,
        agent: None,
        by_name: false,
        keeps_unreadable: true,
    };

    /// The options that an agent's settings ask for, with references bound to that agent.
    #[must_use]
    pub fn for_agent(agent: &Agent) -> Self {
        let Settings {
            strict,
            max_depth,
            max_memory,
            ..
        } = *agent.settings();
        Self {
            strict,
            max_depth,
            max_memory,
            agent: Some(agent.clone()),
            ..Self::DEFAULT
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            strict: self.strict,
            depth: self.max_depth.clamp(1, MAX_DEPTH),
            memory: self.max_memory,
        }
    }

    /// Turns strict reading on or off.
    #[must_use]
    pub fn with_strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }
}
