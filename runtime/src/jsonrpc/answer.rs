//! Answers: reading them with every check that an answer must pass, and writing them.

use super::id::{NOBODY, is};
use crate::codec::{Reader, ReaderOptions, Writer};
use crate::error::{DecodeError, EnvelopeError, Error, ErrorCode, RpcError};
use crate::id::RequestId;
use crate::json::{Mark, NON_EMPTY, duplicate};
use crate::json_text::Json;
use crate::wire::{Arguments, Binding};
use crate::wire::{Reply, Results};

/// Takes the `result` value of an answer. May be called a second time; the last call counts.
pub(crate) type Sink<'s> = dyn FnMut(&mut Reader<'_>) -> Result<(), DecodeError> + 's;

impl Reply {
    /// The error in a JSON-RPC answer, or what keeps it from being one; `None` for results.
    ///
    /// Layers see the replies of such wires before anybody has read them: a device that refuses answers, too.
    ///
    /// ```
    /// use xerus_rpc::wire::{Reply, RequestId};
    ///
    /// let body = r#"{"jsonrpc":"2.0","error":{"code":-32001,"message":"no"},"id":7}"#;
    /// let reply = Reply::envelope(body, RequestId::new(7));
    /// assert!(reply.error().is_some_and(|error| error.is_permission_denied()));
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        read_reply(self, &ReaderOptions::default(), &mut |reader| {
            reader.skip_value()
        })
        .err()
    }
}

/// Reads the answer in a reply, and gives codes the meaning that its wire gives them. A reply without an envelope has
/// nothing to read.
pub(crate) fn read_reply(
    reply: &Reply,
    options: &ReaderOptions,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let Results::Envelope { body, id } = reply.results() else {
        return Ok(());
    };
    let accepts = reply.binding().is_some_and(Binding::accepts_any_version);
    let read = Reader::from_bytes(body, options).map_err(Error::from);
    let read = read.and_then(|mut reader| {
        let any_version = accepts && !reader.is_strict();
        read_all(&mut reader, *id, any_version, sink)
    });
    read.map_err(|error| {
        let error = error.with_request_id(*id);
        let error = match reply.binding() {
            Some(binding) => error.with_rpc(|error| binding.error(error)),
            None => error,
        };
        if reply.meta().attempt_lost {
            error.after_a_lost_attempt()
        } else {
            error
        }
    })
}

/// Reads an answer that is all there is to read.
pub(crate) fn read_whole(
    reader: &mut Reader<'_>,
    id: RequestId,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    read_all(reader, id, false, sink)
}

fn read_all(
    reader: &mut Reader<'_>,
    id: RequestId,
    any_version: bool,
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    reader.expect_document()?;
    let start = reader.mark();
    if read_as_expected(reader, id, sink).is_some() && reader.finish().is_ok() {
        return Ok(());
    }
    reader.rewind(start);
    let members = Members::scan(reader).map_err(unread)?;
    reader.finish()?;
    members.read(reader, id, any_version, sink)
}

/// The error for an answer that cannot be read, whose results were not looked at.
#[cold]
fn unread(error: DecodeError) -> Error {
    Error::from(error).before_the_result()
}

/// Reads an answer that is part of a larger document; the reader ends behind it.
///
/// # Errors
///
/// The outer error is a fault in the text, which spoils the whole document.
pub(crate) fn read_part(
    reader: &mut Reader<'_>,
    id: RequestId,
    sink: &mut Sink<'_>,
) -> Result<Result<(), Error>, DecodeError> {
    let start = reader.mark();
    if read_as_expected(reader, id, sink).is_some() {
        return Ok(Ok(()));
    }
    reader.rewind(start);
    reader.skip_value()?;
    let end = reader.mark();
    reader.rewind(start);
    let outcome = match Members::scan(reader) {
        Ok(members) => members.read(reader, id, false, sink),
        Err(error) => Err(unread(error)),
    };
    reader.resume(end);
    Ok(outcome)
}

