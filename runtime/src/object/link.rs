//! Objects of link units.

use xerus_wire_id::WireId;

use super::{CastError, Interface, Object};
use crate::error::{ConfigError, Error};

/// The resource id under which a device forwards calls to one of its link units.
pub(super) fn rid(rid: &str, unit: u32) -> Result<String, Error> {
    if !(2..=8).contains(&unit) {
        return Err(Error::from(ConfigError::OutOfRange {
            setting: "the link unit",
            expected: "2 to 8",
        }));
    }
    crate::rid::check(rid).map_err(Error::bad_rid)?;
    let path = rid.strip_prefix('/').unwrap_or(rid);
    if path == "link" || path.starts_with("link/") {
        return Err(Error::bad_rid("leads through a link already"));
    }
    let linked = format!("/link/{unit}/{path}");
    crate::rid::check(&linked).map_err(Error::bad_rid)?;
    Ok(linked)
}

/// Refuses a `T` that is neither what the object was taken for nor a base of that. Versions do not matter: those of the link
/// unit are not known.
pub(super) fn check_kind<T: Interface>(object: &Object) -> Result<(), Error> {
    let shown = match object.wire_id() {
        Some(reported) => reported.clone(),
        None => WireId::new(object.declared).expect("generated code holds wire ids"),
    };
    match T::registry().compatibility(&shown, T::TYPE_ID, T::VERSION) {
        None => Err(CastError::Unrelated(shown, T::TYPE_ID).into()),
        Some(_) => Ok(()),
    }
}
