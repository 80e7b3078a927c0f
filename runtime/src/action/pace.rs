//! When the next check is due. It reckons with a clock that only goes forwards.

use std::time::Duration;

use tokio::time::Instant;

use super::plan::Plan;
use super::ticket::{Since, Ticket};

/// When the next check is due, and when it is too late for one.
#[derive(Debug)]
pub(super) struct Pace {
    due: Instant,
    deadline: Instant,
    /// Time between the next check and the one after it.
    interval: Duration,
    increase: Duration,
    check_timeout: Duration,
    /// Checks that were made, in other processes as well.
    checks: u32,
    /// Whether none has been made in this process. One is made in any case.
    first: bool,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Check(Instant),
    End(Instant),
}

impl Pace {
    /// That of an action which has just begun.
    pub(super) fn begun(plan: &Plan, now: Instant) -> Self {
        Self {
            due: now + plan.delay,
            deadline: now + plan.timeout,
            interval: plan.interval,
            increase: plan.increase,
            check_timeout: plan.check_timeout,
            checks: 0,
            first: true,
        }
    }

    /// That of a ticket. Whoever wrote it may have gone on until now.
    pub(super) fn resumed(ticket: &Ticket, now: Instant) -> Self {
        let since = Since::written(ticket);
        Self {
            due: now + since.wait,
            deadline: now + since.rest,
            interval: since.interval,
            increase: ticket.plan.increase,
            check_timeout: ticket.plan.check_timeout,
            checks: ticket.checks,
            first: true,
        }
    }

    pub(super) fn next(&self) -> Next {
        if self.first || self.due < self.deadline {
            Next::Check(self.due)
        } else {
            Next::End(self.deadline)
        }
    }

    /// A check begins: when it must have ended.
    pub(super) fn begin_check(&mut self, now: Instant) -> Instant {
        // Should nobody see its end, the next is not too early.
        self.due = now + self.interval;
        self.checks = self.checks.saturating_add(1);
        let until = if self.first {
            now + self.check_timeout
        } else {
            self.until(now, self.check_timeout)
        };
        self.first = false;
        until
    }

    /// The check is made again, after a login: when it must have ended.
    pub(super) fn repeat_check(&mut self, now: Instant) -> Instant {
        self.due = now + self.interval;
        self.until(now, self.check_timeout)
    }

    /// A check has ended.
    pub(super) fn end_check(&mut self, now: Instant) {
        self.due = now + self.interval;
        self.interval = self.interval.saturating_add(self.increase);
    }

    /// Until when something may last that takes at most so long. What begins when time is over has the time of a check:
    /// nobody has looked since the last one was due.
    pub(super) fn until(&self, now: Instant, most: Duration) -> Instant {
        let rest = self.deadline.saturating_duration_since(now);
        now + most.min(if rest.is_zero() {
            self.check_timeout
        } else {
            rest
        })
    }

    /// Puts into a ticket how things are now.
    pub(super) fn stamp(&self, ticket: &mut Ticket, now: Instant) {
        ticket.rest = self.deadline.saturating_duration_since(now);
        ticket.next = self.due.saturating_duration_since(now);
        ticket.interval = self.interval;
        ticket.checks = self.checks;
    }
}

#[cfg(test)]
mod tests;
