//! How servers do, in numbers.

use std::sync::atomic::{AtomicU64, Ordering};

use super::member::{Condition, Member};
use crate::error::ConnectError;

/// How one server does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerStatus {
    /// `host:port`
    pub server: String,
    /// Whether there is a connection.
    pub is_up: bool,
    /// Whether it takes calls and answers none, so that others are preferred until something comes from it.
    pub is_silent: bool,
    /// Why there is none, once that is known.
    pub error: Option<ConnectError>,
    /// Calls that wait for its answer.
    pub waiting: usize,
    /// How many may wait; more go to the next server.
    pub max_waiting: usize,
    /// Calls that it answered, also with errors, and notifications that it was sent; since the first call to any server.
    pub answered: u64,
    /// Calls and notifications that were given to it and ended without: the connection was lost, or the time was over. Those
    /// which the next server took are among them; those that the caller gave up are not.
    pub failed: u64,
    /// Frames of this connection that nobody waited for: late, doubled, unasked or unreadable ones.
    pub dropped: u64,
    /// Answers of this connection that do not say `"jsonrpc":"2.0"`. They are accepted, unless the agent reads strictly.
    pub other_versions: u64,
}

impl ServerStatus {
    pub(super) fn of(member: &Member) -> Self {
        let tally = &member.tally;
        let mut status = Self {
            server: member.name.to_string(),
            is_up: false,
            is_silent: false,
            error: None,
            waiting: 0,
            max_waiting: member.server.max_waiting,
            answered: tally.answered.load(Ordering::Relaxed),
            failed: tally.failed.load(Ordering::Relaxed),
            dropped: 0,
            other_versions: 0,
        };
        match member.condition() {
            Condition::Connecting => {}
            Condition::Down(error, is_silent) => {
                (status.error, status.is_silent) = (Some(error), is_silent);
            }
            Condition::Up(connection) => {
                status.is_up = connection.is_open();
                status.is_silent = connection.is_silent();
                status.waiting = connection.waiting();
                status.dropped = connection.dropped();
                status.other_versions = connection.other_versions();
            }
        }
        status
    }
}

/// How calls to a server ended.
#[derive(Default)]
pub(super) struct Tally {
    answered: AtomicU64,
    failed: AtomicU64,
}

impl Tally {
    pub(super) fn answered(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }
}
