//! A wire with sessions: users log in, calls report progress and can be given up, answers tell more than results.
//!
//! | message | is |
//! |---|---|
//! | `["login", id, "user", "password"]`, `["resume", id, "token"]` | what opens a session |
//! | `["welcome", id, "token"]` | the session is open |
//! | `["call", id, {details}, "target", "name", [args…], {args by name}]` | a call |
//! | `["notify", null, {details}, …]` | the same without an answer |
//! | `["cancel", id]` | nobody waits for that call any more |
//! | `["progress", id, [value]]` | something on the way |
//! | `["result", id, {details}, [return value], {out-parameters}]` | an answer |
//! | `["error", id, {details}, "uri", ["message"], {"data":…}]` | an error |
//!
//! Details of a call: `timeout` in ms, `progress`, and each attribute of the call as `x_NAME`. Of an answer: `peer`,
//! `warnings`, `clock`.

mod door;

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, future, stream};
use tokio::io::DuplexStream;
use tokio::sync::Mutex;
use xerus_rpc::error::{ConfigError, ConnectError, ProtocolError};
use xerus_rpc::error::{ErrorCode, ErrorMeaning, RpcError};
use xerus_rpc::wire::{
    ArgumentStyle, Arguments, Binding, BoxFuture, BoxStream, Capabilities, Item, Meta, NameStyle,
    Reply, Request, Transport,
};
use xerus_rpc::{Credentials, Error};

pub use self::door::Door;
use crate::link::{Event, Link, Part, Progress, Running};
use crate::positional::{Connect, array, plain, text};

/// The largest frame either side takes, in bytes.
pub const LIMIT: usize = 1 << 16;

/// What codes are called here that have a meaning everywhere.
const MEANINGS: [(&str, ErrorMeaning); 7] = [
    ("wire.error.invalid_message", ErrorMeaning::InvalidRequest),
    ("wire.error.no_such_procedure", ErrorMeaning::MethodNotFound),
    ("wire.error.no_such_object", ErrorMeaning::ObjectNotFound),
    (
        "wire.error.invalid_argument",
        ErrorMeaning::InvalidArguments,
    ),
    ("wire.error.not_authorized", ErrorMeaning::PermissionDenied),
    ("wire.error.not_logged_in", ErrorMeaning::NotLoggedIn),
    ("wire.error.unavailable", ErrorMeaning::Unavailable),
];

/// How methods are called, and what codes mean. Results have a form of this wire's own.
#[must_use]
pub fn binding() -> Binding {
    Binding::XERUS
        .with_names(NameStyle::Custom(Arc::new(|method| {
            let (interface, name) = (method.interface_name(), method.name);
            format!("org.{}.{name}", interface.to_lowercase())
        })))
        .with_arguments(ArgumentStyle::ByPosition)
        .with_errors(|code| {
            let known = MEANINGS.iter().find(|(name, _)| code.text() == Some(name));
            known.map(|(_, meaning)| *meaning)
        })
}

/// The calling side.
pub struct Session {
    origin: String,
    binding: Binding,
    connect: Box<Connect>,
    state: Mutex<State>,
    /// What stands in each call for the time being.
    token: std::sync::Mutex<Option<String>>,
}

#[derive(Default)]
struct State {
    link: Option<Arc<Link>>,
}

/// The time that opening a session may take.
const LOGIN_TIME: Duration = Duration::from_secs(5);

impl Session {
    /// A transport over what `connect` opens.
    #[must_use]
    pub fn new(
        origin: impl Into<String>,
        connect: impl Fn() -> io::Result<DuplexStream> + Send + Sync + 'static,
    ) -> Self {
        Self {
            origin: origin.into(),
            binding: binding(),
            connect: Box::new(connect),
            state: Mutex::default(),
            token: std::sync::Mutex::default(),
        }
    }

