//! What messages carry for programs: values in order, and values by name.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use super::message::Payload;
use crate::codec::{Decode, Encode, Reader, ReaderOptions, Writer, encode};
use crate::error::{DecodeError, EncodeError};
use crate::json_text::Json;
use crate::wire::Arguments;

/// Values for a message, in order and by name: the results of an untyped procedure, what is published, what stands beside an error.
///
/// ```
/// use xerus_rpc::wamp::Content;
///
/// let content = Content::new().arg("no user").arg(&7).named("code", &404);
/// assert_eq!(content.to_string(), r#"["no user",7],{"code":404}"#);
/// ```
#[derive(Clone, Default)]
pub struct Content {
    args: Vec<Json>,
    named: Vec<(Cow<'static, str>, Json)>,
    failed: Option<EncodeError>,
}

impl Content {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value in order. One that cannot be sent (NaN, say) is told when the content is used.
    #[must_use]
    pub fn arg<T: Encode + ?Sized>(mut self, value: &T) -> Self {
        match encode(value) {
            Ok(json) => self.args.push(json),
            Err(error) => self.fail(error),
        }
        self
    }

    /// Adds a value by name, in place of one that has this name already.
    #[must_use]
    pub fn named<T: Encode + ?Sized>(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: &T,
    ) -> Self {
        match encode(value) {
            Ok(json) => self.put(name.into(), json),
            Err(error) => self.fail(error),
        }
        self
    }

    pub(super) fn put(&mut self, name: Cow<'static, str>, value: Json) {
        self.named.retain(|(known, _)| *known != name);
        self.named.push((name, value));
    }

    /// The first value in order.
    pub(super) fn first(&self) -> Option<&Json> {
        self.args.first()
    }

    fn fail(&mut self, error: EncodeError) {
        self.failed.get_or_insert(error);
    }

    /// As it travels.
    ///
    /// # Errors
    ///
    /// When one of the values cannot be sent.
    pub(super) fn payload(self) -> Result<Payload, EncodeError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let args = (!self.args.is_empty()).then(|| array(self.args.iter().map(Json::get)));
        let named = self
            .named
            .iter()
            .map(|(name, value)| (&**name, value.get()));
        let kwargs = (!self.named.is_empty()).then(|| object(named));
        Ok(Payload { args, kwargs })
    }
}

/// An array of values that are JSON already.
pub(super) fn array<'v>(values: impl Iterator<Item = &'v str>) -> Bytes {
    let mut out = Writer::new();
    out.byte(b'[');
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.byte(b',');
        }
        out.raw(value);
    }
    out.byte(b']');
    out.into_bytes()
}

/// An object of values that are JSON already.
pub(super) fn object<'v>(members: impl Iterator<Item = (&'v str, &'v str)>) -> Bytes {
    let mut out = Writer::new();
    out.byte(b'{');
    for (index, (name, value)) in members.enumerate() {
        if index > 0 {
            out.byte(b',');
        }
        out.string(name);
        out.byte(b':');
        out.raw(value);
    }
    out.byte(b'}');
    out.into_bytes()
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, value) in self.args.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{value}")?;
        }
        f.write_str("]")?;
        for (index, (name, value)) in self.named.iter().enumerate() {
            let before = if index > 0 { "," } else { ",{" };
            write!(f, "{before}{:?}:{value}", &**name)?;
        }
        f.write_str(if self.named.is_empty() { "" } else { "}" })
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It may hold passwords.
        f.debug_struct("Content")
            .field("args", &self.args.len())
            .field("named", &self.named.len())
            .finish()
    }
}

/// Values that came with a message, unread.
#[derive(Clone, Default)]
pub struct Received(Payload);

impl Received {
    pub(super) fn new(payload: Payload) -> Self {
        Self(payload)
    }

    /// All values in order as one JSON array.
    #[must_use]
    pub fn args(&self) -> Json {
        json(&self.0.args())
    }

