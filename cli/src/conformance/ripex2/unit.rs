//! The unit: calls with and without a session, and the one session of all rows.

use std::cell::RefCell;
use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http::Uri;
use xerus_rpc::http::Tls;

use super::Setup;
use super::answer::Answer;
use super::connection::{Connection, Request};
use super::no_login::NoLogin;
use crate::conformance::{Otherwise, not_tried, reach};
use crate::wire::Wire;

pub(super) const RPC: &str = "rpc.cgi";
const LOGIN: &str = "login.cgi";
const LOGOUT: &str = "logout.cgi";

/// The time for a login, however short that for other things is: a unit may be slow there on purpose, and a session whose token does not
/// come in time stays open.
const LOGIN_TIME: Duration = Duration::from_secs(30);

/// The time in which the sessions that are left are ended, each.
const LOGOUT_TIME: Duration = Duration::from_secs(5);

/// Where the unit is.
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) authority: String,
    /// What the path begins with.
    pub(super) base: String,
    pub(super) tls: Option<Tls>,
}

impl Place {
    pub(super) fn where_it_is(&self) -> reach::Place<'_> {
        reach::Place {
            host: &self.host,
            port: self.port,
            tls: self.tls.as_ref(),
            wire: Wire::Ripex2,
        }
    }
}

/// A unit, and who is logged in.
pub(super) struct Unit<'s> {
    pub(super) setup: &'s Setup,
    pub(super) place: Place,
    token: RefCell<Option<String>>,
    /// All sessions that may be open.
    open: RefCell<Vec<String>>,
    /// Why nobody tries to log in any more: the unit may lock out who goes on.
    no_login: RefCell<Option<NoLogin>>,
}

