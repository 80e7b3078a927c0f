//! Reading references.

use std::sync::Arc;

use xerus_wire_id::{Version, WireId};

use super::detached::detached_agent;
use super::reported::ReportedType;
use super::{Interface, OBJECT_ID, Object};
use crate::codec::{Decode, Pair, Reader};
use crate::compatibility::Compatibility;
use crate::error::{DecodeError, DecodeErrorKind};
use crate::json::{Mark, NON_EMPTY};
use crate::json_text::Json;
use crate::registry::Registry;

impl Decode for Object {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.reference(None)
    }
}

/// What a reference is declared as.
struct Declared {
    id: &'static str,
    version: Version,
    registry: &'static Registry,
}

impl Declared {
    fn key(&self) -> [usize; 2] {
        let registry = std::ptr::from_ref(self.registry);
        [self.id.as_ptr().addr(), registry.addr()]
    }
}

impl Reader<'_> {
    /// Reads a reference to an object with interface `T`.
    ///
    /// The device names the most derived type. One that the bindings know must be a kind of `T`; one
    /// that they do not know is taken for a `T`.
    ///
    /// # Errors
    ///
    /// When the value is no object with `rid` and `type`, or names an object that is no `T`.
    pub fn interface<T: Interface>(&mut self) -> Result<T, DecodeError> {
        let declared = Declared {
            id: T::TYPE_ID,
            version: T::VERSION,
            registry: T::registry(),
        };
        self.reference(Some(&declared)).map(T::from_object)
    }

    fn reference(&mut self, declared: Option<&Declared>) -> Result<Object, DecodeError> {
        self.peek();
        let start = self.mark();
        match self.usable_reference(declared) {
            Ok(object) => Ok(object),
            Err(error) => self.unreadable_reference(start, declared, error),
        }
    }

    /// An element that is no usable reference, kept as it came.
    #[cold]
    fn unreadable_reference(
        &mut self,
        start: Mark,
        declared: Option<&Declared>,
        error: DecodeError,
    ) -> Result<Object, DecodeError> {
        let element = self.keep(start, error, &mut |elsewhere| {
            elsewhere.usable_reference(declared).err()
        })?;
        // Beside text and error: the counts of what is shared.
        self.charge(size_of::<(Json, DecodeError)>() + 4 * size_of::<usize>())?;
        Ok(Object {
            agent: self.agent().cloned().unwrap_or_else(detached_agent),
            rid: Arc::from(""),
            reported: ReportedType::Unreadable(Arc::new(element)),
            declared: declared.map_or(OBJECT_ID, |declared| declared.id),
            compatibility: Compatibility::Unchecked,
        })
    }

    #[inline]
    fn usable_reference(&mut self, declared: Option<&Declared>) -> Result<Object, DecodeError> {
        let mut rid: Option<Arc<str>> = None;
        let mut wire_id = None;
        let start = self.offset();
        if self.open_object("a reference")? == NON_EMPTY {
            loop {
                match self.pair_member("rid", rid.is_some(), "type", wire_id.is_some())? {
                    Pair::First => {
                        rid = Some(self.resource_id().map_err(|error| error.member("rid"))?);
                    }
                    Pair::Second => {
                        wire_id = Some(self.wire_id().map_err(|error| error.member("type"))?);
                    }
                    Pair::Other => self.skip_value()?,
                }
                if !self.more_members()? {
                    break;
                }
            }
        }
        let rid = rid.ok_or_else(|| DecodeError::missing("rid", start))?;
        let wire_id = wire_id.ok_or_else(|| DecodeError::missing("type", start))?;
        let compatibility = match declared {
            None => Compatibility::Unchecked,
            Some(declared) => {
                let judge = || {
                    let Declared {
                        id,
                        version,
                        registry,
                    } = *declared;
                    registry.compatibility(&wire_id, id, version)
                };
                self.recent_types
                    .judge(&wire_id, declared.key(), judge)
                    .ok_or_else(|| incompatible(start, declared.id, &wire_id))?
            }
        };
        Ok(Object {
            agent: self.agent().cloned().unwrap_or_else(detached_agent),
            rid,
            reported: ReportedType::Type(wire_id),
            declared: declared.map_or(OBJECT_ID, |declared| declared.id),
            compatibility,
        })
    }

    fn resource_id(&mut self) -> Result<Arc<str>, DecodeError> {
        self.peek();
        let start = self.offset();
        let rid = self.string()?;
        match crate::rid::check(&rid) {
            Ok(()) => Ok(rid.into()),
            Err(reason) => Err(DecodeError::new(
                DecodeErrorKind::BadRid,
                start,
                "a resource id",
                format!("one that is {reason}"),
            )),
        }
    }
}

#[cold]
fn incompatible(start: usize, declared: &str, found: &WireId) -> DecodeError {
    DecodeError::new(
        DecodeErrorKind::IncompatibleType,
        start,
        format!("a kind of {declared}"),
        found.to_string(),
    )
}
