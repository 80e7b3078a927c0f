//! How a refusal gets out of the TLS library: as an error of ours inside of its error.

use std::fmt;
use std::sync::Arc;

use rustls::{CertificateError, Error, OtherError};

use super::certificate::Certificate;
use crate::error::{TlsError, TlsErrorKind};

/// A verdict of this crate on its way through the library.
#[derive(Debug)]
pub(super) struct Refused(pub(super) TlsError);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

/// Packs a verdict in.
pub(super) fn refuse(error: TlsError) -> Error {
    CertificateError::Other(OtherError(Arc::new(Refused(error)))).into()
}

/// A verdict with all that is known about the certificate.
pub(super) fn about(certificate: &Certificate<'_>, kind: TlsErrorKind) -> TlsError {
    TlsError::new(kind)
        .with_presented(certificate.sha256(), Some(certificate.key_sha256()))
        .with_names(certificate.names())
        .with_dates(certificate.not_before, certificate.not_after)
}
