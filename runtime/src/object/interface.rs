//! What generated proxies tell of themselves.

use xerus_wire_id::Version;

use super::Object;
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
