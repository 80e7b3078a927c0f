//! How topics are subscribed to.

use crate::wamp::callee::Match;
use crate::wire::Overflow;

/// How a topic is subscribed to, and how many of its events wait for the program.
///
/// ```
/// use xerus_rpc::wamp::{Match, Overflow, SubscribeOptions};
///
/// let options = SubscribeOptions::new()
///     .with_match(Match::Prefix)
///     .with_room(1024, Overflow::DropNewest);
/// assert_eq!(options.room, 1024);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SubscribeOptions {
    /// Which topics.
    pub matching: Match,
    /// How many events may wait, at least 1. Whatever their number, not more than 16 MiB wait.
    pub room: usize,
    /// What happens to more.
    pub overflow: Overflow,
    /// Whether the router is asked for the last event that it kept of the topic.
    pub retained: bool,
}

impl Default for SubscribeOptions {
    fn default() -> Self {
        Self {
            matching: Match::Exact,
            room: 256,
            overflow: Overflow::DropOldest,
            retained: false,
        }
    }
}

impl SubscribeOptions {
    /// The topic with this URI, and room for 256 events, of which the oldest are dropped.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets which topics.
    #[must_use]
    pub fn with_match(mut self, matching: Match) -> Self {
        self.matching = matching;
        self
    }

    /// Sets how many events may wait, at least 1, and what happens to more. With [`Overflow::Fail`] the subscription ends with the
    /// error `Overflow`; [`Overflow::Wait`] is refused by `subscribe`, since a router waits for nobody.
    #[must_use]
    pub fn with_room(mut self, events: usize, overflow: Overflow) -> Self {
        self.room = events.max(1);
        self.overflow = overflow;
        self
    }

    /// Asks the router for the last event that it kept of the topic, also where others here have subscribed to it already, and again on
    /// each later session. Nobody else here gets it. Where the broker does not announce `event_retention` nothing is sent, and it
    /// is an error.
    #[must_use]
    pub fn with_retained(mut self, retained: bool) -> Self {
        self.retained = retained;
        self
    }
}

/// The options of SUBSCRIBE as a JSON object.
pub(super) fn details(matching: Match, retained: bool) -> String {
    let mut members = Vec::new();
    if matching != Match::Exact {
        members.push(format!(r#""match":"{}""#, matching.as_str()));
    }
    if retained {
        members.push(r#""get_retained":true"#.to_owned());
    }
    format!("{{{}}}", members.join(","))
}