    fn open(&self) -> Result<Arc<Link>, Error> {
        let stream = (self.connect)()
            .map_err(|error| Error::from(ConnectError::Refused).with_source(error))?;
        let binding = self.binding.clone();
        let read = move |message: &str| answer(&binding, message);
        Ok(Arc::new(Link::open(stream, LIMIT, Arc::new(read))))
    }

    /// The open connection, or a new one on which the session goes on.
    async fn link(&self) -> Result<Arc<Link>, Error> {
        let mut state = self.state.lock().await;
        if let Some(link) = state.link.as_ref().filter(|link| link.is_open()) {
            return Ok(Arc::clone(link));
        }
        let link = self.open()?;
        let token = self
            .token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(token) = token {
            let resume = |id| format!(r#"["resume",{id},{}]"#, text(&token));
            enter(&link, resume).await?;
        }
        state.link = Some(Arc::clone(&link));
        Ok(link)
    }

    fn keep(&self, token: Option<String>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }

    fn message(&self, request: &Request, id: Option<u64>, progress: bool) -> String {
        let (kind, id) = match id {
            Some(id) => ("call", id.to_string()),
            None => ("notify", "null".to_owned()),
        };
        let mut details = format!(r#"{{"timeout":{}"#, request.timeout().as_millis());
        if progress {
            details.push_str(r#","progress":true"#);
        }
        for (name, value) in request.attributes() {
            let _ = write!(details, ",{}:{}", text(&format!("x_{name}")), text(value));
        }
        let (target, name) = (text(request.target()), text(&self.binding.name(request)));
        // What bindings describe goes by position; of other arguments only the names are known.
        let (args, named) = match request.method() {
            Some(_) => (self.binding.lay_out_arguments(request), &b"{}"[..]),
            None => ("[]".into(), request.args().by_name()),
        };
        let (args, named) = (
            String::from_utf8_lossy(&args),
            String::from_utf8_lossy(named),
        );
        format!(r#"["{kind}",{id},{details}}},{target},{name},{args},{named}]"#)
    }

    async fn begin(&self, request: &Request, progress: bool) -> Result<Running, Error> {
        let start = Instant::now();
        let opening = tokio::time::timeout(request.timeout(), self.link());
        let Ok(link) = opening.await else {
            use xerus_rpc::error::{TimeoutError, TimeoutPhase};
            return Err(TimeoutError::new(TimeoutPhase::Connect, request.timeout()).into());
        };
        let cancel: fn(u64) -> String = |id| format!(r#"["cancel",{id}]"#);
        let message = |id| self.message(request, Some(id), progress);
        link?
            .begin(
                start,
                request.timeout(),
                request.is_repeatable(),
                Some(cancel),
                message,
            )
            .await
    }
}

/// Opens the session; the token to resume it with.
async fn enter(link: &Arc<Link>, message: impl FnOnce(u64) -> String) -> Result<String, Error> {
    let running = link
        .begin(Instant::now(), LOGIN_TIME, true, None, message)
        .await?;
    let (token, _) = running.end().await?;
    plain(&token).ok_or_else(|| ProtocolError::new("a session has no token").into())
}

impl Transport for Session {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
            .with_notify(true)
            .with_stream(true)
            .with_pipeline(true)
            .with_login(true)
    }

    fn check_target(&self, _: &str) -> Result<(), &'static str> {
        Ok(())
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let start = Instant::now();
            let (results, meta) = self.begin(request, false).await?.end().await?;
            let reply = Reply::by_name(results).with_meta(meta);
            Ok(reply.with_attempts(1).with_elapsed(start.elapsed()))
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let message = self.message(request, None, false);
            self.link().await?.tell(&message, request.timeout()).await
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let begun = async move { self.begin(&request, true).await };
        Box::pin(stream::once(begun).flat_map(|begun| {
            match begun {
                Ok(running) => running
                    .map(|part| {
                        Ok(match part? {
                            Progress::Report(values) => Item::Progress(Reply::by_position(values)),
                            Progress::End(results, meta) => {
                                Item::Final(Reply::by_name(results).with_meta(meta))
                            }
                        })
                    })
                    .left_stream(),
                Err(error) => stream::once(future::ready(Err(error))).right_stream(),
            }
        }))
    }

    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async move {
            let mut state = self.state.lock().await;
            let Some((user, password)) = credentials.as_basic() else {
                // A token is used from the next connection on; without one the session is left.
                self.keep(credentials.as_token().map(str::to_owned));
                state.link = None;
                return Ok(());
            };
            if user.is_empty() {
                return Err(ConfigError::BadUserName.into());
            }
            let link = self.open()?;
            let login = |id| format!(r#"["login",{id},{},{}]"#, text(user), text(password));
            self.keep(Some(enter(&link, login).await?));
            state.link = Some(link);
            Ok(())
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let link = self.state.lock().await.link.take();
            if let Some(link) = link {
                link.drained().await;
            }
        })
    }
}

fn answer(binding: &Binding, message: &str) -> Result<Event, ProtocolError> {
    let parts = array(message).ok_or(ProtocolError::new("a message is no array"))?;
    let part = |index| parts.get(index, "");
    let id = part(1).and_then(|id| id.parse().ok());
    let id = id.ok_or(ProtocolError::new("a message has no id"))?;
    let part = match (part(0), part(2), part(3), part(4)) {
        (Some(r#""progress""#), Some(values), ..) => Part::Report(values.to_owned()),
        (Some(r#""welcome""#), Some(token), ..) => {
            Part::End(Ok((token.to_owned(), Meta::default())))
        }
        (Some(r#""result""#), Some(details), Some(args), Some(named)) => {
            let results = merge(args, named).ok_or(ProtocolError::new("results are no values"))?;
            Part::End(Ok((results, meta(details))))
        }
        (Some(r#""error""#), Some(details), Some(uri), Some(args)) => {
            let uri = plain(uri).ok_or(ProtocolError::new("an error has no URI"))?;
            // Codes of servants that are numbers have an URI of their own.
            let number = uri
                .strip_prefix("wire.error.number.")
                .and_then(|number| number.parse().ok());
            let code = number.map_or(ErrorCode::Uri(uri.into()), ErrorCode::Number);
            let args = array(args);
            let words = args.and_then(|args| plain(args.get(0, "")?));
            let mut error = RpcError::new(code, words.unwrap_or_default());
            if let Some(more) = part(5).and_then(|more| Arguments::parse(more).ok()) {
                let more = |name| {
                    more.get(usize::MAX, name)
                        .and_then(|text| text.parse().ok())
                };
                error.data = more("data");
                error.result = more("result");
            }
            let error = Error::from(binding.error(error));
            Part::End(Err(error.with_meta(meta(details))))
        }
        _ => return Err(ProtocolError::new("a message of no known kind")),
    };
    Ok(Event { id, part })
}

/// Results by name: the return value stands alone, out-parameters have their names.
fn merge(args: &str, named: &str) -> Option<String> {
    let (args, named) = (array(args)?, Arguments::parse(named).ok()?);
    let mut out = String::from("{");
    let returned = args.get(0, "").map(|value| ("_ret_", value));
    let named = named
        .iter()
        .filter_map(|(name, value)| Some((name?, value)));
    for (index, (name, value)) in returned.into_iter().chain(named).enumerate() {
        if index > 0 {
            out.push(',');
        }
        let _ = write!(out, "{}:{value}", text(name));
    }
    out.push('}');
    Some(out)
}

fn meta(details: &str) -> Meta {
    let mut meta = Meta::default();
    let Ok(details) = Arguments::parse(details) else {
        return meta;
    };
    let detail = |name| details.get(usize::MAX, name);
    meta.peer = detail("peer").and_then(plain).map(Into::into);
    if let Some(clock) = detail("clock") {
        meta.set_attribute("clock", clock);
    }
    if let Some(warnings) = detail("warnings").and_then(array) {
        meta.warnings = warnings
            .iter()
            .filter_map(|(_, text)| plain(text))
            .collect();
    }
    meta
}
