//! The calls about sessions (`docs/protocol/sessions.md`).

use std::time::Duration;

use zeroize::Zeroizing;

use crate::agent::Agent;
use crate::call::Plan;
use crate::codec::Reader;
use crate::error::{ApplicationError, AuthError, ConfigError, DecodeError, Error, ErrorKind};
use crate::json::{duplicate, write};
use crate::method::{Marks, Method};
use crate::wire::{Credentials, Request, Values};

/// The object that has the sessions.
const TARGET: &str = "/session";

/// The longest token that is taken, in bytes; real ones have 32.
const MAX_TOKEN_BYTES: usize = 4096;

const MANAGER: Method = Method {
    interface: "session.SessionManager:2.0.0",
    ..Method::PLAIN
};

/// Of firmware before 3.2.1.
const OLD_MANAGER: Method = Method {
    interface: "session.SessionManager:1.0.0",
    ..Method::PLAIN
};

static NEW_SESSION: Method = Method {
    name: "newSession",
    results: &["_ret_", "session", "token"],
    ..MANAGER
};

static GET_CURRENT_SESSION: Method = Method {
    name: "getCurrentSession",
    results: &["_ret_"],
    marks: &Marks::REPEATABLE,
    ..MANAGER
};

static CLOSE_CURRENT_SESSION: Method = Method {
    name: "closeCurrentSession",
    params: &["reason"],
    ..MANAGER
};

static GET_SESSION: Method = Method {
    name: "getSession",
    params: &["token"],
    results: &["_ret_"],
    marks: &Marks::REPEATABLE,
    ..OLD_MANAGER
};

static CLOSE_SESSION: Method = Method {
    name: "closeSession",
    params: &["token", "reason"],
    ..OLD_MANAGER
};

/// What `newSession` answers when the user has a session, and may have one only.
const SESSION_LIMIT: i32 = 1;

/// What the device says of a new session.
pub(super) struct Granted {
    pub(super) token: Zeroizing<String>,
    /// Time without calls after which it ends.
    pub(super) idle: Option<Duration>,
    /// The token was a member of the session, as before firmware 3.2.1.
    pub(super) is_old: bool,
}

/// Opens a session as this user.
pub(super) async fn open(
    agent: &Agent,
    user: &Credentials,
    time: Duration,
) -> Result<Granted, Error> {
    let request = Request::new(TARGET, &NEW_SESSION, Values::none());
    let mut answer = Answer::default();
    send(agent, request, user, time, &mut |reader| {
        answer.read(reader)
    })
    .await?;
    let blame = |error: Error| {
        error
            .with_origin(agent.origin())
            .with_call(TARGET, NEW_SESSION.name)
    };
    answer.granted().map_err(blame)
}

/// Asks whether the device still knows a session.
pub(super) async fn ask(
    agent: &Agent,
    token: &Credentials,
    is_old: bool,
    time: Duration,
) -> Result<(), Error> {
    let request = match token.as_token().filter(|_| is_old) {
        None => Request::new(TARGET, &GET_CURRENT_SESSION, Values::none()),
        Some(text) => Request::new(TARGET, &GET_SESSION, arguments(Some(text), None)?),
    };
    send(agent, request, token, time, &mut skip).await
}

/// Closes a session, because the user logs out.
pub(super) async fn close(
    agent: &Agent,
    token: &Credentials,
    is_old: bool,
    time: Duration,
) -> Result<(), Error> {
    /// `CLOSE_REASON_LOGOUT`.
    const LOGOUT: i32 = 0;
    let request = match token.as_token().filter(|_| is_old) {
        None => Request::new(
            TARGET,
            &CLOSE_CURRENT_SESSION,
            arguments(None, Some(LOGOUT))?,
        ),
        Some(text) => Request::new(TARGET, &CLOSE_SESSION, arguments(Some(text), Some(LOGOUT))?),
    };
    send(agent, request, token, time, &mut skip).await
}

/// The arguments of a call about one session.
fn arguments(token: Option<&str>, reason: Option<i32>) -> Result<Values, Error> {
    let mut text = Zeroizing::new(String::from("{"));
    if let Some(token) = token {
        text.push_str("\"token\":");
        let mut quoted = Zeroizing::new(Vec::with_capacity(token.len() + 2));
        write::string(&mut quoted, token);
        text.push_str(&String::from_utf8_lossy(&quoted));
    }
    if let Some(reason) = reason {
        let comma = if token.is_some() { "," } else { "" };
        text.push_str(&format!("{comma}\"reason\":{reason}"));
    }
    text.push('}');
    Ok(Values::from_object(text.as_str())?)
}

