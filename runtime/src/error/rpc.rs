//! Errors that a device answers with.

use std::borrow::Cow;
use std::fmt;

use super::decode::DecodeError;
use super::text::DeviceText;
use crate::json_text::Json;

/// The code of an error that a device answers with. Wires differ in what they have for codes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// A number: JSON-RPC.
    Number(i64),
    /// A word.
    Text(Cow<'static, str>),
    /// A URI: WAMP.
    Uri(Cow<'static, str>),
}

impl ErrorCode {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(_) | Self::Uri(_) => None,
        }
    }

    /// The word or URI, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Number(_) => None,
            Self::Text(text) | Self::Uri(text) => Some(text),
        }
    }
}

impl From<i64> for ErrorCode {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl PartialEq<i64> for ErrorCode {
    fn eq(&self, other: &i64) -> bool {
        self.number() == Some(*other)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) | Self::Uri(text) => DeviceText(text).fmt(f),
        }
    }
}

/// What an error code says about the call, on every wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorMeaning {
    /// The device could not read the request.
    InvalidRequest,
    /// There is no such method.
    MethodNotFound,
    /// There is no such object.
    ObjectNotFound,
    /// An argument is missing or has another type.
    InvalidArguments,
    /// The role of the user lacks a privilege.
    PermissionDenied,
    /// No user is logged in, or no longer.
    NotLoggedIn,
    /// Not now: the device is busy or restarts, and has not begun. The same call may work later. Over WAMP it is
    /// [`Error::outcome`](crate::Error::outcome) that tells whether something was begun: this may be what a callee got itself.
    Unavailable,
    /// The unit that the call was to be passed on to cannot be reached. It may have executed the call before the way broke.
    UnitUnreachable,
    /// The action that was asked after goes on.
    ActionRunning,
    /// The action that was asked after has ended and did what was asked, and something small went wrong.
    ActionDone,
    /// The action that was asked after has ended, and failed.
    ActionFailed,
    /// The device no longer knows the action that was asked after, nor how it ended.
    ActionLost,
}

impl ErrorMeaning {
    /// What JSON-RPC and Xerus devices mean by a number.
    #[must_use]
    pub const fn of_number(number: i64) -> Option<Self> {
        match number {
            -32700 | -32600 => Some(Self::InvalidRequest),
            -32601 => Some(Self::MethodNotFound),
            -32602 => Some(Self::InvalidArguments),
            -32001 => Some(Self::PermissionDenied),
            _ => None,
        }
    }

    /// Whether it is a reason for not having begun what was asked.
    pub(crate) const fn is_before_execution(self) -> bool {
        !matches!(
            self,
            Self::UnitUnreachable
                | Self::ActionRunning
                | Self::ActionDone
                | Self::ActionFailed
                | Self::ActionLost
        )
    }

    /// What devices mean by words alone. Their codes are numbers: where codes are words and URIs, anybody says these words of anything.
    fn of_words(code: &ErrorCode, message: &str) -> Option<Self> {
        let says_so = || {
            let message = message.to_ascii_lowercase();
            message.contains("insufficient privilege")
        };
        (code.number().is_some() && says_so()).then_some(Self::PermissionDenied)
    }
}

/// The error of an answer: the device understood the request and refused it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RpcError {
    /// The code; −32601 is "method not found", −32001 is a missing privilege.
    pub code: ErrorCode,
    /// What the code means, where that is known.
    pub meaning: Option<ErrorMeaning>,
    /// What the method calls the code, where its description has a name for it.
    pub name: Option<&'static str>,
    /// The device's words; empty when it gave none.
    pub message: String,
    /// More, as the device sent it.
    pub data: Option<Json>,
    /// The result that came beside the error, on wires where one does not exclude the other.
    pub result: Option<Json>,
    /// Why what came with the error is no value of the type that was asked for ([`Error::downcast`](crate::Error::downcast)).
    pub misfit: Option<DecodeError>,
    pub(crate) standing: Standing,
}

/// What an error says of its call beside its code. Errors that say the same to people are equal all the same.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Standing {
    /// It was that of a call: a servant that passes it on says nothing of its own call with it.
    received: bool,
    /// The call was begun, whatever the code says.
    begun: bool,
}