    /// All values by name as one JSON object.
    #[must_use]
    pub fn kwargs(&self) -> Json {
        json(&self.0.kwargs())
    }

    /// All of them, as servants get them.
    ///
    /// # Errors
    ///
    /// When they cannot be read, when a name comes twice, or when there are more than 256 of one sort.
    pub fn arguments(&self) -> Result<Arguments<'_>, DecodeError> {
        let args = match &self.0.args {
            Some(args) => Arguments::parse(text(args))?,
            None => Arguments::none(),
        };
        let Some(kwargs) = self.0.kwargs.as_ref().filter(|_| self.0.has_kwargs()) else {
            return Ok(args);
        };
        let named = Arguments::parse(text(kwargs))?;
        let named = named
            .iter()
            .filter_map(|(name, value)| Some((Cow::Owned(name?.to_owned()), value)));
        let named = named.collect();
        Ok(args.with_named(named))
    }

    /// The value in this place.
    ///
    /// # Errors
    ///
    /// When it is missing or no value of type `T`.
    pub fn arg<T: Decode>(&self, index: usize) -> Result<T, DecodeError> {
        let arguments = self.arguments()?;
        let value = arguments
            .iter()
            .filter(|(name, _)| name.is_none())
            .nth(index);
        match value {
            Some((_, value)) => read(value).map_err(|error| error.index(index)),
            None => Err(DecodeError::missing("args", 0).index(index)),
        }
    }

    /// The value with this name; `None` when there is none.
    ///
    /// # Errors
    ///
    /// When it is no value of type `T`.
    pub fn named<T: Decode>(&self, name: &str) -> Result<Option<T>, DecodeError> {
        let arguments = self.arguments()?;
        let found = arguments.iter().find(|(known, _)| *known == Some(name));
        let value =
            found.map(|(_, value)| read(value).map_err(|error| error.member(name.to_owned())));
        value.transpose()
    }
}

fn text(json: &Bytes) -> &str {
    // What came over the wire was text, and was cut where one value ends.
    std::str::from_utf8(json).unwrap_or("")
}

fn json(bytes: &Bytes) -> Json {
    text(bytes).parse().unwrap_or_default()
}

fn read<T: Decode>(value: &str) -> Result<T, DecodeError> {
    let options = ReaderOptions {
        keeps_unreadable: false,
        ..ReaderOptions::default()
    };
    Reader::with_options(value, &options).value()
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(args: &'static str, kwargs: &'static str) -> Received {
        Received::new(Payload {
            args: Some(args.into()),
            kwargs: Some(kwargs.into()),
        })
    }

    #[test]
    fn values_go_there_and_back() {
        let payload = Content::new()
            .arg(&-9_007_199_254_740_993_i64)
            .arg("x")
            .named("k", &true)
            .payload()
            .unwrap();
        let received = Received::new(payload);
        assert_eq!(received.arg::<i64>(0), Ok(-9_007_199_254_740_993));
        assert_eq!(received.arg::<String>(1), Ok("x".to_owned()));
        assert_eq!(received.named::<bool>("k"), Ok(Some(true)));
        assert_eq!(received.named::<bool>("other"), Ok(None));
        assert!(received.arg::<i32>(2).is_err());
        assert!(received.arg::<i32>(1).is_err());
        assert_eq!(received.args().get(), r#"[-9007199254740993,"x"]"#);
    }

    #[test]
    fn what_cannot_be_sent_is_told() {
        assert!(Content::new().arg(&f64::NAN).payload().is_err());
        let nothing = Content::new().payload().unwrap();
        assert_eq!(nothing, Payload::NONE);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        assert!(received("[1,]", "{}").arguments().is_err());
        assert!(received("[]", r#"{"a":1,"a":2}"#).arguments().is_err());
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let deep = Received::new(Payload {
            args: Some(deep.into()),
            kwargs: None,
        });
        assert!(deep.arguments().is_err());
    }
}
