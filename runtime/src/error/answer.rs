//! Faults of an answer as far as HTTP is concerned.

use core::fmt;
use core::time::Duration;

use super::text::DeviceText;

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
    /// No session was opened, because the device permits each user one session only and there is one.
    SessionLimit,
    /// User name and password are wrong, or one is missing: for wires that have a login of their own.
    LoginRefused,
    /// The device refused these credentials before, and was not asked again: it blocks users who try too often.
    RefusedBefore,
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
    /// The port speaks TLS, and the address says `http`.
    SpeaksTls,
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

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthorized => "login refused (401): check user name and password",
            Self::LoginRefused => "login refused: check user name and password",
            Self::Forbidden => {
                "permission denied (403): the role of this user lacks a privilege; give it to the role, or log in as another user"
            }
            Self::PasswordChangeRequired => {
                "the password must be changed first (451): call setAccountPassword of usermgmt.User on /auth/user/<name>, \
                 which works with the old password, then log in with the new one; Agent::change_password does both"
            }
            Self::SessionLimit => {
                "no session: the device permits one for each user, and this user has one; close that one, wait until its time \
                 is over, or log in as another user"
            }
            Self::RefusedBefore => {
                "login refused before with the same credentials; the device was not asked again, for it blocks users who try \
                 too often: correct them where they come from, or give others to Agent::login"
            }
        })
    }
}

impl fmt::Display for HttpStatusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class() {
            StatusClass::NotFound => f.write_str(
                "no object with this resource id (404): check the id, and whether this model has such an object",
            ),
            StatusClass::RequestTimeout => f.write_str(
                "the device gave up waiting for the request (408): call again; it executed nothing",
            ),
            StatusClass::Server => write!(
                f,
                "the device reports an internal failure ({}): wait until it is up again, and read its state before you \
                 repeat a change",
                self.status
            ),
            StatusClass::Client => write!(
                f,
                "request refused ({}): check that the URL is that of the device's JSON-RPC service",
                self.status
            ),
            StatusClass::Unexpected => write!(
                f,
                "unexpected HTTP status ({}): check what answers at this URL",
                self.status
            ),
        }?;
        if self.excerpt.is_empty() {
            Ok(())
        } else {
            write!(f, " (it says: {})", DeviceText(&self.excerpt))
        }
    }
}

impl fmt::Display for HttpProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Framing => {
                "the answer is not valid HTTP: check the port, and whether it wants https"
            }
            Self::SpeaksTls => "this port speaks TLS: try https:// instead of http://",
            Self::Truncated => "the answer was cut short, because the device or something on the way ended the connection: read the state of the device \
                 before a change is repeated; where it happens again, ask for less in one request, and look at what is on the way",
            Self::ContentEncoding => "the answer has a content encoding that was not asked for: something between here and the device may have added it",
        })
    }
}

impl fmt::Display for TooLargeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "answer too large: {} bytes or more, limit {}; raise max_response_bytes or ask for less",
            self.seen, self.limit
        )
    }
}
