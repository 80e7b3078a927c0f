//! Publish and subscribe.

mod event;
mod options;
mod part;
mod publish;
mod servant;
mod sink;
mod subscribe;
mod subscription;
mod topic;

use std::sync::Arc;

pub use event::{Delivery, Event, FromContent, Publisher};
pub use options::SubscribeOptions;
pub(super) use part::Topics;
pub use publish::Publish;
pub use servant::{EventServing, Trouble};
pub use subscription::Subscription;

use super::callee::Match;
use super::client::Wamp;
use super::error::{bad_uri, no_waiting};
use super::uri;
use crate::error::Error;
use crate::wire::Overflow;
use sink::Sink;

/// The feature of a broker that keeps events for later.
const RETENTION: &str = "event_retention";

fn no_retention() -> Error {
    Error::unsupported(
        "keeping events, which this router does not announce: subscribe and publish without that",
    )
    .with_sent(false, false)
}

impl Wamp {
    /// Something to be published under a topic: add values, and await it.
    pub fn publish(&self, topic: impl Into<String>) -> Publish {
        Publish::new(self.clone(), topic.into(), self.inner().setup.timeout)
    }

    /// Subscribes to a topic or pattern. Where there is no session it waits for one as [`join`](Self::join) does, for a router that is down as
    /// long as it takes. On each session after that it is subscribed to again, before the client's own hook is called.
    ///
    /// ```no_run
    /// # async fn example(wamp: xerus_rpc::wamp::Wamp) -> Result<(), xerus_rpc::Error> {
    /// use xerus_rpc::wamp::{Delivery, SubscribeOptions};
    ///
    /// let mut outlets = wamp.subscribe("com.example.outlet_switched", SubscribeOptions::new()).await?;
    /// while let Some(delivery) = outlets.next().await {
    ///     match delivery? {
    ///         Delivery::Event(event) => println!("outlet {}", event.read::<i32>()?),
    ///         Delivery::Missed(count) => println!("{count} events were not read in time"),
    ///         _ => println!("something may be missing: read the state again"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the router will not let us in; `Config.Unsupported` for a URI that no router takes, and for [`Overflow::Wait`]; what the router says when it refuses.
    /// `Timeout.Queue` when another task of the program subscribes to or unsubscribes from the same topic and has not come to an end within 10 s.
    pub async fn subscribe(
        &self,
        topic: impl Into<String>,
        options: SubscribeOptions,
    ) -> Result<Subscription, Error> {
        let topic = topic.into();
        let checked = match options.matching {
            Match::Wildcard => uri::check_pattern(&topic),
            Match::Exact | Match::Prefix => uri::check(&topic),
        };
        checked.map_err(|why| bad_uri(&topic, why))?;
        if options.overflow == Overflow::Wait {
            return Err(no_waiting());
        }
        let sink = Sink::new(options.room, options.overflow).with_retained(options.retained);
        let sink = Arc::new(sink);
        let topics = Arc::clone(self.topics());
        self.join().await?;
        let session = self.session().await?;
        if options.retained && !session.welcome().broker_has(RETENTION) {
            return Err(no_retention());
        }
        let topic = topics.subscribe(&session, &topic, &options, &sink).await?;
        Ok(Subscription {
            _wamp: self.clone(),
            topics,
            topic: Some(topic),
            sink,
        })
    }
}
