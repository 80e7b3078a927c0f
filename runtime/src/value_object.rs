//! What generated value objects tell of themselves.

use crate::codec::{Decode, Encode, Record};
use crate::registry::Registry;

/// A generated value object: a structure that devices send under its type name.
pub trait ValueObject: Record + Decode + Encode + Default + Clone + Send + Sync + 'static {
    /// Wire id of this version of the value object.
    const TYPE_ID: &'static str;

    /// The types of the bindings that this value object belongs to.
    fn registry() -> &'static Registry;
}

/// Marks that an interface or value object is, or extends, `Base`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not extend `{Base}`",
    note = "only a type derived from the declared one can be here"
)]
pub trait Extends<Base> {}
