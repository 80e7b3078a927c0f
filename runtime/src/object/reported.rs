//! What a device said of the type of an object.

use std::sync::Arc;

use xerus_wire_id::WireId;

use crate::type_info::TypeInfo;

/// What a device said of the type of an object.
#[derive(Clone)]
pub(super) enum ReportedType {
    /// The reference was made from a resource id.
    Nothing,
    /// The type in a reference, most derived.
    Type(WireId),
    /// The type and all that it extends, when the object was asked.
    Chain(Arc<TypeInfo>),
}

impl ReportedType {
    pub(super) fn wire_id(&self) -> Option<&WireId> {
        match self {
            Self::Nothing => None,
            Self::Type(id) => Some(id),
            Self::Chain(info) => Some(info.wire_id()),
        }
    }
}
