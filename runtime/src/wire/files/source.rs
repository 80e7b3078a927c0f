//! Where the bytes of an upload come from.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use crate::wire::BoxStream;

/// Bytes read from a reader at a time.
const READ: usize = 64 << 10;

/// The stream inside a [`Source`].
pub type BoxSource = BoxStream<'static, io::Result<Bytes>>;

/// Where the bytes of an upload come from. They are read only as fast as the device takes them, and once.
///
/// ```
/// use xerus_rpc::wire::Source;
///
/// let from_memory = Source::from(b"network.hostname=rack-4\n".to_vec());
/// assert_eq!(from_memory.length(), Some(24));
/// ```
pub struct Source {
    length: Option<u64>,
    bytes: BoxSource,
}

impl Source {
    /// From a stream of which the length is known, in bytes. The upload is cut off with `File.SourceLength` when the stream
    /// ends elsewhere, and with `File.Source` when it fails.
    #[must_use]
    pub fn stream(
        length: u64,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self {
            length: Some(length),
            bytes: Box::pin(bytes),
        }
    }

    /// From a stream of unknown length. The request is then sent in chunks, which not every device accepts:
    /// for a file, ask for its length and use [`stream`](Self::stream) or [`reader`](Self::reader).
    #[must_use]
    pub fn stream_of_unknown_length(
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self {
            length: None,
            bytes: Box::pin(bytes),
        }
    }

    /// From a reader, a `tokio::fs::File` for example, of which the first `length` bytes are sent.
    ///
    /// ```
    /// use xerus_rpc::wire::Source;
    ///
    /// # fn example(file: impl tokio::io::AsyncRead + Send + 'static) -> std::io::Result<Source> {
    /// let length = std::fs::metadata("firmware.bin")?.len();
    /// let image = Source::reader(length, file);
    /// # Ok(image)
    /// # }
    /// ```
    #[must_use]
    pub fn reader(length: u64, reader: impl AsyncRead + Send + 'static) -> Self {
        Self::stream(
            length,
            Chunks {
                reader: Box::pin(reader),
                left: length,
                buffer: vec![0; READ],
            },
        )
    }

    /// How many bytes will come, where that is known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The bytes; for transports.
    #[must_use]
    pub fn into_bytes(self) -> BoxSource {
        self.bytes
    }
}

impl From<Bytes> for Source {
    fn from(bytes: Bytes) -> Self {
        let length = bytes.len() as u64;
        Self::stream(length, futures_util::stream::iter([Ok(bytes)]))
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static [u8]> for Source {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl From<&'static str> for Source {
    fn from(text: &'static str) -> Self {
        text.as_bytes().into()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// A reader as a stream.
struct Chunks {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    left: u64,
    buffer: Vec<u8>,
}

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Bytes>>> {
        let this = &mut *self;
        // What follows the length that was asked for is not wanted: a log that grows while it is sent, say.
        let wanted = usize::try_from(this.left).unwrap_or(READ).min(READ);
        if wanted == 0 {
            return Poll::Ready(None);
        }
        let mut buffer = ReadBuf::new(&mut this.buffer[..wanted]);
        let read = ready!(this.reader.as_mut().poll_read(context, &mut buffer));
        Poll::Ready(match read {
            Ok(()) if buffer.filled().is_empty() => None,
            Ok(()) => {
                this.left -= buffer.filled().len() as u64;
                Some(Ok(Bytes::copy_from_slice(buffer.filled())))
            }
            Err(error) => Some(Err(error)),
        })
    }
}
