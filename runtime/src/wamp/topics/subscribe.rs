//! Subscribing and unsubscribing on the router.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::RETENTION;
use super::options::{SubscribeOptions, details};
use super::part::Topics;
use super::sink::Sink;
use super::topic::Topic;
use crate::error::{Error, ErrorKind, TimeoutPhase};
use crate::waiting::Home;
use crate::wamp::message::{Compose, SUBSCRIBE, UNSUBSCRIBE};
use crate::wamp::request::turn_held;
use crate::wamp::session::{Answered, Session};

/// How long a router may take for a subscription, and how long its turn is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// The pause after a router that took longer on a new session; the next ones are twice as long each.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest of these.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The same after a router that refused, for a reason that may pass.
const FIRST_AFTER_REFUSAL: Duration = Duration::from_secs(10);
const LONGEST_AFTER_REFUSAL: Duration = Duration::from_secs(300);

/// Why the router is asked again on the same session.
#[derive(Debug)]
pub(super) enum Again {
    /// It has not said in time whether it will.
    Late,
    /// It refused for a reason that may pass.
    Refused(Error),
}

/// What becomes of a subscription that was not made again on a session that goes on.
#[derive(Debug)]
enum Fate {
    Again(Again),
    /// The same would come of it.
    Ends(Error),
}

impl Fate {
    fn of(error: Error) -> Self {
        match error.kind() {
            ErrorKind::Timeout(_) => Self::Again(Again::Late),
            ErrorKind::Config(_) => Self::Ends(error),
            ErrorKind::Rpc(told) if stays(told.code.text().unwrap_or_default()) => {
                Self::Ends(error)
            }
            _ => Self::Again(Again::Refused(error)),
        }
    }
}

/// Whether a router that refused for this reason does so again. Not where whom it asks for the permission is not there, as after a restart.
fn stays(reason: &str) -> bool {
    matches!(
        reason,
        "wamp.error.not_authorized"
            | "wamp.error.authorization_denied"
            | "wamp.error.invalid_uri"
            | "wamp.error.invalid_argument"
            | "wamp.error.option_not_allowed"
    ) || reason.starts_with("wamp.error.option_disallowed.")
}

impl Topics {
    /// Subscribes on this session; events go to `sink` from the answer on.
    pub(super) async fn subscribe(
        &self,
        session: &Arc<Session>,
        uri: &str,
        options: &SubscribeOptions,
        sink: &Arc<Sink>,
    ) -> Result<Arc<Topic>, Error> {
        let mut topic = self.topic(uri, options.matching);
        let until = Instant::now() + PATIENCE;
        let _turn = loop {
            // Whoever has it may be on a runtime that rests.
            let turn = Arc::clone(&topic.turn).lock_owned();
            let turn = session.home().in_time(until, turn).await;
            let turn = turn.map_err(|late| {
                let phase = late.phase(TimeoutPhase::Queue);
                turn_held(phase, uri, PATIENCE, "subscribes to the same topic")
            })?;
            let now = self.topic(uri, options.matching);
            if Arc::ptr_eq(&now, &topic) {
                break turn;
            }
            // Whoever was ahead has forgotten it.
            topic = now;
        };
        // Asked once more even where it is known: the router answers with the same id, and with what it kept of the topic.
        let mut subscribed = self.request(session, &topic, Some(sink)).await;
        // A session that began meanwhile may know nothing of it.
        let mut on = Arc::clone(session);
        while subscribed.is_ok() && !self.is_on(&on, &topic) {
            let Some(newer) = self.session_after(&on) else {
                // It is subscribed to on the next one.
                break;
            };
            on = newer;
            subscribed = self.request(&on, &topic, Some(sink)).await;
        }
        let result = subscribed.map(|()| Arc::clone(&topic));
        if result.is_err() && topic.readers().is_empty() {
            self.forget(&topic);
        }
        result
    }

