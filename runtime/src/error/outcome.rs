//! What an error means for the next step: was the call executed, may it be repeated?

use super::whereabouts::Outcome;
use super::{BulkError, Error, ErrorKind, ErrorMeaning, StatusClass};

/// The error classes that the vendor's clients document, for programs that are ported from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[doc(alias("HttpException", "JsonRpcErrorException", "JsonRpcSyntaxException"))]
pub enum ErrorClass {
    /// `HttpException`: the call did not come back as an answer with status 200.
    #[doc(alias = "HttpException")]
    Http,
    /// `JsonRpcErrorException`: the device answered with an error.
    #[doc(alias = "JsonRpcErrorException")]
    JsonRpc,
    /// `JsonRpcSyntaxException`: the answer is not what the interface says.
    #[doc(alias = "JsonRpcSyntaxException")]
    JsonRpcSyntax,
    /// None of the documented ones: the fault lies in the program.
    Local,
}

impl ErrorClass {
    /// The name of the exception in the vendor's Python client: `HttpException`, `JsonRpcErrorException` or
    /// `JsonRpcSyntaxException`. `None` for [`Local`](Self::Local), where that client raises whatever Python has.
    ///
    /// ```
    /// use xerus_rpc::Error;
    /// use xerus_rpc::error::{AuthError, ErrorClass};
    ///
    /// let error = Error::from(AuthError::Unauthorized);
    /// assert_eq!(error.class(), ErrorClass::Http);
    /// assert_eq!(error.class().exception(), Some("HttpException"));
    /// ```
    #[must_use]
    pub const fn exception(self) -> Option<&'static str> {
        match self {
            Self::Http => Some("HttpException"),
            Self::JsonRpc => Some("JsonRpcErrorException"),
            Self::JsonRpcSyntax => Some("JsonRpcSyntaxException"),
            Self::Local => None,
        }
    }
}

impl Error {
    /// Whether the device executed the call.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let context = &self.0.context;
        if let Some(outcome) = context.outcome {
            return outcome;
        }
        match &self.0.kind {
            ErrorKind::Config(_)
            | ErrorKind::Encode(_)
            | ErrorKind::Connect(_)
            | ErrorKind::Replay(_) => Outcome::NotExecuted,
            // The handshake comes first; only an alert of the peer can arrive later.
            ErrorKind::Tls(_) if context.sent != Some(true) => Outcome::NotExecuted,
            // Refusals come instead of the execution.
            ErrorKind::Auth(_) => Outcome::NotExecuted,
            ErrorKind::Redirect(error) => of_redirect(error.status),
            ErrorKind::HttpStatus(error) => of_status(error.class()),
            // Most known meanings are reasons not to begin, but what has a result was begun.
            ErrorKind::Rpc(error) if error.result.is_none() && error.says_why() => {
                Outcome::NotExecuted
            }
            ErrorKind::Rpc(_) => Outcome::Unknown,
            ErrorKind::Update(error) if !error.is_after_writing() => Outcome::NotExecuted,
            ErrorKind::Decode(_) | ErrorKind::Application(_) | ErrorKind::Update(_) => {
                Outcome::Executed
            }
            ErrorKind::Bulk(BulkError::MissingResponse | BulkError::ForeignAgent) => {
                Outcome::NotExecuted
            }
            ErrorKind::Bulk(BulkError::SubHttpStatus(status)) => u16::try_from(*status)
                .map_or(Outcome::Unknown, |status| {
                    of_status(StatusClass::of(status))
                }),
            ErrorKind::Timeout(error) if error.phase.is_before_sending() => Outcome::NotExecuted,
            _ if context.sent == Some(false) => Outcome::NotExecuted,
            _ => Outcome::Unknown,
        }
    }

    /// Whether the device may have executed the call: [`outcome`](Self::outcome) is not
    /// [`NotExecuted`](Outcome::NotExecuted).
    #[must_use]
    pub fn may_have_executed(&self) -> bool {
        self.outcome() != Outcome::NotExecuted
    }

    /// Whether making the call again may help and does no harm.
    ///
    /// True for failures that pass (no connection, timeouts, a lost connection, a busy device), provided that the call
    /// was not executed, or that it is [repeatable](crate::Call::repeatable).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let passing = match &self.0.kind {
            ErrorKind::Connect(_)
            | ErrorKind::Timeout(_)
            | ErrorKind::ConnectionLost
            | ErrorKind::HttpProtocol(_)
            | ErrorKind::Protocol(_)
            | ErrorKind::Bulk(BulkError::MissingResponse) => true,
            ErrorKind::HttpStatus(error) => {
                matches!(
                    error.class(),
                    StatusClass::RequestTimeout | StatusClass::Server
                )
            }
            ErrorKind::Rpc(error) => error.meaning == Some(ErrorMeaning::Unavailable),
            ErrorKind::Bulk(BulkError::SubHttpStatus(status)) => {
                *status == 408 || (500..600).contains(status)
            }
            _ => false,
        };
        passing && (!self.may_have_executed() || self.0.context.repeatable)
    }

    /// The documented class of the vendor's clients that this error falls into.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        match &self.0.kind {
            ErrorKind::File(error) if error.is_local() => ErrorClass::Local,
            ErrorKind::Config(_)
            | ErrorKind::Encode(_)
            | ErrorKind::Replay(_)
            | ErrorKind::Update(_)
            | ErrorKind::Overflow(_)
            | ErrorKind::Bulk(BulkError::ForeignAgent | BulkError::ForeignHandle) => {
                ErrorClass::Local
            }
            ErrorKind::Connect(_)
            | ErrorKind::Tls(_)
            | ErrorKind::Timeout(_)
            | ErrorKind::ConnectionLost
            | ErrorKind::Redirect(_)
            | ErrorKind::Auth(_)
            | ErrorKind::HttpStatus(_)
            | ErrorKind::HttpProtocol(_)
            | ErrorKind::Protocol(_)
            | ErrorKind::ResponseTooLarge(_)
            | ErrorKind::File(_)
            | ErrorKind::Cgi(_)
            | ErrorKind::Bulk(_) => ErrorClass::Http,
            ErrorKind::Rpc(_) | ErrorKind::Application(_) => ErrorClass::JsonRpc,
            ErrorKind::Json(_) | ErrorKind::Envelope(_) | ErrorKind::Decode(_) => {
                ErrorClass::JsonRpcSyntax
            }
        }
    }
}

/// What a redirect says about the execution: nothing for 303, which tells where the result of what was executed is.
fn of_redirect(status: u16) -> Outcome {
    match status {
        301 | 302 | 307 | 308 => Outcome::NotExecuted,
        _ => Outcome::Unknown,
    }
}

/// What a status says about the execution.
fn of_status(class: StatusClass) -> Outcome {
    match class {
        // 4xx: the request itself was refused (`docs/protocol/http.md`, Status codes).
        StatusClass::NotFound | StatusClass::RequestTimeout | StatusClass::Client => {
            Outcome::NotExecuted
        }
        StatusClass::Server | StatusClass::Unexpected => Outcome::Unknown,
    }
}
