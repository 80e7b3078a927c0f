//! The runtime on which the tasks of a connection run, seen from others.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
#[cfg(feature = "wamp")]
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::TimeoutPhase;

/// A runtime that takes up nothing for this long, while there is time left, is said to rest; less may be chance.
const LEAST: Duration = Duration::from_millis(100);
/// It is asked no earlier than this before the time is over, so that what ends in time costs nothing more.
const MOST: Duration = Duration::from_secs(1);

/// The runtime on which the tasks of a connection run. Nobody may drive it: that of one `block_on` rests after it.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    runtime: Handle,
    /// What it was asked last.
    asked: Arc<Mutex<Question>>,
}

/// Whether a runtime is at work.
#[derive(Clone, Debug)]
struct Question(Arc<AtomicBool>);

impl Question {
    fn is_answered(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Answers a question, also where the runtime ends instead of taking it up.
struct Answer(Question);

impl Drop for Answer {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Release);
    }
}

/// The time is over.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Late {
    resting: bool,
}

impl Late {
    /// What was in the way: the runtime that rests, else what it was at.
    pub(crate) fn phase(self, otherwise: TimeoutPhase) -> TimeoutPhase {
        match self.resting {
            true => TimeoutPhase::Runtime,
            false => otherwise,
        }
    }
}

impl Home {
    /// The runtime of who asks.
    pub(crate) fn here() -> Self {
        let answered = Question(Arc::new(AtomicBool::new(true)));
        Self {
            runtime: Handle::current(),
            asked: Arc::new(Mutex::new(answered)),
        }
    }

    /// Starts a task there, from wherever. It is dropped at once where that runtime is gone, and does not begin while it rests.
    #[cfg(feature = "wamp")]
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        self.runtime.spawn(task)
    }

    pub(crate) fn is_here(&self) -> bool {
        Handle::try_current().is_ok_and(|here| here.id() == self.runtime.id())
    }

    /// Asks whether it is at work. A question to which it has no answer yet stands for all that follow: they would pile up in a runtime that rests.
    fn ask(&self) -> Question {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_answered() {
            *asked = Question(Arc::new(AtomicBool::new(false)));
            let answer = Answer(asked.clone());
            self.runtime.spawn(async move { drop(answer) });
        }
        asked.clone()
    }

    /// Waits for something that comes from the tasks of this runtime, until then.
    pub(crate) async fn in_time<T>(
        &self,
        until: Instant,
        what: impl Future<Output = T>,
    ) -> Result<T, Late> {
        if self.is_here() {
            let done = timeout_at(until, what).await;
            return done.map_err(|_| Late::default());
        }
        let what = pin!(what);
        tokio::select! {
            biased;
            done = what => Ok(done),
            late = self.late(until) => Err(late),
        }
    }

    /// Waits until then; whether the runtime rests at that time.
    pub(crate) async fn late(&self, until: Instant) -> Late {
        let left = until.saturating_duration_since(Instant::now());
        let look = (left / 4).clamp(LEAST, MOST);
        if left < look {
            sleep_until(until).await;
            return Late::default();
        }
        sleep_until(until - look).await;
        let asked = self.ask();
        sleep_until(until).await;
        Late {
            resting: !asked.is_answered(),
        }
    }

    /// Ends when the runtime has taken up nothing for so long. Without end where it is that of who asks.
    #[cfg(feature = "wamp")]
    pub(crate) async fn rests(&self, time: Duration) {
        if self.is_here() {
            std::future::pending::<()>().await;
        }
        loop {
            let asked = self.ask();
            tokio::time::sleep(time).await;
            if !asked.is_answered() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().expect("a runtime")
    }

    async fn late(home: &Home, time: Duration) -> TimeoutPhase {
        let never = std::future::pending::<()>();
        let late = home.in_time(Instant::now() + time, never).await;
        late.expect_err("late").phase(TimeoutPhase::FirstByte)
    }

    #[test]
    fn a_runtime_that_nobody_drives_is_told_from_one_that_runs() {
        let (resting, asking) = (runtime(), runtime());
        let rests = resting.block_on(async { Home::here() });
        let running = tokio::runtime::Runtime::new().expect("a runtime");
        let runs = running.block_on(async { Home::here() });
        asking.block_on(async {
            let time = LEAST * 4;
            assert_eq!(late(&rests, time).await, TimeoutPhase::Runtime);
            assert_eq!(late(&runs, time).await, TimeoutPhase::FirstByte);
            assert_eq!(late(&Home::here(), LEAST).await, TimeoutPhase::FirstByte);
            // Too short to say.
            assert_eq!(late(&rests, LEAST / 2).await, TimeoutPhase::FirstByte);
        });
        // It is asked once, however many calls are late.
        assert!(Arc::ptr_eq(&rests.ask().0, &rests.clone().ask().0));
        drop(resting);
        // What is gone does not rest: its connections have ended.
        let gone = asking.block_on(late(&rests, LEAST * 4));
        assert_eq!(gone, TimeoutPhase::FirstByte);
    }
}
