//! A device that knows sessions.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use xerus_rpc::layer::Sessions;
use xerus_rpc::rt;
use xerus_rpc::{Agent, AgentBuilder, Call, Object};

use crate::support::{Answer, GET_STATE, Seen, Server, http};

/// What the device knows, and how it answers.
pub(super) struct Mind {
    pub(super) user: String,
    pub(super) password: String,
    pub(super) tokens: HashSet<String>,
    /// Idle time of sessions that it tells, in seconds.
    pub(super) idle: u64,
    /// Logins that it was asked for, and those that it granted.
    pub(super) asked: usize,
    pub(super) granted: usize,
    pub(super) closed: usize,
    /// Takes no token, also of sessions that it has just opened.
    pub(super) takes_none: bool,
    /// The default password is still set: everything is refused but changing it.
    pub(super) wants_password: bool,
    /// Answers to `newSession` in place of the usual one.
    pub(super) instead: Option<String>,
    /// The token is a member of the session, as before firmware 3.2.1.
    pub(super) is_old: bool,
    /// Time that a login takes.
    pub(super) slow: Duration,
    /// Methods that this user may not call, told by status 401.
    pub(super) forbidden: &'static str,
}

#[derive(Clone)]
pub(super) struct Device(Arc<Mutex<Mind>>);

impl Device {
    pub(super) async fn start() -> (Self, Server) {
        let device = Self(Arc::new(Mutex::new(Mind {
            user: "admin".to_owned(),
            password: "raritan".to_owned(),
            tokens: HashSet::new(),
            idle: 600,
            asked: 0,
            granted: 0,
            closed: 0,
            takes_none: false,
            wants_password: false,
            instead: None,
            is_old: false,
            slow: Duration::ZERO,
            forbidden: "",
        })));
        let mind = device.clone();
        let server = Server::http(move |seen| mind.mind().answer(seen)).await;
        (device, server)
    }

    pub(super) fn mind(&self) -> MutexGuard<'_, Mind> {
        self.0.lock().expect("not poisoned")
    }

    /// Ends all sessions, as a restart does.
    pub(super) fn forget(&self) {
        self.mind().tokens.clear();
    }
}

impl Mind {
    fn answer(&mut self, seen: &Seen) -> Answer {
        if seen.line().starts_with("GET") || seen.line().contains("/cgi-bin/") {
            return if self.knows(seen) {
                Answer::Keep(http(200, "X-Response-Code: 0\r\n", "a file"))
            } else {
                refused(401)
            };
        }
        let json = seen.json();
        let method = json["method"].as_str().expect("a method");
        if method == "setAccountPassword" {
            return self.change_password(seen);
        }
        if self.wants_password {
            return refused(451);
        }
        if method == "newSession" {
            return self.open(seen);
        }
        if !self.knows(seen) || method == self.forbidden {
            return refused(401);
        }
        match method {
            "closeCurrentSession" | "closeSession" => {
                self.closed += 1;
                self.tokens.remove(&token(seen));
                seen.answer("null")
            }
            "getCurrentSession" | "getSession" => seen.answer(r#"{"_ret_":{"sessionId":1}}"#),
            _ => seen.answer(r#"{"_ret_":7}"#),
        }
    }

    fn knows(&self, seen: &Seen) -> bool {
        !self.takes_none && (self.tokens.contains(&token(seen)) || self.knows_password(seen))
    }

    fn knows_password(&self, seen: &Seen) -> bool {
        let expected = STANDARD.encode(format!("{}:{}", self.user, self.password));
        seen.headers("authorization") == [format!("Basic {expected}")]
    }

    fn open(&mut self, seen: &Seen) -> Answer {
        self.asked += 1;
        if !self.knows_password(seen) {
            return refused(401);
        }
        if let Some(instead) = &self.instead {
            return seen.answer(instead);
        }
        self.granted += 1;
        let token = format!("{:032x}", self.granted);
        self.tokens.insert(token.clone());
        // Microseconds since the start of the device, as seen on real ones.
        let session = format!(
            r#""sessionId":{},"username":"admin","creationTime":252000000000000,"timeout":{},"idle":0"#,
            self.granted, self.idle
        );
        let result = if self.is_old {
            format!(r#"{{"_ret_":0,"session":{{{session},"token":"{token}"}}}}"#)
        } else {
            format!(r#"{{"_ret_":0,"session":{{{session}}},"token":"{token}"}}"#)
        };
        if self.slow.is_zero() {
            return seen.answer(&result);
        }
        Answer::Later(self.slow, http(200, "", &seen.document(&result)))
    }

    fn change_password(&mut self, seen: &Seen) -> Answer {
        if !self.knows_password(seen) {
            return refused(401);
        }
        let new = seen.json()["params"]["password"]
            .as_str()
            .expect("a text")
            .to_owned();
        if new.len() < 8 {
            return seen.answer(r#"{"_ret_":3}"#);
        }
        self.password = new;
        self.wants_password = false;
        seen.answer(r#"{"_ret_":0}"#)
    }
}

fn token(seen: &Seen) -> String {
    seen.headers("x-sessiontoken").concat()
}

fn refused(status: u16) -> Answer {
    Answer::Keep(http(status, "", "no"))
}

/// An agent that logs in as the user of the device.
pub(super) fn builder(server: &Server) -> AgentBuilder {
    server
        .agent()
        .basic_auth("admin", "raritan")
        .sessions(Sessions::new())
}

pub(super) fn agent(server: &Server) -> Agent {
    builder(server).build().expect("valid")
}

/// A call that only reads.
pub(super) fn read(agent: &Agent) -> Call<i32> {
    rt::single(&Object::at(agent, "/model/pdu/0"), &GET_STATE, &[])
}

/// The methods that were called on the server, in order.
pub(super) fn methods(server: &Server) -> Vec<String> {
    server
        .seen()
        .iter()
        .filter(|seen| !seen.body.is_empty() && seen.body.starts_with('{'))
        .map(|seen| seen.json()["method"].as_str().unwrap_or("?").to_owned())
        .collect()
}
