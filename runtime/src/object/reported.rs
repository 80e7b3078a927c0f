//! What a device said of the type of an object.

use std::sync::Arc;

use xerus_wire_id::WireId;

use crate::error::DecodeError;
use crate::json_text::Json;
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
    /// No reference at all: the text, and what is wrong with it.
    Unreadable(Arc<(Json, DecodeError)>),
}

impl ReportedType {
    pub(super) fn wire_id(&self) -> Option<&WireId> {
        match self {
            Self::Nothing | Self::Unreadable(_) => None,
            Self::Type(id) => Some(id),
            Self::Chain(info) => Some(info.wire_id()),
        }
    }
}
