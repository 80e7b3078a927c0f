//! What can go wrong, as data (spec section 9.2).

use core::fmt;
use core::time::Duration;

use super::text::DeviceText;
use super::{BulkError, DecodeError, EncodeError, EnvelopeError, JsonError, RpcError};

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
    /// The call was given up by the program before it ended.
    Cancelled,
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
    /// The answer is larger than the limit of the agent.
    ResponseTooLarge(TooLargeError),
    /// The body is not JSON.
    Json(JsonError),
    /// The body is JSON, but no JSON-RPC answer to this request.
    Envelope(EnvelopeError),
    /// The device answered with a JSON-RPC error object.
    Rpc(RpcError),
    /// The result does not fit the type of the method.
    Decode(DecodeError),
    /// An argument cannot be expressed in JSON or in its IDL type; nothing was sent.
    Encode(EncodeError),
    /// An item of a bulk request failed on its own.
    Bulk(BulkError),
    /// A file endpoint answered with a failure code.
    Cgi(CgiError),
    /// The method worked and returned a code that stands for a failure.
    Application(ApplicationError),
}

/// Something the program asked for cannot be done (kind `Config`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// The device URL cannot be used. The text says why and never repeats a password.
    BadUrl(&'static str),
    /// A resource id that must not become a URL (spec section 1.1).
    BadRid(&'static str),
    /// A value that cannot stand in an HTTP header. The value itself is not shown: it may be a secret.
    BadHeaderValue(&'static str),
    /// A user name that HTTP Basic authentication cannot express (it contains `:` or control characters).
    BadUserName,
    /// A setting outside its range.
    OutOfRange {
        /// The setting.
        setting: &'static str,
        /// The range in words.
        expected: &'static str,
    },
    /// A certificate that cannot be read.
    BadCertificate(String),
    /// The object is of a major version that the bindings do not fit; the text names both.
    MajorMismatch(String),
    /// Something this transport cannot do.
    Unsupported(&'static str),
}

/// Why there is no connection (kind `Connect`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectError {
    /// The host name has no address.
    Dns,
    /// The host answers, but nothing listens on the port.
    Refused,
    /// No route to the host or the network is down.
    Unreachable,
    /// Any other reason; see the source of the error.
    Other,
}

/// Why the connection is not trusted (kind `Tls`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsError {
    /// No trusted authority has signed the certificate.
    UnknownIssuer,
    /// The certificate is for other names than the host of the URL.
    NameMismatch {
        /// The names in the certificate, as far as they are known.
        presented: Vec<String>,
    },
    /// The certificate is past its end.
    Expired,
    /// The certificate is not valid yet; the clock of either side may be wrong.
    NotYetValid,
    /// The certificate is not the pinned one.
    PinMismatch,
    /// Anything else that made the handshake fail, in the words of the TLS library.
    Handshake(String),
}

/// Where in a call the time ran out (kind `Timeout`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// While other calls to the device were ahead in the queue.
    Queue,
    /// While connecting, the TLS handshake included.
    Connect,
    /// While the request was being written.
    Write,
    /// While waiting for the answer to begin.
    FirstByte,
    /// While the answer was coming in.
    Body,
}

/// Time ran out (kind `Timeout`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeoutError {
    /// What the call was doing at that moment.
    pub phase: TimeoutPhase,
    /// The limit that was reached.
    pub limit: Duration,
}

impl TimeoutError {
    /// A call that was still in `phase` when `limit` was over.
    #[must_use]
    pub fn new(phase: TimeoutPhase, limit: Duration) -> Self {
        Self { phase, limit }
    }
}

/// Why a redirect is not followed (kind `Redirect`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectReason {
    /// It leads to another host or port; following it would hand the credentials to a stranger.
    CrossHost,
    /// It leads from https to http.
    Downgrade,
    /// It leads to where it came from, or on from where the one permitted step led.
    Loop,
    /// The answer has no `Location`.
    MissingLocation,
    /// The `Location` is no URL, or one with user name and password.
    InvalidLocation,
    /// It leads elsewhere on the same device, where no JSON-RPC service is expected (a login page, say).
    NotRpc,
    /// It leads from http to https on the same host, and the agent was not built with `upgrade_redirects(true)`.
    UpgradeNotEnabled,
}

