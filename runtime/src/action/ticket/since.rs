//! What became of a ticket since it was written.

use std::time::Duration;

use super::Ticket;
use crate::time::Time;

const SECOND: Duration = Duration::from_secs(1);

/// How things stand with a ticket that was written a while ago, by a process that may have asked on until now.
pub(in crate::action) struct Since {
    /// Time until the next check.
    pub(in crate::action) wait: Duration,
    /// Time between that check and the one after it.
    pub(in crate::action) interval: Duration,
    /// Time that is left of the whole.
    pub(in crate::action) rest: Duration,
}

impl Since {
    pub(in crate::action) fn written(ticket: &Ticket) -> Self {
        Self::at(ticket, Time::now())
    }

    pub(in crate::action) fn at(ticket: &Ticket, now: Time) -> Self {
        let seconds = now
            .unix_seconds()
            .saturating_sub(ticket.written.unix_seconds());
        let Ok(seconds) = u64::try_from(seconds) else {
            // The clock went backwards, so that it tells nothing. Nobody gets more time by that, nor asks too early.
            return Self {
                wait: ticket.next.max(ticket.interval),
                interval: ticket.interval,
                rest: ticket.rest,
            };
        };
        let passed = Duration::from_secs(seconds);
        // Both moments are whole seconds: it may be up to one less or more.
        let (least, most) = (passed.saturating_sub(SECOND), passed.saturating_add(SECOND));
        let interval = grown(ticket, most.min(ticket.rest));
        let ahead = ticket.next.saturating_sub(least);
        let asked_since = most > ticket.next;
        Self {
            wait: if asked_since {
                ahead.max(interval)
            } else {
                ahead
            },
            interval,
            rest: ticket.rest.saturating_sub(passed),
        }
    }
}

/// The interval that whoever wrote a ticket may have come to since.
fn grown(ticket: &Ticket, passed: Duration) -> Duration {
    let (mut interval, increase) = (ticket.interval, ticket.plan.increase);
    if increase.is_zero() {
        return interval;
    }
    let mut due = ticket.next;
    // Each turn is longer than the one before, so there are few, however long ago it was.
    while due <= passed {
        due = due.saturating_add(interval);
        interval = interval.saturating_add(increase);
    }
    interval
}
