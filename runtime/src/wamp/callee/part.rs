//! What is served on a session.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::incoming::refuse_leaving;
use super::interrupt::Interrupt;
use super::lane::Lane;
use super::table::{Before, Held, Table};
use super::wanted::Wanted;
use crate::wamp::session::{Part, Push, Session};
use crate::wire::BoxFuture;

/// What is served on a session, by the ids that the router gave.
pub(in crate::wamp) struct Procedures {
    table: Mutex<Table>,
    pub(super) me: Weak<Self>,
}

impl Procedures {
    pub(in crate::wamp) fn new() -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            table: Mutex::default(),
            me: me.clone(),
        })
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what is to be registered on each session from now on. It takes the place of what was detached, and is put back on other sessions
    /// as that was.
    pub(super) fn want(&self, wanted: &[Arc<Wanted>]) {
        let mut table = self.table();
        let Table {
            wanted: known, ids, ..
        } = &mut *table;
        for new in wanted {
            for old in known.iter().filter(|old| old.gives_way_to(new)) {
                old.give_way(new);
                let id = ids.values_mut().find(|held| Arc::ptr_eq(held, old));
                if let Some(held) = id {
                    *held = Arc::clone(new);
                }
            }
        }
        known.retain(|wanted| !wanted.is_gone());
        known.extend(wanted.iter().cloned());
    }

    /// Takes away what is not to be registered any more.
    pub(super) fn forget(&self, gone: &[Arc<Wanted>]) {
        for wanted in gone {
            wanted.give_up();
        }
        self.table().wanted.retain(|wanted| !wanted.is_gone());
    }

    /// The session that there is, and the ids of these registrations on it.
    pub(super) fn ids_of(&self, which: &[Arc<Wanted>]) -> (Option<Arc<Session>>, Vec<u64>) {
        let table = self.table();
        let ids = table.ids.iter();
        let ids = ids.filter(|(_, wanted)| which.iter().any(|one| Arc::ptr_eq(one, wanted)));
        (table.session.get(), ids.map(|(id, _)| *id).collect())
    }

    /// The session that there is.
    pub(super) fn session(&self) -> Option<Arc<Session>> {
        self.table().session.get()
    }

    /// The session that there is now, if it is another one than this.
    pub(super) fn session_after(&self, session: &Arc<Session>) -> Option<Arc<Session>> {
        self.table().session.after(session)
    }

    /// The id of a registration on this session.
    pub(super) fn id_on(&self, session: &Arc<Session>, which: &Arc<Wanted>) -> Option<u64> {
        let table = self.table();
        if !table.is_on(session) {
            return None;
        }
        let mut ids = table.ids.iter();
        ids.find_map(|(id, wanted)| Arc::ptr_eq(wanted, which).then_some(*id))
    }

    /// Notes that a request to register goes out on this session.
    pub(super) fn registering(self: &Arc<Self>, session: &Arc<Session>) -> Registering {
        let mut table = self.table();
        // In place of one that is over there may be another already.
        let before = session.is_open().then(|| table.take_session(session));
        if table.is_on(session) {
            table.registering += 1;
        }
        drop(table);
        refuse_all(&before.unwrap_or_default());
        Registering {
            procedures: Arc::clone(self),
            session: Arc::downgrade(session),
        }
    }

    /// Notes the id of a registration on this session.
    pub(super) fn registered(&self, session: &Weak<Session>, id: u64, wanted: &Arc<Wanted>) {
        let mut table = self.table();
        if let Some(ids) = table.ids_on(session) {
            // Another may have taken its place while the router was asked.
            ids.insert(id, wanted.last_heir());
        }
    }

    /// Forgets the id of a registration.
    pub(super) fn unregistered(&self, session: &Weak<Session>, id: u64) {
        let mut table = self.table();
        if let Some(ids) = table.ids_on(session) {
            ids.remove(&id);
        }
    }

    /// Forgets a call that is over.
    pub(super) fn over(&self, session: &Session, request: u64, interrupt: &Arc<Interrupt>) {
        let which = (session.order(), request);
        let mut table = self.table();
        let known = table.running.get(&which);
        if known.is_some_and(|(known, _)| Arc::ptr_eq(known, interrupt)) {
            table.running.remove(&which);
        }
    }

    /// Gives up all calls of a callee.
    pub(super) fn give_up(&self, lane: &Arc<Lane>) {
        let table = self.table();
        for (interrupt, of) in table.running.values() {
            if Arc::ptr_eq(of, lane) {
                interrupt.give_up(true);
            }
        }
    }
}

/// Refuses what came on the session before, and waited there.
fn refuse_all(before: &Before) {
    for call in &before.held {
        refuse_leaving(call, None);
    }
}

/// A request to register that is under way.
pub(super) struct Registering {
    procedures: Arc<Procedures>,
    session: Weak<Session>,
}

impl Drop for Registering {
    fn drop(&mut self) {
        self.procedures.settle(&self.session);
    }
}

impl Part for Procedures {
    fn joined<'a>(&'a self, session: &'a Arc<Session>) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let (wanted, before) = {
                let mut table = self.table();
                let before = table.take_session(session);
                (table.wanted.clone(), before)
            };
            refuse_all(&before);
            // What is being served for the first time is registered by whoever serves it.
            let wanted = wanted.into_iter().filter(|wanted| wanted.is_established());
            let wanted = wanted.collect();
            if let Some(me) = self.me.upgrade() {
                me.restore(session, wanted).await;
            }
        })
    }

    fn left(&self, session: &Arc<Session>) {
        let mut table = self.table();
        let is_newest = table.is_on(session);
        let of_it = is_newest.then(|| {
            let ids = std::mem::take(&mut table.ids);
            (ids, std::mem::take(&mut table.held))
        });
        let left = table.leaving.remove(&session.order());
        let running = table
            .running
            .extract_if(|(order, _), _| *order == session.order());
        let running: Vec<_> = running.map(|(_, call)| call).collect();
        // Sessions go when the last who knows them does, which must not be in here.
        drop(table);
        drop((of_it, left));
        for (interrupt, lane) in running {
            drop(lane.lose(&interrupt));
        }
    }

    fn take(&self, session: &Arc<Session>, push: Push) -> Option<Push> {
        match push {
            Push::Invocation {
                request,
                registration,
                details,
                payload,
            } => {
                let call = Held {
                    session: Arc::clone(session),
                    request,
                    registration,
                    details,
                    payload,
                };
                let back = self.invocation(call).err()?;
                Some(Push::Invocation {
                    request: back.request,
                    registration: back.registration,
                    details: back.details,
                    payload: back.payload,
                })
            }
            Push::Interrupt { request, details } => {
                let known = self.interrupt(session, request, &details);
                (!known).then_some(Push::Interrupt { request, details })
            }
            Push::Revoked { details } => {
                let known = self.revoked(session, &details);
                (!known).then_some(Push::Revoked { details })
            }
            event @ Push::Event { .. } => Some(event),
        }
    }
}

impl std::fmt::Debug for Procedures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let table = self.table();
        f.debug_struct("Procedures")
            .field("wanted", &table.wanted)
            .field("registered", &table.ids.len())
            .field("running", &table.running.len())
            .finish()
    }
}
