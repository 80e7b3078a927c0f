//! Files in a recording: their size and digest, not their bytes.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::entry::Answer;
use super::json::Node;
use super::layer::Open;
use crate::error::Error;
use crate::wire::{BoxStream, Headers, IncomingFile, Source, UploadAnswer, UploadRequest};

/// What devices say about files that programs look at.
const HEADERS: [&str; 4] = [
    "Content-Type",
    "Content-Disposition",
    "Content-Range",
    "X-Response-Code",
];

/// The size and the digest of the bytes that went by.
#[derive(Clone)]
pub(super) struct Count {
    bytes: u64,
    #[cfg(feature = "http")]
    digest: ring::digest::Context,
}

impl Count {
    pub(super) fn new() -> Self {
        Self {
            bytes: 0,
            #[cfg(feature = "http")]
            digest: ring::digest::Context::new(&ring::digest::SHA256),
        }
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        #[cfg(feature = "http")]
        self.digest.update(bytes);
    }

    /// The digest in hexadecimal digits, where this build can make one.
    #[cfg(feature = "http")]
    pub(super) fn sha256(&self) -> Option<Node> {
        let digest = self.digest.clone().finish();
        let hex = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
        Some(Node::text(hex.collect::<String>()))
    }

    #[cfg(not(feature = "http"))]
    pub(super) fn sha256(&self) -> Option<Node> {
        None
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

fn headers(headers: &Headers) -> Option<Node> {
    let known = |name: &&str| HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let told: Vec<_> = headers
        .iter()
        .filter(|(name, _)| known(name))
        .map(|(name, value)| (name, Some(Node::text(value))))
        .collect();
    (!told.is_empty()).then(|| Node::object(told))
}

/// The headers that were kept.
pub(super) fn headers_again(file: &Node) -> Headers {
    match file.get("headers") {
        Some(Node::Object(members)) => members
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.as_text()?.to_owned())))
            .collect(),
        _ => Headers::default(),
    }
}

/// A file that comes: an entry is written when it ends.
pub(super) struct Incoming {
    inner: IncomingFile,
    count: Count,
    open: Open,
}

impl Incoming {
    /// The same file, watched.
    pub(super) fn watch(file: IncomingFile, open: Open) -> IncomingFile {
        let (length, offset) = (file.length(), file.offset());
        let headers = file.headers().clone();
        let watched: BoxStream<'static, Result<Bytes, Error>> = Box::pin(Self {
            inner: file,
            count: Count::new(),
            open,
        });
        let watched = IncomingFile::new(watched)
            .with_offset(offset)
            .with_headers(headers);
        match length {
            Some(length) => watched.with_length(length),
            None => watched,
        }
    }

    fn told(&self) -> Answer {
        Answer::File(Node::object([
            ("bytes", Some(Node::number(self.count.bytes()))),
            ("sha256", self.count.sha256()),
            ("headers", headers(self.inner.headers())),
        ]))
    }
}

impl Stream for Incoming {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.inner).poll_next(context);
        match &next {
            Poll::Ready(Some(Ok(bytes))) => self.count.add(bytes),
            Poll::Ready(Some(Err(error))) => {
                let answer = Answer::of(&Err(error.clone()));
                self.open.end(answer);
            }
            Poll::Ready(None) => {
                let answer = self.told();
                self.open.end(answer);
            }
            Poll::Pending => {}
        }
        next
    }
}

/// The parts of a form, and what is known of them.
pub(super) struct Parts(Vec<Sent>);

struct Sent {
    name: String,
    file: Option<String>,
    media: Option<String>,
    count: Arc<Mutex<Count>>,
}

impl Parts {
    /// The same form, watched.
    pub(super) fn watch(request: UploadRequest) -> (UploadRequest, Self) {
        let mut parts: Vec<Sent> = Vec::new();
        for part in request.parts() {
            parts.push(Sent {
                name: part.name().to_owned(),
                file: part.file_name().map(str::to_owned),
                media: part.content_type().map(str::to_owned),
                count: Arc::new(Mutex::new(Count::new())),
            });
        }
        let mut counts = parts.iter().map(|part| Arc::clone(&part.count));
        let request = request.map_sources(&mut |source: Source| match counts.next() {
            Some(count) => counted(source, count),
            None => source,
        });
        (request, Self(parts))
    }

    /// What was sent.
    pub(super) fn told(&self) -> Node {
        let part = |part: &Sent| {
            let count = part.count.lock().unwrap_or_else(PoisonError::into_inner);
            Node::object([
                ("name", Some(Node::text(&*part.name))),
                ("file", part.file.as_deref().map(Node::text)),
                ("media", part.media.as_deref().map(Node::text)),
                ("bytes", Some(Node::number(count.bytes()))),
                // A digest of a short text would tell the text.
                ("sha256", count.sha256().filter(|_| part.file.is_some())),
            ])
        };
        Node::List(self.0.iter().map(part).collect())
    }
}

fn counted(source: Source, count: Arc<Mutex<Count>>) -> Source {
    use futures_util::StreamExt as _;
    let length = source.length();
    let bytes = source.into_bytes().inspect(move |bytes| {
        if let Ok(bytes) = bytes {
            let mut count = count.lock().unwrap_or_else(PoisonError::into_inner);
            count.add(bytes);
        }
    });
    match length {
        Some(length) => Source::stream(length, bytes),
        None => Source::stream_of_unknown_length(bytes),
    }
}

/// What became of files that were given.
pub(super) fn uploaded(answer: &UploadAnswer) -> Answer {
    let body = String::from_utf8_lossy(answer.body());
    Answer::Uploaded(Node::object([
        ("status", Some(Node::number(answer.status()))),
        ("headers", headers(answer.headers())),
        ("body", Some(Node::text(body))),
    ]))
}