impl<'s> Unit<'s> {
    pub(super) fn new(setup: &'s Setup) -> Result<Self, String> {
        let uri: Uri = setup
            .url
            .parse()
            .map_err(|_| "the URL is none".to_owned())?;
        let is_secure = uri.scheme_str() != Some("http");
        let host = uri.host().unwrap_or_default();
        let place = Place {
            host: host
                .trim_start_matches('[')
                .trim_end_matches(']')
                .to_owned(),
            port: uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 }),
            authority: uri.authority().map(ToString::to_string).unwrap_or_default(),
            base: uri.path().trim_end_matches('/').to_owned(),
            tls: is_secure.then(|| setup.tls.clone()),
        };
        Ok(Self {
            setup,
            place,
            token: RefCell::default(),
            open: RefCell::default(),
            no_login: RefCell::default(),
        })
    }

    pub(super) fn patience(&self) -> Duration {
        self.setup.probe.patience
    }

    /// One request on a connection of its own.
    pub(super) async fn ask(&self, request: Request) -> Result<Answer, String> {
        self.ask_for(request, self.patience()).await
    }

    pub(super) async fn ask_for(&self, request: Request, time: Duration) -> Result<Answer, String> {
        let request = request.header("connection", "close");
        let mut connection = Connection::open(&self.place, time).await?;
        let answer = connection.ask(&self.place, &request).await;
        connection.close().await;
        answer
    }

    /// A call of this document, without a session.
    pub(super) async fn call(&self, document: &Value) -> Result<Answer, String> {
        self.ask(Request::post(RPC, document.to_string())).await
    }

    /// The same with a session, where somebody can log in.
    pub(super) async fn call_as_known(&self, document: &Value) -> Result<Answer, Otherwise> {
        let request = Request::post(RPC, document.to_string());
        let request = match self.is_login_possible() {
            true => request.header("apikey", self.session().await?),
            false => request,
        };
        Ok(self.ask(request).await?)
    }

    /// The call of a method that needs a session.
    pub(super) async fn protected(&self, token: Option<&str>) -> Result<Answer, String> {
        let probe = &self.setup.probe;
        let params: Value = serde_json::from_str(&probe.params).unwrap_or_default();
        let document = json!({"method": probe.method, "params": params});
        let mut request = Request::post(RPC, document.to_string());
        if let Some(token) = token {
            request = request.header("apikey", token);
        }
        self.ask(request).await
    }

    /// Whether a plain call is answered, be it that somebody has to log in first.
    pub(super) async fn answers(&self) -> Result<(), String> {
        let answer = self.call(&json!({"method": "device_ping"})).await?;
        match answer.status == 401 || answer.status == 200 && answer.document().is_object() {
            true => Ok(()),
            false => Err(answer.text()),
        }
    }

    pub(super) fn is_login_possible(&self) -> bool {
        self.setup.login.is_some() && self.no_login.borrow().is_none()
    }

    /// What login.cgi answers to a document. What it opens is ended with the run.
    pub(super) async fn ask_login(&self, document: &Value) -> Result<Answer, String> {
        let request = Request::post(LOGIN, document.to_string());
        let answer = self.ask_for(request, self.login_time()).await;
        if let Ok(answer) = &answer
            && answer.status == 200
            && let Some(token) = token(answer)
        {
            self.opened(token);
        }
        answer
    }

    fn login_time(&self) -> Duration {
        self.patience().max(LOGIN_TIME)
    }

    /// What login.cgi answers to the user and the password. After a login that failed there is no second try.
    pub(super) async fn log_in(&self, more: &Value) -> Result<Answer, Otherwise> {
        let Some((user, password)) = &self.setup.login else {
            return Err(not_tried("it needs a session: give --user"));
        };
        if let Some(no) = &*self.no_login.borrow() {
            return Err(not_tried(format!("a login failed: {}", no.seen)));
        }
        let mut document = json!({"username": user, "password": password});
        for (name, value) in more.as_object().into_iter().flatten() {
            document[name] = value.clone();
        }
        match self.ask_login(&document).await {
            Ok(answer) if answer.status == 200 && token(&answer).is_some() => Ok(answer),
            answer => {
                let no = NoLogin::of(&answer, self.login_time());
                let seen = no.seen.clone();
                *self.no_login.borrow_mut() = Some(no);
                Err(seen.into())
            }
        }
    }

    /// Why the last login failed, if it did.
    pub(super) fn no_login(&self) -> Option<NoLogin> {
        self.no_login.borrow().clone()
    }

    fn opened(&self, token: String) {
        let mut open = self.open.borrow_mut();
        if !open.contains(&token) {
            open.push(token);
        }
    }

    /// The token of a new session.
    pub(super) async fn new_session(&self) -> Result<String, Otherwise> {
        let answer = self.log_in(&Value::Null).await?;
        token(&answer).ok_or_else(|| "200 without a token".to_owned().into())
    }

    /// The token of the session of all rows, which is opened when it is needed first.
    pub(super) async fn session(&self) -> Result<String, Otherwise> {
        if let Some(token) = &*self.token.borrow() {
            return Ok(token.clone());
        }
        let token = self.new_session().await?;
        self.keep(token.clone());
        Ok(token)
    }

    /// Makes this the session of all rows.
    pub(super) fn keep(&self, token: String) {
        *self.token.borrow_mut() = Some(token);
    }

    /// Whether the session of all rows is another one.
    pub(super) fn replaces(&self, token: &str) -> bool {
        self.token.borrow().as_deref() != Some(token)
    }

    /// It has ended.
    pub(super) fn forget(&self) {
        *self.token.borrow_mut() = None;
    }

    pub(super) async fn log_out_of(&self, token: &str) -> Result<Answer, String> {
        self.log_out_within(token, self.patience()).await
    }

    async fn log_out_within(&self, token: &str, time: Duration) -> Result<Answer, String> {
        // A unit may give one session to all logins of a user.
        if self.token.borrow().as_deref() == Some(token) {
            self.forget();
        }
        let request = Request::post(LOGOUT, "{}");
        let request = request.header("apikey", token);
        let answer = self.ask_for(request, time).await?;
        // One that does not know the token has no such session.
        if matches!(answer.status, 200 | 400 | 401) {
            self.open.borrow_mut().retain(|open| open != token);
        }
        Ok(answer)
    }

    /// Ends all sessions that a row left open, as far as that works.
    pub(super) async fn end(&self) {
        let open = self.open.borrow().clone();
        for token in open {
            let time = self.patience().max(LOGOUT_TIME);
            let _ = self.log_out_within(&token, time).await;
        }
    }

    /// Ends the session of all rows, as far as that works.
    pub(super) async fn log_out(&self) {
        let token = self.token.borrow_mut().take();
        if let Some(token) = token {
            let _ = self.log_out_of(&token).await;
        }
    }
}

/// The token in an answer of login.cgi, if it can stand in a header.
pub(super) fn token(answer: &Answer) -> Option<String> {
    let document = answer.document();
    let token = document["token"].as_str()?;
    let is_plain = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain.then(|| token.to_owned())
}
