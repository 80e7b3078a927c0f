//! Value objects under their type names.

use xerus_wire_id::WireId;

use super::Structure;
use crate::agent::Agent;
#[cfg(feature = "serde")]
use crate::codec::Record;
use crate::codec::{ReaderOptions, Writer};
#[cfg(feature = "serde")]
use crate::error::EncodeError;
use crate::json_text::Json;

/// A value object as it stands in a member: a type name and members.
///
/// The members are those of the declared type and, as [unknown](crate::value::Member::is_known) ones, what the type that the
/// device named has beyond them.
#[derive(Clone)]
pub struct Named<'a> {
    pub(crate) wire_id: &'a WireId,
    pub(crate) base: Option<Structure<'a>>,
    pub(crate) raw: &'a Json,
    pub(crate) source: &'a dyn Source,
}

/// What the codec and other forms need of a [`Polymorphic`](crate::Polymorphic) of any type.
pub(crate) trait Source: Sync {
    /// Writes the wire form.
    fn write(&self, writer: &mut Writer);
    /// Options for reading the text again.
    fn options(&self) -> &ReaderOptions;
    /// Why the value cannot be sent.
    #[cfg(feature = "serde")]
    fn unsendable(&self) -> Option<&EncodeError>;
    /// The value as the bindings know its type, whatever it was declared as.
    #[cfg(feature = "serde")]
    fn known(&self, id: &WireId, raw: &Json) -> Option<Box<dyn Record>>;
}

impl<'a> Named<'a> {
    /// The type, as the device named it.
    #[must_use]
    pub fn wire_id(&self) -> &'a WireId {
        self.wire_id
    }

    /// The members; `None` when not even those of the declared type could be read.
    #[must_use]
    pub fn structure(&self) -> Option<Structure<'a>> {
        self.base
    }

    /// The agent of references in it.
    pub(crate) fn agent(&self) -> Option<&'a Agent> {
        self.source.options().agent.as_ref()
    }

    /// The members, as the device sent them.
    #[must_use]
    pub fn raw(&self) -> &'a Json {
        self.raw
    }
}
