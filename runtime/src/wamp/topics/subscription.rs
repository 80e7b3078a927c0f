//! A subscription as the program reads it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::event::Delivery;
use super::part::Topics;
use super::sink::Sink;
use super::subscribe::PATIENCE;
use super::topic::Topic;
use crate::error::Error;
use crate::waiting::Home;
use crate::wamp::client::Wamp;

/// A topic that is subscribed to: a stream of [`Delivery`]. It is unsubscribed from when this is dropped.
///
/// It goes on over the end of a session: the topic is subscribed to again on the next one, which [`Delivery::Restored`] tells. When the
/// router refuses that for good, or takes the subscription back, its error is the last item; a refusal that may pass is a [`Delivery::NotRestored`].
#[must_use = "a subscription ends when it is dropped"]
pub struct Subscription {
    /// Without the client there is no session.
    pub(super) _wamp: Wamp,
    pub(super) topics: Arc<Topics>,
    pub(super) topic: Option<Arc<Topic>>,
    pub(super) sink: Arc<Sink>,
}

impl Subscription {
    /// The next thing to tell; `None` when nothing comes any more.
    ///
    /// # Errors
    ///
    /// Why nothing comes any more, as the last item.
    pub async fn next(&mut self) -> Option<Result<Delivery, Error>> {
        std::future::poll_fn(|context| self.sink.poll(context)).await
    }

    /// The topic or pattern.
    #[must_use]
    pub fn uri(&self) -> &str {
        self.topic.as_ref().map_or("", |topic| &topic.uri)
    }

    /// Unsubscribes, and waits until that is done, for 20 s at most. It is unsubscribed from as well where nobody waits for that to the end.
    pub async fn unsubscribe(mut self) {
        if let Some((home, task)) = self.end() {
            // Its turn, and the answer.
            let until = Instant::now() + 2 * PATIENCE;
            let _ = home.in_time(until, task).await;
        }
    }

    /// Takes it away from the topic, and unsubscribes from that when nobody else reads it.
    fn end(&mut self) -> Option<(Home, JoinHandle<()>)> {
        let topic = self.topic.take()?;
        // Said, and not left to who holds it: an event may be on its way into it on another thread.
        topic.remove(&Arc::downgrade(&self.sink));
        self.sink = Arc::new(Sink::new(1, crate::wire::Overflow::DropOldest));
        self.topics.tidy_up(topic)
    }
}

impl Stream for Subscription {
    type Item = Result<Delivery, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.sink.poll(context)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        drop(self.end());
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Subscription").field(&self.uri()).finish()
    }
}
