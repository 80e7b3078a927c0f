//! When a fault applies.

use super::chance::Chance;
use super::kind::Fault;
use super::subject::{Call, spelled};

/// When a [`Fault`] applies. Without further words: to every request.
///
/// # Objects
///
/// A rule is for an object, whatever it is called: [`on`](Self::on) and [`below`](Self::below) look at all its resource ids. A
/// program that got an outlet from `getOutlets` calls it `/tfwopaque/pdumodel.Outlet:3.0.4/outlet.2`, and
/// `.on("/model/pdu/0/outlet/2")` hits it.
///
/// # Bulk requests
///
/// A rule also looks at the calls in a bulk request. If one of them is what the rule is for, the fault acts on the whole of the
/// bulk, as it comes and goes as one: [`CloseAfterExecution`](Fault::CloseAfterExecution) executes all calls and loses all answers, a
/// [`Status`](Fault::Status) executes none. It counts as one request.
///
/// Faults that change what a call is answered act on that call only, and each call counts: [`Rewrite`](Fault::Rewrite),
/// [`SerialNumber`](Fault::SerialNumber), [`WrongId`](Fault::WrongId), [`MissingId`](Fault::MissingId),
/// [`ResultAndError`](Fault::ResultAndError), [`ErrorNull`](Fault::ErrorNull), [`DeepNesting`](Fault::DeepNesting). Where the rule is for
/// the bulk itself (`.on("/bulk")`, `.method("performBulk")`, or without place and method), they act on the answer to the bulk.
/// [`PartDelay`](Fault::PartDelay) and [`PartStatus`](Fault::PartStatus) always act on calls in a bulk.
///
/// # As text
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
    pub(super) method: Option<String>,
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

    /// Applies only to requests for the object with this resource id, under any of its resource ids, or for the file with
    /// this path; percent-decoded. Slashes around it do not matter. A bulk is hit by a call in it, see [above](Self#bulk-requests).
    #[must_use]
    pub fn on(mut self, rid: impl Into<String>) -> Self {
        self.rid = Some(Where::At(spelled(&rid.into())));
        self
    }

    /// Applies only to requests for objects of which a resource id begins so, or for files whose path does. Slashes in front do not
    /// matter; one at the end does: it keeps `/outlet/1` from meaning outlet 10 as well. A bulk is hit by a call in it, see
    /// [above](Self#bulk-requests).
    #[must_use]
    pub fn below(mut self, prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        self.rid = Some(Where::Below(format!("/{}", prefix.trim_start_matches('/'))));
        self
    }

    /// Applies only to calls of this method, alone or in a bulk, see [above](Self#bulk-requests). That of a bulk itself is
    /// `performBulk` or the like. Together with [`on`](Self::on) or [`below`](Self::below) the same call has to fit both.
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

    /// The resource id, and whether it is the beginning of one.
    pub(super) fn place(&self) -> Option<(&str, bool)> {
        self.rid.as_ref().map(|place| match place {
            Where::At(rid) => (rid.as_str(), false),
            Where::Below(prefix) => (prefix.as_str(), true),
        })
    }

    /// Whether it is for the object or file with this name.
    pub(super) fn is_at(&self, name: &str) -> bool {
        match &self.rid {
            None => true,
            Some(Where::At(only)) => only == name,
            Some(Where::Below(prefix)) => name.starts_with(prefix),
        }
    }

    /// Whether it is for this call.
    pub(super) fn is_for(&self, call: &Call) -> bool {
        let this = self
            .method
            .as_ref()
            .is_none_or(|only| call.method.as_ref() == Some(only));
        this && call.names.iter().any(|name| self.is_at(name))
    }

    /// Whether it applies to a request that it is for, which it counts.
    pub(super) fn applies(&mut self, chance: &mut Chance) -> bool {
        if self.is_over() {
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
