//! References as values, and back.

use super::Object;
use crate::codec::{Encode, Reference, Referent, Value};

impl Encode for Object {
    fn as_value(&self) -> Value<'_> {
        match self.unreadable() {
            Some(element) => Value::Unreadable(element),
            None => Value::Reference(Reference::new(self)),
        }
    }
}

impl Referent for Object {
    fn rid(&self) -> &str {
        self.rid()
    }

    fn shown_type(&self) -> &str {
        self.shown_type()
    }
}

impl<'a> Reference<'a> {
    /// The object, to be called.
    #[must_use]
    pub fn object(self) -> &'a Object {
        let object = self.referent().downcast_ref();
        object.expect("nothing but an object is made a reference")
    }
}

impl<'a> Value<'a> {
    /// The object that a reference refers to.
    #[must_use]
    pub fn as_object(&self) -> Option<&'a Object> {
        match self {
            Self::Reference(reference) => Some(reference.object()),
            _ => None,
        }
    }
}
