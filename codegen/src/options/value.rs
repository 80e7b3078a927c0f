//! Option values, independent of the notation they were written in.

use std::path::PathBuf;

/// What values an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Switch {
        /// The value when nothing is said.
        default: bool,
    },
    /// One text.
    Text,
    /// One of a few texts.
    Choice {
        /// The texts, the default first.
        values: &'static [&'static str],
    },
    /// Any number of texts.
    List,
    /// Any number of texts for each path.
    Table,
}

impl Kind {
    /// Whether the option holds any number of values.
    #[must_use]
    pub const fn is_several(&self) -> bool {
        matches!(self, Self::List | Self::Table)
    }
}

/// A value in a neutral form.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Value>),
    /// Named values in order.
    Table(Vec<(String, Value)>),
}

/// Texts by path. Paths keep the order in which they came first, texts the order within their path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, Vec<String>)>);

impl Pairs {
    /// Adds a text to a path.
    pub fn push(&mut self, path: String, text: String) {
        match self.0.iter_mut().find(|(known, _)| *known == path) {
            Some((_, texts)) => texts.push(text),
            None => self.0.push((path, vec![text])),
        }
    }

    /// Paths with their texts, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(path, texts)| (path.as_str(), texts.as_slice()))
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The type of an option's field. Errors say what is expected.
pub(super) trait Field {
    fn to_value(&self) -> Value;
    fn set(&mut self, value: Value) -> Result<(), &'static str>;
    fn add(&mut self, value: Value) -> Result<(), &'static str>;
}

impl Field for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn set(&mut self, value: Value) -> Result<(), &'static str> {
        let Value::Bool(on) = value else {
            return Err("`true` or `false`");
        };
        *self = on;
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        self.set(value)
    }
}

impl Field for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn set(&mut self, value: Value) -> Result<(), &'static str> {
        let Value::Text(text) = value else {
            return Err("a string");
        };
        *self = text;
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        self.set(value)
    }
}

impl Field for Vec<String> {
    fn to_value(&self) -> Value {
        Value::List(self.iter().cloned().map(Value::Text).collect())
    }

    fn set(&mut self, value: Value) -> Result<(), &'static str> {
        *self = texts(value)?;
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        self.extend(texts(value)?);
        Ok(())
    }
}

/// Paths that are not Unicode can be given to the builder only; elsewhere they become readable text.
impl Field for Vec<PathBuf> {
    fn to_value(&self) -> Value {
        Value::List(
            self.iter()
                .map(|path| Value::Text(path.to_string_lossy().into()))
                .collect(),
        )
    }

    fn set(&mut self, value: Value) -> Result<(), &'static str> {
        *self = texts(value)?.into_iter().map(PathBuf::from).collect();
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        self.extend(texts(value)?.into_iter().map(PathBuf::from));
        Ok(())
    }
}

impl Field for Pairs {
    fn to_value(&self) -> Value {
        Value::Table(
            self.iter()
                .map(|(path, texts)| {
                    let value = match texts {
                        [one] => Value::Text(one.clone()),
                        many => Value::List(many.iter().cloned().map(Value::Text).collect()),
                    };
                    (path.to_owned(), value)
                })
                .collect(),
        )
    }

    fn set(&mut self, value: Value) -> Result<(), &'static str> {
        *self = Self::default();
        self.add(value)
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        const EXPECTED: &str = "a table from paths to strings or lists of strings";
        let Value::Table(entries) = value else {
            return Err(EXPECTED);
        };
        for (path, value) in entries {
            for text in texts(value).map_err(|_| EXPECTED)? {
                self.push(path.clone(), text);
            }
        }
        Ok(())
    }
}

/// One text or a list of texts.
fn texts(value: Value) -> Result<Vec<String>, &'static str> {
    const EXPECTED: &str = "a string or a list of strings";
    match value {
        Value::Text(text) => Ok(vec![text]),
        Value::List(list) => list
            .into_iter()
            .map(|item| match item {
                Value::Text(text) => Ok(text),
                _ => Err(EXPECTED),
            })
            .collect(),
        _ => Err(EXPECTED),
    }
}
