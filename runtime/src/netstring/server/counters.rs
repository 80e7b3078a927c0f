//! What a server has done so far.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What a server has done so far.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Counters {
            $($(#[$doc])* pub $name: u64,)*
        }

        #[derive(Debug, Default)]
        pub(super) struct Counts {
            $(pub(super) $name: Count,)*
        }

        impl Counts {
            pub(super) fn read(&self) -> Counters {
                Counters { $($name: self.$name.0.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Connections that were accepted.
    connections,
    /// Connections that were closed at once, because there were too many.
    refused_connections,
    /// Calls that came in.
    calls,
    /// Notifications that came in.
    notifications,
    /// Answers that were written.
    answers,
    /// Results that came too late and were not sent, and notifications that were given up at their deadline.
    late,
    /// Notifications that were dropped because too many waited, or given up because the time to finish them was over when their connection
    /// had ended or the server was shut down.
    lost_notifications,
    /// Calls that were refused, because a call with an id 500 apart was waiting or there were too many.
    busy,
    /// Calls to which no answer is safe any more, so that none was sent.
    unsafe_ids,
    /// Answers in whose place an error was sent, because they were too large.
    too_large,
    /// Servants that panicked.
    panics,
    /// Connections that were closed for what came over them.
    broken,
    /// Connections that were closed because the peer was slow.
    slow,
}

#[derive(Debug, Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
