//! What a unit answers: result, error, warnings and the time, none of which excludes another.

use bytes::Bytes;

use super::code::FaultCode;
use super::details::{Details, string};
use super::{DEVICE_TIME, WARNINGS, number};
use crate::error::{Error, ErrorCode, ErrorKind, Outcome, ProtocolError, RpcError};
use crate::json_text::Json;
use crate::wire::{Arguments, Meta, Reply, Request, list};

/// An answer, taken apart.
pub(super) struct Answer<'a> {
    members: Arguments<'a>,
}

/// A member that is there and not `null`, which is as good as not there.
fn present<'a>(members: &Arguments<'a>, name: &str) -> Option<&'a str> {
    members
        .get(usize::MAX, name)
        .filter(|value| *value != "null")
}

impl<'a> Answer<'a> {
    /// Takes a body apart.
    ///
    /// # Errors
    ///
    /// `Protocol` for what is no JSON object.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Error> {
        let no_object =
            || Error::from(ProtocolError::new("it is no JSON object").with_excerpt(body));
        let text = std::str::from_utf8(body).map_err(|_| no_object())?;
        let members = match text.trim_ascii_start().starts_with('{') {
            true => Arguments::parse(text),
            false => return Err(no_object()),
        };
        match members {
            Ok(members) => Ok(Self { members }),
            // What is cut may hold anything, so it is not shown.
            Err(error) => {
                let what = ProtocolError::new("it is no JSON object that can be read");
                Err(Error::from(what).with_source(error))
            }
        }
    }

    /// A member at the top.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        present(&self.members, name)
    }

    /// Adds what stands beside result and error.
    pub(super) fn tell(&self, meta: &mut Meta) {
        if let Some(warnings) = self.get("warnings") {
            // What is no list is one warning.
            let all = list(warnings).unwrap_or_else(|| vec![warnings]);
            if !all.is_empty() {
                meta.set_attribute(WARNINGS, format!("[{}]", all.join(",")));
            }
            meta.warnings.extend(all.into_iter().map(in_words));
        }
        let device = self
            .get("device")
            .and_then(|device| Arguments::parse(device).ok());
        if let Some(time) = device.and_then(|device| present(&device, "tstamp").map(str::to_owned))
        {
            meta.set_attribute(DEVICE_TIME, time);
        }
    }

    /// The error, if there is one.
    ///
    /// # Errors
    ///
    /// `Protocol` for one without a code.
    fn error(&self, request: &Request) -> Result<Option<RpcError>, Error> {
        let Some(text) = self.get("error") else {
            return Ok(None);
        };
        let members = Arguments::parse(text).unwrap_or_default();
        let Some(word) = present(&members, "code").and_then(string) else {
            let what = ProtocolError::new("its error has no code that is a word");
            return Err(what.with_excerpt(text.as_bytes()).into());
        };
        let code = FaultCode::from(&*word);
        let marks = request.marks();
        let details = Details::read(text, 0);
        let number = details.as_ref().and_then(number::told);
        let mut message = details.map_or_else(String::new, |details| details.text().to_owned());
        // The code once more is no text, nor is the key that a unit of ours makes of it.
        if message.strip_prefix("msg_").unwrap_or(&message) == word {
            message.clear();
        }
        if let (FaultCode::PermissionDenied, Some(role)) = (&code, marks.role) {
            let gap = if message.is_empty() { "" } else { "; " };
            message = format!("{message}{gap}the method needs the role {role}");
        }
        let meaning = code.meaning(marks);
        let mut error = RpcError::new(code, message).with_data(Json::trusted(text.to_owned()));
        if let Some(number) = number {
            // What the word leaves open, a number that stands beside it does not say either.
            if meaning.is_none() && RpcError::denies_by_number(number, &error.message) {
                error = error.begun();
            }
            error.code = ErrorCode::Number(number);
        }
        if let Some(meaning) = meaning {
            error = error.with_meaning(meaning);
        }
        if let Some(result) = self.get("result") {
            error = error.with_result(Json::trusted(result.to_owned()));
        }
        Ok(Some(error))
    }

    /// The results of a call, or the error of it.
    pub(super) fn reply(&self, request: &Request, meta: Meta) -> Result<Reply, Error> {
        if let Some(error) = self
            .error(request)
            .map_err(|error| error.with_meta(meta.clone()))?
        {
            // A configuration that is refused stands beside its refusal. Nothing was begun then.
            let is_refused = error.code.text() == Some(FaultCode::ValidationError.as_str())
                && !has_begun(self.get("result"));
            let mut error = Error::new(ErrorKind::Rpc(error)).with_meta(meta);
            if is_refused {
                error = error.with_outcome(Outcome::NotExecuted);
            }
            return Err(error);
        }
        let result = match request.marks().root {
            true => self.root(),
            false => self.get("result").map(str::to_owned),
        };
        let names = request.method().map(|method| method.results);
        let result = match names {
            Some(_) => result.map(condensed),
            None => result,
        };
        let reply = match (result.map(Bytes::from), names) {
            // An untyped call gets what there is.
            (Some(result), None | Some(["_ret_"])) => Reply::bare(result),
            (None, None) => Reply::bare("null"),
            (Some(result), Some(_)) => Reply::by_name(result),
            (None, Some(_)) => Reply::nothing(),
        };
        Ok(reply.with_meta(meta))
    }

    /// The payload of a method whose results stand at the top: what does not belong to every answer. A unit that puts them into the
    /// result all the same is understood.
    fn root(&self) -> Option<String> {
        const OF_EVERY_ANSWER: [&str; 6] =
            ["result", "error", "warnings", "device", "id", "version"];
        let payload = without(&self.members, &|name, _| OF_EVERY_ANSWER.contains(&name));
        match payload.as_str() {
            "{}" => self.get("result").map(str::to_owned),
            _ => Some(payload),
        }
    }
}

/// Whether a result has what an action that has begun is known by.
pub(super) fn has_begun(result: Option<&str>) -> bool {
    let result = result.and_then(|result| Arguments::parse(result).ok());
    result.is_some_and(|result| present(&result, "session_id").is_some())
}

/// The object of these members without some of them.
fn without(members: &Arguments<'_>, drop: &dyn Fn(&str, &str) -> bool) -> String {
    let mut object = vec![b'{'];
    for (name, value) in members.iter() {
        let Some(name) = name.filter(|name| !drop(name, value)) else {
            continue;
        };
        if object.len() > 1 {
            object.push(b',');
        }
        crate::json::write::string(&mut object, name);
        object.push(b':');
        object.extend_from_slice(value.as_bytes());
    }
    object.push(b'}');
    String::from_utf8_lossy(&object).into_owned()
}

/// A result without the members that are `null`, which is as good as not there. What is inside of members stays as it came.
fn condensed(result: String) -> String {
    if !result.contains("null") {
        return result;
    }
    let plain = match Arguments::parse(&result) {
        Ok(members) if !members.is_by_position() => {
            Some(without(&members, &|_, value| value == "null"))
        }
        _ => None,
    };
    plain.unwrap_or(result)
}

/// A warning for people: its code and its text. One of another form stands as it came.
fn in_words(warning: &str) -> String {
    match Details::read(warning, 0) {
        Some(details) if !details.code.as_str().is_empty() => {
            let (code, text) = (details.code.as_str(), details.text());
            match code == text {
                true => code.to_owned(),
                false => format!("{code}: {text}"),
            }
        }
        _ => string(warning).unwrap_or_else(|| warning.to_owned()),
    }
}
