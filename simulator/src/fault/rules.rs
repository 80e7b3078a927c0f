//! The faults in force.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chance::Chance;
use super::hits::Injected;
use super::kind::Fault;
use super::rule::FaultRule;
use super::subject::{Call, Subject};

/// So many rules that are over are remembered with their hits.
const ENDED: usize = 1_024;

/// The faults in force, changed at run time. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Rules>>);

#[derive(Debug)]
struct Rules {
    active: Vec<Rule>,
    /// The latest, oldest first.
    ended: VecDeque<Rule>,
    injected: u64,
    chance: Chance,
}

/// A rule and what has come of it.
#[derive(Debug)]
struct Rule {
    number: u64,
    given: FaultRule,
    /// As given, but with the requests that are left.
    left: FaultRule,
    hits: Injected,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            active: Vec::new(),
            ended: VecDeque::new(),
            injected: 0,
            chance: Chance::new(0),
        }
    }
}

impl Rules {
    fn end(&mut self, is_over: impl Fn(&Rule) -> bool) {
        let (over, active) = std::mem::take(&mut self.active)
            .into_iter()
            .partition(|rule| is_over(rule));
        self.active = active;
        self.ended.extend::<Vec<_>>(over);
        let many = self.ended.len().saturating_sub(ENDED);
        self.ended.drain(..many);
    }
}

impl Faults {
    /// Adds a fault or a [`FaultRule`]. Several rules may apply to one request; they act in the order of their addition. What is
    /// given back counts the hits.
    pub fn inject(&self, rule: impl Into<FaultRule>) -> Injected {
        let (rule, hits) = (rule.into(), Injected::default());
        let mut rules = self.lock();
        let number = rules.injected;
        rules.injected += 1;
        rules.active.push(Rule {
            number,
            left: rule.clone(),
            given: rule,
            hits: hits.clone(),
        });
        hits
    }

    /// All rules in the order of their addition, as they were given, with the number of requests that each has hit (see
    /// [`Injected::hits`]): those in force, and the latest 1024 that are over or cleared. A rule with 0 was never played.
    #[must_use]
    pub fn hits(&self) -> Vec<(FaultRule, u64)> {
        let rules = self.lock();
        let mut all: Vec<&Rule> = rules.ended.iter().chain(&rules.active).collect();
        all.sort_by_key(|rule| rule.number);
        all.into_iter()
            .map(|rule| (rule.given.clone(), rule.hits.hits()))
            .collect()
    }

    /// Ends all misbehaviour. Sessions that have expired stay so.
    pub fn clear(&self) {
        self.lock().end(|_| true);
    }

    /// Throws the dice of [`FaultRule::probability`] anew: with the same seed and the same requests, the same requests are hit.
    /// Default 0.
    pub fn seed(&self, seed: u64) {
        self.lock().chance = Chance::new(seed);
    }

    /// The rules in force, as they were given.
    pub(crate) fn rules(&self) -> Vec<FaultRule> {
        let rules = self.lock();
        rules.active.iter().map(|rule| rule.given.clone()).collect()
    }

    /// The faults that hit a request; counts it. It is looked at only when there are rules.
    pub(crate) fn take(&self, subject: impl FnOnce() -> Subject) -> Vec<Fault> {
        if self.lock().active.is_empty() {
            return Vec::new();
        }
        let Subject { itself, parts } = subject();
        self.taken(|rule| {
            let by_parts = !rule.fault.changes_a_reply();
            !rule.fault.is_for_parts()
                && (rule.is_for(&itself) || by_parts && parts.iter().any(|part| rule.is_for(part)))
        })
    }

    /// The faults that hit a call in a bulk and not the whole of it; counts it. `calls`: the bulk, and the call in it.
    pub(crate) fn take_part<'a>(&self, calls: impl FnOnce() -> (&'a Call, Call)) -> Vec<Fault> {
        if self.lock().active.is_empty() {
            return Vec::new();
        }
        let (bulk, part) = calls();
        self.taken(|rule| {
            let for_parts = rule.fault.is_for_parts();
            (for_parts || rule.fault.changes_a_reply() && !rule.is_for(bulk)) && rule.is_for(&part)
        })
    }

    fn taken(&self, hits: impl Fn(&FaultRule) -> bool) -> Vec<Fault> {
        let mut inner = self.lock();
        let Rules { active, chance, .. } = &mut *inner;
        let mut faults = Vec::new();
        for rule in active.iter_mut().filter(|rule| hits(&rule.given)) {
            if rule.left.applies(chance) {
                rule.hits.hit();
                faults.push(rule.given.fault.clone());
            }
        }
        if inner.active.iter().any(|rule| rule.left.is_over()) {
            inner.end(|rule| rule.left.is_over());
        }
        faults
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn call(rid: &str, method: &str) -> Call {
        Call {
            names: vec![rid.to_owned()],
            method: Some(method.to_owned()),
        }
    }

    fn take(faults: &Faults, rid: &str) -> Vec<Fault> {
        take_bulk(faults, call(rid, "getState"), &[])
    }

    fn take_bulk(faults: &Faults, itself: Call, parts: &[Call]) -> Vec<Fault> {
        faults.take(|| Subject {
            itself,
            parts: parts.to_vec(),
        })
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
        assert_eq!(faults.take(|| Subject::file("/model")), []);
        let (bulk, part) = (call("/bulk", "performBulk"), call("/model/x", "m"));
        assert_eq!(
            faults.take_part(|| (&bulk, part)),
            [Fault::WrongId, slow.clone()]
        );
    }

    #[test]
    fn a_bulk_is_hit_by_a_call_in_it() {
        let faults = Faults::default();
        let bulk = call("/bulk", "performBulk");
        let parts = [call("/a", "m"), call("/b", "n"), call("/a", "m")];
        let cut = faults.inject(FaultRule::new(Fault::TruncateBody).on("a/").method("m"));
        let other = faults.inject(FaultRule::new(Fault::CloseUnanswered).on("/a").method("n"));
        let id = faults.inject(FaultRule::new(Fault::WrongId).on("/b"));
        let all = faults.inject(FaultRule::new(Fault::MissingId).times(2));
        assert_eq!(
            take_bulk(&faults, bulk.clone(), &parts),
            [Fault::TruncateBody, Fault::MissingId]
        );
        let of_parts: Vec<_> = parts
            .iter()
            .map(|part| faults.take_part(|| (&bulk, part.clone())))
            .collect();
        assert_eq!(of_parts, [vec![], vec![Fault::WrongId], vec![]]);
        let hits = || [&cut, &other, &id, &all].map(Injected::hits);
        assert_eq!(hits(), [1, 0, 1, 1]);
        take(&faults, "/c");
        faults.clear();
        take(&faults, "/c");
        assert_eq!(hits(), [1, 0, 1, 2]);
        let told: Vec<u64> = faults.hits().into_iter().map(|(_, hits)| hits).collect();
        assert_eq!(told, hits());
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