async fn send(
    agent: &Agent,
    request: Request,
    user: &Credentials,
    time: Duration,
    read: &mut (dyn FnMut(&mut Reader<'_>) -> Result<(), DecodeError> + Send),
) -> Result<(), Error> {
    let request = request.with_timeout(time).with_credentials(user.clone());
    let plan = Plan::of_request(agent, &request, time);
    let reply = agent.transport().call(&request).await;
    let reply = reply.map_err(|error| plan.blame(error))?;
    plan.receive(&reply, &mut |_, reader| read(reader))
}

fn skip(reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    reader.raw_value().map(drop)
}

/// The answer to `newSession`.
#[derive(Default)]
struct Answer {
    code: Option<i32>,
    token: Option<Zeroizing<String>>,
    session: Session,
}

/// What is needed of `session.Session`. Its other members are left alone: the time of creation is no calendar time, and
/// devices have put large numbers there.
#[derive(Default)]
struct Session {
    token: Option<Zeroizing<String>>,
    timeout: Option<i64>,
}

impl Answer {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        *self = Self::default();
        members(reader, &mut |name, reader| {
            match name {
                "_ret_" => once(&mut self.code, reader, |reader| reader.value().map(Some))?,
                "token" => once(&mut self.token, reader, text)?,
                "session" => self.session.read(reader)?,
                _ => return Ok(false),
            }
            Ok(true)
        })
    }

    fn granted(self) -> Result<Granted, Error> {
        match self.code.unwrap_or(0) {
            0 => {}
            SESSION_LIMIT => return Err(AuthError::SessionLimit.into()),
            code => {
                let refusal = ApplicationError::new(code, &[]);
                return Err(Error::new(ErrorKind::Application(refusal)));
            }
        }
        let is_old = self.token.is_none();
        let token = self.token.or(self.session.token).unwrap_or_default();
        // It goes into a header of each request.
        let fits = !token.is_empty()
            && token.len() <= MAX_TOKEN_BYTES
            && token.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(ConfigError::BadHeaderValue("X-SessionToken").into());
        }
        let idle = self
            .session
            .timeout
            .and_then(|time| u64::try_from(time).ok());
        Ok(Granted {
            token,
            idle: idle.map(Duration::from_secs),
            is_old,
        })
    }
}

impl Session {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        if reader.take_null() {
            return Ok(());
        }
        members(reader, &mut |name, reader| {
            match name {
                "token" => once(&mut self.token, reader, text)?,
                "timeout" => once(&mut self.timeout, reader, seconds)?,
                _ => return Ok(false),
            }
            Ok(true)
        })
    }
}

/// Reads a member that is there only once.
fn once<'a, T>(
    place: &mut Option<T>,
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<Option<T>, DecodeError>,
) -> Result<(), DecodeError> {
    if place.is_some() {
        return Err(duplicate(reader.offset()));
    }
    *place = read(reader)?;
    Ok(())
}

fn text(reader: &mut Reader<'_>) -> Result<Option<Zeroizing<String>>, DecodeError> {
    if reader.take_null() {
        return Ok(None);
    }
    reader.value().map(|text| Some(Zeroizing::new(text)))
}

/// A number of seconds. Anything else is none: that the end of a session cannot be foreseen is no reason to do without one.
fn seconds(reader: &mut Reader<'_>) -> Result<Option<i64>, DecodeError> {
    let text = reader.raw_value()?;
    Ok(text.parse().ok())
}

/// Reads an object; `read` says whether it took the value of a member.
fn members(
    reader: &mut Reader<'_>,
    read: &mut dyn FnMut(&str, &mut Reader<'_>) -> Result<bool, DecodeError>,
) -> Result<(), DecodeError> {
    if !reader.open_object("an object")? {
        return Ok(());
    }
    loop {
        let name = reader.key()?;
        if !read(&name, reader).map_err(|error| error.member(name.clone().into_owned()))? {
            reader.raw_value()?;
        }
        if !reader.more_members()? {
            return Ok(());
        }
    }
}
