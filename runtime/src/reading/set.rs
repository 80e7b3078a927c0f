//! What is read.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use crate::bulk::{Batch, BatchResults, Handle};
use crate::call::Call;
use crate::error::Error;

/// Calls that are read together, each under a key: what [`Readings`](super::Readings) read.
///
/// All give one type, `T`: a number, or an enumeration of the program where the calls are of several types
/// ([`add_with`](Self::add_with)). Under a key may be no call, for a sensor that this model does not have: that is no error.
///
/// ```
/// use xerus_rpc::reading::ReadSet;
/// # use std::sync::Arc;
/// # use xerus_rpc::{Agent, Call, Json, MemoryTransport, server::Router};
/// # let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
/// # let version = || agent.call("/firmware", "getVersion", Json::EMPTY_OBJECT);
/// # let humidity: Option<Call<Json>> = None;
///
/// let mut set = ReadSet::new();
/// set.add_with("firmware", version(), |version| version.get().to_owned());
/// set.add_with("humidity", humidity, |value| value.get().to_owned());
/// assert_eq!((set.len(), set.calls()), (2, 1));
/// ```
pub struct ReadSet<K, T> {
    entries: Vec<Entry<K, T>>,
    places: HashMap<Arc<K>, usize>,
}

struct Entry<K, T> {
    key: Arc<K>,
    /// `None` where there is nothing to be read.
    source: Option<Arc<dyn Source<T>>>,
}

/// Takes the result of a call that was added to a batch.
pub(super) type Take<T> = Box<dyn FnOnce(&mut BatchResults) -> Result<T, Error> + Send>;

/// A call whose result becomes a `T`.
trait Source<T>: Send + Sync {
    fn add(self: Arc<Self>, batch: &mut Batch) -> Take<T>;
}

struct Mapped<X, M> {
    call: Call<X>,
    map: M,
}

impl<X, T, M> Source<T> for Mapped<X, M>
where
    X: Send + 'static,
    M: Fn(X) -> T + Send + Sync + 'static,
{
    fn add(self: Arc<Self>, batch: &mut Batch) -> Take<T> {
        let handle: Handle<X> = batch.add(self.call.clone());
        Box::new(move |results| results.take(handle).map(&self.map))
    }
}

impl<K: Eq + Hash, T: 'static> ReadSet<K, T> {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
            places: HashMap::new(),
        }
    }

    /// Adds a call, or `None` for nothing to be read, in place of what was under the key.
    pub fn add<X, L>(&mut self, key: K, call: impl Into<Option<Call<X, L>>>)
    where
        X: Into<T> + Send + 'static,
    {
        self.add_with(key, call, Into::into);
    }

    /// The same with a function that makes the value of what the call gives.
    pub fn add_with<X, L>(
        &mut self,
        key: K,
        call: impl Into<Option<Call<X, L>>>,
        map: impl Fn(X) -> T + Send + Sync + 'static,
    ) where
        X: Send + 'static,
    {
        let source = call.into().map(|call| -> Arc<dyn Source<T>> {
            let call = call.without_kind();
            Arc::new(Mapped { call, map })
        });
        let key = Arc::new(key);
        match self
            .places
            .get(&key)
            .and_then(|at| self.entries.get_mut(*at))
        {
            Some(entry) => entry.source = source,
            None => {
                self.places.insert(Arc::clone(&key), self.entries.len());
                self.entries.push(Entry { key, source });
            }
        }
    }
}

impl<K, T> ReadSet<K, T> {
    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many calls there are: keys less those with nothing to be read.
    #[must_use]
    pub fn calls(&self) -> usize {
        let calls = self.entries.iter().filter(|entry| entry.source.is_some());
        calls.count()
    }

    /// The keys in order, and whether there is something to be read.
    pub(super) fn keys(&self) -> impl ExactSizeIterator<Item = (&Arc<K>, bool)> {
        self.entries
            .iter()
            .map(|entry| (&entry.key, entry.source.is_some()))
    }

    pub(super) fn key(&self, place: usize) -> Option<&K> {
        self.entries.get(place).map(|entry| &*entry.key)
    }

    /// Adds all calls to a batch; gives their places, and what takes their results.
    pub(super) fn add_to(&self, batch: &mut Batch) -> Vec<(usize, Take<T>)> {
        let mut takes = Vec::with_capacity(self.entries.len());
        for (place, entry) in self.entries.iter().enumerate() {
            if let Some(source) = &entry.source {
                takes.push((place, Arc::clone(source).add(batch)));
            }
        }
        takes
    }
}

impl<K: Eq + Hash, T: 'static> Default for ReadSet<K, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Eq + Hash, T: Send + 'static, L> Extend<(K, Call<T, L>)> for ReadSet<K, T> {
    fn extend<I: IntoIterator<Item = (K, Call<T, L>)>>(&mut self, calls: I) {
        for (key, call) in calls {
            self.add(key, call);
        }
    }
}

impl<K: Eq + Hash, T: Send + 'static, L> FromIterator<(K, Call<T, L>)> for ReadSet<K, T> {
    fn from_iter<I: IntoIterator<Item = (K, Call<T, L>)>>(calls: I) -> Self {
        let mut set = Self::new();
        set.extend(calls);
        set
    }
}

impl<K: Eq + Hash, T: Send + 'static, L> FromIterator<(K, Option<Call<T, L>>)> for ReadSet<K, T> {
    fn from_iter<I: IntoIterator<Item = (K, Option<Call<T, L>>)>>(calls: I) -> Self {
        let mut set = Self::new();
        for (key, call) in calls {
            set.add(key, call);
        }
        set
    }
}

impl<K, T> fmt::Debug for ReadSet<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReadSet({} keys, {} calls)", self.len(), self.calls())
    }
}
