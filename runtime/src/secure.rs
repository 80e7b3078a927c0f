//! Connections that somebody else makes safe: where TLS is asked for by what does not know whose it is.

use tokio::io::{AsyncRead, AsyncWrite};

use crate::error::Error;
use crate::wire::BoxFuture;

/// What bytes go over.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// A stream on the heap, whatever is below it.
pub type BoxByteStream = Box<dyn ByteStream>;

/// Makes connections safe.
pub trait Secure: Send + Sync + 'static {
    /// Makes one safe, to a host of this name at this port. The caller limits the time.
    fn secure<'a>(
        &'a self,
        stream: BoxByteStream,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, Result<BoxByteStream, Error>>;
}
