//! One connection: the handshake, HELLO, and messages in the serializer that the client chose.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;

use super::{Event, Features, announced, msgpack};

/// In which form messages travel.
#[derive(Clone, Copy)]
enum Form {
    Json,
    MessagePack,
}

impl Form {
    const NAMES: [(Self, &'static str); 2] = [
        (Self::Json, "wamp.2.json"),
        (Self::MessagePack, "wamp.2.msgpack"),
    ];

    fn frame(self, message: &Value) -> Message {
        match self {
            Self::Json => Message::text(message.to_string()),
            Self::MessagePack => Message::binary(msgpack::write(message)),
        }
    }

    /// The message in a frame; nothing for a frame of another form.
    fn message(self, frame: &Message) -> Option<Value> {
        match (self, frame) {
            (Self::Json, Message::Text(text)) => serde_json::from_str(text).ok(),
            (Self::MessagePack, Message::Binary(bytes)) => msgpack::read(bytes),
            _ => None,
        }
    }
}

/// Serves a client until it leaves.
pub(super) async fn serve(
    stream: TcpStream,
    features: Features,
    events: mpsc::UnboundedSender<Event>,
) {
    static NEXT: AtomicU64 = AtomicU64::new(1_000_000_007);
    let Some((mut socket, form)) = accept(stream).await else {
        return;
    };
    let hello = next(&mut socket, form).await;
    if hello.is_none_or(|hello| hello[0] != 1) {
        return;
    }
    let session = NEXT.fetch_add(1, Ordering::Relaxed);
    let welcome = json!([2, session, {"realm": "com.example.realm", "authid": format!("user-{session}"),
        "authrole": "anonymous", "authmethod": "anonymous", "roles": announced(features)}]);
    let (answers, mut to_send) = mpsc::unbounded_channel();
    let joined = events.send(Event::Joined(session, answers));
    if joined.is_err() || socket.send(form.frame(&welcome)).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            message = next(&mut socket, form) => match message {
                Some(message) if message[0] != 6 => {
                    let _ = events.send(Event::Message(session, message));
                }
                goodbye => {
                    if goodbye.is_some() {
                        let answer = json!([6, {}, "wamp.close.goodbye_and_out"]);
                        let _ = socket.send(form.frame(&answer)).await;
                    }
                    break;
                }
            },
            Some(message) = to_send.recv() => {
                if socket.send(form.frame(&message)).await.is_err() {
                    break;
                }
            }
        }
    }
    let _ = events.send(Event::Left(session));
}

/// The next message; nothing when the connection ends, or something comes that is none.
async fn next(socket: &mut WebSocketStream<TcpStream>, form: Form) -> Option<Value> {
    loop {
        match socket.next().await?.ok()? {
            Message::Ping(_) | Message::Pong(_) => {}
            frame => return form.message(&frame),
        }
    }
}

async fn accept(stream: TcpStream) -> Option<(WebSocketStream<TcpStream>, Form)> {
    let mut chosen = None;
    #[expect(clippy::result_large_err, reason = "the library wants it so")]
    let choose = |request: &Request, mut response: Response| {
        let wanted = request.headers().get("Sec-WebSocket-Protocol");
        let wanted = wanted.and_then(|wanted| wanted.to_str().ok());
        let mut known = Form::NAMES.into_iter();
        if let Some((form, name)) = known.find(|(_, name)| wanted == Some(name)) {
            chosen = Some(form);
            let name = HeaderValue::from_static(name);
            response
                .headers_mut()
                .insert("Sec-WebSocket-Protocol", name);
        }
        Ok(response)
    };
    let socket = tokio_tungstenite::accept_hdr_async(stream, choose).await;
    Some((socket.ok()?, chosen?))
}
