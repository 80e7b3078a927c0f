//! One piece of work, done on all devices of a fleet.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Sleep, sleep};

use super::Fleet;
use super::device::Device;
use super::error::{FleetError, Stop};
use super::places::Membership;
use super::progress::{Counts, Progress};
use super::results::{Ended, Results};
use super::work::{Terms, UnderWay, Work};

/// The work on the devices of a fleet; made by [`Fleet::run`].
///
/// A stream of keys, each with what became of its device, as they end; [`next`](Self::next) takes one without any trait.
/// Each device comes exactly once. Nothing is spawned: the work on all devices goes on in the task that awaits
/// the run, while it does. So what takes long between two results belongs into [`for_each`](Self::for_each), or the
/// times of calls run out meanwhile. No more devices are begun than results were taken, and the
/// [`cap`](Fleet::cap) on top: a slow reader costs time and no memory.
///
/// | | |
/// |---|---|
/// | as they end | [`next`](Self::next), or as a `Stream` |
/// | in the order of the list | [`in_order`](Self::in_order) |
/// | all at once | [`collect_all`](Self::collect_all) |
/// | with work for each result | [`for_each`](Self::for_each) |
#[must_use = "the work begins when the run is awaited"]
pub struct Run<K, T, E> {
    fleet: Fleet<K>,
    work: Work<K, T, E>,
    places: Membership,
    under_way: FuturesUnordered<UnderWay<T, E>>,
    results: Results<T, E>,
    progress: Progress,
    /// The device to begin next.
    next: usize,
    limits: Limits,
    /// Runs since the run was first awaited, if it has a limit.
    timer: Option<Pin<Box<Sleep>>>,
    /// Why no more devices are begun.
    stop: Option<Stop>,
}

#[derive(Default)]
struct Limits {
    device: Option<Duration>,
    run: Option<Duration>,
    failures: Option<usize>,
    canary: usize,
}

impl<K: Clone, T, E> Run<K, T, E> {
    pub(super) fn new(fleet: Fleet<K>, work: Work<K, T, E>) -> Self {
        Self {
            places: fleet.places.join(),
            progress: Progress::new(fleet.len()),
            fleet,
            work,
            under_way: FuturesUnordered::new(),
            results: Results::new(),
            next: 0,
            limits: Limits::default(),
            timer: None,
            stop: None,
        }
    }

    /// The time that the work on one device may take, from its beginning. Default: no limit but those of its calls.
    ///
    /// Work that takes longer is dropped, and its device reported as [`FleetError::Dropped`]: what it had sent may have been
    /// executed. Its place is free again after that.
    pub fn device_timeout(mut self, limit: Duration) -> Self {
        self.limits.device = Some(limit);
        self
    }

    /// The time that the whole run may take, from when it is first awaited. Default: no limit.
    ///
    /// When it is over, the work under way is dropped and its devices are reported as [`FleetError::Dropped`], those that
    /// were not begun as [`FleetError::NotBegun`]. Then the run ends, without waiting for anything.
    pub fn run_timeout(mut self, limit: Duration) -> Self {
        self.limits.run = Some(limit);
        self
    }

    /// Begins no more devices once this many have failed, in whatever way; at least 1. Default: all are begun.
    ///
    /// Those under way go on to their end, since half an update is worse than none, and more of them may fail. The
    /// rest is reported as [`FleetError::NotBegun`].
    pub fn stop_after(mut self, failures: usize) -> Self {
        self.limits.failures = Some(failures.max(1));
        self
    }

    /// Does the first devices of the list before all others, which are begun only when none of these failed; else they are
    /// reported as [`FleetError::NotBegun`]. Default: 0, no trial.
    pub fn canary(mut self, devices: usize) -> Self {
        self.limits.canary = devices.min(self.fleet.len());
        self
    }

    /// Gives the results in the order of the list, instead of that in which the devices end.
    ///
    /// A slow device holds back those behind it: they are begun and wait, as many as the [`cap`](Fleet::cap) allows, but no more
    /// than these. So give it a [`device_timeout`](Self::device_timeout), or take [`collect_all`](Self::collect_all).
    pub fn in_order(mut self) -> Self {
        self.results.order();
        self
    }

