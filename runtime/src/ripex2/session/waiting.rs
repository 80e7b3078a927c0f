//! How calls wait for the login that one of them began.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout, timeout_at};

use super::{Error, Open, Time};
use crate::error::TimeoutPhase;
use crate::http::Stage;

/// How long a runtime may say nothing: one that nobody drives makes no login.
pub(super) const SILENCE: Duration = Duration::from_millis(500);

/// How far a login is.
#[derive(Clone)]
pub(super) enum Progress {
    /// The unit is asked.
    Asking,
    /// It is asked again later.
    Resting {
        until: Instant,
        why: Error,
    },
    Ended(Result<Open, Error>),
}

/// A login that is under way, for those who wait for it.
#[derive(Clone)]
pub(super) struct Login {
    number: u64,
    runtime: Handle,
    progress: watch::Receiver<Progress>,
    stage: Arc<Stage>,
    leave: Arc<Leave>,
    work: Work,
}

/// What a login is told by those who do not wait for it.
#[derive(Default)]
pub(super) struct Leave {
    is_left: AtomicBool,
    news: Notify,
}

impl Leave {
    /// Whether the login is not to be made again when the unit was busy.
    pub(super) fn is_left(&self) -> bool {
        self.is_left.load(Ordering::Relaxed)
    }

    /// Waits until the login is left or given up.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }
}

/// What makes a login, or a logout. It can be taken away from a runtime that nobody drives, with the place in the queue that it holds.
#[derive(Clone, Default)]
pub(super) struct Work(Arc<Mutex<Option<Steps>>>);

type Steps = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Work {
    /// Sets what it is; the task is to be spawned.
    pub(super) fn task(&self, steps: impl Future<Output = ()> + Send + 'static) -> Task {
        self.put(Some(Box::pin(steps)));
        Task(self.clone())
    }

    /// Ends it, unless its runtime is at work.
    pub(super) async fn end_if_it_rests(&self, runtime: &Handle) -> bool {
        let rests = !is_alive(runtime).await;
        if rests {
            self.put(None);
        }
        rests
    }

    fn put(&self, steps: Option<Steps>) {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = std::mem::replace(&mut *place, steps);
        drop(place);
        drop(old);
    }
}

/// The work as a task. It ends with its runtime, also for those who still know it.
pub(super) struct Task(Work);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.put(None);
    }
}

impl Future for Task {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut place = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        match place.as_mut() {
            Some(steps) => steps.as_mut().poll(context),
            None => Poll::Ready(()),
        }
    }
}

impl Login {
    pub(super) fn new(
        number: u64,
        runtime: Handle,
        progress: watch::Receiver<Progress>,
        stage: Arc<Stage>,
        leave: Arc<Leave>,
    ) -> Self {
        Self {
            number,
            runtime,
            progress,
            stage,
            leave,
            work: Work::default(),
        }
    }

    /// What makes it.
    pub(super) fn work(&self) -> &Work {
        &self.work
    }

    /// Has it end when it rests: it is not made again then. Who still waits for it begins another.
    pub(super) fn leave(&self) {
        self.leave.is_left.store(true, Ordering::Relaxed);
        self.give_up();
    }

    /// Has it look at once whether anybody wants it.
    pub(super) fn give_up(&self) {
        self.leave.news.notify_one();
    }

    /// Ends what makes it, unless the runtime of that is at work. What the unit opened for it is lost.
    async fn end_if_it_rests(&self) -> bool {
        self.work.end_if_it_rests(&self.runtime).await
    }

    /// Makes way for a call that needs no session, but a connection which the login may hold in a runtime that nobody drives.
    pub(super) async fn make_way(self, runtime: &Handle) {
        if self.runtime.id() != runtime.id() {
            self.end_if_it_rests().await;
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// How it ended, or why it cannot end within `time`; `None` when nobody will tell. `runtime` is that of the call.
    pub(super) async fn wait(
        mut self,
        runtime: &Handle,
        time: &Time,
    ) -> Option<Result<Open, Error>> {
        let is_elsewhere = self.runtime.id() != runtime.id();
        loop {
            let progress = self.progress.borrow_and_update().clone();
            let rests = match progress {
                Progress::Ended(ended) => return Some(ended),
                // The time of the call would be over before the unit is asked.
                Progress::Resting { until, why } if until >= time.end => return Some(Err(why)),
                Progress::Resting { why, .. } => Some(why),
                Progress::Asking => None,
            };
            let end = match is_elsewhere {
                true => time.end.min(Instant::now() + SILENCE),
                false => time.end,
            };
            match timeout_at(end, self.progress.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return None,
                Err(_) if Instant::now() >= time.end => {
                    let phase = self.stage.phase().unwrap_or(TimeoutPhase::Queue);
                    return Some(Err(rests.unwrap_or_else(|| time.is_over(phase))));
                }
                Err(_) if self.end_if_it_rests().await => return None,
                Err(_) => {}
            }
        }
    }
}

/// Whether somebody drives this runtime.
async fn is_alive(runtime: &Handle) -> bool {
    let answer = timeout(SILENCE, runtime.spawn(async {})).await;
    answer.is_ok_and(|answer| answer.is_ok())
}
