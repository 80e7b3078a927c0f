//! What talks to the peer: bytes out, frames in, with an end to everything.

use std::io;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::conformance::{Probe, reach, short};

/// More than any row asks for; a peer that sends more is not listened to any longer.
const MOST: usize = 4 << 20;

/// How many times as long as for anything else a peer has for very many bytes.
const POURING: u32 = 10;

/// How long it is listened for what should not come.
const SILENCE: Duration = Duration::from_millis(300);

/// A server, and the call that is made to it.
pub(super) struct Peer<'p> {
    address: &'p str,
    probe: &'p Probe,
}

impl<'p> Peer<'p> {
    pub(super) fn new(address: &'p str, probe: &'p Probe) -> Self {
        Self { address, probe }
    }

    pub(super) async fn connect(&self) -> Result<Connection, String> {
        let connecting = timeout(self.probe.patience, reach::connect(self.address));
        let stream = connecting.await;
        let stream = stream.unwrap_or_else(|_| Err("no connection in time".to_owned()))?;
        Ok(Connection {
            stream,
            patience: self.probe.patience,
            read: Vec::new(),
        })
    }

    /// The call as a document. The id is a JSON text.
    pub(super) fn request(&self, id: &str) -> String {
        let (method, params) = (Value::from(self.probe.method.as_str()), &self.probe.params);
        format!(r#"{{"id":{id},"jsonrpc":"2.0","method":{method},"params":{params}}}"#)
    }

    /// The call without an id, and without or with other parameters.
    pub(super) fn with(&self, members: &str) -> String {
        let method = Value::from(self.probe.method.as_str());
        format!(r#"{{"jsonrpc":"2.0","method":{method}{members}}}"#)
    }

    /// Whether a plain call on a connection of its own is answered.
    pub(super) async fn answers(&self) -> bool {
        self.answer().await.is_ok()
    }

    /// The same. The error says what came in the place of an answer.
    pub(super) async fn answer(&self) -> Result<(), String> {
        let mut connection = self.connect().await?;
        let sent = connection.send(&frame(&self.request("2"))).await;
        let seen = connection.frames(1).await;
        match sent.is_ok() && seen.answers(&Value::from(2)) {
            true => Ok(()),
            false => Err(seen.text()),
        }
    }
}

pub(super) fn frame(document: &str) -> String {
    format!("{}:{document},", document.len())
}

/// What became of many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    All,
    /// The peer closed the connection before the end.
    Refused,
    /// The connection is open, and nothing more goes into it.
    Stuck,
    /// Bytes were still taken when the time for all of them was over.
    Slowly,
}

pub(super) struct Connection {
    stream: TcpStream,
    patience: Duration,
    read: Vec<u8>,
}

/// What came.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) documents: Vec<Value>,
    /// The connection was ended by the peer.
    pub(super) closed: bool,
    /// What came is no frame, or no JSON.
    pub(super) garbage: bool,
    /// The time was over when a frame had begun and was not whole.
    pub(super) cut: bool,
}

impl Seen {
    /// Whether nothing came at all, and nothing ended.
    pub(super) fn is_nothing(&self) -> bool {
        self.documents.is_empty() && !self.garbage && !self.cut && !self.closed
    }

    /// Whether a document is an answer to the call with this id: a result or an error.
    pub(super) fn answers(&self, id: &Value) -> bool {
        self.answer(id).is_some()
    }

    /// The answer to this id, if there is exactly one.
    pub(super) fn answer(&self, id: &Value) -> Option<&Value> {
        let is_answer = |document: &&Value| {
            document.get("id") == Some(id)
                && (document.get("result").is_some() != document.get("error").is_some())
        };
        let mut answers = self.documents.iter().filter(is_answer);
        answers.next().filter(|_| answers.next().is_none())
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let mut parts = Vec::new();
        match self.documents.as_slice() {
            [] => {}
            [one] => parts.push(short(&one.to_string())),
            many => parts.push(format!("{} answers", many.len())),
        }
        if self.garbage {
            parts.push("bytes that are no frame of JSON".to_owned());
        }
        if self.cut {
            parts.push("a part of a frame".to_owned());
        }
        if self.closed {
            parts.push("closed".to_owned());
        }
        match parts.is_empty() {
            true => "nothing".to_owned(),
            false => parts.join(", "),
        }
    }
}

