//! A socket that goes on listening when nobody listens to it any more.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A TCP connection on which a failed write is no failure yet.
///
/// A device that does not want the rest of an upload says why (413, a response code) and hangs up. The next write then
/// fails, often before the answer was looked at, and an HTTP library that sees the failure drops what it could still
/// read. So a write that finds the connection closed waits for ever instead, and how it ends is left to reading: the
/// answer, or the end of the connection.
pub(super) struct Socket {
    stream: TcpStream,
    signs: Arc<Signs>,
}

/// What can be seen of a connection from outside while an HTTP library has it.
#[derive(Default)]
pub(super) struct Signs {
    /// The device has stopped taking bytes.
    hung_up: AtomicBool,
    /// Bytes were given to the connection that may not have left this program yet.
    unsent: AtomicBool,
}

impl Signs {
    pub(super) fn hung_up(&self) -> bool {
        self.hung_up.load(Ordering::SeqCst)
    }

    pub(super) fn all_sent(&self) -> bool {
        !self.unsent.load(Ordering::SeqCst)
    }
}

impl Socket {
    pub(super) fn new(stream: TcpStream, signs: &Arc<Signs>) -> Self {
        let signs = Arc::clone(signs);
        Self { stream, signs }
    }

    fn wait_instead<T>(&self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match result {
            Poll::Ready(Err(error)) if is_hung_up(&error) => {
                self.signs.hung_up.store(true, Ordering::SeqCst);
                Poll::Pending
            }
            result => result,
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

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wait_instead(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.wait_instead(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The upper end of a connection, TLS included: sees whether all that was written has been flushed.
pub(super) struct Outlet<S> {
    stream: S,
    signs: Arc<Signs>,
}

impl<S> Outlet<S> {
    pub(super) fn new(stream: S, signs: &Arc<Signs>) -> Self {
        let signs = Arc::clone(signs);
        Self { stream, signs }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Outlet<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Outlet<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.signs.unsent.store(true, Ordering::SeqCst);
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.signs.unsent.store(true, Ordering::SeqCst);
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if matches!(flushed, Poll::Ready(Ok(()))) {
            self.signs.unsent.store(false, Ordering::SeqCst);
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
