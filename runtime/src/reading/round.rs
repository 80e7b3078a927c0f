//! One reading of a set.

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::options::Options;
use super::set::ReadSet;
use super::store::{Outcome, Store};
use crate::agent::Agent;
use crate::error::Error;

/// What came of one round.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Round {
    /// Counted from 1.
    pub number: u64,
    /// Calls that brought a good value.
    pub read: usize,
    /// Calls that brought an error.
    pub failed: usize,
    /// Calls whose references are stale.
    pub stale: usize,
    /// Whether the set was made anew from the device.
    pub refreshed: bool,
    /// Moments for a round that went by since the last one.
    pub skipped: u64,
    /// How long the round took.
    pub elapsed: Duration,
    /// How long until the next one; zero after a refused login.
    pub next_in: Duration,
    /// Why the device gave no answer.
    pub error: Option<Error>,
}

/// All that a round needs.
pub(super) struct Job<K, T> {
    pub(super) agent: Agent,
    pub(super) options: Arc<Options<K, T>>,
    pub(super) store: Arc<Store<K, T>>,
    pub(super) set: Option<Arc<ReadSet<K, T>>>,
    pub(super) refreshing: Refreshing,
}

/// What is left of a round.
pub(super) struct Done<K, T> {
    pub(super) set: Option<Arc<ReadSet<K, T>>>,
    pub(super) refreshing: Refreshing,
    pub(super) round: Round,
}

/// When a set may be made anew.
#[derive(Clone, Debug)]
pub(super) struct Refreshing {
    gap: Duration,
    last: Option<Instant>,
    /// Refreshes in a row that changed nothing for the better.
    in_vain: u32,
}

impl Default for Refreshing {
    fn default() -> Self {
        Self {
            gap: Duration::from_secs(30),
            last: None,
            in_vain: 0,
        }
    }
}

impl Refreshing {
    pub(super) fn set_gap(&mut self, gap: Duration) {
        self.gap = gap;
    }

    fn may_begin(&self, now: Instant) -> bool {
        let gap = self.gap.saturating_mul(1 << self.in_vain.min(4));
        self.last
            .is_none_or(|last| now.saturating_duration_since(last) >= gap)
    }

    fn ended(&mut self, helped: bool) {
        self.in_vain = if helped {
            0
        } else {
            self.in_vain.saturating_add(1)
        };
    }
}

type Outcomes<T> = Vec<(usize, Outcome<T>)>;

impl<K, T> Job<K, T>
where
    K: Eq + Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    pub(super) async fn run(mut self) -> Done<K, T> {
        let begun = Instant::now();
        let mut round = Round {
            number: 0,
            read: 0,
            failed: 0,
            stale: 0,
            refreshed: false,
            skipped: 0,
            elapsed: Duration::ZERO,
            next_in: Duration::ZERO,
            error: None,
        };
        if let Err(error) = self.read(&mut round).await {
            self.store.fail(&error);
            round.error = Some(error);
        }
        round.elapsed = begun.elapsed();
        Done {
            set: self.set,
            refreshing: self.refreshing,
            round,
        }
    }

    async fn read(&mut self, round: &mut Round) -> Result<(), Error> {
        let set = match &self.set {
            Some(set) => Arc::clone(set),
            None => {
                round.refreshed = true;
                self.make_set().await?
            }
        };
        let suspects = self.read_set(&set, round).await?;
        if suspects.is_empty() || round.refreshed || !self.may_refresh() {
            return Ok(());
        }
        let new = match self.make_set().await {
            Ok(set) => set,
            // The values are there all the same.
            Err(error) if !error.is_about_the_connection() => {
                self.refreshing.ended(false);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        round.refreshed = true;
        let still = self.read_set(&new, round).await?;
        let still = |key: &K| still.iter().any(|place| new.key(*place) == Some(key));
        let helped = suspects
            .iter()
            .filter_map(|place| set.key(*place))
            .any(|key| !still(key));
        self.refreshing.ended(helped);
        Ok(())
    }

    fn may_refresh(&self) -> bool {
        self.options.refresh.is_some() && self.refreshing.may_begin(Instant::now())
    }

    /// Makes the set anew from the device.
    async fn make_set(&mut self) -> Result<Arc<ReadSet<K, T>>, Error> {
        let Some(refresh) = &self.options.refresh else {
            // There is a set where there is nothing to make it.
            return Ok(Arc::new(ReadSet::new()));
        };
        self.refreshing.last = Some(Instant::now());
        match refresh(self.agent.clone()).await {
            Ok(set) => {
                let set = Arc::new(set);
                self.store.refreshed(None);
                self.store.adopt(&set);
                self.set = Some(Arc::clone(&set));
                Ok(set)
            }
            Err(error) => {
                self.store.refreshed(Some(error.clone()));
                Err(error)
            }
        }
    }

    /// Reads all and keeps it; gives the places of stale references.
    async fn read_set(&self, set: &ReadSet<K, T>, round: &mut Round) -> Result<Vec<usize>, Error> {
        let begun = Instant::now();
        let outcomes = self.send(set, round.refreshed).await?;
        let places = |test: fn(&Outcome<T>) -> bool| -> Vec<usize> {
            let found = outcomes.iter().filter(|(_, outcome)| test(outcome));
            found.map(|(place, _)| *place).collect()
        };
        round.read = places(|outcome| matches!(outcome, Outcome::Value(_))).len();
        round.failed = places(|it| matches!(it, Outcome::Error(_) | Outcome::Gone(_))).len();
        let stale = places(Outcome::is_stale);
        // Also what the device means by a value that looks stale.
        let suspects = if round.refreshed {
            self.suspects(set, &outcomes)
        } else {
            stale.clone()
        };
        round.stale = stale.len();
        self.store.put(outcomes, begun);
        Ok(suspects)
    }

    /// The places of references that are stale, or would be if they were not fresh.
    fn suspects(&self, set: &ReadSet<K, T>, outcomes: &Outcomes<T>) -> Vec<usize> {
        let suspicious = |place: usize, outcome: &Outcome<T>| match outcome {
            Outcome::Value(value) => self.is_suspicious(set, place, value),
            other => other.is_stale(),
        };
        outcomes
            .iter()
            .filter(|(place, outcome)| suspicious(*place, outcome))
            .map(|(place, _)| *place)
            .collect()
    }

    fn is_suspicious(&self, set: &ReadSet<K, T>, place: usize, value: &T) -> bool {
        match (&self.options.is_stale, set.key(place)) {
            (Some(is_stale), Some(key)) => is_stale(key, value),
            _ => false,
        }
    }

    async fn send(&self, set: &ReadSet<K, T>, fresh: bool) -> Result<Outcomes<T>, Error> {
        let mut batch = self.agent.batch();
        if let Some(calls) = self.options.chunk {
            batch = batch.chunk(calls);
        }
        if let Some(timeout) = self.options.timeout {
            batch = batch.timeout(timeout);
        }
        let takes = set.add_to(&mut batch);
        if takes.is_empty() {
            return Ok(Vec::new());
        }
        let mut results = batch.await?;
        let judge = |place, result: Result<T, Error>| match result {
            Ok(value) if !fresh && self.is_suspicious(set, place, &value) => Outcome::Suspicious,
            Ok(value) => Outcome::Value(value),
            Err(error) if error.is_object_not_found() => Outcome::Gone(error),
            Err(error) => Outcome::Error(error),
        };
        Ok(takes
            .into_iter()
            .map(|(place, take)| (place, judge(place, take(&mut results))))
            .collect())
    }
}
