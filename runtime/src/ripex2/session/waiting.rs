//! How calls wait for the login that one of them began.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::{Error, Open, Time};
use crate::error::TimeoutPhase;
use crate::http::Stage;

/// How long a runtime may say nothing: one that nobody drives makes no login.
const SILENCE: Duration = Duration::from_millis(500);

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
    work: Work,
}

/// What makes a login. It can be taken away from a runtime that nobody drives, with the place in the queue that it holds.
#[derive(Clone, Default)]
struct Work(Arc<Mutex<Option<Steps>>>);

type Steps = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Work {
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
    ) -> Self {
        Self {
            number,
            runtime,
            progress,
            stage,
            work: Work::default(),
        }
    }

    /// Sets what makes it; the task is to be spawned.
    pub(super) fn give(&self, steps: impl Future<Output = ()> + Send + 'static) -> Task {
        self.work.put(Some(Box::pin(steps)));
        Task(self.work.clone())
    }

    /// Ends what makes it, unless the runtime of that is at work. What the unit opened for it is lost.
    async fn end_if_it_rests(&self) -> bool {
        let rests = !is_alive(&self.runtime).await;
        if rests {
            self.work.put(None);
        }
        rests
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
