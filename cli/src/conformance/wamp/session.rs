//! A session without a client: messages out, messages in, with an end to everything.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use xerus_rpc::wamp::Serializer;

use super::message::{CALL, GOODBYE, REGISTER, SUBSCRIBE, Said};
use super::socket::Socket;

/// How long at least it is listened for what should not come.
const SILENCE: Duration = Duration::from_millis(300);

/// What is waited for.
enum Heard {
    Said(Said),
    Pong,
}

/// A WebSocket to the router, joined to a realm or not.
pub(super) struct Session {
    socket: Socket,
    serializer: Serializer,
    patience: Duration,
    /// The id, once it is joined.
    pub(super) id: u64,
    requests: u64,
    /// What came while something else was waited for.
    kept: VecDeque<Said>,
    /// Why nothing comes any more.
    end: Option<String>,
    pongs: Vec<Bytes>,
    /// Whether it has answered a challenge.
    pub(super) is_secret_shown: bool,
}

impl Session {
    pub(super) fn new(socket: Socket, serializer: Serializer, patience: Duration) -> Self {
        Self {
            socket,
            serializer,
            patience,
            id: 0,
            requests: 0,
            kept: VecDeque::new(),
            end: None,
            pongs: Vec::new(),
            is_secret_shown: false,
        }
    }

    pub(super) fn serializer(&self) -> Serializer {
        self.serializer
    }

    /// The frame for a message.
    pub(super) fn frame(&self, message: &Value) -> Message {
        let text = message.to_string();
        if self.serializer == Serializer::Json {
            return Message::text(text);
        }
        // What is sent here is made here, of values that have a form.
        let packed = text.parse().ok();
        let packed = packed.and_then(|json| self.serializer.encode(&json).ok());
        Message::binary(packed.unwrap_or_default())
    }

    /// Sends frames. That the router has closed is told by reading.
    pub(super) async fn put(&mut self, frames: impl IntoIterator<Item = Message>) {
        let sending = async {
            for frame in frames {
                self.socket.feed(frame).await?;
            }
            self.socket.flush().await
        };
        // What is large takes longer, and half of a frame would be the end of everything.
        let _ = timeout(self.patience * 10, sending).await;
    }

    pub(super) async fn send(&mut self, message: Value) {
        let frame = self.frame(&message);
        self.put([frame]).await;
    }

    /// The id for the next request.
    pub(super) fn request(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Sends CALL, and gives its id.
    pub(super) async fn call(&mut self, options: Value, uri: &str, args: Value) -> u64 {
        let id = self.request();
        self.send(json!([CALL, id, options, uri, args])).await;
        id
    }

    /// Registers, and gives the answer.
    pub(super) async fn register(&mut self, options: Value, uri: &str) -> Result<Said, String> {
        let id = self.request();
        self.send(json!([REGISTER, id, options, uri])).await;
        self.answer(id).await
    }

    pub(super) async fn subscribe(&mut self, topic: &str) -> Result<Said, String> {
        let id = self.request();
        self.send(json!([SUBSCRIBE, id, {}, topic])).await;
        self.answer(id).await
    }

    /// The answer to a request, progress left out.
    pub(super) async fn answer(&mut self, request: u64) -> Result<Said, String> {
        self.wait(|said| said.answers(request) && !said.is_progress())
            .await
    }

    /// The next message of this kind.
    pub(super) async fn next(&mut self, kind: u64) -> Result<Said, String> {
        self.wait(|said| said.is(kind)).await
    }

    /// The first message like this, as long as patience lasts; else what there is in its place.
    pub(super) async fn wait(&mut self, is_it: impl Fn(&Said) -> bool) -> Result<Said, String> {
        self.wait_until(Instant::now() + self.patience, is_it).await
    }

    pub(super) async fn wait_until(
        &mut self,
        until: Instant,
        is_it: impl Fn(&Said) -> bool,
    ) -> Result<Said, String> {
        if let Some(place) = self.kept.iter().position(&is_it) {
            return self.kept.remove(place).ok_or_else(String::new);
        }
        while let Some(said) = self.read(until).await {
            if is_it(&said) {
                return Ok(said);
            }
            self.kept.push_back(said);
        }
        Err(self.end.clone().unwrap_or_else(|| "nothing".to_owned()))
    }

    /// Listens a moment for what should not come, and gives it, or the end of the connection.
    pub(super) async fn more(&mut self) -> Option<String> {
        let until = Instant::now() + SILENCE.max(self.patience / 5).min(self.patience);
        match self.wait_until(until, |_| true).await {
            Ok(said) => Some(said.text()),
            Err(_) => self.end.clone(),
        }
    }

    /// The next message, whatever it is, or why there is none.
    pub(super) async fn any(&mut self) -> Result<Said, String> {
        self.wait(|_| true).await
    }

    /// Waits for a pong with this payload, or for the time to be over.
    pub(super) async fn pong(&mut self, payload: &str) -> bool {
        let until = Instant::now() + self.patience;
        while !self.pongs.iter().any(|pong| pong == payload) {
            match self.heard(until).await {
                Some(Heard::Said(said)) => self.kept.push_back(said),
                Some(Heard::Pong) => {}
                None => return false,
            }
        }
        true
    }

    /// Says goodbye. The connection stays until it is dropped.
    pub(super) async fn leave(&mut self) {
        self.send(json!([GOODBYE, {}, "wamp.close.close_realm"]))
            .await;
    }

    /// The next message; nothing after the end, or when the time is over.
    async fn read(&mut self, until: Instant) -> Option<Said> {
        loop {
            // A pong that nobody asked for is no end of anything.
            if let Heard::Said(said) = self.heard(until).await? {
                return Some(said);
            }
        }
    }

    /// The next message or pong; nothing after the end, or when the time is over.
    async fn heard(&mut self, until: Instant) -> Option<Heard> {
        loop {
            if self.end.is_some() {
                return None;
            }
            let end = match timeout_at(until, self.socket.next()).await.ok()? {
                Some(Ok(Message::Pong(payload))) => {
                    self.pongs.push(payload);
                    return Some(Heard::Pong);
                }
                Some(Ok(Message::Ping(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Close(Some(frame)))) => {
                    format!("closed with {}", u16::from(frame.code))
                }
                Some(Ok(frame)) if !frame.is_close() => match self.message(frame) {
                    Some(said) => return Some(Heard::Said(said)),
                    None => "a frame that is no message".to_owned(),
                },
                _ => "closed".to_owned(),
            };
            self.end = Some(end);
        }
    }

    fn message(&self, frame: Message) -> Option<Said> {
        let is_text = frame.is_text();
        if is_text != (self.serializer == Serializer::Json) {
            return None;
        }
        let json = self.serializer.decode(&frame.into_data()).ok()?;
        serde_json::from_str(json.get()).ok().map(Said)
    }
}
