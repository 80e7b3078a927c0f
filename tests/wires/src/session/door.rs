//! The serving side.

use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use tokio::io::{AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use xerus_rpc::Json;
use xerus_rpc::error::RpcError;
use xerus_rpc::server::Progress as Reports;
use xerus_rpc::server::{CancellationToken, Context, Fault, Router};
use xerus_rpc::wire::{Arguments, Binding, BoxFuture, Values};

use super::{LIMIT, MEANINGS, binding};
use crate::frame;
use crate::positional::{array, plain, text};

/// Calls that a connection may have under way.
const AT_A_TIME: usize = 32;
/// Messages that wait to be written; servants that report more have to wait.
const OUTGOING: usize = 16;

/// Serves a router to those who log in.
pub struct Door {
    router: Router,
    binding: Binding,
    users: HashMap<String, String>,
    tokens: Mutex<Tokens>,
}

#[derive(Default)]
struct Tokens {
    next: u64,
    users: HashMap<String, String>,
}

impl Door {
    /// A door for these users and their passwords; without users everybody may call.
    #[must_use]
    pub fn new(router: Router, users: &[(&str, &str)]) -> Arc<Self> {
        let users = users
            .iter()
            .map(|(user, password)| ((*user).into(), (*password).into()));
        Arc::new(Self {
            router,
            binding: binding(),
            users: users.collect(),
            tokens: Mutex::default(),
        })
    }

    /// Forgets all sessions, as a restart does.
    pub fn forget(&self) {
        self.tokens().users.clear();
    }

    fn tokens(&self) -> std::sync::MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who logs in, and the token of the session.
    fn enter(&self, parts: &Arguments<'_>) -> Option<(String, String)> {
        let part = |index| parts.get(index, "").and_then(plain);
        if part(0)? == "resume" {
            let token = part(2)?;
            let user = self.tokens().users.get(&token).cloned()?;
            return Some((user, token));
        }
        let (user, password) = (part(2)?, part(3)?);
        if self.users.get(&user) != Some(&password) {
            return None;
        }
        let mut tokens = self.tokens();
        tokens.next += 1;
        let token = format!("session-{}", tokens.next);
        tokens.users.insert(token.clone(), user.clone());
        Some((user, token))
    }

    /// Answers one connection until it ends; what is no message ends it.
    pub async fn serve(self: Arc<Self>, stream: DuplexStream) {
        let (incoming, mut writer) = tokio::io::split(stream);
        let (outgoing, mut frames) = mpsc::channel::<String>(OUTGOING);
        let write = tokio::spawn(async move {
            while let Some(message) = frames.recv().await {
                if writer.write_all(&frame::frame(&message)).await.is_err() {
                    break;
                }
            }
        });
        let mut incoming = BufReader::new(incoming);
        let mut visit = Visit {
            door: self,
            user: None,
            outgoing,
            running: JoinSet::new(),
            calls: Arc::default(),
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
        };
        while let Ok(message) = frame::read(&mut incoming, LIMIT).await {
            if visit.take(message).await.is_none() {
                break;
            }
            while visit.running.try_join_next().is_some() {}
        }
        // Nobody is there any more.
        for (_, token) in lock(&visit.calls).drain() {
            token.cancel();
        }
        visit.running.shutdown().await;
        drop(visit);
        let _ = write.await;
    }
}

type Calls = Mutex<HashMap<String, CancellationToken>>;

fn lock(calls: &Calls) -> std::sync::MutexGuard<'_, HashMap<String, CancellationToken>> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection.
struct Visit {
    door: Arc<Door>,
    user: Option<String>,
    outgoing: mpsc::Sender<String>,
    running: JoinSet<()>,
    calls: Arc<Calls>,
    turns: Arc<Semaphore>,
}

impl Visit {
    /// Takes a message; `None` for what is none.
    async fn take(&mut self, message: String) -> Option<()> {
        let parts = array(&message)?;
        let id = parts.get(1, "")?.to_owned();
        if id != "null" && !id.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match &*plain(parts.get(0, "")?)? {
            "login" | "resume" => {
                let answer = match self.door.enter(&parts) {
                    Some((user, token)) => {
                        self.user = Some(user);
                        format!(r#"["welcome",{id},{}]"#, text(&token))
                    }
                    None => {
                        let uri = r#""wire.error.not_logged_in""#;
                        format!(r#"["error",{id},{{}},{uri},["no such user or session"],{{}}]"#)
                    }
                };
                self.outgoing.send(answer).await.ok()
            }
            "cancel" => {
                if let Some(token) = lock(&self.calls).remove(&id) {
                    token.cancel();
                }
                Some(())
            }
            "call" | "notify" => self.call(id, message.clone()).await,
            _ => None,
        }
    }

    async fn call(&mut self, id: String, message: String) -> Option<()> {
        let call = Call::read(&message)?;
        let token = CancellationToken::new();
        let context = self.context(&call, &id, token.clone());
        let locked = !self.door.users.is_empty() && self.user.is_none();
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok()?;
        lock(&self.calls).insert(id.clone(), token.clone());
        let (door, calls) = (Arc::clone(&self.door), Arc::clone(&self.calls));
        let outgoing = self.outgoing.clone();
        self.running.spawn(async move {
            let _turn = turn;
            let result = async {
                if locked {
                    let words = "log in first";
                    let code = xerus_rpc::error::ErrorCode::Uri("wire.error.not_logged_in".into());
                    return Err(Fault::new(code, words));
                }
                let call = Call::read(&message).expect("it was read before");
                let answer = AssertUnwindSafe(perform(&door, &call, &context)).catch_unwind();
                answer
                    .await
                    .unwrap_or_else(|_| Err(Fault::internal("the servant panicked")))
            };
            let late = async {
                match context.deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                // Nobody would read an answer.
                () = token.cancelled() => {}
                () = late => {}
                result = result => {
                    if id != "null" {
                        let _ = outgoing.send(lay_out(&id, result)).await;
                    }
                }
            }
            lock(&calls).remove(&id);
        });
        Some(())
    }

    fn context(&self, call: &Call<'_>, id: &str, token: CancellationToken) -> Context {
        let mut context = Context::new()
            .with_transport("session")
            .with_cancellation(token);
        context.user.clone_from(&self.user);
        let detail = |name| call.details.get(usize::MAX, name);
        let time = detail("timeout").and_then(|time| time.parse().ok());
        let deadline = time.and_then(|ms| Instant::now().checked_add(Duration::from_millis(ms)));
        if let Some(deadline) = deadline {
            context = context.with_deadline(deadline);
        }
        if detail("progress") == Some("true") {
            let (id, outgoing) = (id.to_owned(), self.outgoing.clone());
            context = context.with_progress(Arc::new(Outgoing(id, outgoing)));
        }
        for (name, value) in call.details.iter() {
            let name = name.and_then(|name| name.strip_prefix("x_"));
            if let (Some(name), Some(value)) = (name, plain(value)) {
                context = context.with_attribute(name.to_owned(), value);
            }
        }
        context
    }
}

/// Tells the caller of one call what happens.
struct Outgoing(String, mpsc::Sender<String>);

impl Reports for Outgoing {
    fn report(&self, value: Json) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            let message = format!(r#"["progress",{},[{value}]]"#, self.0);
            let sent = self.1.send(message).await;
            sent.map_err(|_| Fault::internal("nobody waits for the call any more"))
        })
    }
}

/// A call that came in.
struct Call<'a> {
    details: Arguments<'a>,
    target: String,
    name: String,
    arguments: Arguments<'a>,
}

