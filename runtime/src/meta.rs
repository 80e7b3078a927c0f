//! What a wire knows of a call beside its result.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crate::attributes::Attributes;

/// Says of an error that the wire had logged in again for the call: that the device does not know the user is not the last word then.
pub(crate) const SESSION_RENEWED: &str = "session_renewed";

/// What a wire knows of a call that was answered, be it with results or with an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// Who answered, where several could have: a server of a group, a callee.
    pub peer: Option<Arc<str>>,
    /// How often the request was sent; 0 where the wire does not count.
    pub attempts: u32,
    /// An attempt before the one that was answered was lost, and may have been executed. Then a refusal of the call does not
    /// mean that it was not executed: [`Error::outcome`](crate::Error::outcome) is unknown.
    pub attempt_lost: bool,
    /// Time from the request to the complete answer, waiting for earlier calls included.
    pub elapsed: Option<Duration>,
    /// What the device has to say beside results or error. Then, where elements of lists and maps in the results could not be
    /// read and were kept as text, how many.
    pub warnings: Vec<String>,
    /// How many reported values were lost right before this one, or before the end, because they were not read in time.
    pub missed: u64,
    /// The status of the wire: 200 for HTTP.
    pub status: Option<u16>,
    attributes: Attributes,
}

impl Meta {
    /// What only this wire tells: the clock of the device, the session of a callee. Its documentation has the names.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)
    }

    /// Adds something that only this wire tells, or replaces it.
    pub fn set_attribute(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.attributes.set(name, value);
    }
}
