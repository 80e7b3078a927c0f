//! Enumerations that devices may know more of than we do.

macro_rules! open {
    (
        $(#[$meta:meta])*
        pub enum $name:ident, $text:ident {
            $($(#[$doc:meta])* $variant:ident = $constant:ident, $word:literal;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A number that this crate does not know.
            Other(i32),
        }

        impl $name {
            /// All that have a word of their own, in the order of their numbers.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The one with this number of the device.
            #[must_use]
            pub const fn from_number(number: i32) -> Self {
                match number {
                    $(xerus_api::sensors::Sensor::$constant => Self::$variant,)*
                    other => Self::Other(other),
                }
            }

            /// The number that the device has for it.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self {
                    $(Self::$variant => xerus_api::sensors::Sensor::$constant,)*
                    Self::Other(number) => number,
                }
            }

            /// The text for people; `?` for a number that this crate does not know.
            #[must_use]
            pub const fn $text(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(_) => "?",
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    Self::Other(number) => write!(f, "?{number}"),
                    known => f.pad(known.$text()),
                }
            }
        }
    };
}

pub(super) use open;
