//! Messages of WAMP, as a router sends them.

use serde_json::Value;

/// A message: its kind, and what follows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said(pub(super) Vec<Value>);

pub(super) const HELLO: u64 = 1;
pub(super) const WELCOME: u64 = 2;
pub(super) const ABORT: u64 = 3;
pub(super) const CHALLENGE: u64 = 4;
pub(super) const AUTHENTICATE: u64 = 5;
pub(super) const GOODBYE: u64 = 6;
pub(super) const ERROR: u64 = 8;
pub(super) const SUBSCRIBE: u64 = 32;
pub(super) const SUBSCRIBED: u64 = 33;
pub(super) const EVENT: u64 = 36;
pub(super) const CALL: u64 = 48;
pub(super) const CANCEL: u64 = 49;
pub(super) const RESULT: u64 = 50;
pub(super) const REGISTER: u64 = 64;
pub(super) const REGISTERED: u64 = 65;
pub(super) const UNREGISTER: u64 = 66;
pub(super) const UNREGISTERED: u64 = 67;
pub(super) const INVOCATION: u64 = 68;
pub(super) const INTERRUPT: u64 = 69;
pub(super) const YIELD: u64 = 70;

impl Said {
    pub(super) fn kind(&self) -> u64 {
        self.at(0).as_u64().unwrap_or(0)
    }

    pub(super) fn is(&self, kind: u64) -> bool {
        self.kind() == kind
    }

    /// An element; null where there is none.
    pub(super) fn at(&self, index: usize) -> &Value {
        self.0.get(index).unwrap_or(&Value::Null)
    }

    /// The id of the request that is answered, the invocation, the session.
    pub(super) fn id(&self) -> u64 {
        let place = if self.is(ERROR) { 2 } else { 1 };
        self.at(place).as_u64().unwrap_or(0)
    }

    /// Whether this answers a request.
    pub(super) fn answers(&self, request: u64) -> bool {
        let is_answer = matches!(
            self.kind(),
            ERROR | SUBSCRIBED | RESULT | REGISTERED | UNREGISTERED
        );
        is_answer && self.id() == request
    }

    /// The URI of an error, or the reason of an end.
    pub(super) fn uri(&self) -> &str {
        let place = match self.kind() {
            ABORT | GOODBYE => 2,
            ERROR => 4,
            _ => return "",
        };
        self.at(place).as_str().unwrap_or("")
    }

    pub(super) fn is_error(&self, uri: &str) -> bool {
        self.is(ERROR) && self.uri() == uri
    }

    /// Whether the user may not do that.
    pub(super) fn is_denied(&self) -> bool {
        self.is_error("wamp.error.not_authorized")
            || self.is_error("wamp.error.authorization_failed")
    }

    pub(super) fn details(&self) -> &Value {
        match self.kind() {
            RESULT | WELCOME => self.at(2),
            INVOCATION | ERROR | EVENT => self.at(3),
            INTERRUPT => self.at(2),
            _ => &Value::Null,
        }
    }

    pub(super) fn args(&self) -> &Value {
        match self.kind() {
            RESULT => self.at(3),
            INVOCATION | EVENT => self.at(4),
            ERROR => self.at(5),
            _ => &Value::Null,
        }
    }

    pub(super) fn kwargs(&self) -> &Value {
        match self.kind() {
            RESULT => self.at(4),
            INVOCATION => self.at(5),
            ERROR => self.at(6),
            _ => &Value::Null,
        }
    }

    pub(super) fn is_progress(&self) -> bool {
        self.is(RESULT) && self.details()["progress"] == true
    }

    /// For people, without ids: the same from run to run.
    pub(super) fn text(&self) -> String {
        let name = match self.kind() {
            WELCOME => "WELCOME",
            ABORT => "ABORT",
            CHALLENGE => "CHALLENGE",
            GOODBYE => "GOODBYE",
            ERROR => "ERROR",
            SUBSCRIBED => "SUBSCRIBED",
            EVENT => "EVENT",
            RESULT if self.is_progress() => "RESULT with progress",
            RESULT => "RESULT",
            REGISTERED => "REGISTERED",
            UNREGISTERED => "UNREGISTERED",
            INVOCATION => "INVOCATION",
            INTERRUPT => "INTERRUPT",
            _ => "a message of an unknown kind",
        };
        let more = match self.kind() {
            INTERRUPT => self.details()["mode"].as_str().unwrap_or(""),
            _ => self.uri(),
        };
        crate::conformance::short(format!("{name} {more}").trim_end())
    }
}
