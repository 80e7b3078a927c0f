//! A structure or value object of any type.

use std::fmt;

use super::Member;
use crate::codec::{Extra, Record};

/// A structure or value object of any type, borrowed.
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

    /// See [`Members::members`](crate::Members::members).
    pub fn members(self) -> impl Iterator<Item = Member<'a>> + Send + use<'a> {
        let record = self.0;
        let known = 0..record.info().members.len();
        let unknown = record.extra().unknown();
        known
            .map(move |index| Member::known(record, index))
            .chain(unknown.map(move |(name, json)| Member::unknown(record, name, json)))
    }

    /// See [`Members::member_named`](crate::Members::member_named).
    #[must_use]
    pub fn member_named(self, name: &str) -> Option<Member<'a>> {
        self.members().find(|member| member.name() == name)
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
