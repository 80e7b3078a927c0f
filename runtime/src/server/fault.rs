//! Why a servant gives no result.

use std::fmt;

use crate::error::{DecodeError, EncodeError, ErrorCode, ErrorMeaning, RpcError};
use crate::json_text::Json;

/// Why a servant gives no result: an error with any kind of code, or a return code other than 0.
///
/// ```
/// use xerus_rpc::error::ErrorCode;
/// use xerus_rpc::server::Fault;
///
/// let by_number = Fault::new(1001, "busy");
/// let by_uri = Fault::new(ErrorCode::Uri("com.example.error.no_such_user".into()), "");
/// let refused = Fault::refused(1);
/// assert_eq!(refused.return_code(), Some(1));
/// # let _ = (by_number, by_uri);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Boxed: a fault is what every served method may return.
    Error(Box<RpcError>),
    Typed(Box<Typed>),
    Refused(i32),
}

/// An error of the description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typed {
    /// With the members as an object in its data.
    pub(super) error: RpcError,
    /// What stands for its code where codes are numbers.
    pub(super) number: Option<i64>,
    /// The names of its members, in order; `None` where something else has taken their place.
    pub(crate) members: Option<&'static [&'static str]>,
}

impl Fault {
    /// An error.
    ///
    /// Some numbers mean something to callers. Wires whose codes are no numbers have words or URIs that say the same.
    ///
    /// | number | what callers take it for | whether it was executed |
    /// |---|---|---|
    /// | −32700, −32600 | a request that cannot be read | no |
    /// | −32601 | no such method | no |
    /// | −32602 | wrong parameters | no |
    /// | −32001 | a privilege is missing | no |
    /// | any, with the words "insufficient privilege" in the message | a privilege is missing | no |
    /// | −32603 | the servant failed | unknown |
    /// | −32000 | what servers of this library say themselves: busy, too large, a code that is no number | unknown |
    ///
    /// Numbers from −32768 to −32000 belong to JSON-RPC: an error of your own has another one, which means "unknown" and nothing more.
    ///
    /// ```
    /// use xerus_rpc::error::{ErrorMeaning, RpcError};
    ///
    /// assert_eq!(RpcError::new(1001, "no such user").meaning, None);
    /// assert_eq!(RpcError::new(-32001, "no such user").meaning, Some(ErrorMeaning::PermissionDenied));
    /// ```
    #[must_use]
    pub fn new(code: impl Into<ErrorCode>, message: impl Into<String>) -> Self {
        RpcError::new(code, message).into()
    }

    /// The method returns this code instead of 0. For methods that return a return code only; any other answers with an
    /// internal error.
    #[must_use]
    pub fn refused(code: i32) -> Self {
        Self(Kind::Refused(code))
    }

    /// Adds more to an error; in place of the members of one that the description names, whose codes stay what they are.
    #[must_use]
    pub fn with_data(self, data: Json) -> Self {
        match self.0 {
            Kind::Error(error) => error.with_data(data).into(),
            Kind::Typed(mut typed) => {
                typed.error.data = Some(data);
                typed.members = None;
                Self(Kind::Typed(typed))
            }
            refused @ Kind::Refused(_) => Self(refused),
        }
    }

    /// Adds a result to an error, for wires where one does not exclude the other.
    #[must_use]
    pub fn with_result(self, result: Json) -> Self {
        match self.0 {
            Kind::Error(error) => error.with_result(result).into(),
            Kind::Typed(mut typed) => {
                typed.error.result = Some(result);
                Self(Kind::Typed(typed))
            }
            refused @ Kind::Refused(_) => Self(refused),
        }
    }

    /// Says that the servant had begun when it came to this. Callers are then told that the call may have been executed, whatever the code
    /// says: without it they take errors such as [`invalid_params`](Self::invalid_params) for a call of which nothing was executed.
    ///
    /// What a call of the servant's own came to, made a fault from its [`RpcError`], is told like this by itself: of the servant it says nothing.
    ///
    /// ```
    /// use xerus_rpc::server::Fault;
    ///
    /// fn switch(all: &[u32], switch_one: impl Fn(u32) -> bool) -> Result<(), Fault> {
    ///     if all.is_empty() {
    ///         return Err(Fault::invalid_params("no outlets"));
    ///     }
    ///     for outlet in all {
    ///         if !switch_one(*outlet) {
    ///             // Those before it are switched.
    ///             return Err(Fault::invalid_params(format_args!("there is no outlet {outlet}")).begun());
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// # assert!(switch(&[], |_| true).is_err());
    /// ```
    #[must_use]
    pub fn begun(self) -> Self {
        match self.0 {
            Kind::Error(error) => error.begun().into(),
            Kind::Typed(mut typed) => {
                typed.error = typed.error.begun();
                Self(Kind::Typed(typed))
            }
            // Callers know a return code as what became of a call that was executed.
            refused @ Kind::Refused(_) => Self(refused),
        }
    }

    /// −32700: the body is no JSON. Callers take it for a call that was not begun; so they do with the following ones, up to
    /// [`invalid_params`](Self::invalid_params), and with [`not_permitted`](Self::not_permitted). A servant that had begun adds
    /// [`begun`](Self::begun).
    #[must_use]
    pub fn parse_error(detail: impl fmt::Display) -> Self {
        Self::new(-32700, format!("Parse error: {detail}"))
    }