    /// Tells how far the run is, from anywhere.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    pub(super) fn key(&self, index: usize) -> K {
        self.fleet.devices[index].key.clone()
    }

    /// Results that are still to be taken.
    pub(super) fn left(&self) -> usize {
        self.fleet.len() - self.results.taken()
    }

    /// The next one that has ended; `None` when all were taken.
    pub(super) fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<Option<Ended<T, E>>> {
        loop {
            let went_on = self.go_on(context);
            if let Some(ended) = self.results.take() {
                return Poll::Ready(Some(ended));
            }
            if self.left() == 0 {
                return Poll::Ready(None);
            }
            if !went_on {
                return Poll::Pending;
            }
        }
    }

    /// Lets the work go on, until it waits or one device has ended; true when one has.
    pub(super) fn go_on(&mut self, context: &mut Context<'_>) -> bool {
        let late = self.is_over(context);
        self.begin(context);
        if let Poll::Ready(Some(ended)) = self.under_way.poll_next_unpin(context) {
            self.progress.end(ended.1.is_ok());
            self.note(ended);
            return true;
        }
        // Only now, so that what ends in the last moment counts.
        if let Some(stop) = late {
            for work in std::mem::take(&mut self.under_way) {
                self.progress.end(false);
                self.results
                    .put((work.index, Err(FleetError::Dropped(stop))));
            }
        }
        self.pass_over()
    }

    /// Whether the time of the run is over, which begins now when it has not begun.
    fn is_over(&mut self, context: &mut Context<'_>) -> Option<Stop> {
        let limit = self.limits.run?;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(limit)));
        if !timer.is_elapsed() && timer.as_mut().poll(context).is_pending() {
            return None;
        }
        let stop = Stop::RunTimeout(limit);
        self.begin_no_more(stop);
        Some(stop)
    }

    fn begin_no_more(&mut self, stop: Stop) {
        if self.stop.is_none() {
            self.stop = Some(stop);
            self.places.withdraw();
        }
    }

    /// Begins as many devices as may be begun now.
    fn begin(&mut self, context: &mut Context<'_>) {
        loop {
            let wanted = self.wanted();
            if wanted == 0 {
                return;
            }
            let Poll::Ready(place) = self.places.poll_take(wanted, context) else {
                return;
            };
            let index = self.next;
            self.next += 1;
            self.progress.begin();
            let source = &self.fleet.devices[index];
            let agent = match source.agent() {
                Ok(agent) => agent,
                Err(error) => {
                    self.progress.end(false);
                    self.note((index, Err(FleetError::NoAgent(error))));
                    continue;
                }
            };
            let terms = Terms {
                limit: self.limits.device,
                close: self.fleet.close.then(|| agent.clone()),
                place,
            };
            let device = Device {
                key: source.key.clone(),
                agent,
                index,
            };
            let attended = (self.work)(device, terms);
            self.under_way.push(UnderWay { index, attended });
        }
    }

    /// How many devices may be begun now, as far as this run is concerned.
    fn wanted(&self) -> usize {
        if self.stop.is_some() {
            return 0;
        }
        // Of the trial none has failed, or nothing would be begun any more.
        let in_trial = self.progress.counts().done < self.limits.canary;
        let end = if in_trial {
            self.limits.canary
        } else {
            self.fleet.len()
        };
        let waiting = self.under_way.len() + self.results.len();
        (end - self.next).min(self.fleet.cap.saturating_sub(waiting))
    }

    /// Notes what became of a device.
    fn note(&mut self, ended: Ended<T, E>) {
        let failed = ended.1.is_err();
        self.results.put(ended);
        if !failed {
            return;
        }
        let Counts { failed, done, .. } = self.progress.counts();
        let in_trial = self.next <= self.limits.canary && done < self.limits.canary;
        if in_trial || self.limits.failures.is_some_and(|limit| failed >= limit) {
            self.begin_no_more(Stop::Failures(failed));
        }
    }

    /// When no more are begun: reports the next one of those that never were; true when there is one.
    fn pass_over(&mut self) -> bool {
        let Some(stop) = self.stop else { return false };
        // One by one, when nothing else waits to be taken: there may be many.
        if self.next == self.fleet.len() || self.results.len() > 0 {
            return false;
        }
        self.progress.pass_over();
        self.results
            .put((self.next, Err(FleetError::NotBegun(stop))));
        self.next += 1;
        true
    }
}

/// Nothing in it is pinned but behind pointers of its own.
impl<K, T, E> Unpin for Run<K, T, E> {}

impl<K, T, E> Drop for Run<K, T, E> {
    fn drop(&mut self) {
        self.progress.abandon();
    }
}

impl<K, T, E> fmt::Debug for Run<K, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("counts", &self.progress.counts())
            .finish_non_exhaustive()
    }
}
