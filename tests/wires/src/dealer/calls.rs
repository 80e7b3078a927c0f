//! Registrations, and calls on their way between sessions.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::Features;

/// Messages to sessions.
type Out = Vec<(u64, Value)>;

struct Registration {
    session: u64,
    uri: String,
    matching: String,
}

/// A call that a callee works on.
struct UnderWay {
    caller: u64,
    request: u64,
    callee: u64,
    /// The caller has had its answer, so that no other one goes there.
    answered: bool,
}

/// A call whose time is counted here: the invocation, and how long it may take.
pub(super) type Limited = (u64, Duration);

/// What is registered and under way.
pub(super) struct Calls {
    features: Features,
    registrations: HashMap<u64, Registration>,
    /// By the id of the invocation.
    under_way: HashMap<u64, UnderWay>,
    last: u64,
    /// The calls that were begun since somebody looked and have a time.
    pub(super) limited: Vec<Limited>,
}

impl Calls {
    pub(super) fn new(features: Features) -> Self {
        Self {
            features,
            registrations: HashMap::new(),
            under_way: HashMap::new(),
            last: 100,
            limited: Vec::new(),
        }
    }

    fn announces(&self, feature: &str) -> bool {
        self.features.announced.contains(&feature)
    }

    fn id(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// What follows from a message of a session. One that is none of a client changes nothing.
    pub(super) fn take(&mut self, session: u64, message: &Value) -> Out {
        match message[0].as_u64() {
            Some(64) => self.register(session, message),
            Some(66) => self.unregister(session, message),
            Some(48) => self.call(session, message),
            Some(49) => self.cancel(session, message),
            Some(70) => self.result(session, message),
            Some(8) => self.error(session, message),
            _ => Vec::new(),
        }
    }

    /// What follows when a session ends.
    pub(super) fn leave(&mut self, session: u64) -> Out {
        self.registrations.retain(|_, one| one.session != session);
        let (uri, text) = self.features.callee_left;
        let mut out = Out::new();
        self.under_way.retain(|invocation, call| {
            if call.callee == session && !call.answered {
                let error = json!([8, 48, call.request, {}, uri, [text]]);
                out.push((call.caller, error));
            } else if call.caller == session {
                out.push((call.callee, json!([69, invocation, {"mode": "killnowait"}])));
            }
            call.callee != session && call.caller != session
        });
        out
    }

    fn register(&mut self, session: u64, message: &Value) -> Out {
        let (request, uri) = (&message[1], message[3].as_str().unwrap_or_default());
        let matching = message[2]["match"].as_str().unwrap_or("exact");
        let mut others = self.registrations.values();
        if others.any(|one| one.uri == uri && one.matching == matching) {
            let taken = "wamp.error.procedure_already_exists";
            return vec![(session, json!([8, 64, request, {}, taken]))];
        }
        let registration = Registration {
            session,
            uri: uri.to_owned(),
            matching: matching.to_owned(),
        };
        let id = self.id();
        self.registrations.insert(id, registration);
        vec![(session, json!([65, request, id]))]
    }

    fn unregister(&mut self, session: u64, message: &Value) -> Out {
        let id = message[2].as_u64().unwrap_or_default();
        let own = self
            .registrations
            .get(&id)
            .is_some_and(|one| one.session == session);
        if !own {
            let none = "wamp.error.no_such_registration";
            return vec![(session, json!([8, 66, message[1], {}, none]))];
        }
        self.registrations.remove(&id);
        vec![(session, json!([67, message[1]]))]
    }

    /// The registration that gets a call: the exact one, or that with the longest prefix.
    fn registered(&self, uri: &str) -> Option<(u64, u64, bool)> {
        let mut fitting: Vec<_> = self
            .registrations
            .iter()
            .filter(|(_, one)| match &*one.matching {
                "prefix" => uri.starts_with(&one.uri),
                _ => one.uri == uri,
            })
            .collect();
        fitting.sort_by_key(|(_, one)| (one.matching == "exact", one.uri.len()));
        let (id, one) = fitting.pop()?;
        Some((*id, one.session, one.matching != "exact"))
    }

    fn call(&mut self, session: u64, message: &Value) -> Out {
        let uri = message[3].as_str().unwrap_or_default();
        let Some((registration, callee, is_pattern)) = self.registered(uri) else {
            let none = "wamp.error.no_such_procedure";
            let text = format!("no callee registered for procedure <{uri}>");
            return vec![(session, json!([8, 48, message[1], {}, none, [text]]))];
        };
        let mut details = json!({"caller": session, "caller_authid": format!("user-{session}"),
            "caller_authrole": "anonymous"});
        if is_pattern {
            details["procedure"] = json!(uri);
        }
        let passes_progress = self.announces("progressive_call_results");
        let options = ["receive_progress", "timeout"];
        for option in options
            .into_iter()
            .filter(|option| passes_progress || *option == "timeout")
        {
            if let Some(value) = message[2].get(option) {
                details[option] = value.clone();
            }
        }
        let invocation = self.id();
        let under_way = UnderWay {
            caller: session,
            request: message[1].as_u64().unwrap_or_default(),
            callee,
            answered: false,
        };
        self.under_way.insert(invocation, under_way);
        // In milliseconds; none is 0.
        let time = message[2]["timeout"].as_u64().filter(|time| *time > 0);
        if let Some(time) = time.filter(|_| self.announces("call_timeout")) {
            self.limited.push((invocation, Duration::from_millis(time)));
        }
        let sent = json!([68, invocation, registration, details]);
        vec![(callee, with_payload(sent, message, 4))]
    }

    /// What follows when the time of a call is over.
    pub(super) fn expire(&mut self, invocation: u64) -> Out {
        let Some(call) = self.under_way.get_mut(&invocation) else {
            return Vec::new();
        };
        if call.answered {
            return Vec::new();
        }
        call.answered = true;
        let interrupt =
            json!([69, invocation, {"mode": "killnowait", "reason": "wamp.error.timeout"}]);
        let ended = json!([8, 48, call.request, {}, "wamp.error.timeout"]);
        vec![(call.callee, interrupt), (call.caller, ended)]
    }

    fn cancel(&mut self, session: u64, message: &Value) -> Out {
        let request = message[1].as_u64();
        let mode = message[2]["mode"].as_str().unwrap_or("killnowait");
        let mut calls = self.under_way.iter_mut();
        let found = calls.find(|(_, call)| call.caller == session && Some(call.request) == request);
        let Some((invocation, call)) = found.filter(|(_, call)| !call.answered) else {
            return Vec::new();
        };
        let mut out = Out::new();
        if mode != "skip" {
            out.push((call.callee, json!([69, invocation, {"mode": mode}])));
        }
        if mode != "kill" {
            call.answered = true;
            let canceled = json!([8, 48, call.request, {}, "wamp.error.canceled"]);
            out.push((session, canceled));
        }
        out
    }

    fn result(&mut self, session: u64, message: &Value) -> Out {
        let is_progress = message[2]["progress"] == true;
        if is_progress && !self.announces("progressive_call_results") {
            return Vec::new();
        }
        let Some(call) = self.answered(session, message[1].as_u64(), !is_progress) else {
            return Vec::new();
        };
        let mut details = json!({"callee": session, "callee_authid": format!("user-{session}"),
            "callee_authrole": "anonymous"});
        if is_progress {
            details["progress"] = json!(true);
        }
        let sent = json!([50, call.1, details]);
        vec![(call.0, with_payload(sent, message, 3))]
    }

    fn error(&mut self, session: u64, message: &Value) -> Out {
        let Some(call) = self.answered(session, message[2].as_u64(), true) else {
            return Vec::new();
        };
        let sent = json!([8, 48, call.1, {}, message[4]]);
        vec![(call.0, with_payload(sent, message, 5))]
    }

    /// Who waits for an answer to an invocation, and under which id; nothing when nobody does, or it is none of this session.
    fn answered(
        &mut self,
        session: u64,
        invocation: Option<u64>,
        last: bool,
    ) -> Option<(u64, u64)> {
        let invocation = invocation?;
        let call = self.under_way.get(&invocation)?;
        if call.callee != session {
            return None;
        }
        let waits = (!call.answered).then_some((call.caller, call.request));
        if last {
            self.under_way.remove(&invocation);
        }
        waits
    }
}

/// A message with the arguments of another one, in which they begin here.
fn with_payload(mut message: Value, from: &Value, begin: usize) -> Value {
    if let (Some(message), Some(from)) = (message.as_array_mut(), from.as_array()) {
        message.extend(from.iter().skip(begin).cloned());
    }
    message
}

#[cfg(test)]
mod tests;
