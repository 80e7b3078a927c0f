//! What a callee has done so far.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a callee has done so far, on all sessions.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct CalleeCounters {
            $($(#[$doc])* pub $name: u64,)*
        }

        #[derive(Debug, Default)]
        pub(super) struct Counts {
            $(pub(super) $name: Count,)*
        }

        impl Counts {
            pub(super) fn read(&self) -> CalleeCounters {
                CalleeCounters { $($name: self.$name.0.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Calls that came in.
    calls,
    /// Results that were given to the session.
    results,
    /// Errors that were given to the session, those of calls that were refused included.
    errors,
    /// Results and errors that were not sent: nobody waited for them any more, or the router took nothing.
    late,
    /// Calls that took longer than a call may.
    timeouts,
    /// Calls that were refused, because too many were waiting.
    busy,
    /// Results in whose place an error was sent, because they were too large for a message.
    too_large,
    /// Servants that panicked.
    panics,
    /// Registrations that were taken away.
    revoked,
}

#[derive(Debug, Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
