//! The faults in force.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chance::Chance;
use super::kind::Fault;
use super::rule::FaultRule;

/// The faults in force, changed at run time. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Rules>>);

#[derive(Debug)]
struct Rules {
    rules: Vec<FaultRule>,
    chance: Chance,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            chance: Chance::new(0),
        }
    }
}

impl Faults {
    /// Adds a fault or a [`FaultRule`]. Several rules may apply to one request; they act in the order of their addition.
    pub fn inject(&self, rule: impl Into<FaultRule>) {
        self.lock().rules.push(rule.into());
    }

    /// Ends all misbehaviour. Sessions that have expired stay so.
    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    /// Throws the dice of [`FaultRule::probability`] anew: with the same seed and the same requests, the same requests are hit.
    /// Default 0.
    pub fn seed(&self, seed: u64) {
        self.lock().chance = Chance::new(seed);
    }

    /// The faults that hit a request; counts it. `method` is asked only when a rule wants to know.
    pub(crate) fn take(&self, rid: &str, method: impl FnOnce() -> Option<String>) -> Vec<Fault> {
        self.taken(rid, method, false)
    }

    /// The faults that hit a call in a bulk; counts it.
    pub(crate) fn take_part(
        &self,
        rid: &str,
        method: impl FnOnce() -> Option<String>,
    ) -> Vec<Fault> {
        self.taken(rid, method, true)
    }

    fn taken(&self, rid: &str, method: impl FnOnce() -> Option<String>, parts: bool) -> Vec<Fault> {
        let mut inner = self.lock();
        let Rules { rules, chance } = &mut *inner;
        if rules.is_empty() {
            return Vec::new();
        }
        let method = rules
            .iter()
            .any(FaultRule::asks_for_method)
            .then(method)
            .flatten();
        let hits = rules
            .iter_mut()
            .filter(|rule| rule.fault.is_for_parts() == parts)
            .filter_map(|rule| {
                rule.applies(rid, method.as_deref(), chance)
                    .then(|| rule.fault.clone())
            })
            .collect();
        rules.retain(|rule| !rule.is_over());
        hits
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn take(faults: &Faults, rid: &str) -> Vec<Fault> {
        faults.take(rid, || Some("getState".to_owned()))
    }

    #[test]
    fn rules_count_their_requests() {
        let faults = Faults::default();
        faults.inject(FaultRule::new(Fault::WrongId).on("/bulk").after(1).times(2));
        assert_eq!(take(&faults, "/firmware"), []);
        assert_eq!(take(&faults, "/bulk"), []);
        assert_eq!(take(&faults, "/bulk"), [Fault::WrongId]);
        assert_eq!(take(&faults, "/bulk"), [Fault::WrongId]);
        assert_eq!(take(&faults, "/bulk"), []);
    }

    #[test]
    fn several_faults_meet_in_order_until_cleared() {
        let faults = Faults::default();
        faults.inject(Fault::TruncateBody);
        faults.inject(Fault::CloseUnanswered);
        assert_eq!(
            take(&faults, "/x"),
            [Fault::TruncateBody, Fault::CloseUnanswered]
        );
        faults.clear();
        assert_eq!(take(&faults, "/x"), []);
    }

    #[test]
    fn places_methods_and_parts_are_told_apart() {
        let faults = Faults::default();
        faults.inject(FaultRule::new(Fault::WrongId).below("/model/"));
        faults.inject(FaultRule::new(Fault::MissingId).method("setState"));
        faults.inject(FaultRule::new(Fault::EmptyBody).method("getState"));
        let slow = Fault::PartDelay(Duration::from_millis(11));
        faults.inject(slow.clone());
        assert_eq!(
            take(&faults, "/model/x"),
            [Fault::WrongId, Fault::EmptyBody]
        );
        assert_eq!(take(&faults, "/other"), [Fault::EmptyBody]);
        assert_eq!(faults.take("/model", || None), []);
        assert_eq!(faults.take_part("/model/x", || None), [slow]);
    }

    #[test]
    fn a_seed_makes_chance_come_again() {
        let hits = |seed| {
            let faults = Faults::default();
            faults.seed(seed);
            faults.inject(FaultRule::new(Fault::WrongId).probability(0.5).times(40));
            (0..100)
                .map(|_| take(&faults, "/x").len())
                .collect::<Vec<_>>()
        };
        assert_eq!(hits(3), hits(3));
        assert_ne!(hits(3), hits(4));
        assert_eq!(hits(3).into_iter().sum::<usize>(), 40);
    }
}
