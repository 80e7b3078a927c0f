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
}

/// Something came that nobody asked for.
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
        Pin::new(&mut self.stream).poll_write(context, bytes)
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
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
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
