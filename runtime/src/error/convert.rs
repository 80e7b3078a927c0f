//! From each payload of a kind to an error.

use super::{
    ApplicationError, AuthError, BulkError, CgiError, ConfigError, ConnectError, DecodeError,
    EncodeError, EnvelopeError, Error, ErrorKind, FileError, HttpProtocolError, HttpStatusError,
    JsonError, OverflowError, ProtocolError, RedirectError, ReplayError, RpcError, TimeoutError,
    TlsError, TooLargeError, UpdateError,
};

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

/// Each payload of a kind is an error of this crate on its own.
macro_rules! from_payload {
    ($($variant:ident($error:ty)),* $(,)?) => {$(
        impl From<$error> for Error {
            #[cold]
            fn from(error: $error) -> Self {
                Self::new(ErrorKind::$variant(error))
            }
        }
    )*};
}
from_payload!(
    Config(ConfigError),
    Connect(ConnectError),
    Tls(TlsError),
    Timeout(TimeoutError),
    Redirect(RedirectError),
    Auth(AuthError),
    HttpStatus(HttpStatusError),
    HttpProtocol(HttpProtocolError),
    Protocol(ProtocolError),
    ResponseTooLarge(TooLargeError),
    Envelope(EnvelopeError),
    Rpc(RpcError),
    Overflow(OverflowError),
    Encode(EncodeError),
    Bulk(BulkError),
    Application(ApplicationError),
    File(FileError),
    Cgi(CgiError),
    Replay(ReplayError),
    Update(UpdateError),
);

impl From<JsonError> for Error {
    #[cold]
    fn from(error: JsonError) -> Self {
        Self::new(ErrorKind::Json(error))
    }
}

impl From<DecodeError> for Error {
    /// A fault in the JSON text itself becomes kind [`Json`](ErrorKind::Json), with the path where there is one.
    #[cold]
    fn from(error: DecodeError) -> Self {
        match error.json() {
            Some(json) => json.clone().with_path(error.path()).into(),
            None => Self::new(ErrorKind::Decode(error)),
        }
    }
}
