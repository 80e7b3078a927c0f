//! When a fault applies.

use super::chance::Chance;
use super::kind::Fault;

/// When a [`Fault`] applies. Without further words: to every request.
///
/// A rule can be written as text: the fault with what it needs, then conditions, with commas between them. A comma that
/// belongs to a value has a backslash before it.
///
/// ```
/// use std::time::Duration;
/// use xerus_sim::{Fault, FaultRule};
///
/// let rule: FaultRule = "delay=500ms,rid=/model/pdu/0/*,method=getState,after=2,times=3,probability=0.1".parse()?;
/// let same = FaultRule::new(Fault::Delay(Duration::from_millis(500)))
///     .below("/model/pdu/0/")
///     .method("getState")
///     .after(2)
///     .times(3)
///     .probability(0.1);
/// assert_eq!(rule, same);
/// # Ok::<(), xerus_sim::BadFault>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRule {
    pub(super) fault: Fault,
    rid: Option<Where>,
    method: Option<String>,
    skip: u32,
    times: Option<u32>,
    probability: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Where {
    At(String),
    Below(String),
}

impl FaultRule {
    /// Applies `fault` to every request.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            rid: None,
            method: None,
            skip: 0,
            times: None,
            probability: 1.0,
        }
    }

    /// Applies only to requests for this resource id or path (as in the request, percent-decoded).
    #[must_use]
    pub fn on(mut self, rid: impl Into<String>) -> Self {
        self.rid = Some(Where::At(rid.into()));
        self
    }

    /// Applies only to requests for resource ids or paths that begin so.
    #[must_use]
    pub fn below(mut self, prefix: impl Into<String>) -> Self {
        self.rid = Some(Where::Below(prefix.into()));
        self
    }

    /// Applies only to calls of this method. That of a bulk is `performBulk` or the like.
    #[must_use]
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.method = Some(name.into());
        self
    }

    /// Lets this many matching requests pass first.
    #[must_use]
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Applies to this many requests, then no more.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies to a matching request with this probability, 0 to 1; what is beyond counts as the nearer of the two.
    /// [`Faults::seed`](super::Faults::seed) makes it come again in the same way.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability.clamp(0.0, 1.0);
        self
    }

    pub(super) fn is_over(&self) -> bool {
        self.times == Some(0)
    }

    /// Whether it needs to know the method of a request.
    pub(super) fn asks_for_method(&self) -> bool {
        self.method.is_some()
    }

    /// Whether it applies to this request, which it counts.
    pub(super) fn applies(&mut self, rid: &str, method: Option<&str>, chance: &mut Chance) -> bool {
        let here = match &self.rid {
            None => true,
            Some(Where::At(only)) => only == rid,
            Some(Where::Below(prefix)) => rid.starts_with(prefix),
        };
        let this = self
            .method
            .as_deref()
            .is_none_or(|only| Some(only) == method);
        if self.is_over() || !here || !this {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if self.probability < 1.0 && !chance.hits(self.probability) {
            return false;
        }
        if let Some(times) = &mut self.times {
            *times -= 1;
        }
        true
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}
