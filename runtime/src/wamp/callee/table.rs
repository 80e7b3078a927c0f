//! What is registered and under way on a session.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::interrupt::Interrupt;
use super::lane::Lane;
use super::wanted::Wanted;
use crate::wamp::message::{Object, Payload};
use crate::wamp::session::Session;

#[derive(Default)]
pub(super) struct Table {
    /// The session on which the ids are.
    pub(super) session: Weak<Session>,
    pub(super) wanted: Vec<Arc<Wanted>>,
    pub(super) ids: HashMap<u64, Arc<Wanted>>,
    /// Requests to register that are under way.
    pub(super) registering: usize,
    /// Calls that came before the answer to one of these.
    pub(super) held: Vec<Held>,
    pub(super) running: HashMap<u64, (Arc<Interrupt>, Arc<Lane>)>,
}

pub(super) struct Held {
    pub(super) session: Arc<Session>,
    pub(super) request: u64,
    pub(super) registration: u64,
    pub(super) details: Object,
    pub(super) payload: Payload,
}

impl Table {
    /// Whether the ids are on this session.
    pub(super) fn is_on(&self, session: &Arc<Session>) -> bool {
        std::ptr::eq(self.session.as_ptr(), Arc::as_ptr(session))
    }

    /// Begins anew when this is another session than the one before. What is left of that is to be dropped with nothing locked.
    #[must_use]
    pub(super) fn take_session(&mut self, session: &Arc<Session>) -> Self {
        if self.is_on(session) {
            return Self::default();
        }
        // That the one before has ended was told already, unless its runtime went with it.
        let new = Self {
            session: Arc::downgrade(session),
            wanted: self.wanted.clone(),
            ..Self::default()
        };
        std::mem::replace(self, new)
    }
}
