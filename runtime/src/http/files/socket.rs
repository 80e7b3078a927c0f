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
    hung_up: Arc<AtomicBool>,
}

impl Socket {
    /// The socket, and a sign that tells whether the device has stopped taking bytes.
    pub(super) fn new(stream: TcpStream) -> (Self, Arc<AtomicBool>) {
        let hung_up = Arc::new(AtomicBool::new(false));
        let sign = Arc::clone(&hung_up);
        (Self { stream, hung_up }, sign)
    }

    fn wait_instead<T>(&self, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match result {
            Poll::Ready(Err(error)) if is_hung_up(&error) => {
                self.hung_up.store(true, Ordering::SeqCst);
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
