//! References to objects, as values.

use std::any::Any;
use std::fmt;

/// A reference to an object on a device, as it stands in a member.
///
/// [`object`](Self::object) is the object itself.
#[derive(Clone, Copy)]
pub struct Reference<'a>(&'a dyn Referent);

/// What a value needs of an [`Object`](crate::Object), which stands above the values: proxies read and write themselves
/// by what is here.
pub(crate) trait Referent: Any + Send + Sync {
    /// The resource id.
    fn rid(&self) -> &str;
    /// The type that is shown and sent.
    fn shown_type(&self) -> &str;
}

impl<'a> Reference<'a> {
    pub(crate) fn new(referent: &'a dyn Referent) -> Self {
        Self(referent)
    }

    pub(crate) fn referent(self) -> &'a dyn Any {
        self.0
    }

    /// The resource id.
    #[must_use]
    pub fn rid(self) -> &'a str {
        self.0.rid()
    }

    /// Wire id of the type: the one that the device reported, else the one that the program took the object for.
    #[must_use]
    pub fn wire_id(self) -> &'a str {
        self.0.shown_type()
    }
}

impl fmt::Debug for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.wire_id(), self.rid())
    }
}