    /// Subscribes again to what is read, on a session that has begun; why the router is to be asked again, if it is. What it refuses for good ends with
    /// the reason.
    pub(super) async fn restore(
        &self,
        session: &Arc<Session>,
        topic: &Arc<Topic>,
    ) -> Option<Again> {
        // Whoever has it may be on a runtime that rests: then what that one has asked is over by now, and others wait for the events.
        let turn = timeout(PATIENCE, topic.turn.lock()).await;
        if topic.readers().is_empty() {
            if turn.is_ok() {
                self.forget_unless_known(topic);
            }
            return None;
        }
        if self.is_on(session, topic) {
            return None;
        }
        let error = self.request(session, topic, None).await.err()?;
        if session.is_ending(&error) {
            // The next session begins anew.
            return None;
        }
        let error = match Fate::of(error) {
            Fate::Again(why) => return Some(why),
            Fate::Ends(error) => error,
        };
        for sink in topic.readers() {
            sink.end(Some(error.clone()));
        }
        self.forget(topic);
        None
    }

    /// Subscribes again and again until the router says that it will, or that it never will, at a pace that slows down.
    pub(super) async fn try_again(
        me: Weak<Self>,
        session: Weak<Session>,
        topic: Arc<Topic>,
        mut why: Again,
    ) {
        let (mut late, mut refused) = (FIRST_PAUSE, FIRST_AFTER_REFUSAL);
        loop {
            let pause = match why {
                Again::Late => longer(&mut late, LONGEST_PAUSE),
                Again::Refused(error) => {
                    let pause = longer(&mut refused, LONGEST_AFTER_REFUSAL);
                    for sink in topic.readers() {
                        sink.not_restored(&error, pause);
                    }
                    pause
                }
            };
            tokio::time::sleep(pause).await;
            let (Some(me), Some(session)) = (me.upgrade(), session.upgrade()) else {
                return;
            };
            if !session.is_open() {
                return;
            }
            let Some(again) = me.restore(&session, &topic).await else {
                return;
            };
            why = again;
        }
    }

    /// Asks the router, for one who will read it, or for all who do already.
    async fn request(
        &self,
        session: &Arc<Session>,
        topic: &Arc<Topic>,
        sink: Option<&Arc<Sink>>,
    ) -> Result<(), Error> {
        let retained = match sink {
            Some(sink) => sink.retained,
            // A router that keeps nothing may be the next.
            None => {
                topic.readers().iter().any(|sink| sink.retained)
                    && session.welcome().broker_has(RETENTION)
            }
        };
        let message = |id| {
            Compose::new(SUBSCRIBE)
                .number(id)
                .object(&details(topic.matching, retained))
                .text(&topic.uri)
                .finish()
        };
        let reader = sink.map(Arc::downgrade);
        let accept = {
            let (me, on, topic) = (self.me.clone(), Arc::downgrade(session), Arc::clone(topic));
            let sink = sink.cloned();
            // The events behind the answer are for it already.
            move |answer: &Answered| {
                if let (Answered::Done { id }, Some(me)) = (answer, me.upgrade()) {
                    me.subscribed(&on, *id, &topic, sink.as_ref());
                }
            }
        };
        let undo = {
            let (me, on, topic) = (self.me.clone(), Arc::downgrade(session), Arc::clone(topic));
            move |id| {
                if let Some(me) = me.upgrade() {
                    me.undo(&on, id, &topic, reader);
                }
            }
        };
        let until = Instant::now() + PATIENCE;
        let answer = session.request_or_undo(until, message, accept, undo).await;
        crate::wamp::request::done(answer, &topic.uri, PATIENCE).map(drop)
    }

    /// Notes what the router subscribed to: for this one, or again for all who read it.
    fn subscribed(
        &self,
        on: &Weak<Session>,
        id: u64,
        topic: &Arc<Topic>,
        sink: Option<&Arc<Sink>>,
    ) {
        // Whoever reads it has it on the next session as well, also where this one is over by now.
        let session = on.upgrade().filter(|session| session.is_open());
        let mut table = self.table();
        table.keep(topic);
        if let Some(sink) = sink {
            topic.add(sink);
        }
        if let Some(session) = &session {
            table.take_session(session);
            if table.session.is(session) {
                let is_new = !table.ids.values().any(|known| Arc::ptr_eq(known, topic));
                match sink {
                    Some(sink) => topic.asked(sink.retained, Arc::downgrade(sink)),
                    None => topic.again(),
                }
                if let (Some(sink), true) = (sink, is_new) {
                    // For them it is not put back any more.
                    topic.again_for_others(sink);
                }
                table.ids.insert(id, Arc::clone(topic));
            }
        }
        // A session goes when the last who knows it does, which must not be with this locked.
        drop(table);
    }

