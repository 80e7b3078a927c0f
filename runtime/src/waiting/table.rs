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

/// What waits in a [`Table`].
pub(crate) trait Late {
    /// Its time is over; it has been taken out.
    fn late(self);
}

impl<T> Late for Arc<Slot<T>> {
    fn late(self) {
        self.end(End::Late(super::home::Late::default()));
    }
}

/// What waits, by its ids.
#[derive(Debug)]
pub(crate) struct Table<W> {
    inner: Mutex<Inner<W>>,
    /// The next time to look at has come closer.
    sooner: Notify,
}

#[derive(Debug)]
struct Inner<W> {
    /// `None` once the connection has ended.
    calls: Option<Calls<W>>,
    /// No call ends earlier.
    earliest: Option<Instant>,
}

type Calls<W> = HashMap<u64, Waiting<W>, BuildHasherDefault<Ids>>;

#[derive(Debug)]
struct Waiting<W> {
    who: W,
    /// `None` for what ends by itself.
    until: Option<Instant>,
}

/// Why somebody cannot wait.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotAdded {
    /// The connection has ended.
    Closed,
    /// As many wait as may.
    Full,
}

impl<W: Late> Table<W> {
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

    fn lock(&self) -> MutexGuard<'_, Inner<W>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts somebody down under the first of these ids that nobody else waits under, until then; beside so many others at most.
    pub(crate) fn add(
        &self,
        mut ids: impl FnMut() -> u64,
        who: W,
        until: Option<Instant>,
        most: usize,
    ) -> Result<u64, NotAdded> {
        let mut inner = self.lock();
        let calls = inner.calls.as_mut().ok_or(NotAdded::Closed)?;
        if calls.len() >= most {
            return Err(NotAdded::Full);
        }
        let id = loop {
            let id = ids();
            if !calls.contains_key(&id) {
                break id;
            }
        };
        calls.insert(id, Waiting { who, until });
        if let Some(until) = until
            && inner.earliest.is_none_or(|earliest| until < earliest)
        {
            inner.earliest = Some(until);
            drop(inner);
            self.sooner.notify_one();
        }
        Ok(id)
    }

    /// Takes somebody out: the answer is there, or nobody wants it any more.
    pub(crate) fn remove(&self, id: u64) -> Option<W> {
        let waiting = self.lock().calls.as_mut()?.remove(&id);
        waiting.map(|waiting| waiting.who)
    }

    /// Looks at somebody, who waits on.
    #[cfg_attr(
        not(feature = "wamp"),
        allow(dead_code, reason = "only that wire asks for it")
    )]
    pub(crate) fn look<R>(&self, id: u64, look: impl FnOnce(&mut W) -> R) -> Option<R> {
        let mut inner = self.lock();
        let waiting = inner.calls.as_mut()?.get_mut(&id)?;
        Some(look(&mut waiting.who))
    }

    /// How many of these wait.
    #[cfg_attr(
        not(feature = "wamp"),
        allow(dead_code, reason = "only that wire asks for it")
    )]
    pub(crate) fn count(&self, counts: impl Fn(&W) -> bool) -> usize {
        let inner = self.lock();
        let all = inner.calls.iter().flat_map(HashMap::values);
        all.filter(|waiting| counts(&waiting.who)).count()
    }

    /// How many wait.
    #[cfg_attr(
        not(feature = "netstring"),
        allow(dead_code, reason = "only that wire asks for it")
    )]
    pub(crate) fn len(&self) -> usize {
        self.lock().calls.as_ref().map_or(0, HashMap::len)
    }

    /// Takes all out, in the order of their ids, and lets none in any more.
    pub(crate) fn close(&self) -> impl Iterator<Item = W> + use<W> {
        let calls = self.lock().calls.take();
        let mut calls: Vec<_> = calls.into_iter().flatten().collect();
        calls.sort_unstable_by_key(|(id, _)| *id);
        calls.into_iter().map(|(_, waiting)| waiting.who)
    }

    /// Ends those whose time is over, without end. Not for lack of budget, either: a peer that keeps its reader busy uses all of that up.
    pub(crate) async fn watch(&self) {
        tokio::task::unconstrained(self.watch_on()).await;
    }

    async fn watch_on(&self) {
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
            let mut is_late = |waiting: &mut Waiting<W>| match waiting.until {
                Some(until) if until <= now => true,
                Some(until) => {
                    earliest = Some(earliest.map_or(until, |earliest| earliest.min(until)));
                    false
                }
                None => false,
            };
            late.extend(calls.extract_if(|_, waiting| is_late(waiting)));
        }
        inner.earliest = earliest.map(|earliest| earliest.max(now + TICK));
        drop(inner);
        for (_, waiting) in late {
            waiting.who.late();
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
        let table = Arc::new(Table::<Arc<Slot<()>>>::new());
        let watched = Arc::clone(&table);
        let watch = tokio::spawn(async move { watched.watch().await });
        let begun = Instant::now();
        let mut ids = counted();
        let mut ends = Vec::new();
        for milliseconds in [500, 100, 900, 100] {
            let time = Duration::from_millis(milliseconds);
            let slot = Arc::<Slot<()>>::default();
            let added = table.add(&mut ids, Arc::clone(&slot), Some(begun + time), 9);
            added.expect("an open table");
            ends.push(tokio::spawn(async move {
                let end = poll_fn(|context| slot.poll(context)).await;
                assert!(matches!(end, End::Late(_)));
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
        let table = Table::<Arc<Slot<()>>>::new();
        let add = || table.add(counted(), Arc::default(), None, 2);
        assert_eq!(add().expect("an open table"), 1);
        assert_eq!(add().expect("an open table"), 2);
        assert_eq!((table.len(), table.count(|_| false)), (2, 0));
        assert_eq!(add(), Err(NotAdded::Full));
        assert!(table.remove(1).is_some());
        assert!(table.remove(1).is_none());
        assert_eq!(table.look(2, |slot| slot.take()), Some(true));
        assert_eq!(table.close().count(), 1);
        assert_eq!(add(), Err(NotAdded::Closed));
    }
}
