//! A session that was opened.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::protocol::Granted;
use crate::wire::Credentials;

/// A session on the device, and what is known of its life.
pub(super) struct Opened {
    /// Which one of all that were opened.
    pub(super) number: u64,
    /// The token.
    pub(super) credentials: Credentials,
    /// Time without calls after which the device ends it, where it tells.
    idle: Option<Duration>,
    /// Of firmware before 3.2.1, where the token is an argument.
    pub(super) is_old: bool,
    /// Opened here, and so to be closed here.
    pub(super) is_own: bool,
    opened: Instant,
    use_: Mutex<Use>,
}

struct Use {
    /// When the last call began or ended.
    last: Instant,
    /// The device accepted a call in it.
    proven: bool,
}

impl Opened {
    pub(super) fn new(number: u64, credentials: Credentials, granted: Option<&Granted>) -> Self {
        let idle = granted.and_then(|granted| granted.idle);
        Self {
            number,
            credentials,
            // No session ends before it can be used: what the device means by that is not known.
            idle: idle.filter(|idle| !idle.is_zero()),
            is_old: granted.is_some_and(|granted| granted.is_old),
            is_own: granted.is_some(),
            opened: Instant::now(),
            use_: Mutex::new(Use {
                last: Instant::now(),
                proven: false,
            }),
        }
    }

    /// Notes that a call goes out.
    pub(super) fn touch(&self) {
        self.lock().last = Instant::now();
    }

    /// Notes that the device accepted a call.
    pub(super) fn prove(&self) {
        let mut use_ = self.lock();
        (use_.last, use_.proven) = (Instant::now(), true);
    }

    pub(super) fn is_proven(&self) -> bool {
        self.lock().proven
    }

    /// Time since it was opened.
    pub(super) fn age(&self) -> Duration {
        self.opened.elapsed()
    }

    /// Whether the device must have ended it by now.
    pub(super) fn is_over(&self) -> bool {
        let last = self.lock().last;
        self.idle.is_some_and(|idle| last.elapsed() >= idle)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Use> {
        self.use_.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
