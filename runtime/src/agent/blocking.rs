//! The runtime behind calls without `async`.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};

use crate::error::Error;

/// Runs a future to its end on the calling thread, which sleeps while there is nothing to do.
///
/// Timers and connections live on a background thread that the first call starts. It also tends the idle connections
/// between calls, so that one that the device closes is noticed in time. Inside an async runtime this blocks a thread
/// of that runtime, but works.
///
/// # Errors
///
/// Those of the future, and `Config.Unsupported` when the background thread cannot be started.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let handle = runtime()
        .ok_or_else(|| Error::unsupported("the thread for blocking calls cannot be started"))?;
    let _entered = handle.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(result) => return result,
            // Returns at once when the waker was called meanwhile; returning early for no reason only costs a poll.
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
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
    use std::time::Duration;

    use super::block_on;

    #[test]
    fn futures_run_from_plain_threads_and_from_runtimes() {
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let spawned = tokio::spawn(async { 7 });
            Ok(spawned.await.expect("no panic"))
        };
        assert_eq!(block_on(slow()).ok(), Some(7));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        assert_eq!(runtime.block_on(async { block_on(slow()).ok() }), Some(7));
    }
}
