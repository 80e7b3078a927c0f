//! Places in a JSON document, which know where they are.

use serde_json::Value;

use crate::error::Error;
use crate::text::quoted;

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct At<'v> {
    value: &'v Value,
    place: String,
}

impl<'v> At<'v> {
    pub(super) const fn root(value: &'v Value) -> Self {
        Self {
            value,
            place: String::new(),
        }
    }

    /// What is wrong here.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        let place = if self.place.is_empty() {
            "document"
        } else {
            self.place.as_str()
        };
        Error::Dump {
            place: place.to_owned(),
            message: message.into(),
        }
    }

    fn wrong(&self, expected: &str) -> Error {
        let found = match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.error(format!("{expected} expected, {found} found"))
    }

    /// A member that may be missing.
    pub(super) fn get(&self, key: &str) -> Result<Option<Self>, Error> {
        let Value::Object(members) = self.value else {
            return Err(self.wrong("an object"));
        };
        let dot = if self.place.is_empty() { "" } else { "." };
        Ok(members.get(key).map(|value| Self {
            value,
            place: format!("{}{dot}{key}", self.place),
        }))
    }

    /// A member that must be there.
    pub(super) fn member(&self, key: &str) -> Result<Self, Error> {
        self.get(key)?
            .ok_or_else(|| self.error(format!("member `{key}` is missing")))
    }

    pub(super) fn list(&self) -> Result<Vec<Self>, Error> {
        let Value::Array(values) = self.value else {
            return Err(self.wrong("a list"));
        };
        let place = |at| format!("{}[{at}]", self.place);
        Ok(values
            .iter()
            .enumerate()
            .map(|(at, value)| Self {
                value,
                place: place(at),
            })
            .collect())
    }

    /// The list of a member that may be missing.
    pub(super) fn list_of(&self, key: &str) -> Result<Vec<Self>, Error> {
        self.get(key)?.map_or(Ok(Vec::new()), |list| list.list())
    }

    pub(super) fn text(&self) -> Result<&'v str, Error> {
        self.value.as_str().ok_or_else(|| self.wrong("a string"))
    }

    pub(super) fn number(&self) -> Result<i64, Error> {
        let number = self.value.as_i64();
        number.ok_or_else(|| self.wrong("a whole number"))
    }

    /// The truth value of a member that may be missing.
    pub(super) fn flag_of(&self, key: &str) -> Result<Option<bool>, Error> {
        let flag = |at: Self| at.value.as_bool().ok_or_else(|| at.wrong("a boolean"));
        self.get(key)?.map(flag).transpose()
    }

    /// The text of a member, if it is there and not null.
    pub(super) fn text_of(&self, key: &str) -> Result<Option<&'v str>, Error> {
        match self.get(key)? {
            None => Ok(None),
            Some(at) if at.value.is_null() => Ok(None),
            Some(at) => at.text().map(Some),
        }
    }

    /// A name that IDL accepts.
    pub(super) fn name(&self) -> Result<String, Error> {
        let text = self.text()?;
        if crate::api::is_identifier(text) {
            Ok(text.to_owned())
        } else {
            Err(self.error(format!("{} is no name", quoted(text))))
        }
    }
}
