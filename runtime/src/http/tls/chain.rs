//! What path validation found, in words of this crate.

use rustls::{CertificateError, Error, OtherError};

use super::certificate::Certificate;
use super::der::{Der, OID};
use super::refused::about;
use crate::error::{TlsError, TlsErrorKind};
use crate::time::Time;

/// Algorithms that anybody with a computer can forge signatures of, or nearly so.
const WEAK: &[(&[u8], &str)] = &[
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x02],
        "MD2",
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04],
        "MD5",
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05],
        "SHA-1",
    ),
    (&[0x2b, 0x0e, 0x03, 0x02, 0x1d], "SHA-1"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03], "SHA-1"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01], "SHA-1"),
];

/// The kind of a refusal, with all that is known about the certificate.
pub(super) fn verdict(certificate: &Certificate<'_>, error: &Error) -> TlsError {
    let Error::InvalidCertificate(reason) = error else {
        return about(certificate, TlsErrorKind::UntrustedChain);
    };
    let plain = |kind| about(certificate, kind);
    let unusable = |detail: &'static str| {
        about(certificate, TlsErrorKind::UnsupportedCertificate).with_detail(detail)
    };
    match reason {
        // A known name with another key: an authority that only claims to be the known one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            plain(TlsErrorKind::UnknownIssuer)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            plain(if certificate.names().is_empty() {
                TlsErrorKind::NoNames
            } else {
                TlsErrorKind::NameMismatch
            })
        }
        // The date may be that of an authority in between.
        CertificateError::ExpiredContext { not_after, .. } => plain(TlsErrorKind::Expired)
            .with_dates(certificate.not_before, seconds(not_after.as_secs())),
        CertificateError::Expired => plain(TlsErrorKind::Expired),
        CertificateError::NotValidYetContext { not_before, .. } => plain(TlsErrorKind::NotYetValid)
            .with_dates(seconds(not_before.as_secs()), certificate.not_after),
        CertificateError::NotValidYet => plain(TlsErrorKind::NotYetValid),
        CertificateError::Revoked => plain(TlsErrorKind::Revoked),
        CertificateError::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id,
            ..
        }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id,
            ..
        } => signed_with(
            certificate,
            Der::new(signature_algorithm_id)
                .expect(OID)
                .map_or(certificate.signed_with, |id| id.value),
        ),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            unusable("it is not made for servers")
        }
        CertificateError::UnhandledCriticalExtension => unusable(CRITICAL),
        CertificateError::BadEncoding => unusable(FORM),
        CertificateError::Other(OtherError(inner)) => match inner.downcast_ref::<webpki::Error>() {
            Some(webpki::Error::CaUsedAsEndEntity) => {
                unusable("it is that of an authority, not that of a server")
            }
            Some(webpki::Error::UnsupportedCertVersion) => unusable(match certificate.version {
                1 => "it is of X.509 version 1",
                2 => "it is of X.509 version 2",
                _ => "one that it comes with is of an old version of X.509",
            }),
            Some(webpki::Error::UnsupportedCriticalExtension) => unusable(CRITICAL),
            Some(
                webpki::Error::InvalidSerialNumber
                | webpki::Error::ExtensionValueInvalid
                | webpki::Error::MalformedExtensions
                | webpki::Error::MalformedDnsIdentifier
                | webpki::Error::SignatureAlgorithmMismatch
                | webpki::Error::EmptyEkuExtension,
            ) => unusable(FORM),
            _ => plain(TlsErrorKind::UntrustedChain),
        },
        _ => plain(TlsErrorKind::UntrustedChain),
    }
}

const CRITICAL: &str = "it has an extension that is marked critical and that is not known here";
const FORM: &str = "it is not formed as the standard has it";

fn signed_with(certificate: &Certificate<'_>, algorithm: &[u8]) -> TlsError {
    match WEAK.iter().find(|(id, _)| *id == algorithm) {
        Some((_, name)) => about(certificate, TlsErrorKind::WeakSignature).with_detail(*name),
        None => about(certificate, TlsErrorKind::UnsupportedCertificate)
            .with_detail("it is signed in a way that cannot be checked here"),
    }
}

fn seconds(seconds: u64) -> Option<Time> {
    i64::try_from(seconds).ok().map(Time::from_unix_seconds)
}
