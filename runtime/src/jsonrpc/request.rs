//! Requests: writing them, and reading them in all the forms that known clients send.

use std::borrow::Cow;

use bytes::Bytes;

use super::id::{NOBODY, can_be_echoed};
use crate::codec::Writer;
use crate::error::DecodeError;
use crate::id::RequestId;
use crate::json::{NON_EMPTY, Text, duplicate};
use crate::wire::{self, Arguments, Binding};

/// Writes a request. `params` is the text of an object or array; nothing stands for no parameters.
pub(crate) fn write(writer: &mut Writer, method: &str, params: &[u8], id: RequestId) {
    writer.raw(r#"{"jsonrpc":"2.0","method":"#);
    writer.string(method);
    writer.raw(r#","params":"#);
    writer.raw_bytes(if params.is_empty() { b"{}" } else { params });
    writer.raw(r#","id":"#);
    writer.number(id.get());
    writer.byte(b'}');
}

impl Binding {
    /// A request as a JSON-RPC 2.0 document, with the method and the arguments as this binding has them: for wires that
    /// carry JSON-RPC in a framing of their own.
    ///
    /// ```
    /// use xerus_rpc::wire::{Binding, Request, RequestId, Values};
    ///
    /// let request = Request::untyped("", "heartbeat", Values::none());
    /// let document = Binding::XERUS.json_rpc(&request, RequestId::new(2));
    /// assert_eq!(document, r#"{"jsonrpc":"2.0","method":"heartbeat","params":{},"id":2}"#);
    /// ```
    #[must_use]
    pub fn json_rpc(&self, request: &wire::Request, id: RequestId) -> Bytes {
        document(&self.name(request), &self.lay_out_arguments(request), id)
    }
}

/// A request as a document.
pub(crate) fn document(method: &str, params: &[u8], id: RequestId) -> Bytes {
    const FRAME: usize = 64;
    let mut writer = Writer::with_capacity(FRAME + method.len() + params.len());
    write(&mut writer, method, params, id);
    writer.into_bytes()
}

/// A request taken apart.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: Cow<'a, str>,
    pub(crate) arguments: Arguments<'a>,
    /// The id as JSON text, to be repeated untouched.
    pub(crate) id: &'a str,
}

/// Why a document is no request.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// No JSON.
    Text(DecodeError),
    /// JSON, but no request.
    Form(DecodeError),
    /// A request, but for its parameters.
    Arguments(DecodeError),
}

impl<'a> Request<'a> {
    /// Reads a request: an object with `method`; `params` may be an object, an array, null or absent; any `id`; `jsonrpc`
    /// does not matter.
    ///
    /// # Errors
    ///
    /// What is wrong, and the id to answer under.
    pub(crate) fn read(mut text: Text<'a>) -> Result<Self, (Unreadable, &'a str)> {
        let unreadable = |error| (Unreadable::Text(error), NOBODY);
        text.expect_document().map_err(unreadable)?;
        let start = text.mark();
        if let Some(request) = Self::read_as_expected(&mut text) {
            return Ok(request);
        }
        text.rewind(start);
        text.skip_value()
            .and_then(|()| text.finish())
            .map_err(unreadable)?;
        text.rewind(start);
        if !text.at_object() {
            return Err((Unreadable::Form(text.mismatch("an object")), NOBODY));
        }
        let offset = text.offset();
        let mut id = NOBODY;
        match read_members(&mut text, &mut id) {
            Ok((Some(method), arguments)) => Ok(Self {
                method,
                arguments,
                id,
            }),
            Ok((None, _)) => Err((Unreadable::Form(DecodeError::missing("method", offset)), id)),
            Err(error) => Err((error, id)),
        }
    }

    /// One pass over a request in which nothing is wrong; `None` for anything else, and nothing is said about why.
    fn read_as_expected(text: &mut Text<'a>) -> Option<Self> {
        if !text.at_object() {
            return None;
        }
        let mut id = NOBODY;
        let (method, arguments) = read_members(text, &mut id).ok()?;
        text.finish().ok()?;
        Some(Self {
            method: method?,
            arguments,
            id,
        })
    }
}

type Members<'a> = (Option<Cow<'a, str>>, Arguments<'a>);

fn read_members<'a>(text: &mut Text<'a>, id: &mut &'a str) -> Result<Members<'a>, Unreadable> {
    let (mut method, mut arguments, mut has_id) = (None, None, false);
    // The id comes last as a rule; an error before it is reported under the id all the same.
    let mut failed = None;
    if text.open_object("an object").map_err(Unreadable::Form)? == NON_EMPTY {
        loop {
            text.peek();
            let start = text.offset();
            let name = text.key().map_err(Unreadable::Form)?;
            match &*name {
                "id" if !has_id => {
                    text.peek();
                    let place = text.offset();
                    let value = text.raw_value().map_err(Unreadable::Form)?;
                    if !can_be_echoed(value) {
                        return Err(Unreadable::Form(
                            crate::wire::wrong(
                                place,
                                "a string, a number or null",
                                "something that cannot be sent back",
                            )
                            .member("id"),
                        ));
                    }
                    (*id, has_id) = (value, true);
                }
                "method" if method.is_none() => match text.string() {
                    Ok(name) => method = Some(name),
                    Err(error) => {
                        failed.get_or_insert(Unreadable::Form(error.member("method")));
                        text.skip_value().map_err(Unreadable::Form)?;
                    }
                },
                "params" if arguments.is_none() => {
                    let mark = text.mark();
                    match Arguments::read(text) {
                        Ok(read) => arguments = Some(read),
                        Err(error) => {
                            failed.get_or_insert(Unreadable::Arguments(error.member("params")));
                            text.rewind(mark);
                            text.skip_value().map_err(Unreadable::Form)?;
                        }
                    }
                }
                "id" | "method" | "params" => {
                    let error = duplicate(start).member(name.into_owned());
                    return Err(Unreadable::Form(error));
                }
                _ => text.skip_value().map_err(Unreadable::Form)?,
            }
            if !text.more_members().map_err(Unreadable::Form)? {
                break;
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok((method, arguments.unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_all_four_members() {
        let request = document("setPowerState", br#"{"pstate":1}"#, RequestId::new(2));
        assert_eq!(
            &request[..],
            br#"{"jsonrpc":"2.0","method":"setPowerState","params":{"pstate":1},"id":2}"#
        );
        let request = document("getMetaData", b"", RequestId::new(1));
        assert_eq!(
            &request[..],
            br#"{"jsonrpc":"2.0","method":"getMetaData","params":{},"id":1}"#
        );
    }

    #[test]
    fn method_names_cannot_break_out() {
        let request = document("a\",\"id\":9,\n\"x\":\"\\", b"{}", RequestId::new(1));
        let document: serde_json::Value = serde_json::from_slice(&request).expect("valid JSON");
        assert_eq!(document["method"], "a\",\"id\":9,\n\"x\":\"\\");
        assert_eq!(document["id"], 1);
    }
}
