//! Errors of servants as they travel.

use std::borrow::Cow;

use bytes::Bytes;

use crate::codec::encode;
use crate::error::{EncodeError, ErrorCode, ErrorMeaning, RpcError};
use crate::json_text::Json;
use crate::server::Fault;
use crate::wamp::caller::{CODE, DATA, EXECUTED, PROCEDURE};
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
const NO_SUCH_REGISTRATION: &str = "wamp.error.no_such_registration";
pub(super) const TOO_LARGE: &str = "wamp.error.payload_size_exceeded";

/// What goes out as ERROR.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::wamp) struct Told {
    pub(in crate::wamp) uri: Cow<'static, str>,
    pub(in crate::wamp) payload: Payload,
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

    /// That a call of this procedure was not begun and may be made again.
    pub(super) fn unavailable(words: &str, procedure: &str) -> Self {
        Self::new(UNAVAILABLE, words).not_begun(procedure)
    }

    /// That nothing is registered here under the id of an invocation, which may name its procedure.
    pub(in crate::wamp) fn unknown(procedure: Option<&str>) -> Self {
        let told = Self::new(
            NO_SUCH_REGISTRATION,
            "nothing is registered here under this id, and the call was not begun: try again later",
        );
        match procedure {
            Some(procedure) => told.not_begun(procedure),
            // Without a name the caller cannot know that it is told of its own call.
            None => told,
        }
    }

    /// The same, saying that a call of this procedure was not begun.
    fn not_begun(mut self, procedure: &str) -> Self {
        let said = not_begun(procedure);
        let said = said.iter().map(|(name, value)| (&**name, value.get()));
        self.payload.kwargs = Some(object(said));
        self
    }

    /// What a call gets that was given up.
    pub(super) fn canceled() -> Self {
        Self::new(CANCELED, "the call was given up")
    }

    /// What a servant answers to a call of this procedure instead of results.
    pub(super) fn of(fault: Fault, procedure: &str) -> Self {
        let (is_typed, members) = match fault.typed() {
            Some(typed) => (true, typed.members),
            None => (false, None),
        };
        let error = RpcError::from(fault);
        let (uri, is_own) = uri_of(&error);
        // The description goes by the number, whatever the URI says.
        let number = match (is_own, is_typed) {
            (true, _) => None,
            (false, true) => error.code.number(),
            (false, false) => error.number_beside_meaning(),
        };
        // One with a number only travels as such errors do.
        let members = members.filter(|_| number.is_none());
        let (mut args, mut kwargs): (Vec<Json>, Vec<(String, Json)>) = (Vec::new(), Vec::new());
        if !error.message.is_empty() {
            args.extend(encode(&*error.message));
        }
        if let Some(number) = number {
            kwargs.extend(encode(&number).map(|number| (CODE.to_owned(), number)));
        }
        let is_before = error.meaning.is_some_and(ErrorMeaning::is_before_execution);
        if is_before && !is_own && !error.may_be_begun() {
            // No URI says so: it may come from another call, made half way through.
            kwargs.extend(not_begun(procedure));
        }
        let carried = |data| match members {
            Some(members) => Carried::of_members(members, data),
            None => Carried::read(data),
        };
        if members.is_some_and(<[_]>::is_empty) {
            // Its message is but its name, and the URI says that already.
            args.clear();
        }
        match error.data.as_ref().map(|data| (data, carried(data))) {
            None => {}
            Some((_, Some(mut carried))) => {
                // The message is the first of them already, where there is one. The first member of an error of the description may be left out,
                // and nothing else may stand in its place.
                if members.is_some() || !carried.args.is_empty() {
                    args = carried.args;
                }
                if is_own && (error.meaning.is_some() || error.is_received()) {
                    // It was said by whom the servant had called, and of that call.
                    let said = |name: &str| name == EXECUTED || name == PROCEDURE;
                    carried.kwargs.retain(|(name, _)| !said(name));
                }
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

/// What says by name that a call of this procedure was not begun.
fn not_begun(procedure: &str) -> Vec<(String, Json)> {
    let said = [(EXECUTED, encode(&false)), (PROCEDURE, encode(procedure))];
    let said = said.into_iter();
    said.filter_map(|(name, value)| Some((name.to_owned(), value.ok()?)))
        .collect()
}

/// The URI of an error, and whether it is its own.
fn uri_of(error: &RpcError) -> (Cow<'static, str>, bool) {
    let own = match &error.code {
        ErrorCode::Uri(own) | ErrorCode::Text(own) => Some(own),
        ErrorCode::Number(_) => None,
    };
    if let Some(own) = own.filter(|own| uri::check(own).is_ok()) {
        return (own.clone(), true);
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
    (Cow::Borrowed(general), false)
}

/// What an error carries, in the data of the error.
struct Carried {
    args: Vec<Json>,
    kwargs: Vec<(String, Json)>,
}

impl Carried {
    /// The members of an error of the description: in order up to the first that is left out, and all by name, so that callers of either
    /// habit find them.
    fn of_members(names: &[&str], data: &Json) -> Option<Self> {
        let members = Arguments::parse(data.get()).ok()?;
        let value = |text: &str| text.parse().ok();
        let args = names
            .iter()
            .map_while(|name| value(members.get(usize::MAX, name)?));
        Some(Self {
            args: args.collect(),
            kwargs: all(&members, |name, value| {
                (name.unwrap_or_default().to_owned(), value)
            })?,
        })
    }

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
mod tests;
