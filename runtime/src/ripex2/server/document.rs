//! The document that answers a call.

use bytes::Bytes;

use crate::error::{ErrorMeaning, RpcError};
use crate::json::write;
use crate::json_text::Json;
use crate::method::Marks;
use crate::ripex2::details::{DEPTH, string};
use crate::ripex2::{Details, FaultCode, answer, number};
use crate::server::Fault;
use crate::time::Time;
use crate::wire::{Arguments, Values};

/// Writes what a servant said of a call of a method with these marks, with the warnings beside it.
pub(super) fn write(answer: Result<&Values, Fault>, marks: &Marks, warnings: &[Json]) -> Bytes {
    let mut out = Out(vec![b'{']);
    match answer {
        Ok(values) if values.is_empty() => {}
        Ok(values) if marks.root => match (values.declared(), values.name(0), values.get(0)) {
            (1, Some("_ret_"), Some(value)) if value.starts_with('{') => {
                let members = Arguments::parse(value).unwrap_or_default();
                for (name, value) in members.iter() {
                    out.member(name.unwrap_or_default(), value);
                }
            }
            _ => {
                for (name, value) in values.iter() {
                    out.member(name, value);
                }
            }
        },
        Ok(values) => match (values.declared(), values.name(0), values.get(0)) {
            (1, Some("_ret_"), Some(value)) => out.member("result", value),
            _ => out.member("result", &String::from_utf8_lossy(values.by_name())),
        },
        Err(fault) => {
            let (is_typed, has_members) = match fault.typed() {
                Some(typed) => (true, typed.members.is_some()),
                None => (false, false),
            };
            let error = RpcError::from(fault);
            // The description goes by the number, whatever the word says.
            let number = match is_typed {
                true => error.code.number(),
                false => error.number_beside_meaning(),
            };
            if let Some(result) = &error.result {
                out.member("result", result.get());
            }
            let object = match has_members {
                true => words(&error, number, true).to_json(),
                false => object(&error, number),
            };
            let object = match error.may_be_begun() && denies(&error, &object, marks) {
                true => left_open(&error, &object),
                false => object,
            };
            out.member("error", object.get());
        }
    }
    if !warnings.is_empty() {
        let all: Vec<&str> = warnings.iter().map(Json::get).collect();
        out.member("warnings", &format!("[{}]", all.join(",")));
    }
    let now = Time::now().unix_seconds();
    out.member("device", &format!("{{\"tstamp\":{now}}}"));
    out.0.push(b'}');
    out.0.into()
}

struct Out(Vec<u8>);

impl Out {
    fn member(&mut self, name: &str, value: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        write::string(&mut self.0, name);
        self.0.push(b':');
        self.0.extend_from_slice(value.as_bytes());
    }
}

/// The object of an error: what a servant gave as such, or one with the word that fits best.
fn object(error: &RpcError, number: Option<i64>) -> Json {
    if let Some(data) = &error.data
        && Arguments::parse(data.get()).is_ok_and(|data| data.get(usize::MAX, "code").is_some())
    {
        return data.clone();
    }
    words(error, number, false).to_json()
}

/// Whether a caller takes this object for an error of a call that was not begun.
fn denies(error: &RpcError, object: &Json, marks: &Marks) -> bool {
    let members = Arguments::parse(object.get()).unwrap_or_default();
    let word = members.get(usize::MAX, "code").and_then(string);
    let code = FaultCode::from(&*word.unwrap_or_default());
    let result = error.result.as_ref().map(Json::get);
    match code.meaning(marks) {
        Some(meaning) => result.is_none() && meaning.is_before_execution(),
        None => code == FaultCode::ValidationError && !answer::has_begun(result),
    }
}

/// An error in a word that leaves open whether the call was begun. What it was stands in it as what went wrong in detail.
fn left_open(error: &RpcError, object: &Json) -> Json {
    let code = match error.meaning {
        // Later it may work: that is what callers make of this one, too.
        Some(ErrorMeaning::Unavailable) if error.is_received() => FaultCode::RemoteCallError,
        _ => FaultCode::ServerError,
    };
    let mut open = Details::new(code);
    if let Some(detail) = Details::read(object.get(), DEPTH) {
        open.log = Some(detail.text().to_owned());
        open.message_params.clone_from(&detail.message_params);
        open.seids.clone_from(&detail.seids);
        open.suberrors.push(detail);
    }
    if number::told(&open).is_none() {
        number::tell(error.code.number(), None, &mut open);
    }
    open.to_json()
}

