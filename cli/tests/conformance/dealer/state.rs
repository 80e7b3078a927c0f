//! Sessions, registrations, calls.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::{Habits, Shared, Step, lock};

#[derive(Default)]
pub(super) struct State {
    pub(super) habits: Habits,
    pub(super) is_dead: bool,
    /// How often somebody answered a challenge.
    pub(super) secrets: usize,
    ids: u64,
    pub(super) sessions: HashMap<u64, Member>,
    /// By URI: the id, and the session.
    pub(super) registrations: HashMap<String, (u64, u64)>,
    calls: HashMap<u64, Call>,
}

pub(super) struct Member {
    pub(super) sender: UnboundedSender<Value>,
    pub(super) is_cancelling: bool,
}

/// A call that is at its callee, under the id of the invocation.
struct Call {
    caller: u64,
    request: u64,
    callee: u64,
    is_reporting: bool,
}

fn is_uri(uri: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains([' ', '#']);
    uri.split('.').all(is_part)
}

impl State {
    pub(super) fn id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    fn tell(&self, session: u64, message: Value) {
        if let Some(member) = self.sessions.get(&session) {
            let _ = member.sender.send(message);
        }
    }

    /// What follows from a message of a session; nothing is the end.
    pub(super) fn heard(
        &mut self,
        shared: &Shared,
        session: u64,
        message: &[Value],
    ) -> Option<Step> {
        let kind = message.first().and_then(Value::as_u64)?;
        if self.habits.is_careless {
            let id = message.get(1).unwrap_or(&Value::Null);
            match kind {
                48 => self.tell(session, json!([50, id, {}, []])),
                64 => self.tell(session, json!([65, id, 7])),
                66 => self.tell(session, json!([67, id])),
                _ => {}
            }
            return Some(Step::Joined);
        }
        if kind == 6 {
            self.tell(session, json!([6, {}, "wamp.close.goodbye_and_out"]));
            self.gone(session);
            return None;
        }
        let most = match kind {
            48 => 4..=6,
            8 => 5..=7,
            70 => 3..=5,
            49 | 66 => 3..=3,
            32 | 64 => 4..=4,
            _ => return None,
        };
        let place = if kind == 8 { 2 } else { 1 };
        let id = message.get(place).and_then(Value::as_u64)?;
        if !most.contains(&message.len()) || !(1..=1 << 53).contains(&id) {
            return None;
        }
        match kind {
            48 => self.call(shared, session, id, message),
            49 => self.cancel(
                session,
                id,
                message[2]["mode"].as_str().unwrap_or("killnowait"),
            ),
            64 => self.register(session, id, message),
            66 => {
                let found = self.registrations.iter();
                let mut found = found.filter(|(_, known)| {
                    (message[2].as_u64(), session) == (Some(known.0), known.1)
                });
                match found.next().map(|(uri, _)| uri.clone()) {
                    Some(uri) => {
                        self.registrations.remove(&uri);
                        self.tell(session, json!([67, id]));
                    }
                    None => self.refuse(session, 66, id, "wamp.error.no_such_registration"),
                }
            }
            // What is published is of no use here.
            32 => self.tell(session, json!([33, id, id])),
            70 => self.answer(session, id, message),
            8 => self.answer(session, id, message),
            _ => return None,
        }
        Some(Step::Joined)
    }

    fn refuse(&self, session: u64, kind: u64, id: u64, uri: &str) {
        self.tell(session, json!([8, kind, id, {}, uri]));
    }

    fn register(&mut self, session: u64, id: u64, message: &[Value]) {
        let (options, uri) = (&message[2], message[3].as_str().unwrap_or(""));
        let refusal = if self.habits.may_nobody_register {
            "wamp.error.not_authorized"
        } else if !is_uri(uri) {
            "wamp.error.invalid_uri"
        } else if self.registrations.contains_key(uri) {
            "wamp.error.procedure_already_exists"
        } else if options["match"].is_string() || options["invoke"].is_string() {
            "wamp.error.option_not_allowed"
        } else {
            let registration = self.id();
            self.registrations
                .insert(uri.to_owned(), (registration, session));
            return self.tell(session, json!([65, id, registration]));
        };
        self.refuse(session, 64, id, refusal);
    }

