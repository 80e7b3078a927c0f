//! A device that knows sessions, without a wire, so that time is that of the test.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::sleep;
use xerus_rpc::error::{AuthError, ErrorKind};
use xerus_rpc::layer::{CredentialsSource, Sessions};
use xerus_rpc::wire::{BoxFuture, Capabilities, Item, Reply, Request, Transport};
use xerus_rpc::wire::{BoxStream, Credentials};
use xerus_rpc::{Agent, Error};

/// What the device knows.
#[derive(Default)]
pub(super) struct Known {
    pub(super) password: String,
    /// The number of the session that is open; 0 for none.
    pub(super) open: u32,
    pub(super) opened: u32,
    /// All that came, in order: the method, with the number of the session.
    pub(super) seen: Vec<String>,
    /// How long each answer takes.
    pub(super) slow: Duration,
    /// Takes no token, also of the session that it has just opened.
    pub(super) takes_none: bool,
    /// Each user may have one session only.
    pub(super) single: bool,
    /// What `newSession` fails with.
    pub(super) refusal: Option<AuthError>,
    /// The member `session` of the answer to `newSession`.
    pub(super) session: Option<String>,
}

#[derive(Clone, Default)]
pub(super) struct Device(Arc<Mutex<Known>>);

impl Device {
    pub(super) fn new() -> Self {
        let device = Self::default();
        device.know().password = "raritan".to_owned();
        device
    }

    pub(super) fn know(&self) -> MutexGuard<'_, Known> {
        self.0.lock().expect("not poisoned")
    }

    pub(super) fn agent(&self) -> Agent {
        self.agent_of(Credentials::basic("admin", "raritan"))
    }

    pub(super) fn agent_of(&self, source: impl CredentialsSource) -> Agent {
        let wire = Arc::new(Wire(self.clone()));
        let sessions = Sessions::new().source(source);
        Agent::with_transport(sessions.around(wire, Credentials::none()))
    }

    pub(super) fn take_seen(&self) -> Vec<String> {
        std::mem::take(&mut self.know().seen)
    }

    async fn answer(&self, method: &str, user: Option<&Credentials>) -> Result<Reply, Error> {
        let slow = self.know().slow;
        // Two points at which a call can be given up, however fast the device is.
        tokio::task::yield_now().await;
        let result = self.know().answer(method, user);
        if slow.is_zero() {
            tokio::task::yield_now().await;
        } else {
            sleep(slow).await;
        }
        result
    }
}

impl Known {
    fn answer(&mut self, method: &str, user: Option<&Credentials>) -> Result<Reply, Error> {
        let password = user.and_then(Credentials::as_basic);
        let session = user.and_then(Credentials::as_token);
        self.seen.push(match session {
            Some(number) => format!("{method} {number}"),
            None => method.to_owned(),
        });
        let refuse = |why| Err(Error::from(ErrorKind::Auth(why)));
        if method == "newSession" {
            if password != Some(("admin", self.password.as_str())) {
                return refuse(AuthError::Unauthorized);
            }
            if let Some(why) = self.refusal {
                return refuse(why);
            }
            if self.single && self.open != 0 {
                return Ok(Reply::by_name(r#"{"_ret_":1,"session":null,"token":""}"#));
            }
            self.opened += 1;
            self.open = self.opened;
            let session = self.session.as_deref().unwrap_or(r#"{"timeout":600}"#);
            return Ok(Reply::by_name(format!(
                r#"{{"_ret_":0,"session":{session},"token":"{}"}}"#,
                self.opened
            )));
        }
        let is_known = self.open != 0 && session == Some(&*self.open.to_string());
        if !is_known || self.takes_none {
            return refuse(AuthError::Unauthorized);
        }
        match method {
            "closeCurrentSession" => {
                self.open = 0;
                Ok(Reply::nothing())
            }
            "getCurrentSession" => Ok(Reply::by_name(r#"{"_ret_":{}}"#)),
            _ => Ok(Reply::by_name(r#"{"_ret_":7}"#)),
        }
    }
}

struct Wire(Device);

impl Transport for Wire {
    fn origin(&self) -> &str {
        "https://pdu.example.com"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
            .with_login(true)
            .with_notify(true)
            .with_stream(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(self.0.answer(request.name(), request.credentials()))
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move { self.call(request).await.map(drop) })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        Box::pin(futures_util::stream::once(async move {
            self.call(&request).await.map(Item::Final)
        }))
    }
}
