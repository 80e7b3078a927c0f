//! A router of our own, in memory: what the standard says of calls, without the features of the advanced profile that it does not announce.

mod state;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use state::{Member, State};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use xerus_rpc::wamp::Serializer;

/// The ticket of everybody.
pub(crate) const TICKET: &str = "a ticket";

/// How it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Habits {
    pub(crate) is_json_only: bool,
    pub(crate) may_nobody_register: bool,
    /// It accepts nobody any more after a frame that is no message.
    pub(crate) dies_of_nonsense: bool,
    /// It takes everything, and answers as if all went well.
    pub(crate) is_careless: bool,
}

pub(crate) struct Dealer {
    pub(crate) url: String,
    shared: Shared,
    _runtime: Runtime,
}

type Shared = Arc<Mutex<State>>;

impl Dealer {
    pub(crate) fn start(habits: Habits) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let url = format!("ws://{}/ws", listener.local_addr().expect("an address"));
        let shared = Shared::default();
        lock(&shared).habits = habits;
        let state = Arc::clone(&shared);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if !lock(&state).is_dead {
                    tokio::spawn(connection(stream, Arc::clone(&state)));
                }
            }
        });
        Self {
            url,
            shared,
            _runtime: runtime,
        }
    }

    /// How often somebody answered a challenge.
    pub(crate) fn secrets(&self) -> usize {
        lock(&self.shared).secrets
    }

    /// What is registered.
    pub(crate) fn registered(&self) -> Vec<String> {
        lock(&self.shared).registrations.keys().cloned().collect()
    }
}

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.lock().expect("no panic")
}

/// The first protocol that is offered and known.
fn chosen(request: &Request, is_json_only: bool) -> Option<Serializer> {
    let offered = request
        .headers()
        .get("Sec-WebSocket-Protocol")?
        .to_str()
        .ok()?;
    let known = |name: &str| match name.trim() {
        "wamp.2.json" => Some(Serializer::Json),
        "wamp.2.msgpack" if !is_json_only => Some(Serializer::MessagePack),
        _ => None,
    };
    offered.split(',').find_map(known)
}

#[expect(
    clippy::result_large_err,
    reason = "the handshake is that of the library"
)]
async fn connection(stream: TcpStream, shared: Shared) {
    let is_json_only = lock(&shared).habits.is_json_only;
    let mut serializer = None;
    let choose = |request: &Request, mut response: Response| {
        serializer = chosen(request, is_json_only);
        let Some(serializer) = serializer else {
            let mut refusal = ErrorResponse::new(None);
            *refusal.status_mut() = tokio_tungstenite::tungstenite::http::StatusCode::BAD_REQUEST;
            return Err(refusal);
        };
        let name = serializer.subprotocol().parse().expect("a header");
        response
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", name);
        Ok(response)
    };
    let Ok(socket) = accept_hdr_async(stream, choose).await else {
        return;
    };
    let serializer = serializer.expect("a protocol");
    let (mut sink, mut frames) = socket.split();
    let (sender, mut messages) = unbounded_channel::<Value>();
    let writing = async {
        while let Some(message) = messages.recv().await {
            let bytes = serializer.encode(&message.to_string().parse().expect("JSON"));
            let bytes = bytes.expect("a form");
            let frame = match serializer {
                Serializer::Json => Message::text(String::from_utf8(bytes).expect("UTF-8")),
                _ => Message::binary(bytes),
            };
            if sink.send(frame).await.is_err() {
                return;
            }
        }
    };
    let id = lock(&shared).id();
    let reading = async {
        let mut step = Step::Hello;
        let mut is_cancelling = false;
        while let Some(Ok(frame)) = frames.next().await {
            if frame.is_ping() || frame.is_pong() {
                continue;
            }
            let is_right_kind = frame.is_text() == (serializer == Serializer::Json);
            let message = serializer.decode(&frame.into_data()).ok();
            let message =
                message.and_then(|json| serde_json::from_str::<Vec<Value>>(json.get()).ok());
            let Some(message) = message.filter(|_| is_right_kind) else {
                let mut state = lock(&shared);
                if state.habits.is_careless {
                    continue;
                }
                state.is_dead = state.habits.dies_of_nonsense;
                return;
            };
            if step == Step::Hello {
                let details = message.get(2).unwrap_or(&Value::Null);
                is_cancelling = details["roles"]["callee"]["features"]["call_canceling"] == true;
            }
            if step == Step::Challenged {
                lock(&shared).secrets += 1;
            }
            let next = match step {
                Step::Joined => lock(&shared).heard(&shared, id, &message),
                _ => hello(&step, &message, &sender),
            };
            match next {
                None => return,
                Some(Step::Joined) if step != Step::Joined => {
                    let member = Member {
                        sender: sender.clone(),
                        is_cancelling,
                    };
                    lock(&shared).sessions.insert(id, member);
                    let dealer = json!({"features": {
                        "call_canceling": true, "call_timeout": true, "caller_identification": true, "progressive_call_results": true}});
                    let _ =
                        sender.send(json!([2, id, {"roles": {"dealer": dealer, "broker": {}}}]));
                    step = Step::Joined;
                }
                Some(next) => step = next,
            }
        }
    };
    tokio::select! {
        () = writing => {}
        () = async {
            reading.await;
            // What was said last is to leave.
            tokio::time::sleep(Duration::from_millis(20)).await;
        } => {}
    }
    lock(&shared).gone(id);
}

/// Where a session is.
#[derive(Debug, PartialEq)]
enum Step {
    Hello,
    Challenged,
    Joined,
}

/// What follows from a message before the welcome; nothing is the end.
fn hello(step: &Step, message: &[Value], sender: &UnboundedSender<Value>) -> Option<Step> {
    let abort = |uri: &str| {
        let _ = sender.send(json!([3, {}, uri]));
        None
    };
    let kind = message.first().and_then(Value::as_u64);
    match (step, kind) {
        (Step::Challenged, Some(5)) if message[1] == TICKET => Some(Step::Joined),
        (Step::Challenged, _) => abort("wamp.error.not_authorized"),
        (Step::Hello, Some(1)) => {
            let details = &message[2];
            if message[1] != "com.example.realm" {
                return abort("wamp.error.no_such_realm");
            }
            if details["roles"]
                .as_object()
                .is_none_or(serde_json::Map::is_empty)
            {
                return abort("wamp.error.no_such_role");
            }
            match details["authmethods"][0].as_str() {
                Some("anonymous") => Some(Step::Joined),
                Some("ticket") => {
                    let _ = sender.send(json!([4, "ticket", {}]));
                    Some(Step::Challenged)
                }
                _ => abort("wamp.error.no_matching_auth_method"),
            }
        }
        _ => abort("wamp.error.protocol_violation"),
    }
}
