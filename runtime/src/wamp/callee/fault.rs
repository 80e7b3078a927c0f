//! Errors of servants as they travel.

use std::borrow::Cow;

use bytes::Bytes;

use crate::codec::encode;
use crate::error::{EncodeError, ErrorCode, ErrorMeaning, RpcError};
use crate::json_text::Json;
use crate::server::Fault;
use crate::wamp::caller::{CODE, DATA, EXECUTED};
use crate::wamp::content::{Content, array, object};
use crate::wamp::message::Payload;
use crate::wamp::uri;
use crate::wire::Arguments;

/// What an error is called that has no name of its own.
pub(super) const RUNTIME_ERROR: &str = "wamp.error.runtime_error";
pub(super) const CANCELED: &str = "wamp.error.canceled";
pub(super) const TIMEOUT: &str = "wamp.error.timeout";
pub(super) const UNAVAILABLE: &str = "wamp.error.unavailable";
const NO_SUCH_OBJECT: &str = "xerus.error.no_such_object";
pub(super) const NO_SUCH_REGISTRATION: &str = "wamp.error.no_such_registration";
pub(super) const TOO_LARGE: &str = "wamp.error.payload_size_exceeded";

/// What goes out as ERROR.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) uri: Cow<'static, str>,
    pub(super) payload: Payload,
}

impl Told {
    /// An error in words.
    pub(super) fn new(uri: &'static str, words: &str) -> Self {
        let words = encode(words).map(|words| array([words.get()].into_iter()));
        Self {
            uri: Cow::Borrowed(uri),
            payload: Payload {
                args: words.ok(),
                kwargs: None,
            },
        }
    }

    /// That a call was not begun and may be made again.
    pub(super) fn unavailable(words: &str) -> Self {
        let mut told = Self::new(UNAVAILABLE, words);
        told.payload.kwargs = Some(object([(EXECUTED, "false")].into_iter()));
        told
    }

    /// What a call gets that was given up.
    pub(super) fn canceled() -> Self {
        Self::new(CANCELED, "the call was given up")
    }

    /// What a servant answers instead of results.
    pub(super) fn of(fault: Fault) -> Self {
        let error = RpcError::from(fault);
        let (uri, number) = uri_of(&error);
        let (mut args, mut kwargs): (Vec<Json>, Vec<(String, Json)>) = (Vec::new(), Vec::new());
        if !error.message.is_empty() {
            args.extend(encode(&*error.message));
        }
        if let Some(number) = number {
            kwargs.extend(encode(&number).map(|number| (CODE.to_owned(), number)));
        }
        if uri == UNAVAILABLE && error.meaning == Some(ErrorMeaning::Unavailable) {
            // Routers say the same of calls that were begun.
            kwargs.extend(encode(&false).map(|no| (EXECUTED.to_owned(), no)));
        }
        match error.data.as_ref().map(|data| (data, Carried::read(data))) {
            None => {}
            Some((_, Some(carried))) => {
                // The message is the first of them already, where there is one.
                args = if carried.args.is_empty() {
                    args
                } else {
                    carried.args
                };
                kwargs.retain(|(name, _)| !carried.kwargs.iter().any(|(known, _)| known == name));
                kwargs.extend(carried.kwargs);
            }
            Some((data, None)) => kwargs.push((DATA.to_owned(), data.clone())),
        }
        let members = kwargs.iter().map(|(name, value)| (&**name, value.get()));
        Self {
            uri,
            payload: Payload {
                args: (!args.is_empty()).then(|| array(args.iter().map(Json::get))),
                kwargs: (!kwargs.is_empty()).then(|| object(members)),
            },
        }
    }
}

/// The URI of an error, and its number where that would be lost.
fn uri_of(error: &RpcError) -> (Cow<'static, str>, Option<i64>) {
    let own = match &error.code {
        ErrorCode::Uri(own) | ErrorCode::Text(own) => Some(own),
        ErrorCode::Number(_) => None,
    };
    if let Some(own) = own.filter(|own| uri::check(own).is_ok()) {
        return (own.clone(), None);
    }
    let general = match error.meaning {
        Some(ErrorMeaning::InvalidRequest | ErrorMeaning::InvalidArguments) => {
            "wamp.error.invalid_argument"
        }
        Some(ErrorMeaning::MethodNotFound) => "wamp.error.no_such_procedure",
        // The procedure is there, so that the code for one that is not would mislead.
        Some(ErrorMeaning::ObjectNotFound) => NO_SUCH_OBJECT,
        Some(ErrorMeaning::PermissionDenied | ErrorMeaning::NotLoggedIn) => {
            "wamp.error.not_authorized"
        }
        Some(ErrorMeaning::Unavailable) => UNAVAILABLE,
        // Of these something may have been executed, which this URI leaves open.
        Some(
            ErrorMeaning::UnitUnreachable
            | ErrorMeaning::ActionRunning
            | ErrorMeaning::ActionDone
            | ErrorMeaning::ActionFailed
            | ErrorMeaning::ActionLost,
        )
        | None => RUNTIME_ERROR,
    };
    (Cow::Borrowed(general), error.number_beside_meaning())
}

/// What an error carries, in the data of the error.
struct Carried {
    args: Vec<Json>,
    kwargs: Vec<(String, Json)>,
}

impl Carried {
    fn read(data: &Json) -> Option<Self> {
        let members = Arguments::parse(data.get()).ok()?;
        if members.is_empty() || members.is_by_position() {
            return None;
        }
        let mut carried = Self {
            args: Vec::new(),
            kwargs: Vec::new(),
        };
        for (name, value) in members.iter() {
            let inner = Arguments::parse(value).ok()?;
            match name? {
                "args" if inner.is_by_position() || inner.is_empty() => {
                    carried.args = all(&inner, |_, value| value)?;
                }
                "kwargs" if !inner.is_by_position() => {
                    carried.kwargs = all(&inner, |name, value| {
                        (name.unwrap_or_default().to_owned(), value)
                    })?;
                }
                _ => return None,
            }
        }
        Some(carried)
    }
}

