//! A WAMP router in this process: its dealer, as much of it as calls need.
//!
//! It is written after the specification and after what Crossbar and Bondy were seen to do, not after the client, so that both sides of
//! the client are held against something else. There is one realm, and everybody may do everything.

mod calls;
mod connection;
mod msgpack;

use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use calls::Calls;

/// What a dealer announces and does. Crossbar and Bondy differ in it.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// The names in WELCOME.
    pub announced: &'static [&'static str],
    /// The error of a call whose callee has left.
    pub callee_left: (&'static str, &'static str),
}

/// As Crossbar.
pub const CROSSBAR: Features = Features {
    announced: &[
        "caller_identification",
        "call_canceling",
        "pattern_based_registration",
        "progressive_call_results",
    ],
    callee_left: (
        "wamp.error.canceled",
        "callee disconnected from in-flight request",
    ),
};

/// As Bondy: it counts the time of calls, and passes no progress on.
pub const BONDY: Features = Features {
    announced: &[
        "caller_identification",
        "call_canceling",
        "call_timeout",
        "pattern_based_registration",
    ],
    callee_left: ("wamp.error.no_eligible_callee", "the callee has left"),
};

/// What a session does.
enum Event {
    Joined(u64, mpsc::UnboundedSender<Value>),
    Message(u64, Value),
    Left(u64),
    /// The time of the call with this invocation is over.
    Expired(u64),
}

/// A running router. It ends with the runtime that it was started in.
pub struct Dealer {
    url: String,
}

impl Dealer {
    /// Listens at a free port of this machine.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn start(features: Features) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let url = format!("ws://{}/ws", listener.local_addr()?);
        let (events, heard) = mpsc::unbounded_channel();
        tokio::spawn(Routing::new(features, events.downgrade()).run(heard));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection::serve(stream, features, events.clone()));
            }
        });
        Ok(Self { url })
    }

    /// Where it takes WebSockets.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// All sessions and what goes on between them: one task, so that messages keep their order.
struct Routing {
    sessions: HashMap<u64, mpsc::UnboundedSender<Value>>,
    calls: Calls,
    /// Where it is told that time is over.
    clock: mpsc::WeakUnboundedSender<Event>,
}

impl Routing {
    fn new(features: Features, clock: mpsc::WeakUnboundedSender<Event>) -> Self {
        Self {
            sessions: HashMap::new(),
            calls: Calls::new(features),
            clock,
        }
    }

    async fn run(mut self, mut heard: mpsc::UnboundedReceiver<Event>) {
        while let Some(event) = heard.recv().await {
            let out = match event {
                Event::Joined(session, answers) => {
                    self.sessions.insert(session, answers);
                    Vec::new()
                }
                Event::Message(session, message) => self.calls.take(session, &message),
                Event::Left(session) => {
                    self.sessions.remove(&session);
                    self.calls.leave(session)
                }
                Event::Expired(invocation) => self.calls.expire(invocation),
            };
            for (invocation, time) in self.calls.limited.drain(..) {
                let clock = self.clock.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(time).await;
                    if let Some(events) = clock.upgrade() {
                        // The router may have ended.
                        let _ = events.send(Event::Expired(invocation));
                    }
                });
            }
            for (session, message) in out {
                if let Some(answers) = self.sessions.get(&session) {
                    // Its connection may have ended, and says so next.
                    let _ = answers.send(message);
                }
            }
        }
    }
}

/// The features of a role as WELCOME has them.
fn announced(features: Features) -> Value {
    let all = features.announced.iter();
    let all: serde_json::Map<_, _> = all.map(|name| ((*name).to_owned(), json!(true))).collect();
    json!({"broker": {"features": {}}, "dealer": {"features": all}})
}
