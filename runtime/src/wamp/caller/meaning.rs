//! What the errors of WAMP mean.

use std::borrow::Cow;

use super::numbered::Numbered;
use crate::codec::{Decode, Reader, ReaderOptions};
use crate::error::{DecodeError, Error, ErrorCode, ErrorMeaning, RpcError};
use crate::json_text::Json;
use crate::wamp::message::Payload;
use crate::wire::Arguments;

/// What the error codes of routers say about a call.
pub(in crate::wamp) fn meaning(code: &ErrorCode) -> Option<ErrorMeaning> {
    Some(match code.text()? {
        "wamp.error.no_such_procedure" => ErrorMeaning::MethodNotFound,
        "wamp.error.invalid_argument" => ErrorMeaning::InvalidArguments,
        "wamp.error.invalid_uri" => ErrorMeaning::InvalidRequest,
        "wamp.error.not_authorized"
        | "wamp.error.authorization_failed"
        | "wamp.error.authorization_denied" => ErrorMeaning::PermissionDenied,
        "crossbar.error.max_concurrency_reached" => ErrorMeaning::Unavailable,
        "xerus.error.no_such_object" => ErrorMeaning::ObjectNotFound,
        _ => return None,
    })
}

/// The error as everybody can read it: the code is the URI, the message the first argument if that is a text, the data all
/// arguments as `{"args":[…],"kwargs":{…}}`.
pub(in crate::wamp) fn rpc_error(uri: String, payload: &Payload) -> RpcError {
    let data = data(payload);
    let message = match &data {
        Some(Ok(data)) => first_text(data),
        Some(Err(())) => Some("its arguments cannot be read".to_owned()),
        None => None,
    };
    let code = ErrorCode::Uri(Cow::Owned(uri));
    let meant = meaning(&code);
    // The URI of an application says more than a number that it carries.
    let is_general = |uri: &str| uri.starts_with("wamp.error.") || uri.starts_with("xerus.error.");
    let numbered = match &data {
        Some(Ok(data)) if code.text().is_some_and(is_general) => Numbered::read(data),
        _ => None,
    };
    let mut error = RpcError::new(code, message.unwrap_or_default());
    if let Some(numbered) = numbered {
        error.meaning = meant.or(error.meaning);
        error.code = ErrorCode::Number(numbered.code);
        error.data = numbered.data;
        return error;
    }
    match data {
        Some(Ok(data)) => error.with_data(data),
        _ => error,
    }
}

/// The first argument of an error, if it is a text.
fn first_text(data: &Json) -> Option<String> {
    let all = ErrorArguments::read(data)?;
    all.argument::<String>(0, "message").ok()
}

