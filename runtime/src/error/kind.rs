//! What can go wrong, as data.

use core::fmt;

use super::answer::{AuthError, HttpProtocolError, HttpStatusError, StatusClass, TooLargeError};
use super::config::ConfigError;
use super::connection::{ConnectError, RedirectError, RedirectReason, TimeoutError, TimeoutPhase};
use super::device::ApplicationError;
use super::tls::TlsError;
use super::{
    BulkError, CgiError, DecodeError, EncodeError, EnvelopeError, FileError, JsonError,
    OverflowError, ProtocolError, ReplayError, RpcError, UpdateError,
};

/// What went wrong. One variant per stage of a call; the payload tells the rest.
///
/// New kinds and sub-kinds may be added in any release, so match with a `_` arm.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The program asked for something impossible; nothing was sent.
    Config(ConfigError),
    /// No connection to the device.
    Connect(ConnectError),
    /// No *trusted* connection to the device.
    Tls(TlsError),
    /// Time ran out.
    Timeout(TimeoutError),
    /// The connection broke before the answer was complete.
    ConnectionLost,
    /// The device answered with a redirect that is not followed.
    Redirect(RedirectError),
    /// The device refuses this user.
    Auth(AuthError),
    /// The device answered with an HTTP status other than 200.
    HttpStatus(HttpStatusError),
    /// What came back is not well-formed HTTP.
    HttpProtocol(HttpProtocolError),
    /// What came back is not what this wire speaks; for wires other than HTTP.
    Protocol(ProtocolError),
    /// The answer is larger than the limit of the agent.
    ResponseTooLarge(TooLargeError),
    /// The body is not JSON.
    Json(JsonError),
    /// The body is JSON, but no JSON-RPC answer to this request.
    Envelope(EnvelopeError),
    /// The device answered with a JSON-RPC error object.
    Rpc(RpcError),
    /// What the call reported came faster than it was read, which the program wants to be an error.
    Overflow(OverflowError),
    /// The result does not fit the type of the method.
    Decode(DecodeError),
    /// An argument cannot be expressed in JSON or in its IDL type; nothing was sent.
    Encode(EncodeError),
    /// An item of a bulk request failed on its own.
    Bulk(BulkError),
    /// The method worked and returned a code that stands for a failure.
    Application(ApplicationError),
    /// A file could not be passed on between the program and the device.
    File(FileError),
    /// The device refused an upload with a code, or answered without a code that can be understood.
    Cgi(CgiError),
    /// The program does not do what was recorded; nothing was sent.
    Replay(ReplayError),
    /// What was read and changed was not written back, or not kept.
    Update(UpdateError),
}

