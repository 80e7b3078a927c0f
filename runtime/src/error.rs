//! The one error type of this crate, its kinds and what they mean.

mod absence;
mod answer;
mod bulk;
mod cgi;
mod config;
mod connection;
mod convert;
mod cure;
mod decode;
mod device;
mod difference;
mod encode;
mod envelope;
mod file;
mod fingerprint;
mod inside;
mod json;
mod kind;
mod outcome;
mod overflow;
mod path;
mod protocol;
mod replay;
mod rpc;
mod show;
pub(crate) mod text;
mod tls;
mod update;
mod whereabouts;

use std::borrow::Cow;
use std::sync::Arc;

pub(crate) use absence::Absence;
pub use answer::{AuthError, HttpProtocolError, HttpStatusError, StatusClass, TooLargeError};
pub use bulk::BulkError;
pub use cgi::{CgiError, CgiRefusal};
pub use config::ConfigError;
pub(crate) use config::OTHER_MAJOR;
pub use connection::{ConnectError, RedirectError, RedirectReason, TimeoutError, TimeoutPhase};
pub use decode::{DecodeError, DecodeErrorKind};
pub use device::ApplicationError;
pub(crate) use difference::Shown;
pub use difference::{Change, Difference};
pub use encode::{EncodeError, EncodeErrorKind};
pub use envelope::EnvelopeError;
pub use file::FileError;
pub use fingerprint::Fingerprint;
pub use json::{JsonError, JsonErrorKind};
pub use kind::ErrorKind;
pub use outcome::ErrorClass;
pub use overflow::OverflowError;
pub(crate) use path::cut;
pub use protocol::ProtocolError;
pub use replay::ReplayError;
pub use rpc::{ErrorCode, ErrorMeaning, RpcError};
pub use tls::{TlsError, TlsErrorKind};
pub use update::UpdateError;

pub use self::whereabouts::Outcome;
use self::whereabouts::Whereabouts;
use crate::id::RequestId;
use crate::meta::Meta;

