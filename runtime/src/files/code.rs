//! Codes with which devices answer uploads.

use std::fmt::{Debug, Display};

use crate::error::{CgiError, CgiRefusal, Error, Outcome};

/// The code with which an endpoint answers an upload: an enumeration that is open for codes that are not known.
///
/// ```
/// use xerus_rpc::files::{RawConfigCode, ResponseCode as _};
///
/// assert_eq!(RawConfigCode::from(5), RawConfigCode::InvalidFile);
/// assert_eq!(RawConfigCode::InvalidFile.code(), 5);
/// assert_eq!(RawConfigCode::InvalidFile.name(), Some("InvalidFile"));
/// assert_eq!(RawConfigCode::InvalidFile.to_string(), "invalid raw configuration file (5)");
///
/// let unknown = RawConfigCode::from(77);
/// assert_eq!((unknown.code(), unknown.name(), unknown.is_ok()), (77, None, false));
/// assert_eq!(unknown.to_string(), "unknown code 77");
/// ```
pub trait ResponseCode: From<i32> + Copy + Eq + Debug + Display + 'static {
    /// All codes that are known, 0 first.
    const KNOWN: &'static [Self];

    /// The number, as it goes over the wire.
    #[must_use]
    fn code(self) -> i32;

    /// The name; `None` for a code that is not known.
    #[must_use]
    fn name(self) -> Option<&'static str>;

    /// What it means; `None` where that is not known.
    #[must_use]
    fn meaning(self) -> Option<&'static str>;

    /// What to do about it; empty for 0.
    #[must_use]
    fn advice(self) -> &'static str;

    /// Whether the code is a reason not to begin, so that the device did nothing with the upload.
    #[must_use]
    fn is_refused_before_work(self) -> bool;

    /// The device took the upload.
    #[must_use]
    fn is_ok(self) -> bool {
        self.code() == 0
    }

    /// Makes a code other than 0 an error of kind `Cgi`.
    ///
    /// Its [`outcome`](Error::outcome) is [`NotExecuted`](Outcome::NotExecuted) for codes that are a reason not to begin, and
    /// [`Unknown`](Outcome::Unknown) for the others.
    ///
    /// # Errors
    ///
    /// `Cgi` for every code but 0.
    fn check(self) -> Result<(), Error> {
        if self.is_ok() {
            return Ok(());
        }
        let mut refusal = CgiRefusal::new(self.code());
        if let Some(meaning) = self.meaning() {
            refusal = refusal.with_meaning(meaning, self.advice());
        }
        if let Some(name) = self.name() {
            refusal = refusal.with_name(name);
        }
        let error = Error::from(CgiError::Refused(refusal)).with_sent(true, false);
        Err(if self.is_refused_before_work() {
            error.with_outcome(Outcome::NotExecuted)
        } else {
            error
        })
    }
}

/// An enumeration of codes: variant and number, what it means, what to do about it. `refused` stands for codes that tell that
/// nothing was done, `unclear` for the others. The last line is for codes that are not known.
macro_rules! response_codes {
    (@refused) => {
        true
    };
    (@unclear) => {
        false
    };
    (
        $(#[$meta:meta])*
        $type:ident {
            0 => $ok:ident: $ok_meaning:literal;
            $($number:literal => $variant:ident: $state:ident, $meaning:literal, $advice:literal;)*
            _: $others:expr, $others_advice:literal;
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $type {
            #[doc = concat!("0: ", $ok_meaning, ".")]
            $ok,
            $(
                #[doc = concat!(stringify!($number), ": ", $meaning, "; ", $advice, ".")]
                $variant,
            )*
            /// A code that is not known.
            Unknown(i32),
        }

        impl From<i32> for $type {
            /// The code with this number; an unknown number is kept.
            fn from(code: i32) -> Self {
                match code {
                    0 => Self::$ok,
                    $($number => Self::$variant,)*
                    other => Self::Unknown(other),
                }
            }
        }

        impl From<$type> for i32 {
            fn from(code: $type) -> Self {
                match code {
                    $type::$ok => 0,
                    $($type::$variant => $number,)*
                    $type::Unknown(other) => other,
                }
            }
        }

        impl $crate::files::ResponseCode for $type {
            const KNOWN: &'static [Self] = &[Self::$ok, $(Self::$variant),*];

            fn code(self) -> i32 {
                self.into()
            }

            fn name(self) -> Option<&'static str> {
                match self {
                    Self::$ok => Some(stringify!($ok)),
                    $(Self::$variant => Some(stringify!($variant)),)*
                    Self::Unknown(_) => None,
                }
            }

            fn meaning(self) -> Option<&'static str> {
                match self {
                    Self::$ok => Some($ok_meaning),
                    $(Self::$variant => Some($meaning),)*
                    Self::Unknown(_) => $others,
                }
            }

            fn advice(self) -> &'static str {
                match self {
                    Self::$ok => "",
                    $(Self::$variant => $advice,)*
                    Self::Unknown(_) => $others_advice,
                }
            }

            fn is_refused_before_work(self) -> bool {
                match self {
                    Self::$ok | Self::Unknown(_) => false,
                    $(Self::$variant => response_codes!(@$state),)*
                }
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                use $crate::files::ResponseCode as _;
                match self.meaning() {
                    Some(meaning) => write!(f, "{meaning} ({})", self.code()),
                    None => write!(f, "unknown code {}", self.code()),
                }
            }
        }
    };
}
pub(super) use response_codes;
