//! A wire with everything by position, and words for the codes of errors.
//!
//! | message | is |
//! |---|---|
//! | `["name", [args…], id]` | a call of the only object that has such a method |
//! | `["name", [args…], id, "target"]` | a call of one object |
//! | `["name", [args…], null, …]` | a notification |
//! | `[id, "ok", [results…]]` | an answer |
//! | `[id, "err", code, "message"]` | an error: a word or a number, and more in a fifth place |
//!
//! Arguments may stand in an object by name instead.

use std::io;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt as _;
use tokio::io::{AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::JoinSet;
use xerus_rpc::Error;
use xerus_rpc::error::{ConnectError, ProtocolError, TimeoutError, TimeoutPhase};
use xerus_rpc::error::{ErrorCode, ErrorMeaning, RpcError};
use xerus_rpc::server::{CancellationToken, Context, Fault, Router};
use xerus_rpc::wire::{
    ArgumentStyle, Arguments, Binding, BoxFuture, Capabilities, Meta, NameStyle, Reply, Request,
    ResultStyle, Transport, Values,
};

use crate::frame::{self, Broken};
use crate::link::{Event, Link, Part};

/// The largest frame either side takes, in bytes.
pub const LIMIT: usize = 1 << 16;
/// Calls that a door works on at a time.
const AT_A_TIME: usize = 32;
/// Answers that wait to be written.
const OUTGOING: usize = 64;

/// What codes are called here that have a meaning everywhere.
const MEANINGS: [(&str, ErrorMeaning); 7] = [
    ("request.bad", ErrorMeaning::InvalidRequest),
    ("method.unknown", ErrorMeaning::MethodNotFound),
    ("object.unknown", ErrorMeaning::ObjectNotFound),
    ("arguments.bad", ErrorMeaning::InvalidArguments),
    ("denied", ErrorMeaning::PermissionDenied),
    ("login.needed", ErrorMeaning::NotLoggedIn),
    ("unavailable", ErrorMeaning::Unavailable),
];

/// How methods and values are laid out: dotted names, all by position.
#[must_use]
pub fn binding() -> Binding {
    Binding::XERUS
        .with_names(NameStyle::Dotted)
        .with_arguments(ArgumentStyle::ByPosition)
        .with_results(ResultStyle::ByPosition)
        .with_errors(|code| {
            let known = MEANINGS.iter().find(|(name, _)| code.text() == Some(name));
            known.map(|(_, meaning)| *meaning)
        })
}

/// Opens a connection.
pub type Connect = dyn Fn() -> io::Result<DuplexStream> + Send + Sync;

/// The calling side.
pub struct Positional {
    origin: String,
    binding: Binding,
    connect: Box<Connect>,
    link: Mutex<Option<Arc<Link>>>,
    /// One permit where calls go one after the other.
    turns: Semaphore,
    pipeline: bool,
}

impl Positional {
    /// A transport over what `connect` opens. With `pipeline` a call need not wait for the one before it.
    #[must_use]
    pub fn new(
        origin: impl Into<String>,
        pipeline: bool,
        connect: impl Fn() -> io::Result<DuplexStream> + Send + Sync + 'static,
    ) -> Self {
        Self {
            origin: origin.into(),
            binding: binding(),
            connect: Box::new(connect),
            link: Mutex::new(None),
            turns: Semaphore::new(if pipeline { Semaphore::MAX_PERMITS } else { 1 }),
            pipeline,
        }
    }

    async fn link(&self) -> Result<Arc<Link>, Error> {
        let mut link = self.link.lock().await;
        if let Some(link) = link.as_ref().filter(|link| link.is_open()) {
            return Ok(Arc::clone(link));
        }
        let stream = (self.connect)().map_err(|error| {
            let kind = match error.kind() {
                io::ErrorKind::ConnectionRefused => ConnectError::Refused,
                _ => ConnectError::Other,
            };
            Error::from(kind).with_source(error)
        })?;
        let binding = self.binding.clone();
        let read = move |text: &str| answer(&binding, text);
        let opened = Arc::new(Link::open(stream, LIMIT, Arc::new(read)));
        *link = Some(Arc::clone(&opened));
        Ok(opened)
    }

    fn message(&self, request: &Request, id: Option<u64>) -> String {
        let name = text(&self.binding.name(request));
        let args = self.binding.lay_out_arguments(request);
        let args = String::from_utf8_lossy(&args);
        let id = id.map_or("null".to_owned(), |id| id.to_string());
        match request.target() {
            "" => format!("[{name},{args},{id}]"),
            target => format!("[{name},{args},{id},{}]", text(target)),
        }
    }
}

impl Transport for Positional {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
            .with_notify(true)
            .with_pipeline(self.pipeline)
    }

    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        match target.len() {
            0..=1024 => Ok(()),
            _ => Err("longer than 1024 bytes"),
        }
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let start = Instant::now();
            let turn = tokio::time::timeout(request.timeout(), self.turns.acquire());
            let Ok(_turn) = turn.await else {
                let error = TimeoutError::new(TimeoutPhase::Queue, request.timeout());
                return Err(error.into());
            };
            let link = self.link().await?;
            let running = link
                .begin(
                    start,
                    request.timeout(),
                    request.is_repeatable(),
                    None,
                    |id| self.message(request, Some(id)),
                )
                .await?;
            let (results, meta) = running.end().await?;
            let reply = self.binding.reply(request, results).with_meta(meta);
            Ok(reply.with_attempts(1).with_elapsed(start.elapsed()))
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let message = self.message(request, None);
            self.link().await?.tell(&message, request.timeout()).await
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let link = self.link.lock().await.take();
            if let Some(link) = link {
                link.drained().await;
            }
        })
    }
}

