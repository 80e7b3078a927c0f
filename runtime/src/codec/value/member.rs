//! Members of a structure of any type.

use std::borrow::Cow;
use std::fmt;

use super::{Value, rust_name};
use crate::codec::Record;
use crate::json_text::Json;

/// A member of a structure or value object.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    record: &'a dyn Record,
    at: Place<'a>,
}

#[derive(Clone, Copy)]
enum Place<'a> {
    Known(usize),
    Unknown(&'a str, &'a Json),
}

impl<'a> Member<'a> {
    pub(super) fn known(record: &'a dyn Record, index: usize) -> Self {
        let at = Place::Known(index);
        Self { record, at }
    }

    pub(super) fn unknown(record: &'a dyn Record, name: &'a str, json: &'a Json) -> Self {
        let at = Place::Unknown(name, json);
        Self { record, at }
    }

    /// The name on the wire.
    #[must_use]
    pub fn name(&self) -> &'a str {
        match self.at {
            Place::Known(index) => self
                .record
                .info()
                .members
                .get(index)
                .copied()
                .expect("the index is one of the members"),
            Place::Unknown(name, _) => name,
        }
    }

    /// The name of the field in Rust, as code has it: `power_state`, `r#type`. `None` for a member that the bindings do
    /// not know.
    #[must_use]
    pub fn rust_name(&self) -> Option<Cow<'static, str>> {
        let Place::Known(index) = self.at else {
            return None;
        };
        let info = self.record.info();
        if !info.fields.is_empty() {
            return info.fields.get(index).copied().map(Cow::Borrowed);
        }
        info.members.get(index).copied().map(rust_name::field)
    }

    /// The value. One that the bindings do not know is [`Value::Json`].
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        match self.at {
            Place::Known(index) => self.record.member(index).as_value(),
            Place::Unknown(_, json) => Value::Json(Cow::Borrowed(json)),
        }
    }

    /// Whether the bindings know the member.
    #[must_use]
    pub fn is_known(&self) -> bool {
        matches!(self.at, Place::Known(_))
    }

    /// Whether the device left the member out; the value is then the default one.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.is_known() && self.record.extra().is_missing(self.name())
    }

    /// Whether the member is not sent: the device left it out and it was not set since, or it is `None` in a request
    /// form.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        match self.at {
            Place::Known(index) => {
                let sparse = self.record.info().sparse;
                sparse && self.record.member(index).is_left_out() || self.record.is_untouched(index)
            }
            Place::Unknown(..) => false,
        }
    }
}

impl fmt::Debug for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.name(), self.value())
    }
}
