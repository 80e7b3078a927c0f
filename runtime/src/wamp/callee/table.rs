//! What is registered and under way on a session.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::interrupt::Interrupt;
use super::lane::Lane;
use super::wanted::Wanted;
use super::work::payload_bytes;
use crate::wamp::message::{Object, Payload};
use crate::wamp::session::{Latest, Session};

/// Invocations that wait for the answer to their REGISTER.
const MOST_HELD: usize = 1024;
/// Bytes of these.
const HELD_BYTES: usize = 16 << 20;

#[derive(Default)]
pub(super) struct Table {
    /// The session on which the ids are.
    pub(super) session: Latest,
    pub(super) wanted: Vec<Arc<Wanted>>,
    pub(super) ids: Ids,
    /// The same of older sessions that are being left, by their order.
    pub(super) leaving: HashMap<u64, (Weak<Session>, Ids)>,
    /// Requests to register that are under way.
    pub(super) registering: usize,
    /// Calls that came before the answer to one of these.
    pub(super) held: Vec<Held>,
    /// Calls by the order of their session and their request, also of an older session that is being left.
    pub(super) running: HashMap<(u64, u64), Call>,
}

type Call = (Arc<Interrupt>, Arc<Lane>);
type Ids = HashMap<u64, Arc<Wanted>>;

/// What is left of the session before, to be dropped with nothing locked.
#[derive(Default)]
pub(super) struct Before {
    _gone: Vec<Call>,
    _ids: Vec<Ids>,
    /// Nobody else answers these.
    pub(super) held: Vec<Held>,
}

pub(super) struct Held {
    pub(super) session: Arc<Session>,
    pub(super) request: u64,
    pub(super) registration: u64,
    pub(super) details: Object,
    pub(super) payload: Payload,
}

impl Held {
    /// Its session and its request.
    pub(super) fn which(&self) -> (u64, u64) {
        (self.session.order(), self.request)
    }

    /// Bytes that it holds.
    pub(super) fn bytes(&self) -> usize {
        payload_bytes(&self.payload) + self.details.bytes().len()
    }

    /// The same to wait, without what came beside it.
    pub(super) fn kept_alone(self) -> Self {
        Self {
            details: self.details.kept_alone(),
            payload: self.payload.kept_alone(),
            ..self
        }
    }
}

impl Table {
    /// Whether one more may wait for the answer to a REGISTER; one alone always may.
    pub(super) fn holds(&self, call: &Held) -> bool {
        let bytes: usize = self.held.iter().map(Held::bytes).sum();
        let fits = self.held.len() < MOST_HELD && bytes + call.bytes() <= HELD_BYTES;
        self.held.is_empty() || fits
    }

    /// Whether this call has come before and is not over.
    pub(super) fn knows(&self, call: &Held) -> bool {
        let which = call.which();
        self.running.contains_key(&which) || self.held.iter().any(|held| held.which() == which)
    }

    /// Whether the ids are on this session.
    pub(super) fn is_on(&self, session: &Arc<Session>) -> bool {
        self.session.is(session)
    }

    /// The ids on this session, where it is the newest or is being left.
    pub(super) fn ids_on(&mut self, session: &Weak<Session>) -> Option<&mut Ids> {
        if self.session.is_weak(session) {
            return Some(&mut self.ids);
        }
        let mut leaving = self.leaving.values_mut();
        leaving.find_map(|(known, ids)| Weak::ptr_eq(known, session).then_some(ids))
    }

    /// What a call is of that came on a session that is being left.
    pub(super) fn left_behind(&self, call: &Held) -> Option<Arc<Wanted>> {
        let (_, ids) = self.leaving.get(&call.session.order())?;
        ids.get(&call.registration).cloned()
    }

    /// Begins anew when this session is newer than the one before, which may be there until it is left.
    #[must_use]
    pub(super) fn take_session(&mut self, session: &Arc<Session>) -> Before {
        let (order, before) = self.session.known();
        if !self.session.advance(session) {
            return Before::default();
        }
        // Nobody told of the end of those that went with their runtime.
        let over = self
            .leaving
            .extract_if(|_, (session, _)| is_dropped(session));
        let mut ids: Vec<_> = over.map(|(_, (_, ids))| ids).collect();
        let of_before = std::mem::take(&mut self.ids);
        if is_dropped(&before) {
            ids.push(of_before);
        } else {
            self.leaving.insert(order, (before, of_before));
        }
        self.registering = 0;
        // Nobody told of the end of those that went with their runtime.
        let is_over = |(interrupt, _): &Call| Arc::strong_count(interrupt) == 1;
        let gone = self.running.extract_if(|_, call| is_over(call));
        Before {
            _gone: gone.map(|(_, call)| call).collect(),
            _ids: ids,
            held: std::mem::take(&mut self.held),
        }
    }
}

fn is_dropped(session: &Weak<Session>) -> bool {
    session.strong_count() == 0
}
