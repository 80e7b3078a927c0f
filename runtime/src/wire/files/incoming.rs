//! A file on its way from a device.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::AsyncWrite;

use super::Headers;
use crate::error::text::is_unprintable;
use crate::error::{Error, FileError};
use crate::wire::BoxStream;

/// Room made for a file whose size is only promised.
const FIRST_CAPACITY: u64 = 1 << 20;

/// A file on its way from a device: what is known about it, and a [`Stream`] of its bytes.
///
/// Bytes are read only when the program asks for them. Dropping it ends the transfer. After an error nothing more comes.
///
/// ```no_run
/// # async fn example(agent: &xerus_rpc::Agent) -> Result<(), Box<dyn std::error::Error>> {
/// use std::io::Write as _;
/// use futures_util::StreamExt as _;
///
/// let mut file = agent.download("/cgi-bin/diag-data.cgi").await?;
/// let mut out = std::fs::File::create(file.file_name().unwrap_or("diagnostics.bin"))?;
/// while let Some(bytes) = file.next().await {
///     out.write_all(&bytes?)?;
///     println!("{} of {:?} bytes", file.received(), file.length());
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "the file comes only as far as it is read"]
pub struct IncomingFile {
    headers: Headers,
    length: Option<u64>,
    offset: u64,
    received: u64,
    bytes: Option<BoxStream<'static, Result<Bytes, Error>>>,
}

impl IncomingFile {
    /// A file that comes as these bytes; for transports.
    pub fn new(bytes: BoxStream<'static, Result<Bytes, Error>>) -> Self {
        Self {
            headers: Headers::default(),
            length: None,
            offset: 0,
            received: 0,
            bytes: Some(bytes),
        }
    }

    /// Says how many bytes are to come.
    pub fn with_length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    /// Says how many bytes of the file were left out at its beginning.
    pub fn with_offset(mut self, bytes: u64) -> Self {
        self.offset = bytes;
        self
    }

    /// Adds what else the device said.
    pub fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// How many bytes are to come in all, where the device says so.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// How many bytes of the file were left out at its beginning, as
    /// [`from_offset`](crate::agent::Download::from_offset) asked.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// How many bytes have come so far.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The media type of the file (`Content-Type`).
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get("content-type")
    }

    /// The name that the device suggests for the file (`Content-Disposition`): a plain name without folders. What could
    /// lead elsewhere or confuse a terminal counts as no name.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        suggested_name(self.headers.get("content-disposition")?)
    }

    /// `X-Response-Code` as it came, if it came once.
    #[must_use]
    pub fn raw_response_code(&self) -> Option<&str> {
        let mut values = self.headers.get_all(super::answer::RESPONSE_CODE);
        let first = values.next();
        first.filter(|_| values.next().is_none())
    }

    /// All that the device said about the file.
    #[must_use]
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The whole file in memory. It has at most the [limit](crate::agent::Download::limit) of the download: set one that
    /// fits into memory.
    ///
    /// # Errors
    ///
    /// What ends the transfer early.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let Some(first) = self.next_bytes().await.transpose()? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.next_bytes().await.transpose()? else {
            return Ok(first);
        };
        // A promised size is not believed beyond a first helping.
        let promised = self.length.unwrap_or(0).min(FIRST_CAPACITY);
        let promised = usize::try_from(promised).unwrap_or(0);
        let mut all = BytesMut::with_capacity(promised.max(first.len() + second.len()));
        all.extend_from_slice(&first);
        all.extend_from_slice(&second);
        while let Some(more) = self.next_bytes().await.transpose()? {
            all.extend_from_slice(&more);
        }
        Ok(all.freeze())
    }

    /// Writes the file to `sink` as it comes and flushes it; gives the number of bytes.
    ///
    /// The sink may be slow: its time counts only for the limit of the whole transfer.
    ///
    /// # Errors
    ///
    /// What ends the transfer early, and `File.Sink` when the sink fails. The sink then has what had come.
    pub async fn save_to<W: AsyncWrite + Unpin>(mut self, sink: &mut W) -> Result<u64, Error> {
        let mut sink = Pin::new(sink);
        while let Some(bytes) = self.next_bytes().await.transpose()? {
            let mut rest = &*bytes;
            while !rest.is_empty() {
                let written = poll_fn(|context| sink.as_mut().poll_write(context, rest)).await;
                match written.map_err(sink_failed)? {
                    0 => return Err(sink_failed(io::ErrorKind::WriteZero.into())),
                    written => rest = &rest[written.min(rest.len())..],
                }
            }
        }
        let flushed = poll_fn(|context| sink.as_mut().poll_flush(context)).await;
        flushed.map_err(sink_failed)?;
        Ok(self.received)
    }

    async fn next_bytes(&mut self) -> Option<Result<Bytes, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

fn sink_failed(error: io::Error) -> Error {
    Error::from(FileError::Sink).with_source(error)
}

impl Stream for IncomingFile {
    type Item = Result<Bytes, Error>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Error>>> {
        let Some(bytes) = &mut self.bytes else {
            return Poll::Ready(None);
        };
        let next = ready!(bytes.as_mut().poll_next(context));
        match &next {
            Some(Ok(bytes)) => self.received += bytes.len() as u64,
            Some(Err(_)) | None => self.bytes = None,
        }
        Poll::Ready(next)
    }
}

impl fmt::Debug for IncomingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingFile")
            .field("length", &self.length)
            .field("offset", &self.offset)
            .field("received", &self.received)
            .field("headers", &self.headers)
            .finish()
    }
}

/// The name in `attachment; filename="x.bin"`, if it is one that a file may be given without a second look.
fn suggested_name(disposition: &str) -> Option<&str> {
    let mut rest = disposition.split_once(';')?.1;
    loop {
        let (name, value) = rest.split_once('=')?;
        let value = value.trim_start();
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_once(';').unwrap_or((value, "")),
        };
        if name
            .trim_start_matches([';', ' ', '\t'])
            .trim_end()
            .eq_ignore_ascii_case("filename")
        {
            return Some(value.trim()).filter(|value| is_plain_name(value));
        }
        rest = after;
    }
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name.starts_with('.')
        && !name
            .chars()
            .any(|c| matches!(c, '/' | '\\' | ':' | '"') || is_unprintable(c))
}

#[cfg(test)]
mod tests {
    use super::suggested_name;

    #[test]
    fn suggested_names_are_plain_or_none() {
        for (disposition, name) in [
            (
                "attachment; filename=\"diag data.bin\"",
                Some("diag data.bin"),
            ),
            ("attachment; filename=config.txt", Some("config.txt")),
            (
                "attachment;FileName = config.txt ; size=3",
                Some("config.txt"),
            ),
            (
                "form-data; name=\"a;filename=x\"; filename=\"b\"",
                Some("b"),
            ),
            ("attachment", None),
            ("attachment; filename=\"\"", None),
            ("attachment; filename=\"open", None),
            ("attachment; filename=\"../../etc/passwd\"", None),
            ("attachment; filename=\"..\"", None),
            ("attachment; filename=\".bashrc\"", None),
            ("attachment; filename=\"C:\\x\"", None),
            ("attachment; filename=\"a\u{202e}b\"", None),
            ("attachment; filename*=UTF-8''x", None),
        ] {
            assert_eq!(suggested_name(disposition), name, "{disposition}");
        }
    }
}