fn all<T>(values: &Arguments<'_>, take: impl Fn(Option<&str>, Json) -> T) -> Option<Vec<T>> {
    let values = values.iter();
    values
        .map(|(name, value)| Some(take(name, value.parse().ok()?)))
        .collect()
}

impl Fault {
    /// An error with a URI of its own, and what it carries: what callers over WAMP get as arguments, in order and by name. The first of those
    /// in order is taken as its message when it is a text.
    ///
    /// On other wires the URI is the code, and the rest is in the data.
    ///
    /// ```
    /// use xerus_rpc::server::Fault;
    /// use xerus_rpc::wamp::Content;
    ///
    /// let told = Content::new().arg("no user").arg(&7).named("code", &404);
    /// let fault = Fault::carrying("com.example.error.no_such_user", told);
    /// assert_eq!(fault.to_string(), "no user (com.example.error.no_such_user)");
    /// ```
    #[must_use]
    pub fn carrying(uri: impl Into<Cow<'static, str>>, content: Content) -> Self {
        let message = content.message().unwrap_or_default();
        let fault = Self::new(ErrorCode::Uri(uri.into()), message);
        match data(content) {
            Ok(Some(data)) => fault.with_data(data),
            Ok(None) => fault,
            Err(error) => error.into(),
        }
    }
}

/// What an error carries as the data of an error.
fn data(content: Content) -> Result<Option<Json>, EncodeError> {
    let payload = content.payload()?;
    if payload == Payload::NONE {
        return Ok(None);
    }
    let members = [("args", payload.args), ("kwargs", payload.kwargs)];
    let members = members
        .iter()
        .filter_map(|(name, value)| Some((*name, value.as_ref()?)));
    let members = members
        .map(|(name, value): (_, &Bytes)| (name, std::str::from_utf8(value).unwrap_or("null")));
    let text = object(members);
    Ok(std::str::from_utf8(&text)
        .ok()
        .and_then(|text| text.parse().ok()))
}

impl Content {
    /// The first value in order, when it is a text.
    fn message(&self) -> Option<String> {
        self.first()
            .and_then(|first| crate::wamp::message::object::text(first.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(fault: Fault) -> (String, String, String) {
        let told = Told::of(fault);
        let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
        (
            told.uri.into_owned(),
            text(told.payload.args()),
            text(told.payload.kwargs()),
        )
    }

    fn parts(uri: &str, args: &str, kwargs: &str) -> (String, String, String) {
        (uri.into(), args.into(), kwargs.into())
    }

    #[test]
    fn an_error_of_the_program_travels_whole() {
        let content = Content::new().arg("no user").arg(&7).named("code", &404);
        assert_eq!(
            told(Fault::carrying("com.example.error.no_such_user", content)),
            parts(
                "com.example.error.no_such_user",
                r#"["no user",7]"#,
                r#"{"code":404}"#
            )
        );
        assert_eq!(
            told(Fault::carrying("com.example.error.bare", Content::new())),
            parts("com.example.error.bare", "[]", "{}")
        );
        assert_eq!(
            told(Fault::carrying(
                "com.example.error.odd",
                Content::new().arg(&1)
            )),
            parts("com.example.error.odd", "[1]", "{}")
        );
    }

    #[test]
    fn codes_of_other_wires_have_uris_here() {
        for (fault, uri, args, kwargs) in [
            (
                Fault::invalid_params("x is missing"),
                "wamp.error.invalid_argument",
                r#"["Invalid parameters: x is missing"]"#,
                "{}",
            ),
            (
                Fault::object_not_found(),
                NO_SUCH_OBJECT,
                r#"["No object with this resource id"]"#,
                "{}",
            ),
            (
                Fault::from(
                    RpcError::new(-32000, "restarting").with_meaning(ErrorMeaning::Unavailable),
                ),
                UNAVAILABLE,
                r#"["restarting"]"#,
                r#"{"code":-32000,"executed":false}"#,
            ),
            (
                Fault::method_not_found(),
                "wamp.error.no_such_procedure",
                r#"["Method not found"]"#,
                "{}",
            ),
            (
                Fault::new(-32000, "busy"),
                RUNTIME_ERROR,
                r#"["busy"]"#,
                r#"{"code":-32000}"#,
            ),
            (
                Fault::new(ErrorCode::Text("bench.busy".into()), ""),
                "bench.busy",
                "[]",
                "{}",
            ),
            (
                Fault::new(ErrorCode::Text("not a uri".into()), "so"),
                RUNTIME_ERROR,
                r#"["so"]"#,
                "{}",
            ),
        ] {
            assert_eq!(told(fault), parts(uri, args, kwargs));
        }
    }

    #[test]
    fn data_that_is_no_arguments_has_a_name() {
        let fault = Fault::new(7, "so").with_data("[1]".parse().unwrap());
        assert_eq!(
            told(fault),
            parts(RUNTIME_ERROR, r#"["so"]"#, r#"{"code":7,"data":[1]}"#)
        );
        let fault = Fault::new(7, "so").with_data(r#"{"args":[1],"more":2}"#.parse().unwrap());
        assert_eq!(
            told(fault),
            parts(
                RUNTIME_ERROR,
                r#"["so"]"#,
                r#"{"code":7,"data":{"args":[1],"more":2}}"#
            )
        );
    }
}
