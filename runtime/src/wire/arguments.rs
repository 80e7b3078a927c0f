//! Arguments as a serving side receives them.

use std::borrow::Cow;

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
#[derive(Clone, Debug, Default)]
pub struct Arguments<'a>(Form<'a>);

#[derive(Clone, Debug, Default)]
enum Form<'a> {
    #[default]
    None,
    ByName(Vec<(Cow<'a, str>, &'a str)>),
    ByPosition(Vec<&'a str>),
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
        match &self.0 {
            Form::None => None,
            Form::ByName(arguments) => arguments
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| *value),
            Form::ByPosition(arguments) => arguments.get(index).copied(),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::None => 0,
            Form::ByName(arguments) => arguments.len(),
            Form::ByPosition(arguments) => arguments.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether they came without names.
    #[must_use]
    pub fn is_by_position(&self) -> bool {
        matches!(self.0, Form::ByPosition(_))
    }
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
