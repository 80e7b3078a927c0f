//! What comes with an error, in the layouts of all wires.

use std::borrow::Cow;

use crate::codec::{Reader, ReaderOptions, Record};
use crate::error::{DecodeError, ErrorCode, RpcError};
use crate::json_text::Json;
use crate::wire::Arguments;

/// The members that came with an error, each as JSON text.
pub(super) struct Carried<'a> {
    members: Arguments<'a>,
    /// A wire that has nothing but texts: a number is the text of a number.
    in_texts: bool,
}

/// Whether the code of an error is one of these.
pub(super) fn is(error: &RpcError, codes: &[&str]) -> bool {
    let has = |number: &str| {
        let number = number.parse::<i64>();
        number.is_ok_and(|number| codes.iter().any(|code| code.parse() == Ok(number)))
    };
    match &error.code {
        ErrorCode::Number(number) => has(&number.to_string()),
        ErrorCode::Text(text) | ErrorCode::Uri(text) => {
            codes.contains(&&**text) || number(error).is_some_and(has)
        }
    }
}

/// The number of an error that has none of its own, since the wire has none: with the general URI it is an argument.
fn number(error: &RpcError) -> Option<&str> {
    match &error.code {
        ErrorCode::Uri(uri) if uri == "wamp.error.runtime_error" => {}
        _ => return None,
    }
    let (_, named) = in_order_and_by_name(error.data.as_ref()?.get())?;
    named.get(usize::MAX, "code")
}

impl<'a> Carried<'a> {
    /// Takes apart what came with an error.
    pub(super) fn of(error: &'a RpcError) -> Result<Self, DecodeError> {
        let plain = |members| Self {
            members,
            in_texts: false,
        };
        let Some(data) = error.data.as_ref().map(Json::get) else {
            return Ok(plain(Arguments::none()));
        };
        if let Some((placed, named)) = in_order_and_by_name(data) {
            let placed = placed.iter().map(|(_, value)| value).collect();
            let named = named.iter().filter_map(|(name, value)| {
                let name = name?.to_owned();
                Some((Cow::Owned(name), value))
            });
            let members = Arguments::by_position(placed).with_named(named.collect());
            return Ok(plain(members));
        }
        let members = Arguments::parse(data)?;
        match params(error, &members) {
            Some(params) => Ok(Self {
                members: Arguments::parse(params)?,
                in_texts: true,
            }),
            None => Ok(plain(members)),
        }
    }

    /// Reads the members of a record.
    pub(super) fn read_into(&self, record: &mut dyn Record) -> Result<(), DecodeError> {
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

fn value<T: crate::codec::Decode>(text: &str) -> Option<T> {
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

/// The texts beside the code of an error that has its own code among its members, as those of RipEX2 units.
fn params<'a>(error: &RpcError, members: &Arguments<'a>) -> Option<&'a str> {
    let word = error.code.text()?;
    let own: String = value(members.get(usize::MAX, "code")?)?;
    members.get(usize::MAX, "message_id")?;
    let params = members.get(usize::MAX, "message_params");
    (own == word).then(|| params.unwrap_or("{}"))
}
