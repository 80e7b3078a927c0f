//! Waking all who wait for a request.

use std::collections::BTreeMap;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// Wakes every call that waits when the request that they share can go on: any of them moves it on, also when the one that did so
/// last is gone or is not polled any more.
#[derive(Default)]
pub(super) struct Signal {
    woken: AtomicBool,
    wakers: Mutex<BTreeMap<u64, Waker>>,
}

impl Signal {
    /// Wakes this call with the others.
    pub(super) fn register(&self, number: u64, waker: &Waker) {
        let mut wakers = self.wakers.lock().unwrap_or_else(PoisonError::into_inner);
        match wakers.get_mut(&number) {
            Some(known) => known.clone_from(waker),
            None => {
                wakers.insert(number, waker.clone());
            }
        }
    }

    pub(super) fn forget(&self, number: u64) {
        let mut wakers = self.wakers.lock().unwrap_or_else(PoisonError::into_inner);
        // Its drop may run code of others.
        let waker = wakers.remove(&number);
        drop(wakers);
        drop(waker);
    }

    /// Whether there was a reason to go on since this was asked last.
    pub(super) fn take(&self) -> bool {
        self.woken.swap(false, Ordering::AcqRel)
    }

    /// Whether there is a reason to go on.
    pub(super) fn is_set(&self) -> bool {
        self.woken.load(Ordering::Acquire)
    }

    /// Notes that there is a reason to go on, for whoever comes next.
    pub(super) fn set(&self) {
        self.woken.store(true, Ordering::Release);
    }

    pub(super) fn wake_all(&self) {
        self.set();
        let wakers = mem::take(&mut *self.wakers.lock().unwrap_or_else(PoisonError::into_inner));
        for waker in wakers.into_values() {
            waker.wake();
        }
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_all();
    }
}