/// A redirect that is not followed (kind `Redirect`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedirectError {
    /// Why it is not followed.
    pub reason: RedirectReason,
    /// The HTTP status, 301 to 308.
    pub status: u16,
    /// The origin that was asked.
    pub from: String,
    /// The origin (or the path) that the device named, without credentials.
    pub to: Option<String>,
}

impl RedirectError {
    /// A redirect of `from` to `to`.
    #[must_use]
    pub fn new(
        reason: RedirectReason,
        status: u16,
        from: impl Into<String>,
        to: Option<String>,
    ) -> Self {
        Self {
            reason,
            status,
            from: from.into(),
            to,
        }
    }
}

/// The device refuses the user (kind `Auth`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthError {
    /// Status 401: wrong or missing user name and password, or an unknown or expired session token.
    Unauthorized,
    /// Status 403: the role of the user lacks a privilege.
    Forbidden,
    /// Status 451: the user must change the own password before anything else.
    PasswordChangeRequired,
    /// The device permits no further session of this user.
    SessionLimit,
}

/// Groups of HTTP status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusClass {
    /// 404: no object has this resource id.
    NotFound,
    /// 408: the device waited for a request and got none; nothing was executed.
    RequestTimeout,
    /// 5xx: the device is busy, restarting or broken.
    Server,
    /// The remaining 4xx.
    Client,
    /// Everything else, also 2xx other than 200.
    Unexpected,
}

impl StatusClass {
    /// The group of a status code.
    #[must_use]
    pub fn of(status: u16) -> Self {
        match status {
            404 => Self::NotFound,
            408 => Self::RequestTimeout,
            400..=499 => Self::Client,
            500..=599 => Self::Server,
            _ => Self::Unexpected,
        }
    }
}

/// An HTTP status other than 200 (kind `HttpStatus`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpStatusError {
    /// The status code.
    pub status: u16,
    /// The text of the answer without markup, at most 512 bytes; empty when there was none.
    pub excerpt: String,
    /// How long the device asks to wait before the next attempt (`Retry-After` in seconds), at most a day. It is
    /// reported, never obeyed.
    pub retry_after: Option<Duration>,
}

impl HttpStatusError {
    /// A status with an excerpt of the body.
    #[must_use]
    pub fn new(status: u16, excerpt: impl Into<String>) -> Self {
        Self {
            status,
            excerpt: excerpt.into(),
            retry_after: None,
        }
    }

    /// The group of the status code.
    #[must_use]
    pub fn class(&self) -> StatusClass {
        StatusClass::of(self.status)
    }
}

/// What is wrong with the HTTP of the answer (kind `HttpProtocol`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpProtocolError {
    /// The head or the framing of the body cannot be understood.
    Framing,
    /// The body ended before its declared end.
    Truncated,
    /// The body has a content encoding that was not asked for.
    ContentEncoding,
}

/// An answer larger than permitted (kind `ResponseTooLarge`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TooLargeError {
    /// The limit in bytes.
    pub limit: u64,
    /// The declared size, or what had come in when reading stopped, in bytes.
    pub seen: u64,
}

impl TooLargeError {
    /// An answer of at least `seen` bytes where `limit` are permitted.
    #[must_use]
    pub fn new(limit: u64, seen: u64) -> Self {
        Self { limit, seen }
    }
}

/// A failure code of a file endpoint (kind `Cgi`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CgiError {
    /// The endpoint, such as `fwupload.cgi`.
    pub endpoint: &'static str,
    /// What it answered.
    pub answer: CgiAnswer,
}

impl CgiError {
    /// An answer of `endpoint`.
    #[must_use]
    pub fn new(endpoint: &'static str, answer: CgiAnswer) -> Self {
        Self { endpoint, answer }
    }
}

/// How a file endpoint failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CgiAnswer {
    /// A code that stands for a failure.
    Code {
        /// The code.
        code: i64,
        /// What it means, as documented.
        meaning: &'static str,
    },
    /// The answer lacks the code.
    MissingResponseCode,
    /// The code is no number.
    BadResponseCode,
}

/// A return value that stands for a failure (kind `Application`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationError {
    /// The returned code.
    pub code: i64,
    /// The constant of the interface with this value, if there is one.
    pub constant: Option<&'static str>,
}

impl ApplicationError {
    /// A returned code and the name of its constant.
    #[must_use]
    pub fn new(code: i64, constant: Option<&'static str>) -> Self {
        Self { code, constant }
    }
}

