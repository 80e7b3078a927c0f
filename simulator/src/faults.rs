//! Misbehaviour on demand: what a device, a proxy or a network may do to an answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One way in which a request goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is closed without an answer; the call is not executed.
    CloseUnanswered,
    /// The call is executed, then the connection is closed without an answer.
    CloseAfterExecution,
    /// The answer announces its full length, but the connection ends after half of it.
    TruncateBody,
    /// The answer carries an `id` that was not sent.
    WrongId,
    /// The answer comes this much later. Real time, whatever the device's clock says.
    Delay(Duration),
    /// This HTTP status with this text instead of an answer; the call is not executed.
    Status {
        /// The HTTP status code, 200 to 999. With another the answer has status 500 and says what is wrong.
        code: u16,
        /// The body, sent as `text/html`.
        body: String,
    },
    /// A redirect; the call is not executed.
    Redirect {
        /// The HTTP status code, 302 or 307 on real devices; the range is that of [`Status`](Self::Status).
        code: u16,
        /// The `Location` header. If it cannot stand there, the answer has status 500 and says so.
        location: String,
    },
    /// The call is executed, and every occurrence of a text in the answer is replaced. Other type versions, unknown
    /// enumerators and missing members are made this way.
    Rewrite {
        /// The text to look for.
        from: String,
        /// Its replacement.
        to: String,
    },
}

/// When a [`Fault`] applies. Without further words: to every request.
#[derive(Clone, Debug)]
pub struct FaultRule {
    fault: Fault,
    rid: Option<String>,
    skip: u32,
    times: Option<u32>,
}

impl FaultRule {
    /// Applies `fault` to every request.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            rid: None,
            skip: 0,
            times: None,
        }
    }

    /// Applies only to requests for this resource id (as in the request path, percent-decoded).
    #[must_use]
    pub fn on(mut self, rid: impl Into<String>) -> Self {
        self.rid = Some(rid.into());
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

    fn applies(&mut self, rid: &str) -> bool {
        if self.times == Some(0) || self.rid.as_deref().is_some_and(|only| only != rid) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
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

/// The faults in force, changed at run time. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Vec<FaultRule>>>);

impl Faults {
    /// Adds a fault or a [`FaultRule`]. Several rules may apply to one request; they act in the order of their addition.
    pub fn inject(&self, rule: impl Into<FaultRule>) {
        self.rules().push(rule.into());
    }

    /// Ends all misbehaviour.
    pub fn clear(&self) {
        self.rules().clear();
    }

    /// The faults that hit a request for `rid`; counts it.
    pub(crate) fn take(&self, rid: &str) -> Vec<Fault> {
        let mut rules = self.rules();
        let hits = rules
            .iter_mut()
            .filter_map(|rule| rule.applies(rid).then(|| rule.fault.clone()))
            .collect();
        rules.retain(|rule| rule.times != Some(0));
        hits
    }

    fn rules(&self) -> std::sync::MutexGuard<'_, Vec<FaultRule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_count_their_requests() {
        let faults = Faults::default();
        faults.inject(FaultRule::new(Fault::WrongId).on("/bulk").after(1).times(2));
        assert_eq!(faults.take("/firmware"), []);
        assert_eq!(faults.take("/bulk"), []);
        assert_eq!(faults.take("/bulk"), [Fault::WrongId]);
        assert_eq!(faults.take("/bulk"), [Fault::WrongId]);
        assert_eq!(faults.take("/bulk"), []);
    }

    #[test]
    fn several_faults_meet_in_order_until_cleared() {
        let faults = Faults::default();
        faults.inject(Fault::TruncateBody);
        faults.inject(Fault::CloseUnanswered);
        assert_eq!(
            faults.take("/x"),
            [Fault::TruncateBody, Fault::CloseUnanswered]
        );
        faults.clear();
        assert_eq!(faults.take("/x"), []);
    }
}
