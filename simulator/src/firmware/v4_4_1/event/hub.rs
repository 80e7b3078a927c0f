//! Distributes events to channels.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use xerus_api::idl::Event;
use xerus_api::sensors::numeric_sensor::ReadingChangedEvent;
use xerus_rpc::Polymorphic;

use super::demand::Demand;
use super::sent::{Sent, names, sent};
use crate::model::{self, Listener};

/// All channels of a device.
pub(crate) struct Hub {
    inner: Mutex<Inner>,
    most_channels: usize,
    most_queued: usize,
}

#[derive(Default)]
struct Inner {
    channels: BTreeMap<u64, Inbox>,
    opened: u64,
}

/// What waits for one channel, and what it waits for.
struct Inbox {
    demands: BTreeSet<Demand>,
    queue: VecDeque<Polymorphic<Event>>,
    arrived: Arc<Notify>,
    last_access: Duration,
    polls: usize,
}

/// Why demands are not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undemanded {
    /// There is no such channel.
    Gone,
    /// The channel would have more than [`Hub::DEMANDS`].
    TooMany,
}

/// Some of the waiting events.
pub(crate) struct Batch {
    pub(crate) events: Vec<Polymorphic<Event>>,
    /// More are waiting.
    pub(crate) more: bool,
}

impl Hub {
    /// At most this many events in one answer.
    const BATCH: usize = 100;

    /// At most this many demands in one channel.
    pub(crate) const DEMANDS: usize = 10_000;

    pub(crate) fn new(most_channels: usize, most_queued: usize) -> Self {
        Self {
            inner: Mutex::default(),
            most_channels,
            most_queued,
        }
    }

    /// Puts an event into every channel that demands it.
    fn publish(&self, event: &Sent) {
        let wanted = Demand::for_event(event);
        let mut inner = self.lock();
        for channel in inner.channels.values_mut() {
            if wanted.iter().any(|demand| channel.demands.contains(demand)) {
                channel.queue.push_back(event.event.clone());
                if channel.queue.len() > self.most_queued {
                    channel.queue.pop_front();
                }
                channel.arrived.notify_waiters();
            }
        }
    }

    /// A new channel; `None` when all are taken.
    pub(crate) fn open(&self, now: Duration) -> Option<u64> {
        let mut inner = self.lock();
        if inner.channels.len() >= self.most_channels {
            return None;
        }
        inner.opened += 1;
        let number = inner.opened;
        let channel = Inbox {
            demands: BTreeSet::new(),
            queue: VecDeque::new(),
            arrived: Arc::new(Notify::new()),
            last_access: now,
            polls: 0,
        };
        inner.channels.insert(number, channel);
        Some(number)
    }

    /// Ends a channel; the answer says whether it was there.
    pub(crate) fn close(&self, number: u64) -> bool {
        match self.lock().channels.remove(&number) {
            Some(channel) => {
                channel.arrived.notify_waiters();
                true
            }
            None => false,
        }
    }

    /// Adds demands: all of them or, if they are too many, none.
    pub(crate) fn demand(
        &self,
        number: u64,
        now: Duration,
        demands: &[Demand],
    ) -> Result<(), Undemanded> {
        let mut inner = self.lock();
        let channel = inner.access(number, now).ok_or(Undemanded::Gone)?;
        let new: BTreeSet<&Demand> = demands
            .iter()
            .filter(|demand| !channel.demands.contains(demand))
            .collect();
        if channel.demands.len() + new.len() > Self::DEMANDS {
            return Err(Undemanded::TooMany);
        }
        let new: Vec<Demand> = new.into_iter().cloned().collect();
        channel.demands.extend(new);
        Ok(())
    }

    /// Takes demands back. `None`: no such channel.
    pub(crate) fn cancel(&self, number: u64, now: Duration, demands: &[Demand]) -> Option<()> {
        let mut inner = self.lock();
        let channel = inner.access(number, now)?;
        for demand in demands {
            channel.demands.remove(demand);
        }
        Some(())
    }