impl ErrorKind {
    /// Stable name of kind and sub-kind, for logs, metrics and tests: `Auth.Unauthorized`, `Decode.MissingField`.
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
                ConfigError::Unsupported(_) => "Config.Unsupported",
            },
            Self::Connect(error) => match error {
                ConnectError::Dns => "Connect.Dns",
                ConnectError::Refused => "Connect.Refused",
                ConnectError::Unreachable => "Connect.Unreachable",
                ConnectError::Other => "Connect.Other",
            },
            Self::Tls(error) => match error {
                TlsError::UnknownIssuer => "Tls.UnknownIssuer",
                TlsError::NameMismatch { .. } => "Tls.NameMismatch",
                TlsError::Expired => "Tls.Expired",
                TlsError::NotYetValid => "Tls.NotYetValid",
                TlsError::PinMismatch => "Tls.PinMismatch",
                TlsError::Handshake(_) => "Tls.Handshake",
            },
            Self::Timeout(error) => match error.phase {
                TimeoutPhase::Queue => "Timeout.Queue",
                TimeoutPhase::Connect => "Timeout.Connect",
                TimeoutPhase::Write => "Timeout.Write",
                TimeoutPhase::FirstByte => "Timeout.FirstByte",
                TimeoutPhase::Body => "Timeout.Body",
            },
            Self::Cancelled => "Cancelled",
            Self::ConnectionLost => "ConnectionLost",
            Self::Redirect(error) => match error.reason {
                RedirectReason::CrossHost => "Redirect.CrossHost",
                RedirectReason::Downgrade => "Redirect.Downgrade",
                RedirectReason::Loop => "Redirect.Loop",
                RedirectReason::MissingLocation => "Redirect.MissingLocation",
                RedirectReason::InvalidLocation => "Redirect.InvalidLocation",
                RedirectReason::NotRpc => "Redirect.NotRpc",
                RedirectReason::UpgradeNotEnabled => "Redirect.UpgradeNotEnabled",
            },
            Self::Auth(error) => match error {
                AuthError::Unauthorized => "Auth.Unauthorized",
                AuthError::Forbidden => "Auth.Forbidden",
                AuthError::PasswordChangeRequired => "Auth.PasswordChangeRequired",
                AuthError::SessionLimit => "Auth.SessionLimit",
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
                HttpProtocolError::Truncated => "HttpProtocol.Truncated",
                HttpProtocolError::ContentEncoding => "HttpProtocol.ContentEncoding",
            },
            Self::ResponseTooLarge(_) => "ResponseTooLarge",
            Self::Json(error) => error.kind().code(),
            Self::Envelope(error) => error.code(),
            Self::Rpc(_) => "Rpc",
            Self::Decode(error) => error.kind().code(),
            Self::Encode(error) => error.kind().code(),
            Self::Bulk(error) => error.code(),
            Self::Cgi(error) => match error.answer {
                CgiAnswer::Code { .. } => "Cgi",
                CgiAnswer::MissingResponseCode => "Cgi.MissingResponseCode",
                CgiAnswer::BadResponseCode => "Cgi.BadResponseCode",
            },
            Self::Application(_) => "Application",
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
            Self::Cancelled => f.write_str("cancelled"),
            Self::ConnectionLost => f.write_str("connection lost before the answer was complete"),
            Self::Redirect(error) => error.fmt(f),
            Self::Auth(error) => error.fmt(f),
            Self::HttpStatus(error) => error.fmt(f),
            Self::HttpProtocol(error) => error.fmt(f),
            Self::ResponseTooLarge(error) => error.fmt(f),
            Self::Json(error) => error.fmt(f),
            Self::Envelope(error) => error.fmt(f),
            Self::Rpc(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Encode(error) => error.fmt(f),
            Self::Bulk(error) => error.fmt(f),
            Self::Cgi(error) => error.fmt(f),
            Self::Application(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadUrl(reason) => write!(f, "bad device URL: {reason}"),
            Self::BadRid(reason) => write!(f, "bad resource id: {reason}"),
            Self::BadHeaderValue(header) => {
                write!(
                    f,
                    "bad value for the header {header}: only visible ASCII characters and blanks are permitted"
                )
            }
            Self::BadUserName => {
                f.write_str("bad user name: it must not contain `:` or control characters")
            }
            Self::OutOfRange { setting, expected } => {
                write!(f, "bad value for {setting}: expected {expected}")
            }
            Self::BadCertificate(reason) => write!(f, "bad certificate: {}", DeviceText(reason)),
            Self::MajorMismatch(text) => DeviceText(text).fmt(f),
            Self::Unsupported(what) => f.write_str(what),
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "host not found: check the name of the device",
            Self::Refused => {
                "connection refused: check that the device is up and the port is right"
            }
            Self::Unreachable => "host unreachable: check the address and the network",
            Self::Other => "cannot connect",
        })
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownIssuer => f.write_str(
                "certificate not trusted: unknown issuer (give the device's CA to the agent)",
            ),
            Self::NameMismatch { presented } if presented.is_empty() => {
                f.write_str("certificate not trusted: it is for another host name")
            }
            Self::NameMismatch { presented } => {
                let names = presented.join(", ");
                write!(
                    f,
                    "certificate not trusted: it is for another host name ({})",
                    DeviceText(&names)
                )
            }
            Self::Expired => f.write_str("certificate not trusted: expired"),
            Self::NotYetValid => {
                f.write_str("certificate not trusted: not valid yet (check the clocks)")
            }
            Self::PinMismatch => f.write_str("certificate not trusted: it is not the pinned one"),
            Self::Handshake(reason) => write!(f, "TLS handshake failed: {}", DeviceText(reason)),
        }
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let doing = match self.phase {
            TimeoutPhase::Queue => "waiting for earlier calls",
            TimeoutPhase::Connect => "connecting",
            TimeoutPhase::Write => "sending the request",
            TimeoutPhase::FirstByte => "waiting for the answer",
            TimeoutPhase::Body => "reading the answer",
        };
        write!(f, "timed out after {:?} {doing}", self.limit)
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            RedirectReason::CrossHost => "to another host",
            RedirectReason::Downgrade => "from https to http",
            RedirectReason::Loop => "in a loop",
            RedirectReason::MissingLocation => "to nowhere",
            RedirectReason::InvalidLocation => "to an unusable address",
            RedirectReason::NotRpc => "away from the JSON-RPC service",
            RedirectReason::UpgradeNotEnabled => "to https (use the https URL)",
        };
        write!(
            f,
            "redirect {reason} not followed ({}): {}",
            self.status,
            DeviceText(&self.from)
        )?;
        match &self.to {
            Some(to) => write!(f, " -> {}", DeviceText(to)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthorized => "login refused (401): check user name and password",
            Self::Forbidden => "permission denied (403): the role of this user lacks a privilege",
            Self::PasswordChangeRequired => "the password must be changed first (451)",
            Self::SessionLimit => "the device permits no further session of this user",
        })
    }
}