impl ErrorKind {
    /// Stable name of kind and sub-kind, for logs, metrics and tests: `Auth.Unauthorized`, `Decode.MissingField`.
    /// [A page](https://github.com/xerus-rs/xerus-rs/blob/main/docs/protocol/errors.md) lists all of them, with what to do.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config(error) => match error {
                ConfigError::BadUrl(_) => "Config.BadUrl",
                ConfigError::BadRid(_) => "Config.BadRid",
                ConfigError::BadHeaderValue(_) => "Config.BadHeaderValue",
                ConfigError::BadUserName => "Config.BadUserName",
                ConfigError::OutOfRange { .. } => "Config.OutOfRange",
                ConfigError::BadCertificate(_) => "Config.BadCertificate",
                ConfigError::MajorMismatch(_) => "Config.MajorMismatch",
                ConfigError::BadTicket(_) => "Config.BadTicket",
                ConfigError::NoCredentials(_) => "Config.NoCredentials",
                ConfigError::Unsupported(_) => "Config.Unsupported",
            },
            Self::Connect(error) => match error {
                ConnectError::Dns => "Connect.Dns",
                ConnectError::Refused => "Connect.Refused",
                ConnectError::Unreachable => "Connect.Unreachable",
                ConnectError::UnknownZone => "Connect.UnknownZone",
                ConnectError::LocalAddress => "Connect.LocalAddress",
                ConnectError::ProxyUnreachable => "Connect.ProxyUnreachable",
                ConnectError::ProxyRefused => "Connect.ProxyRefused",
                ConnectError::Full => "Connect.Full",
                ConnectError::Silent => "Connect.Silent",
                ConnectError::NoWebSocket => "Connect.NoWebSocket",
                ConnectError::Other => "Connect.Other",
            },
            Self::Tls(error) => error.code(),
            Self::Timeout(error) => match error.phase {
                TimeoutPhase::Queue => "Timeout.Queue",
                TimeoutPhase::Connect => "Timeout.Connect",
                TimeoutPhase::Tls => "Timeout.Tls",
                TimeoutPhase::Write => "Timeout.Write",
                TimeoutPhase::FirstByte => "Timeout.FirstByte",
                TimeoutPhase::Body => "Timeout.Body",
                TimeoutPhase::Action => "Timeout.Action",
                TimeoutPhase::Runtime => "Timeout.Runtime",
            },
            Self::ConnectionLost => "ConnectionLost",
            Self::Redirect(error) => match error.reason {
                RedirectReason::CrossHost => "Redirect.CrossHost",
                RedirectReason::Downgrade => "Redirect.Downgrade",
                RedirectReason::Loop => "Redirect.Loop",
                RedirectReason::MissingLocation => "Redirect.MissingLocation",
                RedirectReason::InvalidLocation => "Redirect.InvalidLocation",
                RedirectReason::NotRpc => "Redirect.NotRpc",
                RedirectReason::AlreadySent => "Redirect.AlreadySent",
                RedirectReason::UpgradeNotEnabled => "Redirect.UpgradeNotEnabled",
            },
            Self::Auth(error) => match error {
                AuthError::Unauthorized => "Auth.Unauthorized",
                AuthError::Forbidden => "Auth.Forbidden",
                AuthError::PasswordChangeRequired => "Auth.PasswordChangeRequired",
                AuthError::SessionLimit => "Auth.SessionLimit",
                AuthError::LoginRefused => "Auth.LoginRefused",
                AuthError::RefusedBefore => "Auth.RefusedBefore",
            },
            Self::HttpStatus(error) => match error.class() {
                StatusClass::NotFound => "HttpStatus.NotFound",
                StatusClass::RequestTimeout => "HttpStatus.RequestTimeout",
                StatusClass::Server => "HttpStatus.Server",
                StatusClass::Client => "HttpStatus.Client",
                StatusClass::Unexpected => "HttpStatus.Unexpected",
            },
            Self::HttpProtocol(error) => match error {
                HttpProtocolError::Framing => "HttpProtocol.Framing",
                HttpProtocolError::SpeaksTls => "HttpProtocol.SpeaksTls",
                HttpProtocolError::Truncated => "HttpProtocol.Truncated",
                HttpProtocolError::ContentEncoding => "HttpProtocol.ContentEncoding",
            },
            Self::Protocol(_) => "Protocol",
            Self::ResponseTooLarge(_) => "ResponseTooLarge",
            Self::Json(error) => error.kind().code(),
            Self::Envelope(error) => error.code(),
            Self::Rpc(_) => "Rpc",
            Self::Overflow(_) => "Overflow",
            Self::Decode(error) => error.kind().code(),
            Self::Encode(error) => error.kind().code(),
            Self::Bulk(error) => error.code(),
            Self::Application(_) => "Application",
            Self::File(error) => error.code(),
            Self::Cgi(error) => error.code(),
            Self::Replay(error) => error.code(),
            Self::Update(error) => match error {
                UpdateError::Conflict { .. } => "Update.Conflict",
                UpdateError::NotKept { .. } => "Update.NotKept",
                UpdateError::Incomplete(_) => "Update.Incomplete",
                UpdateError::NotTaken(_) => "Update.NotTaken",
            },
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Connect(error) => error.fmt(f),
            Self::Tls(error) => error.fmt(f),
            Self::Timeout(error) => error.fmt(f),
            Self::ConnectionLost => f.write_str("connection lost before the answer was complete"),
            Self::Redirect(error) => error.fmt(f),
            Self::Auth(error) => error.fmt(f),
            Self::HttpStatus(error) => error.fmt(f),
            Self::HttpProtocol(error) => error.fmt(f),
            Self::Protocol(error) => error.fmt(f),
            Self::ResponseTooLarge(error) => error.fmt(f),
            Self::Json(error) => write!(f, "{error}{}", error.way_out()),
            Self::Envelope(error) => write!(f, "{error}{}", error.way_out()),
            Self::Rpc(error) => error.fmt(f),
            Self::Overflow(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Encode(error) => error.fmt(f),
            Self::Bulk(error) => error.fmt(f),
            Self::Application(error) => error.fmt(f),
            Self::File(error) => error.fmt(f),
            Self::Cgi(error) => error.fmt(f),
            Self::Replay(error) => error.fmt(f),
            Self::Update(error) => error.fmt(f),
        }
    }
}
