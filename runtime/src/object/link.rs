//! Objects of link units.

use xerus_wire_id::WireId;

use super::{CastError, Interface, Object};
use crate::error::Error;
use crate::rid::through_link;

impl Object {
    /// The same object of a link unit, called through the device that the link unit is cascaded to.
    ///
    /// `unit` is the number of the link unit, 2 to 8. The resource id becomes `/link/<unit>` and the id, which the device
    /// forwards. Nothing is sent. Ids in answers are not changed.
    ///
    /// A link unit may have another firmware than the device: what the device reported of its own object is not carried over.
    /// [`probe`](Self::probe) asks the link unit.
    ///
    /// # Errors
    ///
    /// `Config.OutOfRange` for any other number, `Config.BadRid` when the resource id leads through a link already or is
    /// no possible one, and `Decode.IncompatibleType` when the object is no kind of `T`.
    pub fn through_link<T: Interface>(&self, unit: u32) -> Result<T, Error> {
        let rid = through_link(&self.rid, unit)?;
        check_kind::<T>(self)?;
        Ok(T::from_object(Self::declared_at(
            &self.agent,
            &rid,
            T::TYPE_ID,
        )))
    }
}

/// Refuses a `T` that is neither what the object was taken for nor a base of that. Versions do not matter: those of the link
/// unit are not known.
fn check_kind<T: Interface>(object: &Object) -> Result<(), Error> {
    let shown = match object.wire_id() {
        Some(reported) => reported.clone(),
        None => WireId::new(object.declared).expect("generated code holds wire ids"),
    };
    match T::registry().compatibility(&shown, T::TYPE_ID, T::VERSION) {
        None => Err(CastError::Unrelated(shown, T::TYPE_ID).into()),
        Some(_) => Ok(()),
    }
}
