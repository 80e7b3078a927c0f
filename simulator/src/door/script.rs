//! Bytes that no HTTP library would write, sent as they are.

use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderMap;
use hyper::{Response, StatusCode};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::body::AnswerBody;

/// What is to be done with a connection in place of an answer.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    pub(crate) end: End,
}

/// One thing to do.
#[derive(Debug)]
pub(crate) enum Step {
    Write(Bytes),
    /// The same bytes again and again, at most so many of them.
    Repeat(Bytes, u64),
    /// A byte at a time.
    Drip(Bytes, Duration),
}

/// What comes after the last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Close,
    /// Nothing more is said until the client goes.
    Stall,
    /// The connection serves further requests.
    Serve,
}

impl Script {
    pub(crate) fn new(steps: Vec<Step>, end: End) -> Self {
        Self { steps, end }
    }

    /// Does it; says how to go on. An error means that the client is gone.
    pub(super) async fn play<S>(self, stream: &mut S) -> std::io::Result<End>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        for step in self.steps {
            match step {
                Step::Write(bytes) => stream.write_all(&bytes).await?,
                Step::Repeat(bytes, most) => {
                    let mut sent = 0;
                    while sent < most && !bytes.is_empty() {
                        stream.write_all(&bytes).await?;
                        sent += bytes.len() as u64;
                    }
                }
                Step::Drip(bytes, pause) => {
                    for byte in bytes {
                        stream.write_all(&[byte]).await?;
                        stream.flush().await?;
                        tokio::time::sleep(pause).await;
                    }
                }
            }
            stream.flush().await?;
        }
        if self.end == End::Stall {
            let mut ignored = [0; 1_024];
            while stream.read(&mut ignored).await? > 0 {}
            return Ok(End::Close);
        }
        Ok(self.end)
    }
}

/// Status line and headers, `extra` lines, and the empty line.
pub(crate) fn head(status: StatusCode, headers: &HeaderMap, extra: &[String]) -> Vec<u8> {
    let mut head = format!(
        "HTTP/1.1 {} {}\r\n",
        status.as_str(),
        status.canonical_reason().unwrap_or("")
    )
    .into_bytes();
    for (name, value) in headers {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    for line in extra {
        head.extend_from_slice(line.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// A whole answer, written out.
pub(crate) fn written(answer: Response<AnswerBody>) -> Option<Bytes> {
    let (parts, body) = answer.into_parts();
    let body = body.into_bytes().ok()?;
    let length = format!("content-length: {}", body.len());
    let mut bytes = head(parts.status, &parts.headers, &[length]);
    bytes.extend_from_slice(&body);
    Some(bytes.into())
}
