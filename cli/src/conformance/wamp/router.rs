//! The router: sessions on it, and what it says of itself.

use std::cell::{Cell, RefCell};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use xerus_rpc::wamp::Serializer;

use super::Setup;
use super::message::{
    ABORT, AUTHENTICATE, CALL, CHALLENGE, ERROR, HELLO, REGISTERED, RESULT, Said, WELCOME,
};
use super::pair::Pair;
use super::session::Session;
use super::socket::{self, Handshake};
use crate::conformance::{Otherwise, cannot, not_tried};

/// A router, spoken to in one serializer.
pub(super) struct Router<'s> {
    pub(super) setup: &'s Setup,
    serializer: Serializer,
    /// The details of its welcome.
    welcome: Value,
    /// Why nothing can be registered.
    refusal: Option<String>,
    uris: Cell<u32>,
    /// What was registered, and how it is matched.
    registered: RefCell<Vec<(String, &'static str)>>,
}

/// Why there is no session.
pub(super) struct NoSession {
    pub(super) why: String,
    /// A router may lock out who shows the same again.
    pub(super) is_secret_refused: bool,
}

impl From<String> for NoSession {
    fn from(why: String) -> Self {
        Self {
            why,
            is_secret_refused: false,
        }
    }
}

/// All that a client may announce that is of use here.
pub(super) fn roles() -> Value {
    json!({
        "caller": {"features": {
            "call_canceling": true, "call_timeout": true, "caller_identification": true, "progressive_call_results": true}},
        "callee": {"features": {
            "call_canceling": true, "call_timeout": true, "caller_identification": true, "pattern_based_registration": true,
            "progressive_call_results": true, "registration_revocation": true, "shared_registration": true}},
        "subscriber": {"features": {}},
    })
}

/// Roles without anything.
pub(super) fn plain_roles() -> Value {
    json!({"caller": {}, "callee": {}})
}

impl<'s> Router<'s> {
    /// Joins once, and looks whether something may be registered.
    ///
    /// # Errors
    ///
    /// Why there is no session.
    pub(super) async fn new(setup: &'s Setup, serializer: Serializer) -> Result<Self, NoSession> {
        let mut router = Self {
            setup,
            serializer,
            welcome: Value::Null,
            refusal: None,
            uris: Cell::new(0),
            registered: RefCell::default(),
        };
        let (mut session, welcome) = router.welcomed(roles()).await?;
        router.welcome = welcome;
        let uri = router.uri("allowed");
        router.refusal = match session.register(json!({}), &uri).await {
            Ok(said) if said.is(REGISTERED) => {
                router.remember(&uri, "exact");
                None
            }
            Ok(said) => Some(said.text()),
            Err(why) => Some(why),
        };
        session.leave().await;
        Ok(router)
    }