    /// Unsubscribes from what the router subscribed to after nobody waited for it any more, unless somebody reads it.
    fn undo(
        self: &Arc<Self>,
        session: &Weak<Session>,
        id: u64,
        topic: &Arc<Topic>,
        reader: Option<Weak<Sink>>,
    ) {
        // Whoever was to read it has gone, or is about to.
        if let Some(reader) = &reader {
            topic.remove(reader);
        }
        // The router gives one id to all who ask for the same, so whoever asks now has it, too.
        let topic = self.topic(&topic.uri, topic.matching);
        {
            let mut table = self.table();
            if !table.session.is_weak(session) {
                // There is another session, and the subscription went with its own.
                return;
            }
            match reader {
                // What the router kept comes for nobody now.
                Some(reader) => topic.asked(true, reader),
                // It was to be put back, and is, if late.
                None => topic.again(),
            }
            table.ids.insert(id, Arc::clone(&topic));
        }
        drop(self.tidy_up(topic));
    }

    /// Unsubscribes from what nobody reads any more, in a task on the runtime of the session, since that of whoever read it may rest or be gone. Nothing
    /// where there is no session, and so no subscription.
    pub(super) fn tidy_up(self: &Arc<Self>, topic: Arc<Topic>) -> Option<(Home, JoinHandle<()>)> {
        let session = self.table().session.get();
        let Some(session) = session else {
            // Whoever has the turn sees to it.
            if let Ok(_turn) = topic.turn.try_lock()
                && topic.readers().is_empty()
            {
                self.forget(&topic);
            }
            return None;
        };
        let (home, me) = (session.home().clone(), Arc::clone(self));
        let task = home.spawn(async move { me.tidy(&topic).await });
        Some((home, task))
    }

    /// Unsubscribes from what nobody reads any more.
    async fn tidy(&self, topic: &Arc<Topic>) {
        let _turn = topic.turn.lock().await;
        if !topic.readers().is_empty() {
            return;
        }
        let (session, id) = {
            let table = self.table();
            let mut ids = table.ids.iter();
            let id = ids.find_map(|(id, known)| Arc::ptr_eq(known, topic).then_some(*id));
            (table.session.get(), id)
        };
        if let (Some(session), Some(subscription)) = (session, id) {
            let message = |id| {
                Compose::new(UNSUBSCRIBE)
                    .number(id)
                    .number(subscription)
                    .finish()
            };
            // When it fails the router is gone, and the subscription with it.
            let _ = session
                .request(Instant::now() + PATIENCE, message, |_| ())
                .await;
        }
        // Whoever wants it meanwhile waits for its turn, and begins anew.
        self.forget(topic);
    }
}

/// This pause; the next one is twice as long.
fn longer(pause: &mut Duration, longest: Duration) -> Duration {
    let next = pause.saturating_mul(2).min(longest);
    std::mem::replace(pause, next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{ErrorCode, ProtocolError, RpcError, TimeoutError};

    #[test]
    fn a_subscription_ends_for_reasons_that_stay() {
        let refused = |reason: &'static str| {
            let told = RpcError::new(ErrorCode::Uri(reason.into()), "");
            Error::from(ErrorKind::Rpc(told))
        };
        let ends = |error: Error| matches!(Fate::of(error), Fate::Ends(_));
        assert!(ends(refused("wamp.error.not_authorized")));
        assert!(ends(refused("wamp.error.invalid_uri")));
        assert!(ends(refused("wamp.error.option_disallowed.retain")));
        assert!(ends(Error::unsupported("it is too large")));
        assert!(!ends(refused("wamp.error.authorization_failed")));
        assert!(!ends(refused("com.example.error.not_now")));
        assert!(!ends(ProtocolError::new("not an answer").into()));
        let late = TimeoutError::new(TimeoutPhase::FirstByte, PATIENCE);
        assert!(matches!(Fate::of(late.into()), Fate::Again(Again::Late)));
    }

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let mut pause = FIRST_AFTER_REFUSAL;
        let mut next = || longer(&mut pause, LONGEST_AFTER_REFUSAL).as_secs();
        let seen: Vec<_> = (0..7).map(|_| next()).collect();
        assert_eq!(seen, [10, 20, 40, 80, 160, 300, 300]);
    }
}
