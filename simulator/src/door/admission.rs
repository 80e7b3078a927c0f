//! Who gets a connection when there are more clients than connections.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::watch::Watch;

/// A client may turn slow without anything happening: so often somebody looks.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The connections there are.
#[derive(Debug)]
pub(super) struct Admission {
    most: usize,
    most_per_address: usize,
    open: Mutex<Open>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Open {
    admitted: u64,
    connections: BTreeMap<u64, Arc<Watch>>,
}

/// A connection that counts until this is dropped.
#[derive(Debug)]
pub(super) struct Admitted {
    admission: Arc<Admission>,
    number: u64,
    watch: Arc<Watch>,
}

enum Verdict {
    Admitted(Admitted),
    Full,
    TooManyOfThisAddress,
}

impl Admission {
    pub(super) fn new(most: usize, most_per_address: usize) -> Self {
        Self {
            most: most.max(1),
            most_per_address: most_per_address.max(1),
            open: Mutex::default(),
            freed: Notify::new(),
        }
    }

    /// Waits for a place. `None`: this address has as many connections as it may, and all are at work.
    pub(super) async fn admit(self: &Arc<Self>, peer: SocketAddr) -> Option<Admitted> {
        loop {
            match self.try_admit(peer) {
                Verdict::Admitted(admitted) => return Some(admitted),
                Verdict::TooManyOfThisAddress => return None,
                Verdict::Full => {
                    // Whichever comes first, the next look tells.
                    let _ = tokio::time::timeout(LOOK_AGAIN, self.freed.notified()).await;
                }
            }
        }
    }

    fn try_admit(self: &Arc<Self>, peer: SocketAddr) -> Verdict {
        let mut open = self.lock();
        let address = peer.ip();
        if open.of(address) >= self.most_per_address && !open.give_up(Some(address)) {
            return Verdict::TooManyOfThisAddress;
        }
        if open.connections.len() >= self.most && !open.give_up(None) {
            return Verdict::Full;
        }
        open.admitted += 1;
        let number = open.admitted;
        let watch = Arc::new(Watch::new(peer));
        open.connections.insert(number, Arc::clone(&watch));
        Verdict::Admitted(Admitted {
            admission: Arc::clone(self),
            number,
            watch,
        })
    }

    /// Gives up the connections that no request is under way on.
    pub(super) fn cut_idle(&self) {
        for watch in self.lock().connections.values() {
            watch.cut_idle();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn of(&self, address: IpAddr) -> usize {
        let peers = self.connections.values().map(|watch| watch.peer().ip());
        peers.filter(|other| *other == address).count()
    }

    /// Gives up the connection that is missed least: no request on it, else a slow client; of the address that has most
    /// connections; the oldest. Whether there was one.
    fn give_up(&mut self, only: Option<IpAddr>) -> bool {
        let mut by_address: BTreeMap<IpAddr, usize> = BTreeMap::new();
        for watch in self.connections.values() {
            *by_address.entry(watch.peer().ip()).or_default() += 1;
        }
        let candidates = self.connections.iter().filter_map(|(number, watch)| {
            let address = watch.peer().ip();
            if only.is_some_and(|only| only != address) {
                return None;
            }
            let (loss, since) = watch.loss()?;
            let most_first = usize::MAX - by_address.get(&address).copied().unwrap_or(0);
            Some((loss, most_first, since, *number))
        });
        let Some((.., number)) = candidates.min() else {
            return false;
        };
        if let Some(watch) = self.connections.remove(&number) {
            tracing::debug!(peer = %watch.peer(), "connection given up for a new one");
            watch.cut();
        }
        true
    }
}

impl Admitted {
    pub(super) fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.admission.lock().connections.remove(&self.number);
        self.admission.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(last: u8, port: u16) -> SocketAddr {
        ([10, 0, 0, last], port).into()
    }

    async fn admit(admission: &Arc<Admission>, peer: SocketAddr) -> Admitted {
        let admitted = tokio::time::timeout(Duration::from_secs(5), admission.admit(peer)).await;
        admitted.expect("a place").expect("not too many")
    }

    async fn is_cut(admitted: &Admitted) -> bool {
        let cut = tokio::time::timeout(Duration::from_millis(1), admitted.watch().is_cut());
        cut.await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn the_oldest_idle_connection_of_the_greediest_address_goes() {
        let admission = Arc::new(Admission::new(3, usize::MAX));
        let modest = admit(&admission, peer(1, 1)).await;
        tokio::time::advance(Duration::from_secs(1)).await;
        let first = admit(&admission, peer(2, 1)).await;
        tokio::time::advance(Duration::from_secs(1)).await;
        let second = admit(&admission, peer(2, 2)).await;
        let third = admit(&admission, peer(3, 1)).await;
        assert!(is_cut(&first).await);
        for kept in [&modest, &second, &third] {
            assert!(!is_cut(kept).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_works_is_not_given_up_and_who_waits_gets_the_next_place() {
        let admission = Arc::new(Admission::new(2, usize::MAX));
        let busy = [
            admit(&admission, peer(1, 1)).await,
            admit(&admission, peer(1, 2)).await,
        ];
        for admitted in &busy {
            assert!(admitted.watch().begin());
            admitted.watch().work();
        }
        let wait = tokio::time::timeout(Duration::from_secs(3), admission.admit(peer(2, 1)));
        assert!(wait.await.is_err());
        let [ends, _stays] = busy;
        drop(ends);
        admit(&admission, peer(2, 1)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn slow_bodies_and_readers_go_within_a_second() {
        let admission = Arc::new(Admission::new(1, usize::MAX));
        let mut slow = admit(&admission, peer(1, 1)).await;
        for phase in [Watch::begin, |watch: &Watch| {
            watch.answer();
            true
        }] {
            assert!(phase(slow.watch()));
            let began = tokio::time::Instant::now();
            let next = admit(&admission, peer(2, 1)).await;
            assert!(began.elapsed() <= Duration::from_secs(1));
            assert!(is_cut(&slow).await);
            slow = next;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_has_a_cap_of_its_own() {
        let admission = Arc::new(Admission::new(10, 1));
        let first = admit(&admission, peer(1, 1)).await;
        let second = admit(&admission, peer(1, 2)).await;
        assert!(is_cut(&first).await);
        assert!(second.watch().begin());
        second.watch().work();
        assert!(admission.admit(peer(1, 3)).await.is_none());
        admit(&admission, peer(2, 1)).await;
    }
}
