//! HTTP without a client: what is sent is what a row says, down to the headers.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, timeout, timeout_at};
use xerus_rpc::secure::BoxByteStream;

use super::answer::Answer;
use super::unit::Place;

/// More than any row asks for.
const MOST: usize = 16 << 20;

/// What is said of a unit that took a request and was silent then.
pub(super) const NO_ANSWER: &str = "no answer in time";

/// A connection to the unit.
pub(super) struct Connection {
    stream: BoxByteStream,
    read: Vec<u8>,
    until: Instant,
}

/// A request: what stands in the first line, the headers, the body.
pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) script: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn post(script: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let json = ("content-type", "application/json".to_owned());
        Self {
            method: "POST",
            script,
            headers: vec![json],
            body: body.into(),
        }
    }

    /// A header more, or another in the place of what is there.
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    fn bytes(&self, place: &Place) -> Vec<u8> {
        let Self { method, script, .. } = self;
        let Place {
            base, authority, ..
        } = place;
        let mut head =
            format!("{method} {base}/cgi-bin/{script} HTTP/1.1\r\nhost: {authority}\r\n");
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [head.into_bytes(), self.body.clone()].concat()
    }
}

impl Connection {
    /// Everything on it has to be over in this time.
    pub(super) async fn open(place: &Place, time: Duration) -> Result<Self, String> {
        let until = Instant::now() + time;
        let stream = timeout_at(until, place.where_it_is().open()).await;
        Ok(Self {
            stream: stream.unwrap_or_else(|_| Err("no connection in time".to_owned()))?,
            read: Vec::new(),
            until,
        })
    }

    /// Sends a request, and gives the answer, or what there is in its place.
    pub(super) async fn ask(&mut self, place: &Place, request: &Request) -> Result<Answer, String> {
        let bytes = request.bytes(place);
        let sending = async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        };
        // A unit may refuse before it has everything, and that is what is read then.
        let _ = timeout_at(self.until, sending).await;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer, String> {
        let mut is_over = false;
        loop {
            if let Some((answer, length)) = Answer::read(&self.read, is_over)? {
                self.read.drain(..length);
                return Ok(answer);
            }
            if is_over {
                return Err("closed without an answer".to_owned());
            }
            if self.read.len() > MOST {
                return Err("an answer of more than 16 MiB".to_owned());
            }
            let mut buffer = [0; 16 << 10];
            match timeout_at(self.until, self.stream.read(&mut buffer)).await {
                Err(_) => return Err(NO_ANSWER.to_owned()),
                Ok(Ok(length)) if length > 0 => self.read.extend_from_slice(&buffer[..length]),
                Ok(_) => is_over = true,
            }
        }
    }

    /// Ends it without hurry, so that TLS says goodbye.
    pub(super) async fn close(mut self) {
        let _ = timeout(Duration::from_millis(100), self.stream.shutdown()).await;
    }
}