    /// Takes what waits. `None`: no such channel.
    pub(crate) fn take(&self, number: u64, now: Duration) -> Option<Batch> {
        let mut inner = self.lock();
        let channel = inner.access(number, now)?;
        let count = channel.queue.len().min(Self::BATCH);
        Some(Batch {
            events: channel.queue.drain(..count).collect(),
            more: !channel.queue.is_empty(),
        })
    }

    /// Notes that a poll waits in the channel, and what wakes it. `None`: no such channel.
    pub(crate) fn begin_poll(&self, number: u64, now: Duration) -> Option<Arc<Notify>> {
        let mut inner = self.lock();
        let channel = inner.access(number, now)?;
        channel.polls += 1;
        Some(Arc::clone(&channel.arrived))
    }

    /// The counterpart of [`begin_poll`](Self::begin_poll).
    pub(crate) fn end_poll(&self, number: u64, now: Duration) {
        if let Some(channel) = self.lock().access(number, now) {
            channel.polls = channel
                .polls
                .checked_sub(1)
                .expect("a poll that ends has begun, and no number is used for two channels");
        }
    }

    /// When the channel dies if nobody uses it from now on: `lifetime` after its last use. `None`: it is gone.
    pub(crate) fn expiry(
        &self,
        number: u64,
        now: Duration,
        lifetime: Duration,
    ) -> Option<Duration> {
        let inner = self.lock();
        let channel = inner.channels.get(&number)?;
        Some(if channel.polls > 0 {
            now + lifetime
        } else {
            channel.last_access + lifetime
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn access(&mut self, number: u64, now: Duration) -> Option<&mut Inbox> {
        let channel = self.channels.get_mut(&number)?;
        channel.last_access = now;
        Some(channel)
    }
}

impl Listener for Hub {
    fn hear(&self, event: &model::Event) {
        // Most devices have nobody who listens most of the time.
        if self.lock().channels.is_empty() {
            return;
        }
        if let Some(event) = sent(event) {
            self.publish(&event);
        }
    }

    fn follows_readings(&self) -> bool {
        let inner = self.lock();
        let mut channels = inner.channels.values().peekable();
        channels.peek().is_some() && {
            let names = names::<ReadingChangedEvent>();
            channels.any(|channel| channel.demands.iter().any(|demand| demand.is_for(&names)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Actor;

    /// How many of three events wait in a channel with room for `most`.
    fn waiting(most: usize) -> usize {
        let hub = Hub::new(1, most);
        let number = hub.open(Duration::ZERO).unwrap();
        let id = "pdumodel.Pdu_6_5_7.LoadSheddingModeChangedEvent:1.0.0";
        let demands = vec![Demand::new(&id.parse().unwrap(), None)];
        hub.demand(number, Duration::ZERO, &demands).unwrap();
        for _ in 0..3 {
            hub.hear(&model::Event::LoadShedding {
                actor: Actor::device(),
                active: true,
            });
        }
        hub.take(number, Duration::ZERO).unwrap().events.len()
    }

    #[test]
    fn a_channel_holds_no_more_than_it_may() {
        assert_eq!([0, 1, 2, 5].map(waiting), [0, 1, 2, 3]);
    }

    #[test]
    fn a_channel_has_no_more_demands_than_it_may() {
        let hub = Hub::new(1, 10);
        let number = hub.open(Duration::ZERO).unwrap();
        let id = "idl.Event:1.0.0".parse().unwrap();
        let demands = |range: std::ops::Range<usize>| -> Vec<Demand> {
            range
                .map(|source| Demand::new(&id, Some(source.to_string())))
                .collect()
        };
        let demand = |demands: &[Demand]| hub.demand(number, Duration::ZERO, demands);
        assert_eq!(demand(&demands(0..Hub::DEMANDS)), Ok(()));
        // The same ones again are no more.
        assert_eq!(demand(&demands(0..Hub::DEMANDS)), Ok(()));
        assert_eq!(
            demand(&demands(5..Hub::DEMANDS + 1)),
            Err(Undemanded::TooMany)
        );
        hub.cancel(number, Duration::ZERO, &demands(0..1)).unwrap();
        assert_eq!(demand(&demands(5..Hub::DEMANDS + 1)), Ok(()));
        let unknown = hub.demand(number + 1, Duration::ZERO, &[]);
        assert_eq!(unknown, Err(Undemanded::Gone));
    }
}
