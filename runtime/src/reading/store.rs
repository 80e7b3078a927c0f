//! Where the last values are kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::round::Round;
use super::set::ReadSet;
use super::snapshot::{DeviceStatus, Row, Snapshot};
use crate::error::Error;

pub(super) struct Store<K, T>(Mutex<State<K, T>>);

struct State<K, T> {
    cells: Vec<Cell<K, T>>,
    places: HashMap<Arc<K>, usize>,
    device: DeviceStatus,
    /// When the last round began that was answered.
    answered: Option<Instant>,
}

struct Cell<K, T> {
    key: Arc<K>,
    present: bool,
    /// The last good value, and when it was asked for.
    value: Option<(Arc<T>, Instant)>,
    error: Option<Arc<Error>>,
    stale: bool,
}

/// What came of one call.
pub(super) enum Outcome<T> {
    Value(T),
    /// A value that shows that the reference is stale.
    Suspicious,
    Error(Error),
    /// No such object.
    Gone(Error),
}

impl<T> Outcome<T> {
    pub(super) fn is_stale(&self) -> bool {
        matches!(self, Self::Suspicious | Self::Gone(_))
    }
}

impl<K, T> Default for Store<K, T> {
    fn default() -> Self {
        Self(Mutex::new(State {
            cells: Vec::new(),
            places: HashMap::new(),
            device: DeviceStatus::default(),
            answered: None,
        }))
    }
}

impl<K, T> Store<K, T> {
    fn lock(&self) -> MutexGuard<'_, State<K, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what came of the calls at these places, which were asked for at `begun`.
    pub(super) fn put(&self, outcomes: Vec<(usize, Outcome<T>)>, begun: Instant) {
        let mut state = self.lock();
        state.answered = Some(begun);
        for (place, outcome) in outcomes {
            let Some(cell) = state.cells.get_mut(place) else {
                continue;
            };
            cell.stale = outcome.is_stale();
            cell.error = match outcome {
                Outcome::Value(value) => {
                    cell.value = Some((Arc::new(value), begun));
                    None
                }
                Outcome::Suspicious => None,
                Outcome::Error(error) | Outcome::Gone(error) => Some(Arc::new(error)),
            };
        }
    }

    /// The device did not answer.
    pub(super) fn fail(&self, error: &Error) {
        let error = Arc::new(error.clone());
        for cell in self.lock().cells.iter_mut().filter(|cell| cell.present) {
            cell.error = Some(Arc::clone(&error));
        }
    }

    pub(super) fn refreshed(&self, error: Option<Error>) {
        let mut state = self.lock();
        state.device.refreshes += u64::from(error.is_none());
        state.device.refresh_error = error;
    }

    pub(super) fn count(&self, round: &Round, failures: u32) {
        let mut state = self.lock();
        state.device.rounds = round.number;
        state.device.failures = failures;
        state.device.skipped += round.skipped;
        state.device.error = round.error.clone();
    }

    pub(super) fn device(&self) -> DeviceStatus {
        let now = Instant::now();
        self.lock().device(now)
    }

    pub(super) fn snapshot(&self) -> Snapshot<K, T> {
        let now = Instant::now();
        let state = self.lock();
        Snapshot {
            rows: state.cells.iter().map(|cell| cell.row(now)).collect(),
            device: state.device(now),
        }
    }
}

impl<K: Eq + Hash, T> Store<K, T> {
    /// Takes the keys of a set; those that were there keep their values.
    pub(super) fn adopt(&self, set: &ReadSet<K, T>) {
        let mut state = self.lock();
        let mut old: HashMap<Arc<K>, Cell<K, T>> = std::mem::take(&mut state.cells)
            .into_iter()
            .map(|cell| (Arc::clone(&cell.key), cell))
            .collect();
        state.cells = set
            .keys()
            .map(|(key, present)| match old.remove(key) {
                Some(cell) if present => Cell { present, ..cell },
                _ => Cell {
                    key: Arc::clone(key),
                    present,
                    value: None,
                    error: None,
                    stale: false,
                },
            })
            .collect();
        state.places = set
            .keys()
            .enumerate()
            .map(|(place, (key, _))| (Arc::clone(key), place))
            .collect();
    }

    pub(super) fn row(&self, key: &K) -> Option<Row<K, T>> {
        let now = Instant::now();
        let state = self.lock();
        let place = state.places.get(key)?;
        state.cells.get(*place).map(|cell| cell.row(now))
    }
}

impl<K, T> State<K, T> {
    fn device(&self, now: Instant) -> DeviceStatus {
        DeviceStatus {
            age: self
                .answered
                .map(|begun| now.saturating_duration_since(begun)),
            ..self.device.clone()
        }
    }
}

impl<K, T> Cell<K, T> {
    fn row(&self, now: Instant) -> Row<K, T> {
        let age = |(_, begun): &(_, Instant)| now.saturating_duration_since(*begun);
        Row {
            key: Arc::clone(&self.key),
            present: self.present,
            value: self.value.as_ref().map(|(value, _)| Arc::clone(value)),
            age: self.value.as_ref().map(age),
            error: self.error.clone(),
            stale: self.stale,
        }
    }
}
