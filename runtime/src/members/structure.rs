//! A structure or value object of whatever type.

use std::borrow::Cow;
use std::fmt;

use super::{references, rust_name};
use crate::codec::Extra;
use crate::codec::Record;
use crate::object::Interface;
use crate::object::Object;
use crate::value::Value;

/// A structure or value object of whatever type, borrowed.
#[derive(Clone, Copy)]
pub struct Structure<'a>(&'a dyn Record);

impl<'a> Structure<'a> {
    pub(crate) fn new(record: &'a dyn Record) -> Self {
        Self(record)
    }

    pub(crate) fn record(self) -> &'a dyn Record {
        self.0
    }

    /// Wire id of the type.
    #[must_use]
    pub fn wire_id(self) -> &'static str {
        self.0.info().id
    }

    /// What the bindings and the device disagree about.
    #[must_use]
    pub fn extra(self) -> &'a Extra {
        self.0.extra()
    }

    /// See [`Members::members`](super::Members::members).
    pub fn members(self) -> impl Iterator<Item = Member<'a>> + Send + use<'a> {
        let record = self.0;
        let known = 0..record.info().members.len();
        let unknown = record.extra().unknown();
        known
            .map(move |index| Member {
                record,
                at: Place::Known(index),
            })
            .chain(unknown.map(move |(name, json)| Member {
                record,
                at: Place::Unknown(name, json),
            }))
    }

    /// See [`Members::member_named`](super::Members::member_named).
    #[must_use]
    pub fn member_named(self, name: &str) -> Option<Member<'a>> {
        self.members().find(|member| member.name() == name)
    }

    /// See [`Members::references`](super::Members::references).
    pub fn references(self) -> impl Iterator<Item = (Cow<'a, str>, Object)> + Send + use<'a> {
        references::of(self).into_iter()
    }

    /// See [`Members::references_to`](super::Members::references_to).
    pub fn references_to<T: Interface>(
        self,
    ) -> impl Iterator<Item = (Cow<'a, str>, T)> + Send + use<'a, T> {
        self.references()
            .filter_map(|(name, object)| Some((name, object.as_kind_of()?)))
    }

    pub(crate) fn is_default(self) -> bool {
        self.extra().unknown().len() == 0
            && self.members().all(|member| member.value().is_default())
    }
}

impl fmt::Debug for Structure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.wire_id());
        for member in self.members() {
            shown.field(member.name(), &member.value());
        }
        shown.finish()
    }
}

/// A member of a structure or value object.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    record: &'a dyn Record,
    at: Place<'a>,
}

#[derive(Clone, Copy)]
enum Place<'a> {
    Known(usize),
    Unknown(&'a str, &'a crate::json_text::Json),
}

impl<'a> Member<'a> {
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
                .unwrap_or_default(),
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

    /// Whether the member is not sent: the device left it out and nobody has set it since, or it is `None` in a request
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
