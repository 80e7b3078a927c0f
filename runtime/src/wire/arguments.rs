//! Arguments as a serving side receives them.

use std::borrow::Cow;
use std::fmt;

use crate::error::{DecodeError, DecodeErrorKind};
use crate::json::{Limits, NON_EMPTY, Text, duplicate};
use crate::settings::{DEFAULT_MAX_DEPTH, DEFAULT_MAX_MEMORY};

/// The arguments of a call that came in, by name or by position, each as JSON text.
///
/// ```
/// use xerus_rpc::wire::Arguments;
///
/// let by_name = Arguments::parse(r#"{"x": 1, "y": [2]}"#)?;
/// let by_position = Arguments::parse("[1, [2]]")?;
/// for arguments in [by_name, by_position] {
///     assert_eq!(arguments.get(1, "y"), Some("[2]"));
/// }
/// # Ok::<(), xerus_rpc::DecodeError>(())
/// ```
#[derive(Clone, Default)]
pub struct Arguments<'a>(Form<'a>);

#[derive(Clone, Default)]
enum Form<'a> {
    #[default]
    None,
    ByName(Vec<(Cow<'a, str>, &'a str)>),
    ByPosition(Vec<&'a str>),
    /// Some in order, more by name.
    Both(Vec<&'a str>, Vec<(Cow<'a, str>, &'a str)>),
}

/// More arguments than any method has.
const MOST: usize = 256;

impl<'a> Arguments<'a> {
    /// No arguments.
    #[must_use]
    pub const fn none() -> Self {
        Self(Form::None)
    }

    /// Arguments by name; each value is the text of one JSON value.
    #[must_use]
    pub fn by_name(arguments: Vec<(Cow<'a, str>, &'a str)>) -> Self {
        Self(Form::ByName(arguments))
    }

    /// Arguments in the order of the IDL; each is the text of one JSON value.
    #[must_use]
    pub fn by_position(arguments: Vec<&'a str>) -> Self {
        Self(Form::ByPosition(arguments))
    }

    /// Adds arguments by name to those that are there: for wires that have both. In a call that names one which also has a
    /// place, the name counts.
    #[must_use]
    pub fn with_named(self, more: Vec<(Cow<'a, str>, &'a str)>) -> Self {
        Self(match self.0 {
            Form::None => Form::ByName(more),
            Form::ByPosition(places) => Form::Both(places, more),
            Form::ByName(mut names) => {
                names.extend(more);
                Form::ByName(names)
            }
            Form::Both(places, mut names) => {
                names.extend(more);
                Form::Both(places, names)
            }
        })
    }

    /// Reads an object, an array, or `null` for no arguments.
    ///
    /// # Errors
    ///
    /// When the text is something else, names an argument twice, or has more than 256 of them.
    pub fn parse(text: &'a str) -> Result<Self, DecodeError> {
        let mut text = Text::new(
            text,
            Limits {
                strict: false,
                depth: DEFAULT_MAX_DEPTH,
                memory: DEFAULT_MAX_MEMORY,
            },
        );
        let arguments = Self::read(&mut text)?;
        text.finish()?;
        Ok(arguments)
    }

    pub(crate) fn read(text: &mut Text<'a>) -> Result<Self, DecodeError> {
        if text.take_null() {
            return Ok(Self::none());
        }
        match text.peek() {
            Some(b'[') => read_by_position(text),
            Some(b'{') => read_by_name(text),
            _ => Err(text.mismatch("an object or an array")),
        }
    }

    /// The JSON text of an argument: the one with this name, or the one in this place.
    #[must_use]
    pub fn get(&self, index: usize, name: &str) -> Option<&'a str> {
        let (places, names) = self.parts();
        names
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| *value)
            .or_else(|| places.get(index).copied())
    }

    /// Those without a name, in order, then those by name: for gateways that pass results on to another wire.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&str>, &'a str)> {
        let (places, names) = self.parts();
        let places = places.iter().map(|value| (None, *value));
        places.chain(names.iter().map(|(name, value)| (Some(&**name), *value)))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let (places, names) = self.parts();
        places.len() + names.len()
    }

    /// Those in order, and those by name.
    fn parts(&self) -> (&[&'a str], &[(Cow<'a, str>, &'a str)]) {
        match &self.0 {
            Form::None => (&[], &[]),
            Form::ByName(names) => (&[], names),
            Form::ByPosition(places) => (places, &[]),
            Form::Both(places, names) => (places, names),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all came without names.
    #[must_use]
    pub fn is_by_position(&self) -> bool {
        matches!(self.0, Form::ByPosition(_))
    }
}

/// The JSON texts in an array, however many there are: the size of an answer is bounded elsewhere.
#[cfg(feature = "ripex2")]
pub(crate) fn list(text: &str) -> Option<Vec<&str>> {
    let limits = Limits {
        strict: false,
        depth: DEFAULT_MAX_DEPTH,
        memory: DEFAULT_MAX_MEMORY,
    };
    let mut text = Text::new(text, limits);
    let mut all = Vec::new();
    if text.open_array("an array").ok()? == NON_EMPTY {
        loop {
            all.push(text.raw_value().ok()?);
            if !text.more_elements().ok()? {
                break;
            }
        }
    }
    text.finish().ok()?;
    Some(all)
}

fn read_by_position<'a>(text: &mut Text<'a>) -> Result<Arguments<'a>, DecodeError> {
    let mut arguments = Vec::new();
    if text.open_array("an array")? == NON_EMPTY {
        loop {
            if arguments.len() == MOST {
                return Err(text.limit("at most 256 parameters", "more"));
            }
            arguments.push(text.raw_value()?);
            if !text.more_elements()? {
                break;
            }
        }
    }
    Ok(Arguments(Form::ByPosition(arguments)))
}

