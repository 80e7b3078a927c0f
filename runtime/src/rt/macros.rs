//! The macros of generated code. Exported macros stand at the root of a crate; `rt` gives them their names.

/// See [`rt::form`](crate::rt::form).
#[doc(hidden)]
#[macro_export]
macro_rules! __form {
    (1) => {};
    ($form:literal) => {
        ::core::compile_error!(::core::concat!(
            "this code was generated in form ",
            $form,
            ", and this xerus-rpc takes form 1: generate it again with an xerus-codegen of the same minor version, \
             or update xerus-rpc if it is the older one",
        ));
    };
}

/// See [`rt::serde`](crate::rt::serde).
#[cfg(feature = "serde")]
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

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($($any:tt)*) => {};
}

/// See [`rt::make`](crate::rt::make).
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __make {
    ($value_object:ty) => {
        ::core::option::Option::Some($crate::rt::empty::<$value_object>)
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __make {
    ($($any:tt)*) => {
        ::core::option::Option::None
    };
}
