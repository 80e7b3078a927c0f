//! What a device said of the type of an object, and what that makes of a cast.

use std::sync::Arc;

use xerus_wire_id::{Version, WireId};

use super::cast::CastError;
use crate::compatibility::Compatibility;
use crate::registry::{Registry, version_free};
use crate::type_info::TypeInfo;

/// What a device said of the type of an object.
#[derive(Clone)]
pub(super) enum Reported {
    /// The reference was made from a resource id.
    Nothing,
    /// The type in a reference, most derived.
    Type(WireId),
    /// The type and all that it extends, when the object was asked.
    Chain(Arc<TypeInfo>),
}

impl Reported {
    pub(super) fn wire_id(&self) -> Option<&WireId> {
        match self {
            Self::Nothing => None,
            Self::Type(id) => Some(id),
            Self::Chain(info) => Some(info.wire_id()),
        }
    }

    /// How the object goes with the interface `target` of some bindings.
    pub(super) fn compatibility(
        &self,
        registry: &'static Registry,
        target: &'static str,
        version: Version,
    ) -> Result<Compatibility, CastError> {
        let own = self.wire_id().ok_or(CastError::NotReported)?;
        // What a device says of its own bases is worth more than what bindings know of some version of them.
        let (id, compatibility) = match self.base(target) {
            Some(base) => (base, Some(Compatibility::of(base.version(), version))),
            None => (own, registry.compatibility(own, target, version)),
        };
        match compatibility {
            None => Err(CastError::Unrelated(id.clone(), target)),
            Some(Compatibility::UnknownType) => Err(CastError::UnknownType(id.clone())),
            Some(Compatibility::MajorMismatch) => Err(CastError::MajorMismatch(id.clone(), target)),
            Some(compatibility) => Ok(compatibility),
        }
    }

    /// The type in the chain that has the name of `target`, in the version of the device.
    fn base(&self, target: &str) -> Option<&WireId> {
        let Self::Chain(info) = self else {
            return None;
        };
        let name = version_free(target);
        let mut chain = info.chain().iter();
        chain.find(|id| version_free(id.as_str()) == name)
    }
}
