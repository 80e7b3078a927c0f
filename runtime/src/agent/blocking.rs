//! The runtime behind calls without `async`.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle, RuntimeFlavor};
use tokio::task::coop::poll_proceed;
use tokio::task::try_id;

use crate::error::{Error, Outcome};

/// What to do instead of a call that would stop the runtime it is made in.
const STARVES: &str = "a blocking call inside an async runtime would stop everything else that runs there: await the call, or make \
                       it in tokio::task::spawn_blocking or tokio::task::block_in_place";

/// Runs a future to its end on the calling thread, which sleeps while there is nothing to do.
///
/// Timers and connections live on a background thread that the first call starts.
///
/// # Errors
///
/// Those of the future, and `Config.Unsupported` when the background thread cannot be started, or inside async code.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    drive(place()?, future)
}

/// The same for what goes on with a call that has begun: where it cannot be waited for, the outcome of that call is not known.
pub(crate) fn block_on_begun<T>(
    future: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let place = place().map_err(|refused| refused.with_outcome(Outcome::Unknown))?;
    drive(place, future)
}

/// Where timers and connections live, when this thread may wait for them.
fn place() -> Result<&'static Handle, Error> {
    if would_starve() {
        return Err(Error::unsupported(STARVES));
    }
    runtime().ok_or_else(|| Error::unsupported("the thread for blocking calls cannot be started"))
}

fn drive<T>(handle: &Handle, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let _entered = handle.enter();
    let unpark = Arc::new(Unpark {
        thread: thread::current(),
        woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&unpark));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(result) => return result,
            Poll::Pending => unpark.wait(),
        }
    }
}

/// Whether this thread runs async code that others wait for.
///
/// One of several workers does, too: what a task wakes last is run by the same worker and by no other, so that the task which writes the call would
/// wait for the call to end.
fn would_starve() -> bool {
    let Ok(handle) = Handle::try_current() else {
        return false;
    };
    match handle.runtime_flavor() {
        RuntimeFlavor::CurrentThread => is_inside_a_task(),
        // The thread of `block_on` is none of the workers, and what runs there has no id.
        _ => try_id().is_some() && is_inside_a_task(),
    }
}

/// Whether this is called while a task is polled, and not in `spawn_blocking` or on a thread that only entered a runtime.
///
/// The runtime gives a task a budget of operations for each poll, and code outside of tasks an endless one.
fn is_inside_a_task() -> bool {
    /// More than the budget of any poll.
    const OPERATIONS: usize = 1024;
    let mut context = Context::from_waker(Waker::noop());
    // Each gives back what it took when it is dropped.
    let mut taken = Vec::new();
    for _ in 0..OPERATIONS {
        match poll_proceed(&mut context) {
            Poll::Ready(operation) => taken.push(operation),
            Poll::Pending => return true,
        }
    }
    false
}

struct Unpark {
    thread: Thread,
    /// Since the last wait. The thread alone does not remember: what is called while the future is polled may park it, too.
    woken: AtomicBool,
}

impl Unpark {
    /// Sleeps until it is woken; returns at once when it was meanwhile.
    fn wait(&self) {
        while !self.woken.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Ordering::Release) {
            self.thread.unpark();
        }
    }
}

fn runtime() -> Option<&'static Handle> {
    static HANDLE: OnceLock<Option<Handle>> = OnceLock::new();
    HANDLE.get_or_init(start).as_ref()
}

fn start() -> Option<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("xerus-rpc".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .ok()?;
    Some(handle)
}

#[cfg(test)]
mod tests {
    use std::task::Poll;
    use std::time::Duration;

    use super::block_on;

    async fn slow() -> Result<i32, crate::Error> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let spawned = tokio::spawn(async { 7 });
        Ok(spawned.await.expect("no panic"))
    }

    #[test]
    fn a_wake_counts_also_when_what_is_waited_for_parks_the_thread_itself() {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut woken = false;
            let waiting = std::future::poll_fn(|context| {
                if std::mem::replace(&mut woken, true) {
                    return Poll::Ready(Ok(7));
                }
                context.waker().wake_by_ref();
                // As a full channel or a nested blocking call does, inside a log or a report of progress.
                std::thread::park_timeout(Duration::from_secs(1));
                Poll::Pending
            });
            let _ = sender.send(block_on(waiting).ok());
        });
        let result = receiver.recv_timeout(Duration::from_secs(10));
        assert_eq!(result.expect("it was woken"), Some(7));
    }

    fn one_thread() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime")
    }

    #[test]
    fn futures_run_from_threads_that_may_wait() {
        assert_eq!(block_on(slow()).ok(), Some(7));
        // A thread that may block, and one that has entered a runtime.
        let runtime = one_thread();
        let spawned = runtime.spawn_blocking(|| block_on(slow()).ok());
        assert_eq!(runtime.block_on(spawned).expect("no panic"), Some(7));
        let _entered = runtime.enter();
        assert_eq!(block_on(slow()).ok(), Some(7));
    }

    #[test]
    fn a_call_that_would_stop_its_runtime_is_refused() {
        let refused = |result: Result<i32, crate::Error>| {
            let error = result.expect_err("refused");
            assert_eq!(error.code(), "Config.Unsupported");
            assert!(error.to_string().contains("spawn_blocking"), "{error}");
        };
        refused(one_thread().block_on(async { block_on(slow()) }));
        let spawned = async {
            tokio::spawn(async { block_on(slow()) })
                .await
                .expect("no panic")
        };
        refused(one_thread().block_on(spawned));
        for workers in [1, 2] {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(workers)
                .build()
                .expect("a runtime");
            let spawned = async {
                tokio::spawn(async { block_on(slow()) })
                    .await
                    .expect("no panic")
            };
            refused(runtime.block_on(spawned));
            // The way out that the error names.
            let in_place = async {
                tokio::spawn(async { tokio::task::block_in_place(|| block_on(slow()).ok()) })
                    .await
                    .expect("no panic")
            };
            assert_eq!(runtime.block_on(in_place), Some(7));
            // The main future is on a thread beside the workers.
            assert_eq!(runtime.block_on(async { block_on(slow()).ok() }), Some(7));
        }
    }

    #[test]
    fn what_has_begun_is_not_called_not_executed() {
        let refused = one_thread().block_on(async { super::block_on_begun(slow()) });
        let error = refused.expect_err("refused");
        assert_eq!(error.code(), "Config.Unsupported");
        assert!(error.may_have_executed());
        assert!(error.to_string().contains("may have executed"), "{error}");
    }

    #[test]
    fn asking_leaves_the_budget_as_it_was() {
        one_thread().block_on(async {
            assert!(super::is_inside_a_task());
            assert!(tokio::task::coop::has_budget_remaining());
        });
        assert!(!super::is_inside_a_task());
    }
}