/// One pass over an answer as devices send it; `None` for anything else, and nothing is said about why.
pub(crate) fn read_as_expected(
    reader: &mut Reader<'_>,
    id: RequestId,
    sink: &mut Sink<'_>,
) -> Option<()> {
    let (mut version, mut answered, mut matched) = (false, false, false);
    if !reader.at_object() || reader.open_object("an object").ok()? != NON_EMPTY {
        return None;
    }
    loop {
        if !version && reader.take_key("jsonrpc") {
            version = reader.take_text(r#""2.0""#);
        } else if !answered && reader.take_key("result") {
            sink(reader).ok()?;
            answered = true;
        } else if !matched && reader.take_key("id") {
            matched = reader.take_number(id.get());
        } else {
            return None;
        }
        // This also sees that what was taken is all of a value.
        if !reader.more_members().ok()? {
            break;
        }
    }
    (version && answered && matched).then_some(())
}

/// The members of an answer, not yet judged.
struct Members {
    object: bool,
    version: Option<Mark>,
    result: Option<Mark>,
    error: Option<Mark>,
    id: Option<Mark>,
}

impl Members {
    /// Walks over an answer, checking its syntax.
    fn scan(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut members = Self {
            object: reader.at_object(),
            version: None,
            result: None,
            error: None,
            id: None,
        };
        if !members.object {
            reader.skip_value()?;
            return Ok(members);
        }
        if reader.open_object("an object")? != NON_EMPTY {
            return Ok(members);
        }
        loop {
            reader.peek();
            let start = reader.offset();
            let name = reader.key()?;
            let (slot, name) = match &*name {
                "jsonrpc" => (Some(&mut members.version), "jsonrpc"),
                "result" => (Some(&mut members.result), "result"),
                "error" => (Some(&mut members.error), "error"),
                "id" => (Some(&mut members.id), "id"),
                _ => (None, ""),
            };
            reader.peek();
            if let Some(slot) = slot
                && slot.replace(reader.mark()).is_some()
            {
                return Err(duplicate(start).member(name));
            }
            reader.skip_value()?;
            if !reader.more_members()? {
                return Ok(members);
            }
        }
    }

    /// Judges the members in the order of `docs/protocol/envelope.md`, and takes the result or the error.
    fn read(
        &self,
        reader: &mut Reader<'_>,
        id: RequestId,
        any_version: bool,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        if !self.object {
            return Err(EnvelopeError::NotObject.into());
        }
        match self.version {
            None if reader.is_strict() => return Err(EnvelopeError::VersionMissing.into()),
            Some(mark) if !any_version && text_at(reader, mark) != r#""2.0""# => {
                return Err(EnvelopeError::VersionMismatch.into());
            }
            _ => {}
        }
        let (result, error) = self.told(reader);
        match self.id {
            None => return Err(EnvelopeError::IdMissing.into()),
            Some(mark) => {
                let text = text_at(reader, mark);
                // Without an id when the device could not even read the request.
                let unreadable = text == "null" && error.is_some() && result.is_none();
                if !is(text, id) && !unreadable {
                    return Err(EnvelopeError::IdMismatch.into());
                }
            }
        }
        match (result, error) {
            (Some(_), Some(_)) => Err(EnvelopeError::ResultAndError.into()),
            (None, None) => Err(EnvelopeError::NeitherResultNorError.into()),
            (Some(mark), None) => {
                reader.rewind(mark);
                sink(reader).map_err(Error::in_the_result)
            }
            (None, Some(mark)) => {
                reader.rewind(mark);
                Err(match error_object(reader).map_err(unread)? {
                    Some(error) => error.into(),
                    None => EnvelopeError::BadErrorObject.into(),
                })
            }
        }
    }

    /// Result and error, as far as they say anything: habits of JSON-RPC 1.0 are a null error beside a result and a null
    /// result beside an error. Of two nulls neither does. A null result alone is what methods give that return nothing.
    fn told(&self, reader: &mut Reader<'_>) -> (Option<Mark>, Option<Mark>) {
        let mut says = |mark: &Mark| text_at(reader, *mark) != "null";
        let error = self.error.filter(&mut says);
        let result = match self.error {
            Some(_) => self.result.filter(&mut says),
            None => self.result,
        };
        (result, error)
    }
}

