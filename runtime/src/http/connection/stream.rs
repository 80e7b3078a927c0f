//! The bytes of one connection, plain or through TLS, watched on their way.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::traffic::Traffic;

/// A TCP connection that can be asked whether the other side has ended it.
///
/// The runtime learns of that only when it next looks for events, and a request that follows closely on the answer before
/// goes out earlier than that.
#[derive(Debug)]
pub(in super::super) struct Tcp {
    stream: TcpStream,
    traffic: Arc<Traffic>,
}

impl Tcp {
    pub(super) fn new(stream: TcpStream, traffic: Arc<Traffic>) -> Self {
        Self { stream, traffic }
    }

    /// A device that does not want the rest of an upload says why and closes the connection. The next write then fails, often before
    /// the answer was looked at, and the HTTP library drops what it could still read. So on a patient connection such a
    /// write waits for ever instead, and how the connection ends is left to reading: the answer, or the end.
    fn wait_instead<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match written {
            Poll::Ready(Err(error)) if self.traffic.is_patient() && is_hung_up(&error) => {
                self.traffic.note_hang_up();
                Poll::Pending
            }
            written => written,
        }
    }
}

fn is_hung_up(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::NotConnected
    )
}

/// Something came that was not asked for.
fn unasked() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "bytes on an idle connection")
}

impl AsyncRead for Tcp {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() || !self.traffic.take_probe() {
            return read;
        }
        match SockRef::from(&self.stream).peek(&mut [MaybeUninit::uninit()]) {
            Ok(0) => Poll::Ready(Ok(())),
            Ok(_) => Poll::Ready(Err(unasked())),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for Tcp {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wait_instead(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.wait_instead(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// What HTTP is spoken over.
#[derive(Debug)]
pub(super) enum Layer {
    Plain(Tcp),
    Tls(Box<TlsStream<Tcp>>),
}

/// The stream that the HTTP library reads and writes.
#[derive(Debug)]
pub(super) struct Stream {
    layer: Layer,
    traffic: Arc<Traffic>,
}

impl Stream {
    pub(super) fn new(layer: Layer, traffic: Arc<Traffic>) -> Self {
        Self { layer, traffic }
    }
}

macro_rules! with_layer {
    ($self:ident, $stream:ident => $body:expr) => {
        match &mut $self.layer {
            Layer::Plain(stream) => {
                let $stream = Pin::new(stream);
                $body
            }
            Layer::Tls(stream) => {
                let $stream = Pin::new(&mut **stream);
                $body
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(with_layer!(self, stream => stream.poll_read(context, buffer)))?;
        let came = &buffer.filled()[before..];
        let verdict = self.traffic.note_read(came);
        Poll::Ready(verdict.map_err(|fault| io::Error::new(io::ErrorKind::InvalidData, fault)))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.traffic.note_writing();
        let taken = ready!(with_layer!(self, stream => stream.poll_write(context, bytes)))?;
        self.traffic.note_written(taken);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(with_layer!(self, stream => stream.poll_flush(context)))?;
        self.traffic.note_flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        with_layer!(self, stream => stream.poll_shutdown(context))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.traffic.note_writing();
        let taken =
            ready!(with_layer!(self, stream => stream.poll_write_vectored(context, bytes)))?;
        self.traffic.note_written(taken);
        Poll::Ready(Ok(taken))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.layer {
            Layer::Plain(stream) => stream.is_write_vectored(),
            Layer::Tls(stream) => stream.is_write_vectored(),
        }
    }
}
