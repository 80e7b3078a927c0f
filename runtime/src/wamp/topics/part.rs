//! What is subscribed to on a session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::event::Event;
use super::topic::Topic;
use crate::error::{Error, ErrorCode, Outcome, RpcError};
use crate::wamp::callee::Match;
use crate::wamp::message::Object;
use crate::wamp::session::{Latest, Part, Push, Session};
use crate::wire::BoxFuture;
use bytes::Bytes;

/// What is subscribed to on a session, by the ids that the router gave.
pub(in crate::wamp) struct Topics {
    table: Mutex<Table>,
    pub(super) me: Weak<Self>,
}

#[derive(Default)]
pub(super) struct Table {
    /// The session on which the ids are.
    pub(super) session: Latest,
    topics: Vec<Arc<Topic>>,
    pub(super) ids: HashMap<u64, Arc<Topic>>,
}

impl Topics {
    pub(in crate::wamp) fn new() -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            table: Mutex::default(),
            me: me.clone(),
        })
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The topic, put down where it is new.
    pub(super) fn topic(&self, uri: &str, matching: Match) -> Arc<Topic> {
        let mut table = self.table();
        let known = table.topics.iter().find(|topic| topic.is(uri, matching));
        if let Some(known) = known {
            return Arc::clone(known);
        }
        let topic = Topic::new(uri, matching);
        table.topics.push(Arc::clone(&topic));
        topic
    }

    /// Whether it is subscribed to on this session.
    pub(super) fn is_on(&self, session: &Arc<Session>, topic: &Arc<Topic>) -> bool {
        let table = self.table();
        table.session.is(session) && table.ids.values().any(|known| Arc::ptr_eq(known, topic))
    }

    /// The session that there is now, if it is another one than this.
    pub(super) fn session_after(&self, session: &Arc<Session>) -> Option<Arc<Session>> {
        self.table().session.after(session)
    }

    pub(super) fn forget(&self, topic: &Arc<Topic>) {
        let mut table = self.table();
        table.topics.retain(|known| !Arc::ptr_eq(known, topic));
        table.ids.retain(|_, known| !Arc::ptr_eq(known, topic));
    }

    /// Forgets what nobody reads, unless the router has subscribed to it meanwhile: that is taken back first.
    pub(super) fn forget_unless_known(&self, topic: &Arc<Topic>) {
        let mut table = self.table();
        if !table.ids.values().any(|known| Arc::ptr_eq(known, topic)) {
            table.topics.retain(|known| !Arc::ptr_eq(known, topic));
        }
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
    pub(super) fn keep(&mut self, topic: &Arc<Topic>) {
        if !self.topics.iter().any(|known| Arc::ptr_eq(known, topic)) {
            self.topics.push(Arc::clone(topic));
        }
    }

    /// Begins anew when this session is newer than the one before.
    pub(super) fn take_session(&mut self, session: &Arc<Session>) {
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
            let all = topics.into_iter().map(|topic| async move {
                if let Some(why) = self.restore(session, &topic).await {
                    let (me, session) = (self.me.clone(), Arc::downgrade(session));
                    tokio::spawn(Self::try_again(me, session, topic, why));
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
        for sink in topic.readers_of(event.retained) {
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
