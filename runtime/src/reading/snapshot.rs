//! What was read last, for those who look.

use std::fmt;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use super::store::Store;
use crate::error::Error;

/// The last values of [`Readings`](super::Readings), for other tasks. Cheap to clone.
pub struct Latest<K, T>(Arc<Store<K, T>>);

impl<K, T> Latest<K, T> {
    pub(super) fn new(store: Arc<Store<K, T>>) -> Self {
        Self(store)
    }

    /// All keys as they are now. Sends nothing; values are shared, not copied.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot<K, T> {
        self.0.snapshot()
    }

    /// How the device does, without the rows.
    #[must_use]
    pub fn device(&self) -> DeviceStatus {
        self.0.device()
    }
}

impl<K: Eq + Hash, T> Latest<K, T> {
    /// What is under one key now.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<Row<K, T>> {
        self.0.row(key)
    }
}

impl<K, T> Clone for Latest<K, T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, T> fmt::Debug for Latest<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Latest").field(&self.device()).finish()
    }
}

/// All keys of a set at one moment, in the order of the set.
#[derive(Debug)]
pub struct Snapshot<K, T> {
    pub(super) rows: Vec<Row<K, T>>,
    pub(super) device: DeviceStatus,
}

impl<K, T> Snapshot<K, T> {
    /// The keys with what was read.
    #[must_use]
    pub fn rows(&self) -> &[Row<K, T>] {
        &self.rows
    }

    /// How the device does.
    #[must_use]
    pub fn device(&self) -> &DeviceStatus {
        &self.device
    }
}

/// A key with what was read last.
pub struct Row<K, T> {
    pub(super) key: Arc<K>,
    pub(super) present: bool,
    pub(super) value: Option<Arc<T>>,
    pub(super) age: Option<Duration>,
    pub(super) error: Option<Arc<Error>>,
    pub(super) stale: bool,
}

impl<K, T> Row<K, T> {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &K {
        &self.key
    }

    /// Whether there is something to be read under the key; `false` for a sensor that the device does not have.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.present
    }

    /// The last good value, however old; `None` before the first one.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        self.value.as_deref()
    }

    /// The value if it is no older than `limit`.
    #[must_use]
    pub fn value_within(&self, limit: Duration) -> Option<&T> {
        self.value()
            .filter(|_| self.age.is_some_and(|age| age <= limit))
    }

    /// How long ago the request was made that brought the value; the value itself is no older than that. By a clock that
    /// is never set.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        self.age
    }

    /// Why the last attempt brought no value; `None` after one that did.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_deref()
    }

    /// Whether the last attempt showed that the reference is stale: no such object, or a suspicious value.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.stale
    }
}

impl<K, T> Clone for Row<K, T> {
    fn clone(&self) -> Self {
        Self {
            key: Arc::clone(&self.key),
            value: self.value.clone(),
            error: self.error.clone(),
            ..*self
        }
    }
}

impl<K: fmt::Debug, T: fmt::Debug> fmt::Debug for Row<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("key", &self.key)
            .field("present", &self.present)
            .field("value", &self.value())
            .field("age", &self.age)
            .field("error", &self.error())
            .field("stale", &self.stale)
            .finish()
    }
}

/// How a device does that is read again and again.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct DeviceStatus {
    /// Rounds that ended.
    pub rounds: u64,
    /// Rounds without an answer since the last one with.
    pub failures: u32,
    /// Moments for a round that went by because the one before took too long, or nobody polled.
    pub skipped: u64,
    /// How often the set was made anew from the device, the first time included.
    pub refreshes: u64,
    /// How long ago the last round began that was answered.
    pub age: Option<Duration>,
    /// Why the last round was not answered; `None` after one that was.
    pub error: Option<Error>,
    /// Why the set could not be made anew the last time; `None` when it could.
    pub refresh_error: Option<Error>,
}