impl Connection {
    /// Sends bytes. An error is the peer's way to close, which reading tells, too.
    pub(super) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        let sending = timeout(self.patience, self.stream.write_all(bytes.as_ref()));
        sending
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Sends so many bytes that are no end of a frame, and gives how many left.
    pub(super) async fn pour(&mut self, most: usize) -> (usize, Taken) {
        let part = vec![b'x'; 1 << 16];
        let until = Instant::now() + self.patience * POURING;
        let mut sent = 0;
        while sent < most {
            match timeout_at(until, self.send(&part)).await {
                Ok(Ok(())) => sent += part.len(),
                // The end of patience, or that of the system's.
                Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => {
                    return (sent, Taken::Stuck);
                }
                Ok(Err(_)) => return (sent, Taken::Refused),
                Err(_) => return (sent, Taken::Slowly),
            }
        }
        (sent, Taken::All)
    }

    /// Sends bytes in pieces, with a pause after each.
    pub(super) async fn send_in_pieces(&mut self, bytes: &[u8], piece: usize) -> io::Result<()> {
        for part in bytes.chunks(piece) {
            self.send(part).await?;
            sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Waits for so many documents, or the end of the connection, as long as patience lasts.
    pub(super) async fn frames(&mut self, count: usize) -> Seen {
        let until = Instant::now() + self.patience;
        self.listen(count, until).await
    }

    /// Waits for the end of the connection, as long as patience lasts.
    pub(super) async fn end(&mut self) -> Seen {
        self.frames(usize::MAX).await
    }

    /// Listens a moment for what should not come.
    pub(super) async fn more(&mut self) -> Seen {
        let until = Instant::now() + SILENCE.min(self.patience);
        self.listen(usize::MAX, until).await
    }

    async fn listen(&mut self, count: usize, until: Instant) -> Seen {
        let mut seen = Seen::default();
        loop {
            while let Some(document) = self.take(&mut seen) {
                seen.documents.push(document);
            }
            if seen.garbage || seen.documents.len() >= count || self.read.len() > MOST {
                return seen;
            }
            let mut buffer = [0; 16 << 10];
            match timeout_at(until, self.stream.read(&mut buffer)).await {
                Err(_) => {
                    seen.cut = !self.read.is_empty();
                    return seen;
                }
                Ok(Ok(length)) if length > 0 => self.read.extend_from_slice(&buffer[..length]),
                Ok(_) => {
                    seen.closed = true;
                    seen.garbage |= !self.read.is_empty();
                    return seen;
                }
            }
        }
    }

    /// The first document of what was read.
    fn take(&mut self, seen: &mut Seen) -> Option<Value> {
        let digits = self.read.iter().take_while(|b| b.is_ascii_digit()).count();
        let has_leading_zero = digits > 1 && self.read[0] == b'0';
        match self.read.get(digits) {
            _ if has_leading_zero => {
                seen.garbage = true;
                return None;
            }
            Some(b':') if (1..=9).contains(&digits) => {}
            None if digits < 10 => return None,
            _ => {
                seen.garbage = true;
                return None;
            }
        }
        let length = std::str::from_utf8(&self.read[..digits]).ok()?;
        let (start, length) = (digits + 1, length.parse::<usize>().ok()?);
        let comma = *self.read.get(start + length)?;
        let document = serde_json::from_slice(&self.read[start..start + length]).ok();
        self.read.drain(..=start + length);
        seen.garbage |= comma != b',' || document.is_none();
        document
    }
}