fn data(payload: &Payload) -> Option<Result<Json, ()>> {
    if !payload.has_args() && !payload.has_kwargs() {
        return None;
    }
    let (args, kwargs) = (payload.args(), payload.kwargs());
    let text = |bytes| std::str::from_utf8(bytes).map_err(|_| ());
    let both = || {
        let (args, kwargs) = (text(&args)?, text(&kwargs)?);
        format!(r#"{{"args":{args},"kwargs":{kwargs}}}"#)
            .parse()
            .map_err(|_| ())
    };
    Some(both())
}

/// The arguments that came with an error: those of an application say more than its code.
///
/// ```
/// use xerus_rpc::Error;
/// use xerus_rpc::wamp::ErrorArguments;
///
/// /// `com.example.error.no_such_user` with the arguments `["no user", 7]` and `{"code": 404}`
/// fn user_that_is_missing(error: &Error) -> Option<i32> {
///     let told = error.as_rpc()?;
///     if told.code.text() != Some("com.example.error.no_such_user") {
///         return None;
///     }
///     ErrorArguments::of(error)?.argument(1, "user").ok()
/// }
/// ```
#[derive(Clone)]
pub struct ErrorArguments {
    args: Vec<Json>,
    kwargs: Vec<(String, Json)>,
}

impl ErrorArguments {
    /// Those of an error that came over WAMP; none for any other error.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        let error = error.as_rpc()?;
        if !matches!(error.code, ErrorCode::Uri(_)) {
            return None;
        }
        match &error.data {
            Some(data) => Self::read(data),
            None => Some(Self {
                args: Vec::new(),
                kwargs: Vec::new(),
            }),
        }
    }

    fn read(data: &Json) -> Option<Self> {
        let data = Arguments::parse(data.get()).ok()?;
        let part = |name| Arguments::parse(data.get(usize::MAX, name)?).ok();
        let value = |text: &str| Json::trusted(text.to_owned());
        Some(Self {
            args: part("args")?.iter().map(|(_, text)| value(text)).collect(),
            kwargs: part("kwargs")?
                .iter()
                .filter_map(|(name, text)| Some((name?.to_owned(), value(text))))
                .collect(),
        })
    }

    /// Those in order.
    #[must_use]
    pub fn args(&self) -> &[Json] {
        &self.args
    }

    /// Those by name.
    #[must_use]
    pub fn kwargs(&self) -> &[(String, Json)] {
        &self.kwargs
    }

    /// One of them: that with this name, or else that in this place, as a value of the IDL.
    ///
    /// # Errors
    ///
    /// When it is missing or no value of type `T`.
    pub fn argument<T: Decode>(&self, index: usize, name: &'static str) -> Result<T, DecodeError> {
        let named = self.kwargs.iter().find(|(known, _)| known == name);
        let found = named.map(|(_, value)| value).or(self.args.get(index));
        let Some(found) = found else {
            return Err(DecodeError::missing(name, 0));
        };
        let options = ReaderOptions::default();
        let mut reader = Reader::with_options(found.get(), &options);
        reader.value().map_err(|error| error.member(name))
    }
}

impl std::fmt::Debug for ErrorArguments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // They may hold what was sent.
        f.debug_struct("ErrorArguments")
            .field("args", &self.args.len())
            .field("kwargs", &self.kwargs.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_applications_keep_all_that_came_with_them() {
        let payload = Payload {
            args: Some(r#"["no user",7]"#.into()),
            kwargs: Some(r#"{"code":404}"#.into()),
        };
        let error = rpc_error("com.example.error.no_such_user".to_owned(), &payload);
        assert_eq!(error.message, "no user");
        let error = Error::from(error);
        let told = ErrorArguments::of(&error).expect("arguments");
        assert_eq!(told.argument::<i32>(1, "id").expect("a number"), 7);
        assert_eq!(told.argument::<i32>(9, "code").expect("a number"), 404);
        assert!(told.argument::<i32>(9, "gone").is_err());
        assert!(told.argument::<i32>(0, "text").is_err());
        assert_eq!((told.args().len(), told.kwargs().len()), (2, 1));
    }

    #[test]
    fn errors_without_arguments_and_with_nonsense_are_errors_all_the_same() {
        let bare = rpc_error("x.y".to_owned(), &Payload::NONE);
        assert_eq!((&*bare.message, &bare.data), ("", &None));
        assert!(ErrorArguments::of(&bare.into()).is_some_and(|told| told.args().is_empty()));
        let nonsense = Payload {
            args: Some("[nonsense]".into()),
            kwargs: None,
        };
        let error = rpc_error("x.y".to_owned(), &nonsense);
        assert_eq!(error.message, "its arguments cannot be read");
        assert!(ErrorArguments::of(&RpcError::new(-32601, "").into()).is_none());
    }

    #[test]
    fn codes_of_routers_have_their_meaning() {
        let meant = |uri: &'static str| meaning(&ErrorCode::Uri(uri.into()));
        assert_eq!(
            meant("wamp.error.no_such_procedure"),
            Some(ErrorMeaning::MethodNotFound)
        );
        assert_eq!(
            meant("wamp.error.not_authorized"),
            Some(ErrorMeaning::PermissionDenied)
        );
        assert_eq!(meant("wamp.error.runtime_error"), None);
        assert_eq!(meaning(&ErrorCode::Number(-32601)), None);
    }
}