impl<'a> Call<'a> {
    fn read(message: &'a str) -> Option<Self> {
        let parts = array(message)?;
        let named = Arguments::parse(parts.get(6, "")?).ok()?;
        let named: Vec<(Cow<'a, str>, &'a str)> = named
            .iter()
            .filter_map(|(name, value)| Some((Cow::Owned(name?.to_owned()), value)))
            .collect();
        let arguments = Arguments::parse(parts.get(5, "")?).ok()?;
        Some(Self {
            details: Arguments::parse(parts.get(2, "")?).ok()?,
            target: plain(parts.get(3, "")?)?,
            name: plain(parts.get(4, "")?)?,
            arguments: arguments.with_named(named),
        })
    }
}

async fn perform(door: &Door, call: &Call<'_>, context: &Context) -> Result<Values, Fault> {
    let servant = door.router.servant(&call.target);
    let servant = servant.ok_or_else(Fault::object_not_found)?;
    let method = servant
        .methods()
        .find(|method| door.binding.method_name(method) == call.name)
        // Who calls without bindings knows the name in the IDL.
        .or_else(|| servant.method(&call.name))
        .ok_or_else(Fault::method_not_found)?;
    door.router
        .call(&call.target, method.name, &call.arguments, context)
        .await
}

fn lay_out(id: &str, result: Result<Values, Fault>) -> String {
    const DETAILS: &str = r#"{"peer":"callee-7","warnings":["calibrate"],"clock":1700000000}"#;
    let error = match result {
        Ok(values) => {
            let (mut args, mut named) = (Vec::new(), Vec::new());
            for (name, value) in values.iter() {
                match name {
                    "_ret_" => args.push(value.to_owned()),
                    name => named.push(format!("{}:{value}", text(name))),
                }
            }
            let (args, named) = (args.join(","), named.join(","));
            return format!(r#"["result",{id},{DETAILS},[{args}],{{{named}}}]"#);
        }
        Err(fault) => RpcError::from(fault),
    };
    let meaning = MEANINGS
        .iter()
        .find(|(_, meaning)| error.meaning == Some(*meaning));
    let uri = match (meaning, error.code.number()) {
        (Some((uri, _)), _) => text(uri),
        (None, Some(number)) => text(&format!("wire.error.number.{number}")),
        (None, None) => text(error.code.text().unwrap_or_default()),
    };
    let mut more = Vec::new();
    if let Some(data) = &error.data {
        more.push(format!(r#""data":{data}"#));
    }
    if let Some(result) = &error.result {
        more.push(format!(r#""result":{result}"#));
    }
    let (message, more) = (text(&error.message), more.join(","));
    format!(r#"["error",{id},{DETAILS},{uri},[{message}],{{{more}}}]"#)
}
