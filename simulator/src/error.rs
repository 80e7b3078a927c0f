//! Why a simulator does not start.

use std::fmt;
use std::io;

/// Why a simulator does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    Listen {
        /// The address as given.
        address: String,
        /// What the system says.
        error: io::Error,
    },
    /// The certificate cannot be made: a name is neither a DNS name nor an IP address, for example.
    Certificate(Box<dyn std::error::Error + Send + Sync>),
}

impl StartError {
    pub(crate) fn certificate(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Certificate(Box::new(error))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, error } => write!(f, "cannot listen on {address}: {error}"),
            Self::Certificate(error) => write!(f, "cannot make a certificate: {error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { error, .. } => Some(error),
            Self::Certificate(error) => Some(&**error),
        }
    }
}
