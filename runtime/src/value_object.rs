//! What generated proxies, value objects and enumerations tell of themselves.

use xerus_wire_id::Version;

use crate::codec::Decode;
use crate::codec::Encode;
use crate::codec::Record;
use crate::object::Object;
use crate::registry::Registry;

/// A generated proxy: an [`Object`] with the methods of one interface.
pub trait Interface: Clone + Send + Sync + Sized + 'static {
    /// Wire id of this version of the interface.
    const TYPE_ID: &'static str;
    /// Its version.
    const VERSION: Version;

    /// The types of the bindings that this interface belongs to.
    fn registry() -> &'static Registry;
    /// The proxy for an object. Nothing is checked; see [`Object::cast`] for a conversion that checks.
    fn from_object(object: Object) -> Self;
    /// The object behind the proxy.
    fn as_object(&self) -> &Object;
}

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