impl fmt::Display for HttpStatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class() {
            StatusClass::NotFound => f.write_str("no object with this resource id (404)"),
            StatusClass::RequestTimeout => {
                f.write_str("the device gave up waiting for the request (408)")
            }
            StatusClass::Server => write!(
                f,
                "the device reports an internal failure ({})",
                self.status
            ),
            StatusClass::Client => write!(f, "request refused ({})", self.status),
            StatusClass::Unexpected => write!(f, "unexpected HTTP status ({})", self.status),
        }?;
        if self.excerpt.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", DeviceText(&self.excerpt))
        }
    }
}

impl fmt::Display for HttpProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Framing => "the answer is not valid HTTP",
            Self::Truncated => "the answer was cut short",
            Self::ContentEncoding => "the answer has an unknown content encoding",
        })
    }
}

impl fmt::Display for TooLargeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "answer too large: {} bytes or more, limit {}",
            self.seen, self.limit
        )
    }
}

impl fmt::Display for CgiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            CgiAnswer::Code { code, meaning } => {
                write!(f, "{} failed with code {code}: {meaning}", self.endpoint)
            }
            CgiAnswer::MissingResponseCode => {
                write!(f, "{} answered without a response code", self.endpoint)
            }
            CgiAnswer::BadResponseCode => write!(
                f,
                "{} answered with an unreadable response code",
                self.endpoint
            ),
        }
    }
}

impl fmt::Display for ApplicationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.constant {
            Some(name) => write!(f, "the device returned {name} ({})", self.code),
            None => write!(f, "the device returned code {}", self.code),
        }
    }
}
