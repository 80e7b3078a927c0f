//! The document that answers a call.

use bytes::Bytes;

use crate::error::{ErrorMeaning, RpcError};
use crate::json::write;
use crate::json_text::Json;
use crate::ripex2::{Details, FaultCode, number};
use crate::server::Fault;
use crate::time::Time;
use crate::wire::{Arguments, Values};

/// Writes what a servant said, with the warnings beside it.
pub(super) fn write(answer: Result<&Values, Fault>, root: bool, warnings: &[Json]) -> Bytes {
    let mut out = Out(vec![b'{']);
    match answer {
        Ok(values) if values.is_empty() => {}
        Ok(values) if root => match (values.len(), values.name(0), values.get(0)) {
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
        Ok(values) => match (values.len(), values.name(0), values.get(0)) {
            (1, Some("_ret_"), Some(value)) => out.member("result", value),
            _ => out.member("result", &String::from_utf8_lossy(values.by_name())),
        },
        Err(fault) => {
            let error = RpcError::from(fault);
            if let Some(result) = &error.result {
                out.member("result", result.get());
            }
            out.member("error", object(&error).get());
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
fn object(error: &RpcError) -> Json {
    if let Some(data) = &error.data
        && Arguments::parse(data.get()).is_ok_and(|data| data.get(usize::MAX, "code").is_some())
    {
        return data.clone();
    }
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
    number::tell(error, &mut details);
    match error.message.is_empty() {
        true => details.to_json(),
        false => details.with_log(error.message.clone()).to_json(),
    }
}