impl PartialEq for Standing {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Standing {}

impl RpcError {
    /// An error without `data`, with the meaning that JSON-RPC gives its code, or that its words have where the code is a
    /// number that has none: some firmware tells a missing privilege in words only.
    #[must_use]
    pub fn new(code: impl Into<ErrorCode>, message: impl Into<String>) -> Self {
        let (code, message) = (code.into(), message.into());
        let of_code = code.number().and_then(ErrorMeaning::of_number);
        Self {
            meaning: of_code.or_else(|| ErrorMeaning::of_words(&code, &message)),
            code,
            name: None,
            message,
            data: None,
            result: None,
            misfit: None,
            standing: Standing::default(),
        }
    }

    /// Notes that it is what a call came to.
    pub(super) fn receive(&mut self) {
        self.standing.received = true;
    }

    /// Whether it is what a call came to, and not what a servant says of the call that it answers.
    #[cfg(any(feature = "ripex2", feature = "wamp"))]
    pub(crate) fn is_received(&self) -> bool {
        self.standing.received
    }

    /// Notes that the call was begun, whatever the code says.
    pub(crate) fn begun(mut self) -> Self {
        self.standing.begun = true;
        self
    }

    /// Whether it is said that the call was begun, whatever the code says.
    pub(crate) fn is_begun(&self) -> bool {
        self.standing.begun
    }

    /// Whether a servant that answers with it may have begun: it says so, or passes on what a call of its own came to.
    pub(crate) fn may_be_begun(&self) -> bool {
        self.standing.begun || self.standing.received
    }

    /// Whether number and words alone say that nothing was begun.
    pub(crate) fn denies_by_number(number: i64, message: &str) -> bool {
        Self::new(number, message).says_why()
    }

    /// The same with a number for its code.
    pub(crate) fn with_code(mut self, number: i64) -> Self {
        self.code = ErrorCode::Number(number);
        self
    }

    /// Adds what the device sent beside code and message.
    #[must_use]
    pub fn with_data(mut self, data: Json) -> Self {
        self.data = Some(data);
        self
    }

    /// Adds the result that stands beside the error.
    #[must_use]
    pub fn with_result(mut self, result: Json) -> Self {
        self.result = Some(result);
        self
    }

    /// Says what the code means.
    #[must_use]
    pub fn with_meaning(mut self, meaning: ErrorMeaning) -> Self {
        self.meaning = Some(meaning);
        self
    }

    /// The number, unless what it means says as much: for wires whose codes are no numbers.
    #[cfg(any(feature = "ripex2", feature = "wamp"))]
    pub(crate) fn number_beside_meaning(&self) -> Option<i64> {
        /// With which JSON-RPC says that there is no such object, too.
        const METHOD_NOT_FOUND: i64 = -32601;
        let is_said = |number| match self.meaning {
            None => false,
            Some(ErrorMeaning::ObjectNotFound) => number == METHOD_NOT_FOUND,
            meaning => ErrorMeaning::of_number(number) == meaning,
        };
        self.code.number().filter(|number| !is_said(*number))
    }

    /// The user lacks a privilege, by the code or by the words.
    pub(super) fn is_permission_denied(&self) -> bool {
        self.meaning == Some(ErrorMeaning::PermissionDenied)
            || (!self.is_begun() && ErrorMeaning::of_words(&self.code, &self.message).is_some())
    }

    /// Whether it is known that the device did not begin.
    pub(super) fn says_why(&self) -> bool {
        let says_so = self.meaning.is_some_and(ErrorMeaning::is_before_execution)
            || self.is_permission_denied();
        says_so && !self.is_begun()
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.code {
            ErrorCode::Uri(_) => "the answer is error ",
            ErrorCode::Number(_) | ErrorCode::Text(_) => "the device answered with error ",
        })?;
        match self.name {
            Some(name) => write!(f, "{name} ({})", self.code)?,
            None => write!(f, "{}", self.code)?,
        }
        if !self.message.is_empty() {
            write!(f, ": {}", DeviceText(&self.message))?;
        }
        if let Some(misfit) = &self.misfit {
            write!(
                f,
                "; what came with it does not fit the description: {misfit}; compare that with the description that the peer has"
            )?;
        }
        match self.meaning {
            Some(meaning) => write!(f, " ({})", meaning.cure(&self.code)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RpcError {}