/// The members of an error of the description as texts, since this wire has no others: a text as it is, all else as JSON.
fn params(data: Option<&Json>) -> Vec<(String, String)> {
    let members = data.and_then(|data| Arguments::parse(data.get()).ok());
    let members = members.unwrap_or_default();
    let texts = members.iter().filter_map(|(name, value)| {
        let text = string(value).unwrap_or_else(|| value.to_owned());
        Some((name?.to_owned(), text))
    });
    texts.collect()
}

/// An error in the word that fits best; the members of one that the description gives a word are its parameters.
fn words(error: &RpcError, number: Option<i64>, has_members: bool) -> Details {
    let code = match (error.code.text(), error.meaning) {
        (Some(word), _) => FaultCode::from(word),
        (None, Some(ErrorMeaning::InvalidRequest)) => FaultCode::InvalidRequest,
        (None, Some(ErrorMeaning::InvalidArguments)) => FaultCode::InvalidParameter,
        (None, Some(ErrorMeaning::MethodNotFound | ErrorMeaning::ObjectNotFound)) => {
            FaultCode::MethodNotFound
        }
        (None, Some(ErrorMeaning::PermissionDenied)) => FaultCode::PermissionDenied,
        (None, Some(ErrorMeaning::Unavailable)) => FaultCode::TemporarilyUnavailable,
        (None, _) => FaultCode::ServerError,
    };
    let mut details = Details::new(code);
    if has_members && error.code.text().is_some() {
        details.message_params = params(error.data.as_ref());
    } else {
        number::tell(number, error.data.as_ref(), &mut details);
    }
    match error.message.is_empty() {
        true => details,
        false => details.with_log(error.message.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::method::Action;

    /// The word that goes out, and the one that stands in it.
    fn words(fault: Fault, marks: &Marks) -> (String, Option<String>) {
        let out = write(Err(fault), marks, &[]);
        let out = Arguments::parse(std::str::from_utf8(&out).unwrap()).unwrap();
        let details = out.get(usize::MAX, "error").unwrap();
        let details = Details::read(details, DEPTH).unwrap();
        let inner = details.suberrors.first();
        (
            details.code.to_string(),
            inner.map(|inner| inner.code.to_string()),
        )
    }

    #[test]
    fn what_may_be_begun_goes_out_in_words_that_leave_it_open() {
        let begins = Marks {
            action: Some(Action::PLAIN),
            ..Marks::PLAIN
        };
        let plain = &Marks::PLAIN;
        let received = |code: FaultCode| {
            let fault = Fault::from(code);
            let got = Error::from(fault.error().expect("an error").clone());
            Fault::from(got.as_rpc().expect("an answer").clone())
        };
        let session: Json = r#"{"session_id":"a"}"#.parse().unwrap();
        for (fault, marks, word, inner) in [
            (
                received(FaultCode::InvalidParameter),
                plain,
                "rpc_server_error",
                Some("rpc_invalid_parameter"),
            ),
            (
                received(FaultCode::TemporarilyUnavailable),
                plain,
                "remote_call_error",
                Some("rpc_temporarily_unavailable"),
            ),
            (
                Fault::from(FaultCode::TemporarilyUnavailable).begun(),
                plain,
                "rpc_server_error",
                Some("rpc_temporarily_unavailable"),
            ),
            (
                received(FaultCode::ActionInProgress),
                &begins,
                "rpc_server_error",
                Some("rpc_async_action_in_progress"),
            ),
            (
                received(FaultCode::ValidationError),
                plain,
                "rpc_server_error",
                Some("validation_error"),
            ),
            // These leave it open themselves.
            (
                received(FaultCode::ActionInProgress),
                plain,
                "rpc_async_action_in_progress",
                None,
            ),
            (
                received(FaultCode::ValidationError).with_result(session),
                plain,
                "validation_error",
                None,
            ),
            (
                received(FaultCode::RemoteCallError),
                plain,
                "remote_call_error",
                None,
            ),
            (
                Fault::from(FaultCode::ValidationError),
                plain,
                "validation_error",
                None,
            ),
        ] {
            let expected = (word.to_owned(), inner.map(str::to_owned));
            assert_eq!(words(fault.clone(), marks), expected, "{fault:?}");
        }
    }
}