    /// −32600: the body is JSON, but no request. Nothing was begun.
    #[must_use]
    pub fn invalid_request(detail: impl fmt::Display) -> Self {
        Self::new(-32600, format!("Invalid request: {detail}"))
    }

    /// −32601: the object has no such method. Nothing was begun.
    #[must_use]
    pub fn method_not_found() -> Self {
        Self::new(-32601, "Method not found")
    }

    /// −32601: there is no such object. Nothing was begun.
    #[must_use]
    pub fn object_not_found() -> Self {
        let error = RpcError::new(-32601, "No object with this resource id");
        error.with_meaning(ErrorMeaning::ObjectNotFound).into()
    }

    /// −32602: a parameter is missing or has another type. Nothing was begun: a servant that finds that out later adds [`begun`](Self::begun).
    #[must_use]
    pub fn invalid_params(detail: impl fmt::Display) -> Self {
        Self::new(-32602, format!("Invalid parameters: {detail}"))
    }

    /// −32603: the servant failed. Whether it had begun stays open.
    #[must_use]
    pub fn internal(detail: impl fmt::Display) -> Self {
        Self::new(-32603, format!("Internal error: {detail}"))
    }

    /// −32001: the user's role lacks a privilege. Nothing was begun: a servant that finds that out later adds [`begun`](Self::begun).
    #[must_use]
    pub fn not_permitted() -> Self {
        Self::new(-32001, "Insufficient privileges to perform request.")
    }

    /// The error, unless it is a return code.
    #[must_use]
    pub fn error(&self) -> Option<&RpcError> {
        match &self.0 {
            Kind::Error(error) => Some(error),
            Kind::Typed(typed) => Some(&typed.error),
            Kind::Refused(_) => None,
        }
    }

    /// The return code, if it is one.
    #[must_use]
    pub fn return_code(&self) -> Option<i32> {
        match &self.0 {
            Kind::Error(_) | Kind::Typed(_) => None,
            Kind::Refused(code) => Some(*code),
        }
    }

    /// The number of an error: its code, or what the description has beside a word for wires whose codes are numbers.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        match &self.0 {
            Kind::Error(error) => error.code.number(),
            Kind::Typed(typed) => typed.number,
            Kind::Refused(_) => None,
        }
    }

    /// The error of the description that it is, if it is one.
    #[cfg(any(feature = "wamp", feature = "ripex2"))]
    pub(crate) fn typed(&self) -> Option<&Typed> {
        match &self.0 {
            Kind::Typed(typed) => Some(typed),
            Kind::Error(_) | Kind::Refused(_) => None,
        }
    }

    /// Whether the servant may have begun, whatever the code says: it [says so](Self::begun), or passes on what a call of its own came to. The
    /// server side of a wire answers it with a code that leaves that open.
    #[must_use]
    pub fn may_be_begun(&self) -> bool {
        self.error().is_some_and(RpcError::may_be_begun)
    }

    /// What goes out as an error where codes are numbers.
    pub(crate) fn into_numbered(self) -> RpcError {
        let number = self.number();
        let mut error = RpcError::from(self);
        if error.may_be_begun() {
            error = error.begun();
        }
        match number {
            Some(number) => error.with_code(number),
            None => error,
        }
    }

    /// Whether the object has no such method. It has it where it passes such an error on.
    #[must_use]
    pub fn is_method_not_found(&self) -> bool {
        self.says(ErrorMeaning::MethodNotFound)
    }

    /// Whether there is no such object.
    pub(crate) fn is_object_not_found(&self) -> bool {
        self.says(ErrorMeaning::ObjectNotFound)
    }

    /// Whether it says this of the call that it answers, and not of one that the servant made itself.
    fn says(&self, meaning: ErrorMeaning) -> bool {
        let error = self.error().filter(|error| !error.may_be_begun());
        error.is_some_and(|error| error.meaning == Some(meaning))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Error(error) => write!(f, "{} ({})", error.message, error.code),
            Kind::Typed(typed) => write!(f, "{} ({})", typed.error.message, typed.error.code),
            Kind::Refused(code) => write!(f, "refused with return code {code}"),
        }
    }
}

impl std::error::Error for Fault {}

impl From<RpcError> for Fault {
    /// An error of the servant's own making, or one that a call of its own came to. The latter says nothing of whether the servant had begun
    /// ([`begun`](Fault::begun)).
    fn from(error: RpcError) -> Self {
        Self(Kind::Error(Box::new(error)))
    }
}

impl From<Typed> for Fault {
    fn from(typed: Typed) -> Self {
        Self(Kind::Typed(Box::new(typed)))
    }
}

impl From<DecodeError> for Fault {
    /// Invalid parameters: nothing was begun. Where it is no argument that a servant cannot read, it adds [`begun`](Fault::begun).
    fn from(error: DecodeError) -> Self {
        Self::invalid_params(error)
    }
}

impl From<EncodeError> for Fault {
    fn from(error: EncodeError) -> Self {
        Self::internal(error)
    }
}

impl From<Fault> for RpcError {
    /// What goes out as an error. A return code has no place there: it is an internal error of the servant.
    fn from(fault: Fault) -> Self {
        match fault.0 {
            Kind::Error(error) => *error,
            Kind::Typed(typed) => typed.error,
            Kind::Refused(code) => RpcError::new(
                -32603,
                format!("Internal error: return code {code} of a method that returns none"),
            ),
        }
    }
}
