//! Faults of the program.

use core::fmt;

use super::text::DeviceText;

/// Something the program asked for cannot be done (kind `Config`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// The device URL cannot be used. The text says why and never repeats a password.
    BadUrl(&'static str),
    /// A resource id that must not become a URL: it could lead elsewhere.
    BadRid(&'static str),
    /// A value that cannot stand in an HTTP header. The value itself is not shown: it may be a secret.
    BadHeaderValue(&'static str),
    /// A user name that HTTP Basic authentication cannot express (it contains `:` or control characters).
    BadUserName,
    /// A setting outside its range.
    OutOfRange {
        /// The setting.
        setting: &'static str,
        /// The range in words.
        expected: &'static str,
    },
    /// A certificate that cannot be read.
    BadCertificate(String),
    /// The object is of a major version that the bindings do not fit; the text names both.
    MajorMismatch(String),
    /// The ticket of an action that cannot be used. The text says why.
    BadTicket(&'static str),
    /// No credentials come from where they should. The text says where that is and what is wrong, and no part of them.
    NoCredentials(String),
    /// Something this transport cannot do.
    Unsupported(&'static str),
}

/// What to do about an object of another major version than that of the bindings.
pub(crate) const OTHER_MAJOR: &str = "cast it to bindings made from the IDL of the device's firmware (choose picks among \
     several), or assume it is the same if what you call has not changed";

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadUrl(reason) => write!(f, "bad device URL: {reason}"),
            Self::BadRid(reason) => write!(f, "bad resource id: {reason}"),
            Self::BadHeaderValue("X-SessionToken") => f.write_str(
                "bad session token: 1 to 4096 visible ASCII characters are permitted; if it came from the device, restart the \
                 device or do without sessions",
            ),
            Self::BadHeaderValue(header) => {
                write!(
                    f,
                    "bad value for the header {header}: only visible ASCII characters and blanks are permitted"
                )
            }
            Self::BadUserName => {
                f.write_str("bad user name: it must not contain `:` or control characters")
            }
            Self::OutOfRange { setting, expected } => {
                write!(f, "bad value for {setting}: expected {expected}")
            }
            Self::BadCertificate(reason) => write!(f, "bad certificate: {}", DeviceText(reason)),
            Self::MajorMismatch(text) => write!(f, "{}: {OTHER_MAJOR}", DeviceText(text)),
            Self::BadTicket(reason) => write!(f, "bad ticket: {reason}"),
            Self::NoCredentials(text) => write!(f, "no credentials: {}", DeviceText(text)),
            Self::Unsupported(what) => f.write_str(what),
        }
    }
}