    fn call(&mut self, shared: &Shared, session: u64, id: u64, message: &[Value]) {
        let (options, uri) = (&message[2], message[3].as_str().unwrap_or(""));
        if !is_uri(uri) {
            return self.refuse(session, 48, id, "wamp.error.invalid_uri");
        }
        if ["wamp.registration.lookup", "wamp.registration.match"].contains(&uri) {
            let found = self.registrations.get(message[4][0].as_str().unwrap_or(""));
            return self.tell(session, json!([50, id, {}, [found.map(|(id, _)| id)]]));
        }
        let Some(&(registration, callee)) = self.registrations.get(uri) else {
            return self.refuse(session, 48, id, "wamp.error.no_such_procedure");
        };
        let invocation = self.id();
        let is_able = self
            .sessions
            .get(&callee)
            .is_some_and(|callee| callee.is_cancelling);
        let is_reporting = options["receive_progress"] == true && is_able;
        let mut details = json!({});
        if options["disclose_me"] == true {
            details["caller"] = session.into();
        }
        if is_reporting {
            details["receive_progress"] = true.into();
        }
        let mut sent = vec![json!(68), json!(invocation), json!(registration), details];
        sent.extend(message[4..].iter().cloned());
        let call = Call {
            caller: session,
            request: id,
            callee,
            is_reporting,
        };
        self.calls.insert(invocation, call);
        self.tell(callee, Value::from(sent));
        if let Some(time) = options["timeout"].as_u64() {
            let shared = Arc::clone(shared);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(time)).await;
                lock(&shared).end(invocation, "wamp.error.timeout", true);
            });
        }
    }

    /// Ends a call with an error, and tells the callee.
    fn end(&mut self, invocation: u64, uri: &str, is_callee_told: bool) {
        if let Some(call) = self.calls.remove(&invocation) {
            self.refuse(call.caller, 48, call.request, uri);
            if is_callee_told
                && self
                    .sessions
                    .get(&call.callee)
                    .is_some_and(|callee| callee.is_cancelling)
            {
                self.tell(call.callee, json!([69, invocation, {"mode": "killnowait"}]));
            }
        }
    }

    fn cancel(&mut self, session: u64, request: u64, mode: &str) {
        let found = self.calls.iter();
        let mut found = found.filter(|(_, call)| (call.caller, call.request) == (session, request));
        let Some((&invocation, call)) = found.next() else {
            return;
        };
        let is_able = self
            .sessions
            .get(&call.callee)
            .is_some_and(|callee| callee.is_cancelling);
        match mode {
            "kill" if is_able => self.tell(call.callee, json!([69, invocation, {"mode": "kill"}])),
            "skip" => self.end(invocation, "wamp.error.canceled", false),
            _ => self.end(invocation, "wamp.error.canceled", true),
        }
    }

    /// YIELD or ERROR of a callee.
    fn answer(&mut self, session: u64, invocation: u64, message: &[Value]) {
        let is_error = message[0] == 8;
        let is_progress = !is_error && message[2]["progress"] == true;
        let Some(call) = self
            .calls
            .get(&invocation)
            .filter(|call| call.callee == session)
        else {
            return;
        };
        if is_progress && !call.is_reporting {
            return;
        }
        let mut sent = match is_error {
            true => vec![
                json!(8),
                json!(48),
                json!(call.request),
                json!({}),
                message[4].clone(),
            ],
            false if is_progress => vec![json!(50), json!(call.request), json!({"progress": true})],
            false => vec![json!(50), json!(call.request), json!({})],
        };
        sent.extend(message[if is_error { 5 } else { 3 }..].iter().cloned());
        self.tell(call.caller, Value::from(sent));
        if !is_progress {
            self.calls.remove(&invocation);
        }
    }

    /// A session is over.
    pub(super) fn gone(&mut self, session: u64) {
        self.sessions.remove(&session);
        self.registrations.retain(|_, known| known.1 != session);
        let ids: Vec<_> = self
            .calls
            .iter()
            .filter(|(_, call)| [call.callee, call.caller].contains(&session))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            self.end(id, "wamp.error.canceled", true);
        }
    }
}