/// Text as JSON.
pub(crate) fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// JSON as text.
pub(crate) fn plain(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn answer(binding: &Binding, message: &str) -> Result<Event, ProtocolError> {
    let parts = array(message).ok_or(ProtocolError::new("an answer is no array"))?;
    let part = |index| parts.get(index, "");
    let id = part(0).and_then(|id| id.parse().ok());
    let id = id.ok_or(ProtocolError::new("an answer has no id"))?;
    let end = match (part(1), part(2), part(3)) {
        (Some(r#""ok""#), Some(results), None) => Ok((results.to_owned(), Meta::default())),
        (Some(r#""err""#), Some(code), Some(message)) => {
            let number = code.parse().map(ErrorCode::Number).ok();
            let code = number.or_else(|| Some(ErrorCode::Text(plain(code)?.into())));
            let (Some(code), Some(message)) = (code, plain(message)) else {
                return Err(ProtocolError::new("an error has no code or no message"));
            };
            let mut error = RpcError::new(code, message);
            error.data = part(4).and_then(|data| data.parse().ok());
            Err(binding.error(error).into())
        }
        _ => {
            return Err(ProtocolError::new(
                "an answer has neither results nor error",
            ));
        }
    };
    let part = Part::End(end);
    Ok(Event { id, part })
}

/// The elements of an array.
pub(crate) fn array(text: &str) -> Option<Arguments<'_>> {
    Arguments::parse(text)
        .ok()
        .filter(Arguments::is_by_position)
}

/// The serving side: answers one connection until it ends.
///
/// What is no message is answered once, without an id, and ends the connection.
pub async fn serve(router: Router, user: Option<String>, stream: DuplexStream) {
    let (incoming, mut writer) = tokio::io::split(stream);
    let (outgoing, mut frames) = mpsc::channel::<String>(OUTGOING);
    let gone = CancellationToken::new();
    // Work that servants left to others learns that the caller is gone; what runs here ends with the set.
    let _guard = gone.clone().drop_guard();
    let write = tokio::spawn(async move {
        while let Some(message) = frames.recv().await {
            if writer.write_all(&frame::frame(&message)).await.is_err() {
                break;
            }
        }
    });
    let mut context = Context::new()
        .with_transport("positional")
        .with_cancellation(gone);
    context.user = user;
    let door = Arc::new((router, binding(), context));
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let mut incoming = BufReader::new(incoming);
    let mut running = JoinSet::new();
    let last = loop {
        let message = match frame::read(&mut incoming, LIMIT).await {
            Ok(message) => message,
            Err(Broken::End | Broken::Lost(_)) => break None,
            Err(Broken::Form(what, _)) => break Some(Fault::invalid_request(what)),
            Err(Broken::TooLarge(_)) => {
                break Some(Fault::invalid_request("the frame is too large"));
            }
        };
        if Call::read(&message).is_none() {
            break Some(Fault::invalid_request(
                "a call is [name, arguments, id, target]",
            ));
        }
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else {
            break None;
        };
        let (door, outgoing) = (Arc::clone(&door), outgoing.clone());
        running.spawn(async move {
            let _turn = turn;
            let call = Call::read(&message).expect("it was read before");
            let result = perform(&door, &call).await;
            if let Some(id) = call.id {
                // The caller may be gone.
                let _ = outgoing.send(lay_out(&door.1, id, result)).await;
            }
        });
        while running.try_join_next().is_some() {}
    };
    if let Some(fault) = last {
        let _ = outgoing.send(lay_out(&door.1, "null", Err(fault))).await;
    }
    running.shutdown().await;
    drop(outgoing);
    let _ = write.await;
}

/// A call that came in.
struct Call<'a> {
    name: String,
    arguments: Arguments<'a>,
    id: Option<&'a str>,
    target: Option<String>,
}

impl<'a> Call<'a> {
    fn read(message: &'a str) -> Option<Self> {
        let parts = array(message)?;
        let id = parts.get(2, "")?;
        if !id.bytes().all(|b| b.is_ascii_digit()) && id != "null" {
            return None;
        }
        Some(Self {
            name: plain(parts.get(0, "")?)?,
            arguments: Arguments::parse(parts.get(1, "")?).ok()?,
            id: Some(id).filter(|id| *id != "null"),
            target: match parts.get(3, "") {
                Some(target) => Some(plain(target)?),
                None => None,
            },
        })
    }
}

async fn perform(door: &(Router, Binding, Context), call: &Call<'_>) -> Result<Values, Fault> {
    let (router, binding, context) = door;
    let candidates = match &call.target {
        Some(target) => vec![target.clone()],
        None => router.rids(),
    };
    let mut known = false;
    for rid in candidates {
        let Some(servant) = router.servant(&rid) else {
            continue;
        };
        known = true;
        let mut methods = servant.methods();
        if let Some(method) = methods.find(|method| binding.method_name(method) == call.name) {
            let answer = router.call(&rid, method.name, &call.arguments, context);
            let answer = AssertUnwindSafe(answer).catch_unwind().await;
            return answer.unwrap_or_else(|_| Err(Fault::internal("the servant panicked")));
        }
    }
    Err(if known || call.target.is_none() {
        Fault::method_not_found()
    } else {
        Fault::object_not_found()
    })
}

fn lay_out(binding: &Binding, id: &str, result: Result<Values, Fault>) -> String {
    let error = match result {
        Ok(values) => {
            let results = binding.lay_out_results(&values);
            return format!(r#"[{id},"ok",{}]"#, String::from_utf8_lossy(&results));
        }
        Err(fault) => RpcError::from(fault),
    };
    let meaning = MEANINGS
        .iter()
        .find(|(_, meaning)| error.meaning == Some(*meaning));
    let code = match (meaning, &error.code) {
        (Some((word, _)), _) => text(word),
        (None, code) => match code.number() {
            Some(number) => number.to_string(),
            None => text(code.text().unwrap_or_default()),
        },
    };
    let data = error.data.map_or(String::new(), |data| format!(",{data}"));
    format!(r#"[{id},"err",{code},{}{data}]"#, text(&error.message))
}
