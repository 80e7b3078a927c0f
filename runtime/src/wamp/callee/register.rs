//! Registering and unregistering.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use super::change::Change;
use super::part::{Procedures, Registering};
use super::wanted::Wanted;
use crate::error::{Error, TimeoutPhase};
use crate::wamp::message::{Compose, REGISTER, UNREGISTER};
use crate::wamp::request::turn_held;
use crate::wamp::session::{Answered, Session};

/// How long a router may take to register something, and how long the turn for that is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// A request to register whose answer somebody waits for, until this is dropped for the first time.
struct UnderWay(Arc<Mutex<Option<Registering>>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(under_way);
    }
}

impl Procedures {
    /// Registers on this session, unless it is registered there already.
    pub(super) async fn register(
        self: &Arc<Self>,
        session: &Arc<Session>,
        wanted: &Arc<Wanted>,
    ) -> Result<u64, Error> {
        // Whoever has it may be on a runtime that rests.
        let until = Instant::now() + PATIENCE;
        let turn = session.home().in_time(until, wanted.turn()).await;
        let _turn = turn.map_err(|late| {
            let phase = late.phase(TimeoutPhase::Queue);
            turn_held(phase, &wanted.uri, PATIENCE, "registers the same")
        })?;
        if let Some(id) = self.id_on(session, wanted) {
            return Ok(id);
        }
        if wanted.is_gone() {
            return Err(Error::unsupported(
                "it is not served any more, or another callee serves it now",
            ));
        }
        let under_way = UnderWay(Arc::new(Mutex::new(Some(self.registering(session)))));
        let message = |id| {
            Compose::new(REGISTER)
                .number(id)
                .object(&wanted.options.details())
                .text(&wanted.uri)
                .finish()
        };
        let accept = {
            let (procedures, on) = (Arc::clone(self), Arc::downgrade(session));
            let wanted = Arc::clone(wanted);
            let under_way = Arc::clone(&under_way.0);
            // What is called before the answer has been read is held until this is dropped, or nobody waits for the answer.
            move |answer: &Answered| {
                let _under_way = UnderWay(under_way);
                if let Answered::Done { id } = answer {
                    procedures.registered(&on, *id, &wanted);
                }
            }
        };
        let undo = {
            let (procedures, on) = (Arc::clone(self), Arc::downgrade(session));
            // Else it would be registered for ever, and nobody could have it.
            move |registration| {
                procedures.unregistered(&on, registration);
                if let Some(session) = on.upgrade() {
                    // That of whoever asked may rest, or be gone.
                    let home = session.home().clone();
                    drop(home.spawn(async move { take_back(&session, registration).await }));
                }
            }
        };
        let answer = session
            .request_or_undo(Instant::now() + PATIENCE, message, accept, undo)
            .await;
        crate::wamp::request::done(answer, &wanted.uri, PATIENCE)
    }

    /// Unregisters these on the session that there is.
    pub(super) async fn unregister(&self, which: &[Arc<Wanted>]) {
        let all = which.iter().map(|wanted| async move {
            // What the router is just asked for is taken back when it has answered.
            let _turn = wanted.turn().await;
            let (session, ids) = self.ids_of(std::slice::from_ref(wanted));
            let Some(session) = session else {
                return;
            };
            for registration in ids {
                take_back(&session, registration).await;
                self.unregistered(&Arc::downgrade(&session), registration);
            }
        });
        futures_util::future::join_all(all).await;
    }

    /// Puts everything back on a new session.
    pub(super) async fn restore(self: &Arc<Self>, session: &Arc<Session>, all: Vec<Arc<Wanted>>) {
        let all = all.into_iter().map(|wanted| async move {
            if self.id_on(session, &wanted).is_some() {
                // Whoever served it just now was faster.
                return;
            }
            match self.register(session, &wanted).await {
                Ok(_) if wanted.is_gone() => {}
                Ok(_) => wanted.tell(&Change::Restored {
                    uri: wanted.uri.clone(),
                }),
                Err(error) => self.refused(session, wanted, error),
            }
        });
        futures_util::future::join_all(all).await;
    }

    /// Tells that it was refused on this session, and asks again later where that is wanted.
    pub(super) fn refused(
        self: &Arc<Self>,
        session: &Arc<Session>,
        wanted: Arc<Wanted>,
        error: Error,
    ) {
        if session.is_ending(&error) || wanted.is_gone() {
            // The next session begins anew, and so does whoever has taken its place.
            return;
        }
        let again = wanted.setup.retry;
        wanted.tell(&Change::Refused {
            uri: wanted.uri.clone(),
            error,
            again,
        });
        if let Some(pause) = again {
            let (me, on) = (Arc::clone(self), Arc::downgrade(session));
            let again = async move { me.try_again(on, wanted, pause).await };
            drop(session.home().spawn(again));
        }
    }

    /// Registers again and again until it works, at a pace that slows down.
    pub(super) async fn try_again(
        self: Arc<Self>,
        session: Weak<Session>,
        wanted: Arc<Wanted>,
        mut pause: Duration,
    ) {
        loop {
            tokio::time::sleep(pause).await;
            let Some(session) = session.upgrade() else {
                return;
            };
            if !session.is_open() || wanted.is_gone() {
                return;
            }
            let registered = self.register(&session, &wanted).await;
            if wanted.is_gone() {
                // It has an heir by now, or is taken back.
                return;
            }
            match registered {
                Ok(_) => {
                    return wanted.tell(&Change::Restored {
                        uri: wanted.uri.clone(),
                    });
                }
                Err(error) if session.is_ending(&error) => return,
                Err(error) => {
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                    wanted.tell(&Change::Refused {
                        uri: wanted.uri.clone(),
                        error,
                        again: Some(pause),
                    });
                }
            }
        }
    }
}

async fn take_back(session: &Session, registration: u64) {
    let message = |id| {
        Compose::new(UNREGISTER)
            .number(id)
            .number(registration)
            .finish()
    };
    let until = Instant::now() + PATIENCE;
    // When it fails the router has taken it away, or is gone itself.
    let _ = session.request(until, message, |_| ()).await;
}
