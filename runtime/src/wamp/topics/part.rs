//! What is subscribed to on a session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::event::Event;
use super::options::SubscribeOptions;
use super::sink::Sink;
use super::topic::Topic;
use crate::error::{Error, ErrorCode, Outcome, RpcError};
use crate::wamp::message::{Compose, Object, SUBSCRIBE, UNSUBSCRIBE};
use crate::wamp::session::{Answered, Latest, Part, Push, Session};
use crate::wire::BoxFuture;

/// How long a router may take for a subscription.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is subscribed to on a session, by the ids that the router gave.
pub(in crate::wamp) struct Topics {
    table: Mutex<Table>,
    me: Weak<Self>,
}

#[derive(Default)]
struct Table {
    /// The session on which the ids are.
    session: Latest,
    topics: Vec<Arc<Topic>>,
    ids: HashMap<u64, Arc<Topic>>,
}

impl Topics {
    pub(in crate::wamp) fn new() -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            table: Mutex::default(),
            me: me.clone(),
        })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Subscribes on this session; events go to `sink` from the answer on.
    pub(super) async fn subscribe(
        &self,
        session: &Arc<Session>,
        uri: &str,
        options: &SubscribeOptions,
        sink: &Arc<Sink>,
    ) -> Result<Arc<Topic>, Error> {
        let mut topic = self.topic(uri, options);
        let _turn = loop {
            let turn = Arc::clone(&topic.turn).lock_owned().await;
            let now = self.topic(uri, options);
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

    /// The topic, put down where it is new.
    fn topic(&self, uri: &str, options: &SubscribeOptions) -> Arc<Topic> {
        let mut table = self.table();
        let known = table.topics.iter().find(|topic| topic.is(uri, options));
        if let Some(known) = known {
            return Arc::clone(known);
        }
        let topic = Topic::new(uri, options);
        table.topics.push(Arc::clone(&topic));
        topic
    }

    /// Whether it is subscribed to on this session.
    fn is_on(&self, session: &Arc<Session>, topic: &Arc<Topic>) -> bool {
        let table = self.table();
        table.session.is(session) && table.ids.values().any(|known| Arc::ptr_eq(known, topic))
    }

    /// The session that there is now, if it is another one than this.
    fn session_after(&self, session: &Arc<Session>) -> Option<Arc<Session>> {
        self.table().session.after(session)
    }

    fn forget(&self, topic: &Arc<Topic>) {
        let mut table = self.table();
        table.topics.retain(|known| !Arc::ptr_eq(known, topic));
        table.ids.retain(|_, known| !Arc::ptr_eq(known, topic));
    }

    async fn request(
        &self,
        session: &Arc<Session>,
        topic: &Arc<Topic>,
        sink: Option<&Arc<Sink>>,
    ) -> Result<(), Error> {
        let message = |id| {
            Compose::new(SUBSCRIBE)
                .number(id)
                .object(&topic.options.details())
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
                    // Whoever reads it has it on the next session as well, also where this one is over by now.
                    let session = on.upgrade().filter(|session| session.is_open());
                    let mut table = me.table();
                    table.keep(&topic);
                    if let Some(sink) = &sink {
                        topic.add(sink);
                    }
                    if let Some(session) = &session {
                        table.take_session(session);
                        if table.session.is(session) {
                            table.ids.insert(*id, Arc::clone(&topic));
                        }
                    }
                    // A session goes when the last who knows it does, which must not be with this locked.
                    drop(table);
                }
            }
        };
        let undo = {
            let (me, on, topic) = (self.me.clone(), Arc::downgrade(session), Arc::clone(topic));
            let runtime = Handle::current();
            move |id| {
                // Whoever was to read it has gone, or is about to.
                if let Some(reader) = reader {
                    topic.remove(&reader);
                }
                if let Some(me) = me.upgrade() {
                    me.undo(&runtime, &on, id, &topic);
                }
            }
        };
        let until = Instant::now() + PATIENCE;
        let answer = session.request_or_undo(until, message, accept, undo).await;
        crate::wamp::request::done(answer, &topic.uri, PATIENCE).map(drop)
    }

    /// Unsubscribes from what the router subscribed to after nobody waited for it any more, unless somebody reads it.
    fn undo(
        self: &Arc<Self>,
        runtime: &Handle,
        session: &Weak<Session>,
        id: u64,
        topic: &Arc<Topic>,
    ) {
        // The router gives one id to all who ask for the same, so whoever asks now has it, too.
        let topic = self.topic(&topic.uri, &topic.options);
        {
            let mut table = self.table();
            if !table.session.is_weak(session) {
                // There is another session, and the subscription went with its own.
                return;
            }
            table.ids.insert(id, Arc::clone(&topic));
        }
        let me = Arc::clone(self);
        runtime.spawn(async move { me.tidy(&topic).await });
    }

    /// Ends what the router took back; whether it was something that is subscribed to here.
    fn revoked(&self, session: &Arc<Session>, details: &Object) -> bool {
        let Some(id) = details.number("subscription") else {
            return false;
        };
        let topic = {
            let mut table = self.table();
            let is_this = table.session.is(session);
            let known = is_this.then(|| table.ids.remove(&id)).flatten();
            if let Some(topic) = &known {
                table.topics.retain(|known| !Arc::ptr_eq(known, topic));
            }
            known
        };
        let Some(topic) = topic else {
            return false;
        };
        let error = taken_back(&topic.uri, &details.text("reason").unwrap_or_default());
        for sink in topic.readers() {
            sink.end(Some(error.clone()));
        }
        true
    }

    /// Unsubscribes from what nobody reads any more.
    pub(super) async fn tidy(&self, topic: &Arc<Topic>) {
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

/// Why nothing comes any more of a subscription.
fn taken_back(uri: &str, reason: &str) -> Error {
    let code = if reason.is_empty() {
        "wamp.subscription.revoked"
    } else {
        reason
    };
    let message = "the router took the subscription back: find out there who did it and why, then subscribe again";
    let error = RpcError::new(ErrorCode::Uri(code.to_owned().into()), message);
    Error::from(error)
        .with_outcome(Outcome::Unknown)
        .with_call("", uri.to_owned())
}

impl Table {
    /// Puts a topic down again that was forgotten meanwhile.
    fn keep(&mut self, topic: &Arc<Topic>) {
        if !self.topics.iter().any(|known| Arc::ptr_eq(known, topic)) {
            self.topics.push(Arc::clone(topic));
        }
    }

    /// Begins anew when this session is newer than the one before.
    fn take_session(&mut self, session: &Arc<Session>) {
        if self.session.advance(session) {
            self.ids.clear();
        }
    }
}

impl Part for Topics {
    fn joined<'a>(&'a self, session: &'a Arc<Session>) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let topics = {
                let mut table = self.table();
                table.take_session(session);
                table.topics.clone()
            };
            let all = topics.iter().map(|topic| async move {
                let _turn = topic.turn.lock().await;
                if topic.readers().is_empty() || self.is_on(session, topic) {
                    return;
                }
                let restored = self.request(session, topic, None).await;
                for sink in topic.readers() {
                    match &restored {
                        Ok(()) => sink.restored(),
                        // The next session begins anew.
                        Err(_) if !session.is_open() => {}
                        Err(error) => sink.end(Some(error.clone())),
                    }
                }
                if restored.is_err() && session.is_open() {
                    self.forget(topic);
                }
            });
            futures_util::future::join_all(all).await;
        })
    }

    fn left(&self, session: &Arc<Session>) {
        let mut table = self.table();
        if table.session.is(session) {
            table.ids.clear();
        }
    }

    fn take(&self, session: &Arc<Session>, push: Push) -> Option<Push> {
        let push = match push {
            Push::Revoked { details } if self.revoked(session, &details) => return None,
            push => push,
        };
        let Push::Event {
            subscription,
            publication,
            details,
            payload,
        } = push
        else {
            return Some(push);
        };
        let topic = {
            let table = self.table();
            let is_this = table.session.is(session);
            let known = table.ids.get(&subscription).filter(|_| is_this);
            known.cloned()
        };
        let Some(topic) = topic else {
            return Some(Push::Event {
                subscription,
                publication,
                details,
                payload,
            });
        };
        let bytes = |text: &Option<Bytes>| text.as_ref().map_or(0, Bytes::len);
        let size = details.bytes().len() + bytes(&payload.args) + bytes(&payload.kwargs);
        let event = Event::new(&topic.uri, publication, &details, payload.kept_alone());
        for sink in topic.readers() {
            sink.push(event.clone(), size);
        }
        None
    }
}

impl std::fmt::Debug for Topics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let table = self.table();
        let topics = table.topics.iter().map(|topic| &topic.uri);
        f.debug_list().entries(topics).finish()
    }
}
