//! The calls of one connection, by their ids.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::slot::{End, Slot};

/// Those whose time is over are looked for no more often than this.
const TICK: Duration = Duration::from_millis(1);

/// Calls that wait, by their ids.
#[derive(Debug)]
pub(crate) struct Table<T> {
    inner: Mutex<Inner<T>>,
    /// The next time to look at has come closer.
    sooner: Notify,
}

#[derive(Debug)]
struct Inner<T> {
    /// `None` once the connection has ended.
    calls: Option<Calls<T>>,
    /// No call ends earlier.
    earliest: Option<Instant>,
}

type Calls<T> = HashMap<u64, Waiting<T>, BuildHasherDefault<Ids>>;

#[derive(Debug)]
struct Waiting<T> {
    slot: Arc<Slot<T>>,
    until: Instant,
}

/// Nothing waits here any more: the connection has ended.
#[derive(Debug)]
pub(crate) struct Full;

impl<T> Table<T> {
    pub(crate) fn new() -> Self {
        let inner = Inner {
            calls: Some(Calls::default()),
            earliest: None,
        };
        Self {
            inner: Mutex::new(inner),
            sooner: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a call down, under the first id of these that no other call waits under.
    pub(crate) fn add(
        &self,
        mut ids: impl FnMut() -> u64,
        until: Instant,
    ) -> Result<(u64, Arc<Slot<T>>), Full> {
        let slot = Arc::default();
        let mut inner = self.lock();
        let calls = inner.calls.as_mut().ok_or(Full)?;
        let id = loop {
            let id = ids();
            if !calls.contains_key(&id) {
                break id;
            }
        };
        let waiting = Waiting {
            slot: Arc::clone(&slot),
            until,
        };
        calls.insert(id, waiting);
        if inner.earliest.is_none_or(|earliest| until < earliest) {
            inner.earliest = Some(until);
            drop(inner);
            self.sooner.notify_one();
        }
        Ok((id, slot))
    }

    /// Takes a call out: its answer is there, or nobody wants it any more.
    pub(crate) fn remove(&self, id: u64) -> Option<Arc<Slot<T>>> {
        let waiting = self.lock().calls.as_mut()?.remove(&id);
        waiting.map(|waiting| waiting.slot)
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().calls.as_ref().map_or(0, HashMap::len)
    }

    /// Takes all out, and lets none in any more.
    pub(crate) fn close(&self) -> impl Iterator<Item = Arc<Slot<T>>> + use<T> {
        let calls = self.lock().calls.take();
        calls.into_iter().flatten().map(|(_, waiting)| waiting.slot)
    }

    /// Ends the calls whose time is over, without end.
    pub(crate) async fn watch(&self) {
        loop {
            let sooner = self.sooner.notified();
            let earliest = self.lock().earliest;
            match earliest {
                None => sooner.await,
                Some(earliest) => tokio::select! {
                    biased;
                    () = tokio::time::sleep_until(earliest) => self.end_late(Instant::now()),
                    () = sooner => {}
                },
            }
        }
    }

    fn end_late(&self, now: Instant) {
        let mut late = Vec::new();
        let mut inner = self.lock();
        let mut earliest: Option<Instant> = None;
        if let Some(calls) = &mut inner.calls {
            calls.retain(|_, waiting| {
                if waiting.until <= now {
                    late.push(Arc::clone(&waiting.slot));
                    return false;
                }
                let until = waiting.until;
                earliest = Some(earliest.map_or(until, |earliest| earliest.min(until)));
                true
            });
        }
        inner.earliest = earliest.map(|earliest| earliest.max(now + TICK));
        drop(inner);
        for slot in late {
            slot.end(End::Late);
        }
    }
}

/// Spreads ids, which count up: nobody else chooses them.
#[derive(Debug, Default)]
pub(crate) struct Ids(u64);

impl Hasher for Ids {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, id: u64) {
        // The golden ratio: what follows upon one another lies far apart, in the upper bits, too.
        self.0 = id.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    fn counted() -> impl FnMut() -> u64 {
        let mut next = 0;
        move || {
            next += 1;
            next
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_call_ends_when_its_own_time_is_over() {
        let table = Arc::new(Table::<()>::new());
        let watched = Arc::clone(&table);
        let watch = tokio::spawn(async move { watched.watch().await });
        let begun = Instant::now();
        let mut ids = counted();
        let mut ends = Vec::new();
        for milliseconds in [500, 100, 900, 100] {
            let time = Duration::from_millis(milliseconds);
            let (_, slot) = table.add(&mut ids, begun + time).expect("an open table");
            ends.push(tokio::spawn(async move {
                let end = poll_fn(|context| slot.poll(context)).await;
                assert!(matches!(end, End::Late));
                begun.elapsed()
            }));
        }
        for (end, milliseconds) in ends.into_iter().zip([500, 100, 900, 100]) {
            let time = Duration::from_millis(milliseconds);
            let took = end.await.expect("no panic");
            assert!(
                took >= time && took < time + 3 * TICK,
                "{took:?}, not {time:?}"
            );
        }
        assert_eq!(table.len(), 0);
        watch.abort();
    }

    #[test]
    fn an_id_that_waits_is_passed_over() {
        let table = Table::<()>::new();
        let until = Instant::now();
        let (first, _) = table.add(counted(), until).expect("an open table");
        let (second, _) = table.add(counted(), until).expect("an open table");
        assert_eq!((first, second, table.len()), (1, 2, 2));
        assert!(table.remove(1).is_some());
        assert!(table.remove(1).is_none());
        assert_eq!(table.close().count(), 1);
        assert!(table.add(counted(), until).is_err());
    }
}