/// Why a call has no result.
///
/// One pointer wide and cheap to pass on. [`kind`](Self::kind) says what went wrong, [`outcome`](Self::outcome)
/// whether the device may have executed the call, and the remaining accessors where it happened. `Display` is one
/// line for people:
///
/// ```text
/// https://pdu.example.com: login refused (401): check user name and password (getState on /model/pdu/0)
/// ```
///
/// Neither `Display` nor `Debug` shows passwords, tokens or message bodies. Only of an error page the first words are
/// shown.
#[derive(Clone)]
#[doc(alias(
    "HttpException",
    "JsonRpcErrorException",
    "JsonRpcSyntaxException",
    "DecodeException"
))]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    context: Whereabouts,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error without context.
    ///
    /// A transport adds the context with [`with_origin`](Self::with_origin), [`with_call`](Self::with_call) and
    /// [`with_sent`](Self::with_sent).
    #[must_use]
    #[cold]
    pub fn new(mut kind: ErrorKind) -> Self {
        if let ErrorKind::Rpc(error) = &mut kind {
            error.receive();
        }
        Self(Box::new(Inner {
            kind,
            context: Whereabouts::default(),
            source: None,
        }))
    }

    /// Adds the origin of the device, which must not contain credentials. An origin that is already there stays.
    #[must_use]
    pub fn with_origin(mut self, origin: impl Into<Arc<str>>) -> Self {
        self.0.context.origin.get_or_insert_with(|| origin.into());
        self
    }

    /// Adds what was called. What is already there stays.
    #[must_use]
    pub fn with_call(
        mut self,
        rid: impl Into<Arc<str>>,
        method: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.0.context.rid.get_or_insert_with(|| rid.into());
        self.0.context.method.get_or_insert_with(|| method.into());
        self
    }

    /// Adds the id of the request.
    #[must_use]
    pub fn with_request_id(mut self, id: RequestId) -> Self {
        self.0.context.request_id.get_or_insert(id);
        self
    }

    /// Says whether any byte of the request went out, and whether the request may be repeated.
    #[must_use]
    pub fn with_sent(mut self, sent: bool, repeatable: bool) -> Self {
        self.0.context.sent.get_or_insert(sent);
        self.0.context.repeatable |= repeatable;
        self
    }

    /// Notes that the request went out without any credentials: a refused login then has another cure.
    #[cfg(feature = "http")]
    pub(crate) fn without_credentials(mut self) -> Self {
        self.0.context.anonymous = true;
        self
    }

    /// Notes that the device knows who made the request: what was refused is then the request, not the login.
    pub(crate) fn of_known_user(mut self) -> Self {
        self.0.context.known = true;
        self
    }

    /// Notes that it was the login that failed, so that the call itself was never sent.
    #[cfg(feature = "ripex2")]
    pub(crate) fn of_the_login(mut self) -> Self {
        self.0.context.login = true;
        self.with_outcome(Outcome::NotExecuted)
    }

    /// Overrides what [`outcome`](Self::outcome) would conclude from the kind.
    #[must_use]
    pub fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.context.outcome = Some(outcome);
        self
    }

    /// The error for a result that cannot be read, of an answer that is one: the call was executed, whatever is wrong with
    /// the result.
    #[cold]
    pub(crate) fn in_the_result(error: DecodeError) -> Self {
        Self::from(error).with_outcome(Outcome::Executed)
    }

    /// Takes back that the call was executed: what could not be read was not yet its result.
    pub(crate) fn before_the_result(self) -> Self {
        if self.outcome() == Outcome::Executed {
            self.with_outcome(Outcome::Unknown)
        } else {
            self
        }
    }

    /// Makes the error one of a call of which an earlier attempt was lost, and may have been executed: nothing that came
    /// later can undo that.
    pub(crate) fn after_a_lost_attempt(self) -> Self {
        if self.outcome() == Outcome::NotExecuted {
            self.with_outcome(Outcome::Unknown)
        } else {
            self
        }
    }

    /// Makes the error one that stands for other calls, too: whether any of them may have been executed, and whether all
    /// may be repeated.
    pub(crate) fn with_others(mut self, may_have_executed: bool, repeatable: bool) -> Self {
        self.0.context.repeatable &= repeatable;
        if may_have_executed && self.outcome() == Outcome::NotExecuted {
            return self.with_outcome(Outcome::Unknown);
        }
        self
    }

    /// Adds what the wire knows beside the error: who answered, with which warnings. What is already there stays.
    #[must_use]
    pub fn with_meta(mut self, meta: Meta) -> Self {
        self.0.context.meta.get_or_insert_with(|| Box::new(meta));
        self
    }

    /// Adds how many reported values were lost before it.
    #[cfg(feature = "wamp")]
    pub(crate) fn with_missed(mut self, missed: u64) -> Self {
        if missed > 0 {
            self.0.context.meta.get_or_insert_default().missed = missed;
        }
        self
    }

    /// Replaces the error that a device answered with.
    pub(crate) fn with_rpc(mut self, replace: impl FnOnce(RpcError) -> RpcError) -> Self {
        if let ErrorKind::Rpc(error) = &mut self.0.kind {
            *error = replace(error.clone());
        }
        self
    }

    /// Adds the name of the code that a device answered with, unless it is there.
    pub(crate) fn with_name(mut self, name: impl FnOnce(&str) -> Option<&'static str>) -> Self {
        if let ErrorKind::Rpc(error) = &mut self.0.kind
            && error.name.is_none()
        {
            error.name = match &error.code {
                ErrorCode::Number(number) => name(&number.to_string()),
                ErrorCode::Text(text) | ErrorCode::Uri(text) => name(text),
            };
        }
        self
    }

    /// Sets of which limit an error tells that the time is over.
    #[cfg(feature = "ripex2")]
    pub(crate) fn with_time_limit(mut self, limit: std::time::Duration) -> Self {
        if let ErrorKind::Timeout(error) = &mut self.0.kind {
            error.limit = limit;
        }
        self
    }

    /// Keeps the error of a lower layer as [`source`](std::error::Error::source).
    #[must_use]
    pub fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Stable name of kind and sub-kind, such as `Auth.Unauthorized`; see [`ErrorKind::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// The origin of the device, without credentials.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.0.context.origin.as_deref()
    }

    /// The resource id of the object that was called.
    #[must_use]
    pub fn rid(&self) -> Option<&str> {
        self.0.context.rid.as_deref()
    }

    /// The name of the method that was called.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.0.context.method.as_deref()
    }

    /// The id of the JSON-RPC request.
    #[must_use]
    pub fn request_id(&self) -> Option<RequestId> {
        self.0.context.request_id
    }

    /// Whether bytes of the request went out; `None` where the transport cannot tell.
    #[must_use]
    pub fn was_sent(&self) -> Option<bool> {
        self.0.context.sent
    }

    /// What the wire knows beside the error, where it told: who answered, after how long, with which warnings.
    #[must_use]
    pub fn meta(&self) -> Option<&Meta> {
        self.0.context.meta.as_deref()
    }

    /// The error that the device answered with.
    #[must_use]
    pub fn as_rpc(&self) -> Option<&RpcError> {
        match &self.0.kind {
            ErrorKind::Rpc(error) => Some(error),
            _ => None,
        }
    }

    /// The code of the error that the device answered with, when it is a number.
    #[must_use]
    pub fn rpc_code(&self) -> Option<i64> {
        self.as_rpc().and_then(|error| error.code.number())
    }

    /// The return code of a method that refused, and the names of its constants.
    #[must_use]
    pub fn as_application(&self) -> Option<&ApplicationError> {
        match &self.0.kind {
            ErrorKind::Application(error) => Some(error),
            _ => None,
        }
    }

    /// The return code of a method that refused.
    ///
    /// ```
    /// # use xerus_rpc::Error;
    /// # const ERR_USER_ALREADY_EXISTS: i32 = 1;
    /// # fn example(result: Result<(), Error>) -> Result<(), Error> {
    /// match result {
    ///     Err(error) if error.return_code() == Some(ERR_USER_ALREADY_EXISTS) => Ok(()),
    ///     other => other,
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn return_code(&self) -> Option<i32> {
        self.as_application().map(|error| error.code)
    }

    /// The code with which the device refused an upload, its name and what it means.
    #[must_use]
    pub fn as_cgi(&self) -> Option<&CgiRefusal> {
        match &self.0.kind {
            ErrorKind::Cgi(CgiError::Refused(refusal)) => Some(refusal),
            _ => None,
        }
    }

    /// The code with which the device refused an upload.
    ///
    /// ```
    /// use xerus_rpc::Error;
    /// use xerus_rpc::files::RawConfigCode;
    ///
    /// fn may_be_tried_later(error: &Error) -> bool {
    ///     error.response_code().map(RawConfigCode::from) == Some(RawConfigCode::UpdateRunning)
    /// }
    /// ```
    #[must_use]
    pub fn response_code(&self) -> Option<i32> {
        self.as_cgi().map(|refusal| refusal.code)
    }

    /// The HTTP status of the answer (or of the item in a bulk answer), when it was not 200.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        match &self.0.kind {
            ErrorKind::HttpStatus(error) => Some(error.status),
            ErrorKind::Redirect(error) => Some(error.status),
            ErrorKind::Auth(AuthError::Unauthorized) => Some(401),
            ErrorKind::Auth(AuthError::Forbidden) => Some(403),
            ErrorKind::Auth(AuthError::PasswordChangeRequired) => Some(451),
            ErrorKind::Bulk(BulkError::SubHttpStatus(status)) => u16::try_from(*status).ok(),
            _ => None,
        }
    }

    /// The object has no such method (JSON-RPC error −32601): usually an older firmware.
    #[must_use]
    pub fn is_method_not_found(&self) -> bool {
        self.as_rpc()
            .is_some_and(|error| error.meaning == Some(ErrorMeaning::MethodNotFound))
    }

    /// There is no such object: status 404 over HTTP.
    #[must_use]
    pub fn is_object_not_found(&self) -> bool {
        self.http_status() == Some(404)
            || self
                .as_rpc()
                .is_some_and(|error| error.meaning == Some(ErrorMeaning::ObjectNotFound))
    }

    /// The role of the user lacks a privilege.
    ///
    /// Devices say so as HTTP status 403, as JSON-RPC error −32001, or as an error with another number and the words
    /// "insufficient privileges".
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Auth(AuthError::Forbidden)
            | ErrorKind::Bulk(BulkError::SubHttpStatus(403)) => true,
            ErrorKind::Rpc(error) => error.is_permission_denied(),
            _ => false,
        }
    }

    /// Where in the document the value is that cannot be decoded or encoded: `_ret_.status.valid`; of an error that does
    /// not fit its type, the member.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match &self.0.kind {
            ErrorKind::Decode(error) => Some(error.path()),
            ErrorKind::Json(error) if !error.path().is_empty() => Some(error.path().to_owned()),
            ErrorKind::Encode(error) => Some(error.path()),
            ErrorKind::Rpc(error) => error.misfit.as_ref().map(DecodeError::path),
            _ => None,
        }
    }

    /// The decode error inside, when it is one.
    #[must_use]
    pub fn as_decode(&self) -> Option<&DecodeError> {
        match &self.0.kind {
            ErrorKind::Decode(error) => Some(error),
            _ => None,
        }
    }

    /// Whether it is about the connection and not about one call, so that the next call would fail in the same way.
    pub(crate) fn is_about_the_connection(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect(_)
            | ErrorKind::Tls(_)
            | ErrorKind::ConnectionLost
            | ErrorKind::Auth(
                AuthError::Unauthorized
                | AuthError::PasswordChangeRequired
                | AuthError::SessionLimit
                | AuthError::LoginRefused
                | AuthError::RefusedBefore,
            ) => true,
            ErrorKind::Rpc(error) => error.meaning == Some(ErrorMeaning::NotLoggedIn),
            _ => false,
        }
    }

    pub(crate) fn unsupported(what: &'static str) -> Self {
        Self::new(ErrorKind::Config(ConfigError::Unsupported(what)))
    }

    pub(crate) fn response_too_large(limit: usize, seen: usize) -> Self {
        Self::new(ErrorKind::ResponseTooLarge(TooLargeError::new(
            limit as u64,
            seen as u64,
        )))
    }

    pub(crate) fn bad_rid(reason: &'static str) -> Self {
        Self::new(ErrorKind::Config(ConfigError::BadRid(reason)))
    }

    pub(crate) fn major_mismatch(text: String) -> Self {
        Self::new(ErrorKind::Config(ConfigError::MajorMismatch(text)))
    }
}

#[cfg(test)]
mod tests;
