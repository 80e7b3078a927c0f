//! Publishing.

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use tokio::time::Instant;

use crate::codec::Encode;
use crate::error::Error;
use crate::wamp::client::Wamp;
use crate::wamp::content::Content;
use crate::wamp::message::{Compose, PUBLISH};
use crate::wamp::request::{done, failed};
use crate::wamp::session::{FAR, Failed};
use crate::wamp::uri;
use crate::wire::BoxFuture;

/// Something to be published. It is sent when it is awaited, and gives the id of the publication where the router was asked for it.
///
/// ```no_run
/// # async fn example(wamp: xerus_rpc::wamp::Wamp) -> Result<(), xerus_rpc::Error> {
/// let id = wamp
///     .publish("com.example.outlet_switched")
///     .arg(&3)
///     .named("on", &true)
///     .acknowledge(true)
///     .await?;
/// println!("publication {id:?}");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is published until this is awaited"]
pub struct Publish {
    wamp: Wamp,
    topic: String,
    content: Content,
    acknowledge: bool,
    retain: bool,
    members: Vec<String>,
    timeout: Duration,
}

impl Publish {
    pub(super) fn new(wamp: Wamp, topic: String, timeout: Duration) -> Self {
        Self {
            wamp,
            topic,
            content: Content::new(),
            acknowledge: false,
            retain: false,
            members: Vec::new(),
            timeout,
        }
    }

    /// Adds a value in order.
    pub fn arg<T: Encode + ?Sized>(mut self, value: &T) -> Self {
        self.content = self.content.arg(value);
        self
    }

    /// Adds a value by name.
    pub fn named<T: Encode + ?Sized>(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: &T,
    ) -> Self {
        self.content = self.content.named(name, value);
        self
    }

    /// Sets all values.
    pub fn content(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    /// Asks the router to confirm the publication. Default: no; then only that it was sent is known.
    pub fn acknowledge(mut self, acknowledge: bool) -> Self {
        self.acknowledge = acknowledge;
        self
    }

    /// Sends it to this session, too, if it has subscribed. Default: no.
    pub fn to_myself(mut self, also: bool) -> Self {
        let member = r#""exclude_me":false"#;
        self.members.retain(|known| known != member);
        if also {
            self.members.push(member.to_owned());
        }
        self
    }

    /// Sends it to these sessions only, if they have subscribed.
    pub fn eligible(mut self, sessions: &[u64]) -> Self {
        self.members.push(list("eligible", sessions));
        self
    }

    /// Sends it to all who have subscribed but these sessions.
    pub fn exclude(mut self, sessions: &[u64]) -> Self {
        self.members.push(list("exclude", sessions));
        self
    }

    /// Asks the router to keep it for those who subscribe later. Where the broker does not announce `event_retention` nothing is sent, and it
    /// is an error. Default: no.
    pub fn retain(mut self, retain: bool) -> Self {
        self.retain = retain;
        self
    }

    /// Sets how long it may take, the wait for a session included. Default: the time for a call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn details(&self) -> String {
        let mut members = self.members.clone();
        if self.acknowledge {
            members.insert(0, r#""acknowledge":true"#.to_owned());
        }
        if self.retain {
            members.push(r#""retain":true"#.to_owned());
        }
        format!("{{{}}}", members.join(","))
    }

    async fn send(self) -> Result<Option<u64>, Error> {
        uri::check(&self.topic).map_err(|why| crate::wamp::error::bad_uri(&self.topic, why))?;
        let details = self.details();
        let payload = self.content.payload()?;
        let until = Instant::now() + self.timeout.min(FAR);
        let session = match self.wamp.session_until(until).await {
            Ok(session) => session?,
            Err(phase) => {
                let why = Failed::TimedOut { phase, sent: false };
                return Err(failed(why, &self.topic, self.timeout));
            }
        };
        if self.retain && !session.welcome().broker_has(super::RETENTION) {
            return Err(super::no_retention());
        }
        let message = |id: u64| {
            Compose::new(PUBLISH)
                .number(id)
                .object(&details)
                .text(&self.topic)
                .payload(&payload)
                .finish()
        };
        if self.acknowledge {
            let answer = session.request(until, message, |_| ()).await;
            return done(answer, &self.topic, self.timeout).map(Some);
        }
        let message = message(session.take_id());
        let sent = session.send_in_turn(until, message).await;
        sent.map(|()| None)
            .map_err(|why| failed(why, &self.topic, self.timeout))
    }
}

fn list(name: &str, sessions: &[u64]) -> String {
    let ids: Vec<_> = sessions.iter().map(u64::to_string).collect();
    format!(r#""{name}":[{}]"#, ids.join(","))
}

impl IntoFuture for Publish {
    type Output = Result<Option<u64>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for Publish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publish")
            .field("topic", &self.topic)
            .field("content", &self.content)
            .field("acknowledge", &self.acknowledge)
            .finish_non_exhaustive()
    }
}