/// The text of a value that was walked over before.
fn text_at<'a>(reader: &mut Reader<'a>, mark: Mark) -> &'a str {
    reader.rewind(mark);
    reader.raw_value().expect("it was walked over before")
}

/// Reads the `error` member; `None` when it has not the shape of an error.
fn error_object(reader: &mut Reader<'_>) -> Result<Option<RpcError>, DecodeError> {
    if !reader.at_object() {
        return Ok(None);
    }
    let (mut code, mut message, mut data) = (None, None, None);
    if reader.open_object("an object")? == NON_EMPTY {
        loop {
            let start = reader.offset();
            let name = reader.key()?;
            let (slot, name) = match &*name {
                "code" => (Some(&mut code), "code"),
                "message" => (Some(&mut message), "message"),
                "data" => (Some(&mut data), "data"),
                _ => (None, ""),
            };
            let text = reader.raw_value()?;
            if let Some(slot) = slot
                && slot.replace(text).is_some()
            {
                return Err(duplicate(start).member(name).member("error"));
            }
            if !reader.more_members()? {
                break;
            }
        }
    }
    let Some(code) = code.and_then(|text| text.parse::<i64>().ok()) else {
        return Ok(None);
    };
    let message = match message {
        None | Some("null") => String::new(),
        Some(text) => match Reader::with_options(text, reader.options()).value() {
            Ok(message) => message,
            Err(_) => return Ok(None),
        },
    };
    let data = data.map(|text| Json::trusted(text.to_owned()));
    Ok(Some(carried(code, data.as_ref(), &message).unwrap_or_else(
        || RpcError {
            data,
            ..RpcError::new(code, message)
        },
    )))
}

/// The number of an error whose code is none, or one with which a call is said not to have been begun that may have been. The code itself
/// goes in `data` under a name that no device has of its own, so that no error of a device passes for one; what was in `data` before stands
/// beside it.
const CARRIER: i64 = -32000;

/// The members of `data` that carry a code.
const WORD: &str = "xerus_rpc.code";
const URI: &str = "xerus_rpc.uri";
const NUMBER: &str = "xerus_rpc.number";
/// Says that the call may have been begun, whatever the code says.
const BEGUN: &str = "xerus_rpc.begun";

/// An error with a code that is no number, out of what carries it.
fn carried(code: i64, data: Option<&Json>, message: &str) -> Option<RpcError> {
    let parts = Arguments::parse(data.filter(|_| code == CARRIER)?.get()).ok()?;
    let foreign = |name| !matches!(name, Some(WORD | URI | NUMBER | BEGUN | "data"));
    if parts.iter().any(|(name, _)| foreign(name)) {
        return None;
    }
    let text = |name| -> Option<String> {
        let options = ReaderOptions::default();
        Reader::with_options(parts.get(usize::MAX, name)?, &options)
            .value()
            .ok()
    };
    let get = |name| parts.get(usize::MAX, name);
    let begun = match get(BEGUN) {
        None => false,
        Some("true") => true,
        Some(_) => return None,
    };
    let number = get(NUMBER).map(str::parse::<i64>);
    let error = match (text(WORD), text(URI), number, begun) {
        (Some(word), None, None, _) => RpcError::new(ErrorCode::Text(word.into()), message),
        (None, Some(uri), None, _) => RpcError::new(ErrorCode::Uri(uri.into()), message),
        // It means nothing of this call.
        (None, None, Some(Ok(number)), true) => RpcError {
            meaning: None,
            ..RpcError::new(number, message)
        },
        _ => return None,
    };
    let error = if begun { error.begun() } else { error };
    let data = get("data").map(|text| Json::trusted(text.to_owned()));
    Some(RpcError { data, ..error })
}

