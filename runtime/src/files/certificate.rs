//! The certificate of the device's own HTTPS service.

use super::code::response_codes;
use crate::wire::Query;

response_codes! {
    /// What a device answers to a certificate, in the body as `return_code=<n>`.
    ///
    /// `Accepted` means that the certificate waits: `installPendingKeyPair` of `/server_ssl_cert` makes it that of the device.
    CertificateCode {
        0 => Accepted: "the certificate was accepted";
        1 => InternalError: unclear, "internal error of the device", "read what getInfo of /server_ssl_cert says, then send the certificate again";
        2 => AlreadyPending: refused, "another certificate or signing request is waiting",
            "install that one, or remove it with deletePending of /server_ssl_cert";
        3 => InvalidKey: refused, "invalid key", "send a private key that the device knows, as PEM and without a password";
        4 => InvalidCertificate: refused, "invalid certificate", "send a certificate that the device knows, as PEM";
        5 => KeyMismatch: refused, "the key is not that of the certificate", "send the key that the certificate was made with";
        _: Some("internal error of the device"), "read what getInfo of /server_ssl_cert says, then send the certificate again";
    }
}

/// What the device has of certificates and keys: the parameter of
/// [`CERTIFICATE_DOWNLOAD`](super::CERTIFICATE_DOWNLOAD).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[doc(alias("active_cert", "active_key", "new_cert", "new_key", "new_req", "tag"))]
pub enum CertificateFile {
    /// The certificate in use.
    ActiveCertificate,
    /// The key in use.
    ActiveKey,
    /// The certificate that waits.
    PendingCertificate,
    /// The key that waits.
    PendingKey,
    /// The signing request that waits.
    PendingRequest,
}

impl CertificateFile {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ActiveCertificate,
        Self::ActiveKey,
        Self::PendingCertificate,
        Self::PendingKey,
        Self::PendingRequest,
    ];

    /// The name that devices know it by.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ActiveCertificate => "active_cert",
            Self::ActiveKey => "active_key",
            Self::PendingCertificate => "new_cert",
            Self::PendingKey => "new_key",
            Self::PendingRequest => "new_req",
        }
    }

    /// The parameter, for [`Download::queries`](crate::agent::Download::queries).
    pub fn query(self) -> Query {
        Query::new().with("tag", self.tag())
    }
}
