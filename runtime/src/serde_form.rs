//! Generated types in the data formats of `serde`.
//!
//! | type | written as |
//! |---|---|
//! | structure | a map by the names of the wire; members that the device left out stay left out, those that the bindings do not know are kept |
//! | value object | `type` and `value`, as on the wire, the members in `value` as those of a structure |
//! | enumeration | the name of the enumerator; an index that the bindings do not know as a number |
//! | map | a map, keys as texts; the wire has lists of `key` and `value` |
//! | reference | `rid` and `type`, as on the wire |
//! | `time` | seconds since 1970, as on the wire |
//! | opaque value, member that the bindings do not know | what it is in JSON |
//! | none | `null`, or what the format has for it |
//!
//! Reading takes what writing gives, and the forms of the wire too: indices of enumerators, maps as lists. It is
//! lenient as agents are by default.

mod capture;
mod impls;
mod read;
mod write;

pub(crate) use read::wire_text;
pub use read::{read, read_value_object};
pub use write::{write, write_value_object};

/// See [`rt::serde`](crate::rt::serde).
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($name:ident) => {
        $crate::__serde!(@ $name, write, read);
    };
    (value_object $name:ident) => {
        $crate::__serde!(@ $name, write_value_object, read_value_object);
    };
    (@ $name:ident, $write:ident, $read:ident) => {
        impl $crate::rt::serial::Serialize for $name {
            fn serialize<S: $crate::rt::serial::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::rt::serial::$write(self, serializer)
            }
        }
        impl<'de> $crate::rt::serial::Deserialize<'de> for $name {
            fn deserialize<D: $crate::rt::serial::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::rt::serial::$read(deserializer)
            }
        }
    };
}