    pub(super) fn subprotocol(&self) -> &'static str {
        self.serializer.subprotocol()
    }

    pub(super) fn patience(&self) -> std::time::Duration {
        self.setup.probe.patience
    }

    pub(super) fn welcome(&self) -> &Value {
        &self.welcome
    }

    /// Whether the dealer announces a feature.
    pub(super) fn announces(&self, feature: &str) -> bool {
        self.welcome["roles"]["dealer"]["features"][feature] == true
    }

    /// For rows about a feature: what a router that does not announce it does otherwise is its own affair.
    pub(super) fn if_announced(
        &self,
        feature: &str,
        outcome: Result<String, Otherwise>,
    ) -> Result<String, Otherwise> {
        match outcome {
            Err(Otherwise {
                verdict: crate::conformance::Verdict::Differs,
                seen,
            }) if !self.announces(feature) => {
                Err(cannot(format!("{seen}; {feature} is not announced")))
            }
            outcome => outcome,
        }
    }

    /// A URI of its own for a row.
    pub(super) fn uri(&self, name: &str) -> String {
        self.uris.set(self.uris.get() + 1);
        let kind = match self.serializer {
            Serializer::Json => "j",
            _ => "m",
        };
        format!("{}.{kind}{}.{name}", self.setup.prefix, self.uris.get())
    }

    /// A WebSocket on which nothing was said.
    pub(super) async fn open(&self) -> Result<Session, String> {
        match socket::open(self.setup, Some(self.subprotocol())).await? {
            Handshake::Open(socket, _) => {
                Ok(Session::new(*socket, self.serializer, self.patience()))
            }
            Handshake::Refused(why) => Err(why),
        }
    }

    /// Says HELLO, and gives what comes of it; a challenge is answered.
    pub(super) async fn hello(
        &self,
        session: &mut Session,
        realm: &str,
        details: Value,
    ) -> Result<Said, String> {
        session.send(json!([HELLO, realm, details])).await;
        let said = session.any().await?;
        if !said.is(CHALLENGE) {
            return Ok(said);
        }
        let method = said.at(1).as_str().unwrap_or_default();
        let no_text = |_| "a challenge that cannot be read".to_owned();
        let extra = said.at(2).to_string().parse().map_err(no_text)?;
        let signature = self.setup.auth.signature(method, &extra).await;
        let signature = signature.map_err(|error| error.to_string())?;
        session.is_secret_shown = true;
        session.send(json!([AUTHENTICATE, signature, {}])).await;
        session.any().await
    }

    /// The details of HELLO for whom the options name.
    pub(super) fn details(&self, roles: Value) -> Value {
        let auth = &self.setup.auth;
        let mut details =
            json!({"roles": roles, "authmethods": [auth.method()], "agent": "xerus-conformance"});
        if let Some(authid) = auth.authid() {
            details["authid"] = authid.into();
        }
        if let Some(key) = auth.public_key() {
            details["authextra"] = json!({"pubkey": key, "channel_binding": null});
        }
        details
    }

    async fn welcomed(&self, roles: Value) -> Result<(Session, Value), NoSession> {
        let mut session = self.open().await?;
        let details = self.details(roles);
        let said = self.hello(&mut session, &self.setup.realm, details).await?;
        if !said.is(WELCOME) {
            return Err(NoSession {
                why: said.text(),
                is_secret_refused: session.is_secret_shown && said.is(ABORT),
            });
        }
        session.id = said.id();
        Ok((session, said.details().clone()))
    }

    pub(super) async fn join(&self) -> Result<Session, String> {
        self.join_with(roles()).await
    }

    pub(super) async fn join_with(&self, roles: Value) -> Result<Session, String> {
        let welcomed = self.welcomed(roles).await;
        welcomed
            .map(|(session, _)| session)
            .map_err(|none| none.why)
    }

    /// For rows that register something.
    pub(super) fn may_register(&self) -> Result<(), Otherwise> {
        match &self.refusal {
            None => Ok(()),
            Some(why) => Err(not_tried(format!(
                "this user may not register ({why}): give another --prefix, or another --user"
            ))),
        }
    }

    /// Registers something that has to work.
    pub(super) async fn registered(
        &self,
        session: &mut Session,
        options: Value,
        uri: &str,
    ) -> Result<u64, Otherwise> {
        self.may_register()?;
        let matching = match options["match"].as_str() {
            Some("prefix") => "prefix",
            Some("wildcard") => "wildcard",
            _ => "exact",
        };
        self.remember(uri, matching);
        let said = session.register(options, uri).await?;
        match said.is(REGISTERED) {
            true => Ok(said.at(2).as_u64().unwrap_or(0)),
            false => Err(format!("registering: {}", said.text()).into()),
        }
    }

    /// What has to be gone at the end.
    pub(super) fn remember(&self, uri: &str, matching: &'static str) {
        let mut registered = self.registered.borrow_mut();
        registered.push((uri.to_owned(), matching));
    }

    /// What was registered in all rows until now.
    pub(super) fn all_registered(&self) -> Vec<(String, &'static str)> {
        self.registered.borrow().clone()
    }

    /// A caller, and a callee for one procedure.
    pub(super) async fn pair(&self) -> Result<Pair, Otherwise> {
        self.pair_with(roles()).await
    }

    /// The same, of a callee with these roles.
    pub(super) async fn pair_with(&self, roles: Value) -> Result<Pair, Otherwise> {
        self.may_register()?;
        let (caller, mut callee) = (self.join().await?, self.join_with(roles).await?);
        let uri = self.uri("procedure");
        let registration = self.registered(&mut callee, json!({}), &uri).await?;
        Ok(Pair {
            caller,
            callee,
            uri,
            registration,
        })
    }

    /// The call that does no harm, as its frame.
    pub(super) fn probe(&self, session: &mut Session) -> (u64, Message) {
        let id = session.request();
        (id, session.frame(&self.probe_with(json!(id))))
    }

    /// The same with whatever id.
    pub(super) fn probe_with(&self, id: Value) -> Value {
        let probe = &self.setup.probe;
        match serde_json::from_str(&probe.params) {
            Ok(Value::Array(args)) => json!([CALL, id, {}, probe.method, args]),
            Ok(Value::Object(kwargs)) if !kwargs.is_empty() => {
                json!([CALL, id, {}, probe.method, [], kwargs])
            }
            _ => json!([CALL, id, {}, probe.method]),
        }
    }

    /// Whether a plain call on a session of its own is answered.
    pub(super) async fn answers(&self) -> bool {
        let Ok(mut session) = self.join().await else {
            return false;
        };
        let (id, frame) = self.probe(&mut session);
        session.put([frame]).await;
        let answer = session.answer(id).await;
        answer.is_ok_and(|said| said.is(RESULT) || said.is(ERROR))
    }
}
