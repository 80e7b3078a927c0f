//! A router that does what a test says, message by message.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Message, protocol::CloseFrame};
use xerus_rpc::wamp::{Serializer, Wamp, WampBuilder};
use xerus_rpc::{Agent, Error, Json};

use crate::msgpack::{pack, unpack};

/// Longer than anything takes that works.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// What Crossbar announces of calls.
pub(crate) const CROSSBAR: &[&str] = &[
    "caller_identification",
    "call_canceling",
    "progressive_call_results",
];
/// What Bondy announces of calls, as its sources say.
pub(crate) const BONDY: &[&str] = &["caller_identification", "call_canceling", "call_timeout"];

pub(crate) struct Router(TcpListener);

impl Router {
    pub(crate) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// At an address that was another router's.
    pub(crate) async fn at(address: &str) -> Self {
        Self(TcpListener::bind(address).await.unwrap())
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}/ws", self.0.local_addr().unwrap())
    }

    /// A client of it that waits a moment only where it waits.
    pub(crate) fn client(&self) -> WampBuilder {
        Wamp::builder(self.url(), "com.example.realm")
            .reconnect(Duration::from_millis(10), Duration::from_millis(400))
            .timeout(LONG)
    }

    pub(crate) async fn tcp(&self) -> TcpStream {
        let accepted = tokio::time::timeout(LONG, self.0.accept()).await;
        accepted.expect("a connection").unwrap().0
    }

    /// Whether somebody connects within this time.
    pub(crate) async fn is_tried(&self, time: Duration) -> bool {
        tokio::time::timeout(time, self.0.accept()).await.is_ok()
    }

    /// The next connection, as a WebSocket with this protocol.
    pub(crate) async fn peer_speaking(&self, protocol: Option<&'static str>) -> Peer {
        let stream = self.tcp().await;
        #[expect(clippy::result_large_err, reason = "the library wants it so")]
        let choose = |_: &Request, mut response: Response| {
            if let Some(protocol) = protocol {
                let value = HeaderValue::from_static(protocol);
                response
                    .headers_mut()
                    .insert("Sec-WebSocket-Protocol", value);
            }
            Ok(response)
        };
        let socket = tokio_tungstenite::accept_hdr_async(stream, choose).await;
        Peer(socket.unwrap(), protocol == Some("wamp.2.msgpack"))
    }

    /// The next connection, joined, of a client with this serializer.
    pub(crate) async fn session_in(&self, serializer: Serializer, features: &[&str]) -> Peer {
        let mut peer = self
            .peer_speaking(Some(match serializer {
                Serializer::MessagePack => "wamp.2.msgpack",
                _ => "wamp.2.json",
            }))
            .await;
        peer.welcome(features).await;
        peer
    }

    pub(crate) async fn peer(&self) -> Peer {
        self.peer_speaking(Some("wamp.2.json")).await
    }

    /// The next connection, joined.
    pub(crate) async fn session(&self, features: &[&str]) -> Peer {
        let mut peer = self.peer().await;
        peer.welcome(features).await;
        peer
    }
}

/// One connection of the router, and whether it speaks MessagePack.
pub(crate) struct Peer(WebSocketStream<TcpStream>, bool);

impl Peer {
    /// The next message; nothing when the other side has ended the connection.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            let frame = tokio::time::timeout(LONG, self.0.next()).await;
            match frame.expect("a message")?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Binary(bytes) => return Some(unpack(&bytes)),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    /// The next message, which is of this kind.
    pub(crate) async fn takes(&mut self, kind: u64) -> Value {
        let message = self.next().await.expect("a message");
        assert_eq!(message[0], kind, "{message}");
        message
    }

    /// The next frame of any kind.
    pub(crate) async fn frame(&mut self) -> Option<Message> {
        let frame = tokio::time::timeout(LONG, self.0.next()).await;
        frame.expect("a frame")?.ok()
    }

    /// The code with which the other side closes, whatever it sends before.
    pub(crate) async fn closed_with(&mut self) -> Option<u16> {
        loop {
            match self.frame().await? {
                Message::Close(frame) => return frame.map(|frame| frame.code.into()),
                _ => continue,
            }
        }
    }

    /// Whether nothing comes within this time.
    pub(crate) async fn is_silent(&mut self, time: Duration) -> bool {
        let end = tokio::time::Instant::now() + time;
        loop {
            match tokio::time::timeout_at(end, self.0.next()).await {
                Err(_) => return true,
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
                Ok(_) => return false,
            }
        }
    }

    pub(crate) async fn send(&mut self, message: Value) {
        match self.1 {
            true => self.send_frame(Message::binary(pack(&message))).await,
            false => self.send_text(&message.to_string()).await,
        }
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.send_frame(Message::text(text)).await;
    }

    pub(crate) async fn send_frame(&mut self, frame: Message) {
        // The other side may have gone.
        let _ = self.0.send(frame).await;
    }

    pub(crate) async fn close(&mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame {
            code: code.into(),
            reason: reason.into(),
        };
        self.send_frame(Message::Close(Some(frame))).await;
    }

    /// The connection below, for what is no frame.
    pub(crate) fn tcp(&mut self) -> &mut TcpStream {
        self.0.get_mut()
    }

    /// Lets the other side in, with these features of calls.
    pub(crate) async fn welcome(&mut self, features: &[&str]) -> Value {
        let hello = self.takes(1).await;
        let features: serde_json::Map<_, _> = features
            .iter()
            .map(|name| ((*name).to_owned(), json!(true)))
            .collect();
        self.send(json!([2, 4711, {
            "realm": "com.example.realm", "authid": "AAAA-1111", "authrole": "anonymous", "authmethod": "anonymous",
            "roles": {"broker": {"features": {}}, "dealer": {"features": features}}}]))
            .await;
        hello
    }

    /// Answers a call.
    pub(crate) async fn result(&mut self, call: &Value, args: Value) {
        self.send(json!([50, call[1], {}, args])).await;
    }

    pub(crate) async fn error(&mut self, call: &Value, uri: &str, args: Value) {
        self.send(json!([8, 48, call[1], {}, uri, args])).await;
    }
}

/// A call under way, of a procedure with arguments.
pub(crate) fn call(
    agent: &Agent,
    procedure: &str,
    params: &str,
) -> tokio::task::JoinHandle<Result<Json, Error>> {
    let call = agent.call("", procedure, params.parse().unwrap());
    tokio::spawn(call.send())
}

/// What a call gave.
pub(crate) async fn done(
    call: tokio::task::JoinHandle<Result<Json, Error>>,
) -> Result<Json, Error> {
    tokio::time::timeout(LONG, call)
        .await
        .expect("an end")
        .unwrap()
}