/// The document that answers a request with a result of about so many bytes, which `result` writes.
#[cfg(feature = "netstring")]
pub(crate) fn write_result(id: &str, bytes: usize, result: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::with_capacity(48 + id.len() + bytes);
    writer.raw(r#"{"jsonrpc":"2.0","result":"#);
    result(&mut writer);
    writer.raw(r#","id":"#);
    writer.raw(id);
    writer.byte(b'}');
    writer.into_text()
}

/// The document that answers a request: never both a result and an error, never `"error":null`. `result` is the text of
/// the result value, `id` that of the id.
pub(crate) fn write(result: Result<&[u8], &RpcError>, id: &str) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.raw(r#"{"jsonrpc":"2.0","#);
    match result {
        Ok(text) => {
            writer.raw(r#""result":"#);
            writer.raw_bytes(text);
        }
        Err(error) => {
            let begun = error.is_begun();
            let said = error.code.number().filter(|number| {
                // A number by which nothing was begun is not sent for what may have been.
                !begun || !RpcError::denies_by_number(*number, &error.message)
            });
            writer.raw(r#""error":{"code":"#);
            writer.integer(said.unwrap_or(CARRIER));
            writer.raw(r#","message":"#);
            writer.string(&error.message);
            let carries = said.is_none();
            if carries {
                writer.raw(r#","data":{"#);
                match &error.code {
                    ErrorCode::Number(number) => {
                        writer.string(NUMBER);
                        writer.byte(b':');
                        writer.integer(*number);
                    }
                    ErrorCode::Text(text) => {
                        writer.string(WORD);
                        writer.byte(b':');
                        writer.string(text);
                    }
                    ErrorCode::Uri(text) => {
                        writer.string(URI);
                        writer.byte(b':');
                        writer.string(text);
                    }
                }
                if begun {
                    writer.byte(b',');
                    writer.string(BEGUN);
                    writer.raw(":true");
                }
            }
            if let Some(data) = &error.data {
                writer.raw(r#","data":"#);
                writer.raw(data.get());
            }
            writer.raw(if carries { "}}" } else { "}" });
        }
    }
    writer.raw(r#","id":"#);
    writer.raw(if id.is_empty() { NOBODY } else { id });
    writer.byte(b'}');
    writer.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a caller reads of an error that a servant answered with.
    fn told(error: &RpcError) -> RpcError {
        let body = write(Err(error), "7");
        let options = ReaderOptions::default();
        let mut reader = Reader::from_bytes(&body, &options).expect("a text");
        let read = read_whole(&mut reader, RequestId::new(7), &mut |_| Ok(()));
        read.unwrap_err().as_rpc().cloned().expect("an error")
    }

    #[test]
    fn codes_that_are_no_numbers_arrive() {
        let data: Json = r#"{"xerus_rpc.code":"inner"}"#.parse().expect("JSON");
        for code in [
            ErrorCode::Number(-32000),
            ErrorCode::Number(7),
            ErrorCode::Text("validation_error".into()),
            ErrorCode::Uri("com.example.error.no_such_user".into()),
        ] {
            let error = RpcError::new(code.clone(), "no");
            assert_eq!(told(&error), error);
            if code != -32000 {
                let error = error.with_data(data.clone());
                assert_eq!(told(&error), error);
            }
        }
    }

    #[test]
    fn what_a_device_puts_beside_its_error_stays_what_it_is() {
        for data in [
            r#"{"code":"text"}"#,
            r#"{"code":"text","data":1}"#,
            r#"{"uri":"text"}"#,
            r#"{"xerus_rpc.code":1}"#,
            r#"{"xerus_rpc.code":"a","xerus_rpc.uri":"b"}"#,
            r#"{"xerus_rpc.code":"a","more":1}"#,
            r#"["xerus_rpc.code"]"#,
            r#"{"data":1}"#,
            "null",
        ] {
            let error = RpcError::new(-32000, "").with_data(data.parse().expect("JSON"));
            assert_eq!(told(&error), error, "{data}");
        }
    }

    #[test]
    fn what_carries_a_code_is_json_rpc() {
        let error = RpcError::new(ErrorCode::Text("busy".into()), "later");
        assert_eq!(
            write(Err(&error), "1"),
            br#"{"jsonrpc":"2.0","error":{"code":-32000,"message":"later","data":{"xerus_rpc.code":"busy"}},"id":1}"#
        );
    }
}
