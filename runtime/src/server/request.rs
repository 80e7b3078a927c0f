//! Reading requests, with all the quirks that known clients have (spec section 1.3).

use std::borrow::Cow;

use super::fault::Fault;
use crate::error::{DecodeError, DecodeErrorKind};
use crate::json::{NON_EMPTY, Reader, ReaderOptions, duplicate};

/// The parameters of a call: names, and values as JSON text.
#[derive(Debug, Default)]
pub(super) struct Params<'a> {
    members: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> Params<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.members
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| *value)
    }
}

/// A request taken apart.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) method: Cow<'a, str>,
    pub(super) params: Params<'a>,
    /// The id as JSON text, to be repeated untouched.
    pub(super) id: &'a str,
}

/// The id of an answer to a request that could not be read.
pub(super) const NO_ID: &str = "null";

/// More parameters than any method has.
const MAX_PARAMS: usize = 256;

impl<'a> Request<'a> {
    /// Reads a request: an object with `method`; `params` may be an object, null, absent or an empty array;
    /// any `id`; `jsonrpc` does not matter.
    ///
    /// # Errors
    ///
    /// The fault to answer with, and the id to answer under.
    pub(super) fn parse(
        body: &'a [u8],
        options: &'a ReaderOptions,
    ) -> Result<Self, (Fault, &'a str)> {
        let unreadable = |error: DecodeError| (Fault::parse_error(error), NO_ID);
        let mut reader = Reader::from_bytes(body, options).map_err(unreadable)?;
        reader.expect_document().map_err(unreadable)?;
        let start = reader.mark();
        reader
            .skip_value()
            .and_then(|()| reader.finish())
            .map_err(unreadable)?;
        reader.rewind(start);
        if !reader.at_object() {
            return Err((Fault::invalid_request("not an object"), NO_ID));
        }
        let mut id = NO_ID;
        match read_members(&mut reader, &mut id) {
            Ok((Some(method), params)) => Ok(Self { method, params, id }),
            Ok((None, _)) => Err((Fault::invalid_request("no method"), id)),
            Err(error) if error.path().starts_with("params") => {
                Err((Fault::invalid_params(error), id))
            }
            Err(error) => Err((Fault::invalid_request(error), id)),
        }
    }
}

/// Whether an id can be sent back as it was written and be read there: no container, no number beyond what any reader
/// can hold (`1e616`).
pub(super) fn can_be_echoed(id: &str) -> bool {
    match id.as_bytes().first() {
        Some(b'{' | b'[') | None => false,
        Some(b'-' | b'0'..=b'9') => id.parse::<f64>().is_ok_and(f64::is_finite),
        Some(_) => true,
    }
}

type Members<'a> = (Option<Cow<'a, str>>, Params<'a>);

fn read_members<'a>(reader: &mut Reader<'a>, id: &mut &'a str) -> Result<Members<'a>, DecodeError> {
    let (mut method, mut params, mut has_id) = (None, None, false);
    // The id comes last as a rule; an error before it is reported under the id all the same.
    let mut failed = None;
    if reader.open_object("an object")? == NON_EMPTY {
        loop {
            reader.peek();
            let start = reader.offset();
            let name = reader.key()?;
            match &*name {
                "id" if !has_id => {
                    let text = reader.raw_value()?;
                    if !can_be_echoed(text) {
                        return Err(wrong(start, "a string, a number or null"));
                    }
                    (*id, has_id) = (text, true);
                }
                "method" if method.is_none() => match reader.string() {
                    Ok(text) => method = Some(text),
                    Err(error) => {
                        failed.get_or_insert(error.member("method"));
                        reader.skip_value()?;
                    }
                },
                "params" if params.is_none() => {
                    let mark = reader.mark();
                    match read_params(reader) {
                        Ok(read) => params = Some(read),
                        Err(error) => {
                            failed.get_or_insert(error.member("params"));
                            reader.rewind(mark);
                            reader.skip_value()?;
                        }
                    }
                }
                "id" | "method" | "params" => {
                    return Err(duplicate(start).member(name.into_owned()));
                }
                _ => reader.skip_value()?,
            }
            if !reader.more_members()? {
                break;
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok((method, params.unwrap_or_default())),
    }
}

fn read_params<'a>(reader: &mut Reader<'a>) -> Result<Params<'a>, DecodeError> {
    let mut params = Params::default();
    if reader.take_null() {
        return Ok(params);
    }
    if reader.peek() == Some(b'[') {
        let start = reader.offset();
        if reader.open_array("an array")? == NON_EMPTY {
            return Err(wrong(start, "parameters by name"));
        }
        return Ok(params);
    }
    if reader.open_object("an object")? == NON_EMPTY {
        loop {
            reader.peek();
            let start = reader.offset();
            let name = reader.key()?;
            let value = reader.raw_value()?;
            if params.get(&name).is_some() {
                return Err(duplicate(start).member(name.into_owned()));
            }
            if params.members.len() == MAX_PARAMS {
                return Err(reader.limit("at most 256 parameters", "more"));
            }
            params.members.push((name, value));
            if !reader.more_members()? {
                break;
            }
        }
    }
    Ok(params)
}

fn wrong(offset: usize, expected: &'static str) -> DecodeError {
    DecodeError::new(
        DecodeErrorKind::WrongType,
        offset,
        expected,
        "an array or object",
    )
}
