//! What comes with an error, in the layouts of all wires.

use std::borrow::Cow;

use crate::codec::{Decode, Reader, ReaderOptions, Record};
use crate::error::{DecodeError, ErrorCode, RpcError};
use crate::json_text::Json;
use crate::wire::Arguments;

/// Whether the code of an error is one of these.
pub(super) fn is(error: &RpcError, codes: &[&str]) -> bool {
    match &error.code {
        ErrorCode::Number(number) => codes.iter().any(|code| code.parse() == Ok(*number)),
        ErrorCode::Text(text) | ErrorCode::Uri(text) => codes.contains(&&**text),
    }
}

/// Reads what came with an error into the members of its type.
pub(super) fn read(error: &RpcError, record: &mut dyn Record) -> Result<(), DecodeError> {
    match error.data.as_ref().map(Json::get) {
        None => Carried::plain(Arguments::none()).read_into(record),
        Some(data) => read_data(error, data, record),
    }
}

fn read_data(error: &RpcError, data: &str, record: &mut dyn Record) -> Result<(), DecodeError> {
    if let Some((placed, named)) = in_order_and_by_name(data) {
        // What came to our callee from a servant that gave it by name.
        let names = record.info().members;
        let inner = named
            .get(usize::MAX, "data")
            .filter(|_| named.len() == 1 && placed.len() <= 1 && !names.contains(&"data"));
        if let Some(inner) = inner {
            return Carried::plain(Arguments::parse(inner)?).read_into(record);
        }
        let placed = placed.iter().map(|(_, value)| value).collect();
        let named = named.iter().filter_map(|(name, value)| {
            let name = name?.to_owned();
            Some((Cow::Owned(name), value))
        });
        let members = Arguments::by_position(placed).with_named(named.collect());
        return Carried::plain(members).read_into(record);
    }
    let members = Arguments::parse(data)?;
    let Some(params) = params(error, &members) else {
        return Carried::plain(members).read_into(record);
    };
    let params = Arguments::parse(params)?;
    let whole = params
        .get(usize::MAX, "json_rpc_data")
        .and_then(value::<String>);
    match whole {
        Some(whole) => Carried::plain(Arguments::parse(&whole)?).read_into(record),
        None => Carried {
            members: params,
            in_texts: true,
        }
        .read_into(record),
    }
}

/// The members that came with an error, each as JSON text.
struct Carried<'a> {
    members: Arguments<'a>,
    /// A wire that has nothing but texts: a number is the text of a number.
    in_texts: bool,
}

impl<'a> Carried<'a> {
    const fn plain(members: Arguments<'a>) -> Self {
        Self {
            members,
            in_texts: false,
        }
    }

    /// Reads the members of a record.
    fn read_into(&self, record: &mut dyn Record) -> Result<(), DecodeError> {
        let names = record.info().members;
        let mut missing = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match self.members.get(index, name) {
                Some(text) => self
                    .read_member(record, index, text)
                    .map_err(|error| error.member(*name))?,
                None => missing.push(*name),
            }
        }
        // None of them is no older peer, but one that means something else by the code.
        if let Some(first) = names.first()
            && missing.len() == names.len()
        {
            return Err(DecodeError::missing(first, 0));
        }
        for name in missing {
            record.extra_mut().add_missing(name);
        }
        let unknown = self.members.iter().filter_map(|(name, value)| {
            let name = name.filter(|name| !names.contains(name))?;
            Some((name.into(), Json::trusted(value.to_owned())))
        });
        let unknown: Vec<(Box<str>, Json)> = unknown.collect();
        if !unknown.is_empty() {
            record.extra_mut().set_unknown(unknown, None);
        }
        Ok(())
    }

    fn read_member(
        &self,
        record: &mut dyn Record,
        index: usize,
        text: &str,
    ) -> Result<(), DecodeError> {
        let read = one(record, index, text);
        if read.is_ok() || !self.in_texts {
            return read;
        }
        let inside: Option<String> = value(text);
        match inside.map(|inside| one(record, index, &inside)) {
            Some(Ok(())) => Ok(()),
            _ => read,
        }
    }
}

fn one(record: &mut dyn Record, index: usize, text: &str) -> Result<(), DecodeError> {
    let options = ReaderOptions::default();
    let mut reader = Reader::with_options(text, &options);
    record.read(index, &mut reader)?;
    reader.finish()
}

fn value<T: Decode>(text: &str) -> Option<T> {
    let options = ReaderOptions::default();
    Reader::with_options(text, &options).value().ok()
}

/// The two halves of `{"args":[…],"kwargs":{…}}`, as errors have them that came over WAMP.
fn in_order_and_by_name(data: &str) -> Option<(Arguments<'_>, Arguments<'_>)> {
    let halves = Arguments::parse(data).ok()?;
    if halves.is_empty() || halves.is_by_position() {
        return None;
    }
    let (mut placed, mut named) = (Arguments::none(), Arguments::none());
    for (name, value) in halves.iter() {
        let half = Arguments::parse(value).ok()?;
        match name? {
            "args" if half.is_by_position() || half.is_empty() => placed = half,
            "kwargs" if !half.is_by_position() => named = half,
            _ => return None,
        }
    }
    Some((placed, named))
}

/// The texts beside the code of an error that is a whole object with its own code, as those of RipEX2 units.
fn params<'a>(error: &RpcError, members: &Arguments<'a>) -> Option<&'a str> {
    let get = |name| members.get(usize::MAX, name);
    let word: String = value(get("code")?)?;
    get("message_id")?;
    let params = get("message_params").unwrap_or("{}");
    // Where the code is a number, that stands beside the word.
    let is_its_own = match error.code.text() {
        Some(code) => code == word,
        None => params.contains("json_rpc_code"),
    };
    is_its_own.then_some(params)
}
