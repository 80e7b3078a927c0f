//! Actions that go on behind the calls that begin and check them.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::task::AbortHandle;

use crate::ripex2::{Details, FaultCode};
use crate::server::Fault;

/// Ends of actions that are kept for those who ask late.
const KEPT: usize = 16;

/// Actions of one kind, each made of a future that runs behind: what is begun by `settings_save_init`, say, and asked after by
/// `settings_save_reconnect`. One goes on at a time. Dropping it ends the one that goes on.
///
/// ```
/// use std::time::Duration;
/// use xerus_rpc::ripex2::{Actions, FaultCode};
/// use xerus_rpc::server::Fault;
///
/// # async fn example() -> Result<(), Fault> {
/// let saving = Actions::new().delay(Duration::from_secs(5));
/// let started = saving.begin(async { Ok("saved".to_owned()) })?; // in the method that begins it
/// let saved: String = saving.check(&started.session_id)?; // in the method that is asked
/// # Ok(())
/// # }
/// ```
pub struct Actions<T> {
    /// What callers are told, without an id.
    started: Started,
    jobs: Arc<Mutex<Jobs<T>>>,
}

/// When to ask after an action, in whole seconds, and under which id: the answer of a method that begins one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Started {
    /// The id of the action.
    pub session_id: String,
    /// Seconds before the first check.
    pub delay: u32,
    /// Seconds between checks.
    pub interval: u32,
    /// Seconds by which that grows with every check.
    pub interval_increase: u32,
    /// Seconds for the whole.
    pub timeout: u32,
}

struct Jobs<T> {
    /// The oldest first.
    all: VecDeque<Job<T>>,
    running: Option<(String, AbortHandle)>,
}

impl<T> Jobs<T> {
    fn is_running(&self, id: &str) -> bool {
        let running = self.running.as_ref();
        running.is_some_and(|(running, _)| running == id)
    }
}

struct Job<T> {
    id: String,
    end: Result<T, Fault>,
}

fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}

impl<T> Actions<T> {
    /// No actions yet. Callers are told to ask after 1 s, then every 1 s, for 60 s.
    #[must_use]
    pub fn new() -> Self {
        let started = Started {
            delay: 1,
            interval: 1,
            timeout: 60,
            ..Started::default()
        };
        Self {
            started,
            jobs: Arc::new(Mutex::new(Jobs {
                all: VecDeque::new(),
                running: None,
            })),
        }
    }

    /// Sets what callers are told to wait before the first check, in whole seconds.
    #[must_use]
    pub fn delay(mut self, time: Duration) -> Self {
        self.started.delay = seconds(time);
        self
    }

    /// Sets what callers are told to wait between checks, in whole seconds.
    #[must_use]
    pub fn interval(mut self, time: Duration) -> Self {
        self.started.interval = seconds(time);
        self
    }

    /// Sets by how much that grows with every check, in whole seconds.
    #[must_use]
    pub fn interval_increase(mut self, time: Duration) -> Self {
        self.started.interval_increase = seconds(time);
        self
    }

    /// Sets how long callers are told to ask, in whole seconds. The action itself may take longer.
    #[must_use]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.started.timeout = seconds(time);
        self
    }

    fn lock(&self) -> MutexGuard<'_, Jobs<T>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone + Send + 'static> Actions<T> {
    /// Begins an action, which goes on in a task of the current tokio runtime.
    ///
    /// # Errors
    ///
    /// `rpc_temporarily_unavailable` while another goes on, `rpc_server_error` without a source of random numbers.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub fn begin(
        &self,
        work: impl Future<Output = Result<T, Fault>> + Send + 'static,
    ) -> Result<Started, Fault> {
        let mut jobs = self.lock();
        if jobs.running.is_some() {
            return Err(FaultCode::TemporarilyUnavailable.into());
        }
        let mut bits = [0; 8];
        crate::http::random(&mut bits).map_err(|_| Fault::from(FaultCode::ServerError))?;
        let id: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
        let (shared, job) = (Arc::downgrade(&self.jobs), id.clone());
        let task = tokio::spawn(async move {
            let end = AssertUnwindSafe(work).catch_unwind().await;
            let end = end.unwrap_or_else(|_| Err(panicked()));
            let Some(jobs) = shared.upgrade() else {
                return;
            };
            let mut jobs = jobs.lock().unwrap_or_else(PoisonError::into_inner);
            // One that was lost while it ended has left its place, perhaps to another.
            if !jobs.is_running(&job) {
                return;
            }
            jobs.running = None;
            if jobs.all.len() >= KEPT {
                jobs.all.pop_front();
            }
            jobs.all.push_back(Job { id: job, end });
        });
        jobs.running = Some((id.clone(), task.abort_handle()));
        Ok(Started {
            session_id: id,
            ..self.started.clone()
        })
    }

    /// The end of an action.
    ///
    /// # Errors
    ///
    /// That of the action; `rpc_async_action_in_progress` while it goes on, `async_action_lost` for one that is not known (any more).
    pub fn check(&self, id: &str) -> Result<T, Fault> {
        let jobs = self.lock();
        if jobs.is_running(id) {
            return Err(FaultCode::ActionInProgress.into());
        }
        let ended = jobs.all.iter().find(|job| job.id == id);
        ended.map_or_else(|| Err(FaultCode::ActionLost.into()), |job| job.end.clone())
    }

    /// Forgets all actions, and ends the one that goes on: what a unit does that loses its power.
    pub fn lose(&self) {
        let mut jobs = self.lock();
        jobs.all.clear();
        if let Some((_, task)) = jobs.running.take() {
            task.abort();
        }
    }
}

fn panicked() -> Fault {
    Details::new(FaultCode::ActionEndError)
        .with_log("the action panicked")
        .into()
}

impl<T> Default for Actions<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for Actions<T> {
    fn drop(&mut self) {
        if let Some((_, task)) = self.lock().running.take() {
            task.abort();
        }
    }
}

impl<T> fmt::Debug for Actions<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let jobs = self.lock();
        f.debug_struct("Actions")
            .field("running", &jobs.running.is_some())
            .field("ended", &jobs.all.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_action_that_is_lost_while_it_ends_leaves_the_next_alone() {
        let actions = Actions::new();
        let (begun, has_begun) = mpsc::channel();
        let (go, goes) = mpsc::channel::<()>();
        let first = actions
            .begin(async move {
                begun.send(()).expect("a test");
                // It cannot be ended here.
                let _ = goes.recv();
                Ok(1)
            })
            .expect("an action");
        has_begun.recv().expect("a beginning");
        actions.lose();
        let second = actions.begin(std::future::pending()).expect("an action");
        go.send(()).expect("an action");
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(actions.lock().is_running(&second.session_id));
        assert!(actions.lock().all.is_empty());
        assert!(actions.check(&first.session_id).is_err());
    }
}
