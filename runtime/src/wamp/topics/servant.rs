//! Topics that are described in IDL: one-way methods, of which a servant is told.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, StreamExt as _};
use tokio::task::JoinHandle;

use super::event::{Delivery, Event};
use super::options::SubscribeOptions;
use super::subscription::Subscription;
use crate::error::Error;
use crate::server::{Context, Fault, Incoming, Servant};
use crate::wamp::client::Wamp;

type OnTrouble = dyn Fn(Trouble) + Send + Sync;

/// What a servant of events was not told, or did not take.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Trouble {
    /// This many events of a topic were dropped, because the servant had not taken those before.
    Missed {
        /// The topic.
        topic: String,
        /// How many.
        count: u64,
    },
    /// The session was lost and the topic subscribed to again: what was published meanwhile did not come.
    Restored {
        /// The topic.
        topic: String,
    },
    /// The router refuses on a new session to subscribe to the topic again, for a reason that may pass. Nothing comes until it is `Restored`.
    NotRestored {
        /// The topic.
        topic: String,
        /// Why.
        error: Error,
        /// After how long the router is asked again.
        again: Duration,
    },
    /// An event was not taken: its values do not fit, or the servant refused it.
    Refused {
        /// The topic.
        topic: String,
        /// Why.
        fault: Fault,
    },
    /// A topic is not subscribed to any more.
    Ended {
        /// The topic.
        topic: String,
        /// Why.
        error: Error,
    },
}

impl Wamp {
    /// Subscribes to the topics that an interface describes: those named as its one-way methods are. The servant is called for each event, one
    /// after the other; its context has the attributes `publisher`, `publisher_authid` and `publisher_authrole`, as far as the router tells.
    /// What it is not told goes to `trouble`, which must not block.
    ///
    /// The generated proxy publishes what the servant takes, on a client with [`OneWay::Publish`](crate::wamp::OneWay::Publish).
    ///
    /// # Errors
    ///
    /// As [`subscribe`](Self::subscribe); then nothing is subscribed to. `Config.Unsupported` for a servant without one-way methods, to which nothing would
    /// ever be told.
    pub async fn subscribe_servant(
        &self,
        servant: Servant,
        options: SubscribeOptions,
        trouble: impl Fn(Trouble) + Send + Sync + 'static,
    ) -> Result<EventServing, Error> {
        let trouble: Arc<OnTrouble> = Arc::new(trouble);
        let mut topics = Vec::new();
        let methods = servant.methods();
        let methods: Vec<_> = methods.filter(|method| method.marks.one_way).collect();
        if methods.is_empty() {
            return Err(no_topics());
        }
        for method in methods {
            let name = self.inner().setup.binding.method_name(method);
            let subscription = self.subscribe(name, options.clone()).await?;
            topics.push((method.name, subscription));
        }
        let tasks = tell(servant, topics, trouble);
        Ok(EventServing {
            task: tokio::spawn(tasks),
        })
    }
}

fn no_topics() -> Error {
    Error::unsupported(
        "a servant without one-way methods, which would never be told of anything: mark the methods that are topics with @oneway in the IDL, or subscribe \
         to the topics by name",
    )
    .with_sent(false, false)
}

/// Tells a servant of all events, in the order in which they came for each topic.
async fn tell(
    servant: Servant,
    topics: Vec<(&'static str, Subscription)>,
    trouble: Arc<OnTrouble>,
) {
    let mut all = futures_util::stream::SelectAll::new();
    for (method, subscription) in topics {
        let uri = subscription.uri().to_owned();
        all.push(subscription.map(move |item| (method, uri.clone(), item)));
    }
    while let Some((method, topic, item)) = all.next().await {
        match item {
            Ok(Delivery::Event(event)) => {
                if let Err(fault) = call(&servant, method, &event).await {
                    trouble(Trouble::Refused { topic, fault });
                }
            }
            Ok(Delivery::Missed(count)) => trouble(Trouble::Missed { topic, count }),
            Ok(Delivery::Restored) => trouble(Trouble::Restored { topic }),
            Ok(Delivery::NotRestored { error, again }) => trouble(Trouble::NotRestored {
                topic,
                error,
                again,
            }),
            Err(error) => trouble(Trouble::Ended { topic, error }),
        }
    }
}

async fn call(servant: &Servant, method: &str, event: &Event) -> Result<(), Fault> {
    let arguments = event.content.arguments()?;
    let context = context(event);
    let incoming = Incoming::new(method, &arguments, &context);
    let called = AssertUnwindSafe(servant.call(&incoming)).catch_unwind();
    let result = called.await;
    let panicked = |_| Err(Fault::internal("the servant panicked"));
    result.unwrap_or_else(panicked).map(drop)
}

fn context(event: &Event) -> Context {
    let mut context = Context::new()
        .with_transport("wamp")
        .with_attribute("topic", &*event.topic);
    let publisher = &event.publisher;
    if let Some(session) = publisher.session {
        context = context.with_attribute("publisher", session.to_string());
    }
    if let Some(authid) = &publisher.authid {
        context = context.with_attribute("publisher_authid", &**authid);
        context = context.with_user(&**authid);
    }
    if let Some(authrole) = &publisher.authrole {
        context = context.with_attribute("publisher_authrole", &**authrole);
    }
    context
}

/// A servant that is told of events. Its topics are unsubscribed from when this is dropped.
#[must_use = "the topics are unsubscribed from when this is dropped"]
pub struct EventServing {
    task: JoinHandle<()>,
}

impl Drop for EventServing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for EventServing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventServing")
            .field("is_finished", &self.task.is_finished())
            .finish()
    }
}