fn read_by_name<'a>(text: &mut Text<'a>) -> Result<Arguments<'a>, DecodeError> {
    let mut arguments: Vec<(Cow<'a, str>, &'a str)> = Vec::new();
    if text.open_object("an object")? == NON_EMPTY {
        loop {
            text.peek();
            let start = text.offset();
            let name = text.key()?;
            let value = text.raw_value()?;
            if arguments.iter().any(|(known, _)| *known == name) {
                return Err(duplicate(start).member(name.into_owned()));
            }
            if arguments.len() == MOST {
                return Err(text.limit("at most 256 parameters", "more"));
            }
            arguments.push((name, value));
            if !text.more_members()? {
                break;
            }
        }
    }
    Ok(Arguments(Form::ByName(arguments)))
}

/// A value that stands where another was expected, named by its type only.
#[cold]
pub(crate) fn wrong(offset: usize, expected: &'static str, found: &'static str) -> DecodeError {
    DecodeError::new(DecodeErrorKind::WrongType, offset, expected, found)
}

impl fmt::Debug for Arguments<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // They may hold passwords.
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name.unwrap_or("_")))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_shown() {
        let both = Arguments::by_position(vec!["\"s3cret\""])
            .with_named(vec![(Cow::Borrowed("password"), "\"s3cret\"")]);
        assert_eq!(format!("{both:?}"), r#"["_", "password"]"#);
    }

    #[test]
    fn places_and_names_may_come_together() {
        let both = Arguments::by_position(vec!["1", "2"])
            .with_named(vec![(Cow::Borrowed("y"), "3"), (Cow::Borrowed("z"), "4")]);
        assert_eq!(both.get(0, "x"), Some("1"));
        assert_eq!(both.get(1, "y"), Some("3"));
        assert_eq!(both.get(2, "z"), Some("4"));
        assert_eq!(both.get(3, "missing"), None);
        assert_eq!(both.len(), 4);
        assert!(!both.is_by_position());
        let all: Vec<_> = both.iter().collect();
        assert_eq!(
            all,
            [(None, "1"), (None, "2"), (Some("y"), "3"), (Some("z"), "4")]
        );
        let named = Arguments::none().with_named(vec![(Cow::Borrowed("x"), "1")]);
        assert_eq!(named.get(0, "x"), Some("1"));
        assert_eq!(named.get(0, "y"), None);
    }
}
