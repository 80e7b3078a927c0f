//! What has ended and was not taken yet.

use std::collections::BTreeMap;

use super::error::FleetError;

/// What became of the device at this place of the list.
pub(super) type Ended<T, E> = (usize, Result<T, FleetError<E>>);

/// Results that wait to be taken, in the order in which they are.
pub(super) struct Results<T, E> {
    waiting: BTreeMap<usize, Ended<T, E>>,
    in_order: bool,
    /// How many came in.
    came: usize,
    /// How many were taken.
    taken: usize,
}

impl<T, E> Results<T, E> {
    pub(super) fn new() -> Self {
        Self {
            waiting: BTreeMap::new(),
            in_order: false,
            came: 0,
            taken: 0,
        }
    }

    /// From now on in the order of the list, instead of that in which they came.
    pub(super) fn order(&mut self) {
        self.in_order = true;
    }

    pub(super) fn put(&mut self, ended: Ended<T, E>) {
        let place = if self.in_order { ended.0 } else { self.came };
        self.came += 1;
        self.waiting.insert(place, ended);
    }

    /// The next one, if it is there.
    pub(super) fn take(&mut self) -> Option<Ended<T, E>> {
        let next = self.waiting.first_entry()?;
        if *next.key() != self.taken {
            return None;
        }
        self.taken += 1;
        Some(next.remove())
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn taken(&self) -> usize {
        self.taken
    }
}
