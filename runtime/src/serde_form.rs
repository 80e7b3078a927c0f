//! Generated types in the data formats of `serde`; the documentation of the crate has the table of forms.
//!
//! Writing goes by [`Value`](crate::Value). Reading makes JSON text of what the format gives, which the one reader takes in a
//! mode where names may stand for numbers: nothing is generated for it.

mod by_name;
mod capture;
mod impls;
mod read;
mod write;

pub(crate) use by_name::wire_text;
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
