//! What a router sends for what is registered.

use std::sync::{Arc, Weak};

use super::change::Change;
use super::fault::Told;
use super::identity;
use super::interrupt::Interrupt;
use super::lane::Admitted;
use super::part::Procedures;
use super::table::{Held, Table};
use super::wanted::Wanted;
use super::work::{self, Work};
use crate::wamp::message::Object;
use crate::wamp::session::Session;

impl Procedures {
    fn begin(&self, table: &mut Table, wanted: &Arc<Wanted>, call: Held) -> Admitted {
        let setup = &wanted.setup;
        setup.counts.calls.add();
        let interrupt = Arc::new(Interrupt::default());
        let lane = Arc::clone(&setup.lane);
        table
            .running
            .insert(call.which(), (Arc::clone(&interrupt), Arc::clone(&lane)));
        let admitted = lane.admit(Work {
            session: call.session,
            request: call.request,
            wanted: Arc::clone(wanted),
            details: call.details,
            payload: call.payload,
            interrupt,
            procedures: self.me.clone(),
        });
        if matches!(admitted, Admitted::Refused(_)) {
            setup.counts.busy.add();
        }
        admitted
    }

    /// Takes a call, or gives it back when nothing was registered for it.
    pub(super) fn invocation(&self, call: Held) -> Result<(), Held> {
        let mut table = self.table();
        if table.knows(&call) {
            // The same call once more: it is being served, or will be.
            return Ok(());
        }
        if !table.is_on(&call.session) {
            let left = table.left_behind(&call);
            drop(table);
            return match left {
                Some(wanted) => {
                    refuse_leaving(&call, Some(&wanted));
                    Ok(())
                }
                // Nothing was registered on it, or it is over.
                None => Err(call),
            };
        }
        let admitted = match table.ids.get(&call.registration).cloned() {
            // Nobody serves it any more, and that has not reached the router yet.
            Some(wanted) if wanted.is_abandoned() => {
                drop(table);
                refuse_abandoned(&call, &wanted);
                return Ok(());
            }
            Some(wanted) => self.begin(&mut table, &wanted, call),
            None if table.registering > 0 && table.holds(&call) => {
                table.held.push(call.kept_alone());
                Admitted::Waits
            }
            None if table.registering > 0 => {
                drop(table);
                // Without a name the caller cannot know that it is told of its own call.
                let procedure = identity::procedure(&call.details).unwrap_or_default();
                let _ = work::send(&call.session, call.request, &too_many(&procedure));
                return Ok(());
            }
            None => return Err(call),
        };
        drop(table);
        start(admitted);
        Ok(())
    }

    /// Serves or refuses what was held until it was known whose it is.
    pub(super) fn settle(&self, session: &Weak<Session>) {
        let mut admitted = Vec::new();
        let (mut unknown, mut abandoned) = (Vec::new(), Vec::new());
        let mut table = self.table();
        if !table.session.is_weak(session) {
            return;
        }
        table.registering = table.registering.saturating_sub(1);
        let last = table.registering == 0;
        for call in std::mem::take(&mut table.held) {
            match table.ids.get(&call.registration).cloned() {
                Some(wanted) if wanted.is_abandoned() => abandoned.push((call, wanted)),
                Some(wanted) => admitted.push(self.begin(&mut table, &wanted, call)),
                None if last => unknown.push(call),
                None => table.held.push(call),
            }
        }
        drop(table);
        admitted.into_iter().for_each(start);
        for (call, wanted) in &abandoned {
            refuse_abandoned(call, wanted);
        }
        refuse_unknown(unknown);
    }

    pub(super) fn interrupt(&self, session: &Arc<Session>, request: u64, details: &Object) -> bool {
        let table = self.table();
        let known = table.running.get(&(session.order(), request)).cloned();
        drop(table);
        let Some((interrupt, lane)) = known else {
            return false;
        };
        // In the other modes the caller has its answer already.
        let mode = details.text("mode");
        interrupt.give_up(mode.as_deref() == Some("kill"));
        if let Some(work) = lane.withdraw(&interrupt) {
            work.never_began();
        }
        true
    }

    pub(super) fn revoked(&self, session: &Arc<Session>, details: &Object) -> bool {
        let id = details.number("registration");
        let wanted = id.and_then(|id| {
            let mut table = self.table();
            let is_here = table.is_on(session);
            is_here.then(|| table.ids.remove(&id)).flatten()
        });
        let Some(wanted) = wanted else {
            return false;
        };
        wanted.setup.counts.revoked.add();
        let change = Change::Revoked {
            uri: wanted.uri.clone(),
            reason: details.text("reason").unwrap_or_default(),
            again: wanted.setup.reclaim,
        };
        if let Some(procedures) = self.me.upgrade() {
            let session = Arc::downgrade(session);
            tokio::spawn(async move {
                wanted.tell(&change);
                if let Some(pause) = wanted.setup.reclaim {
                    procedures.try_again(session, wanted, pause).await;
                }
            });
        }
        true
    }
}

/// Refuses calls of what is not registered, or not any more.
fn refuse_unknown(calls: Vec<Held>) {
    for call in calls {
        let procedure = identity::procedure(&call.details);
        let told = Told::unknown(procedure.as_deref());
        let _ = work::send(&call.session, call.request, &told);
    }
}

/// Refuses a call on a session that is being left: what is served is on a newer one.
pub(super) fn refuse_leaving(call: &Held, wanted: Option<&Wanted>) {
    let procedure = identity::procedure(&call.details);
    let procedure = procedure.or_else(|| wanted.map(|wanted| wanted.uri.clone()));
    let told = Told::unavailable(
        "this session is being left, and another one serves this: try again later",
        &procedure.unwrap_or_default(),
    );
    let _ = work::send(&call.session, call.request, &told);
}

/// Refuses a call of what nobody serves any more, which the router does not know yet.
fn refuse_abandoned(call: &Held, wanted: &Wanted) {
    let procedure = identity::procedure(&call.details);
    let told = not_served(&procedure.unwrap_or_else(|| wanted.uri.clone()));
    let _ = work::send(&call.session, call.request, &told);
}

/// That nobody serves a procedure any more.
pub(super) fn not_served(procedure: &str) -> Told {
    Told::unavailable(
        "this is not served here any more: try again later",
        procedure,
    )
}

fn too_many(procedure: &str) -> Told {
    Told::unavailable("too many calls wait here: try again later", procedure)
}

/// Starts or refuses a call, with nothing locked.
fn start(admitted: Admitted) {
    match admitted {
        Admitted::Starts(call) => call.go(),
        Admitted::Waits => {}
        Admitted::Refused(work) => {
            let told = too_many(&work.procedure());
            work.refuse(&told);
        }
    }
}
