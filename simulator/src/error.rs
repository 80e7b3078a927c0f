//! Why a simulator does not start.

use std::fmt;
use std::io;

/// Why a simulator does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    #[non_exhaustive]
    Listen {
        /// The address as given.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The certificate cannot be made: a name is neither a DNS name nor an IP address, for example.
    Certificate(Box<dyn std::error::Error + Send + Sync>),
    /// The certificate would be valid from or until a date that cannot be written in it.
    CertificateDates,
    /// The scenario names a part that the device has not.
    #[non_exhaustive]
    Scenario {
        /// What is not there, in words: "no outlet 9".
        part: String,
    },
    /// The PEM text that should hold a certificate holds none.
    NoCertificate,
    /// Plain HTTP shall lead to HTTPS, and there is no HTTPS.
    RedirectToNowhere,
    /// The device cannot be announced in the local network.
    #[cfg(feature = "mdns")]
    Announce(crate::AnnounceError),
}

#[cfg(feature = "mdns")]
impl From<crate::AnnounceError> for StartError {
    fn from(error: crate::AnnounceError) -> Self {
        Self::Announce(error)
    }
}

impl StartError {
    pub(crate) fn certificate(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Certificate(Box::new(error))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, error } => {
                write!(f, "cannot listen on {address}: {}", advice(error.kind()))
            }
            Self::Certificate(_) => {
                f.write_str("cannot make a certificate: give it DNS names or IP addresses, or PEM texts of a certificate and its key")
            }
            #[cfg(feature = "mdns")]
            Self::Announce(error) => error.fmt(f),
            Self::CertificateDates => {
                f.write_str("cannot make a certificate: give it dates from 1950 to 9999")
            }
            Self::Scenario { part } => write!(
                f,
                "the scenario does not fit the device: there is {part}. Give the device more parts, or name another"
            ),
            Self::NoCertificate => {
                f.write_str("there is no certificate in the text: give it as PEM, with its BEGIN line")
            }
            Self::RedirectToNowhere => {
                f.write_str("plain HTTP cannot lead to HTTPS without HTTPS: switch https on")
            }
        }
    }
}

fn advice(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::AddrInUse => "it is in use, take another port, or port 0 for a free one",
        io::ErrorKind::AddrNotAvailable => {
            "this computer does not have the address, take one of its own, such as 127.0.0.1"
        }
        io::ErrorKind::PermissionDenied => "this user may not, take a port from 1024 up",
        _ => "give host and port, such as 127.0.0.1:8080, of an address of this computer",
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { error, .. } => Some(error),
            Self::Certificate(error) => Some(&**error),
            Self::CertificateDates
            | Self::NoCertificate
            | Self::RedirectToNowhere
            | Self::Scenario { .. } => None,
            // It says everything itself.
            #[cfg(feature = "mdns")]
            Self::Announce(_) => None,
        }
    }
}
