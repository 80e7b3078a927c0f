//! TLS, which is somebody else's: the session only needs what it gives.

use tokio::net::TcpStream;

use super::Failure;
use crate::error::Error;
use crate::wamp::error::Stage;
use crate::wamp::socket::Stream;
use crate::wire::BoxFuture;

/// Makes connections safe, for routers at `wss://`.
pub(in crate::wamp) trait Secure: Send + Sync + 'static {
    /// Makes one safe, to a router of this name.
    fn secure<'a>(
        &'a self,
        stream: TcpStream,
        host: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn Stream>, Error>>;
}

pub(super) async fn secure(
    with: Option<&dyn Secure>,
    stream: TcpStream,
    host: &str,
) -> Result<Box<dyn Stream>, Failure> {
    let Some(with) = with else {
        return Err(Failure {
            stage: Stage::Tls,
            error: Error::unsupported(
                "wss:// needs TLS, which this program was built without: turn on the feature `http` of xerus-rpc",
            ),
            permanent: true,
        });
    };
    with.secure(stream, host)
        .await
        .map_err(|error| Failure::passing(Stage::Tls, error))
}
