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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::pki_types::UnixTime;

    use super::*;

    fn kind_and_line(error: CertificateError) -> (TlsErrorKind, String) {
        let key = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::new(vec!["pdu.example".to_owned()]);
        let made = params
            .expect("a name")
            .self_signed(&key)
            .expect("a certificate");
        let certificate = Certificate::parse(made.der()).expect("a certificate");
        let error = verdict(&certificate, &error.into());
        assert_eq!(error.certificate_sha256(), Some(certificate.sha256()));
        assert_eq!(error.names(), ["pdu.example"]);
        (error.kind(), error.to_string())
    }

    #[test]
    fn each_refusal_has_its_kind() {
        use TlsErrorKind as Kind;
        let other = |error: webpki::Error| CertificateError::Other(OtherError(Arc::new(error)));
        let time = |seconds| UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        for (error, kind, words) in [
            (
                CertificateError::UnknownIssuer,
                Kind::UnknownIssuer,
                "unknown issuer",
            ),
            (
                CertificateError::BadSignature,
                Kind::UnknownIssuer,
                "unknown issuer",
            ),
            (
                CertificateError::NotValidForName,
                Kind::NameMismatch,
                "pdu.example",
            ),
            (CertificateError::Expired, Kind::Expired, "expired at 4096"),
            (
                CertificateError::ExpiredContext {
                    time: time(9),
                    not_after: time(0),
                },
                Kind::Expired,
                "expired at 1970",
            ),
            (
                CertificateError::NotValidYet,
                Kind::NotYetValid,
                "before 1975",
            ),
            (
                CertificateError::NotValidYetContext {
                    time: time(0),
                    not_before: time(86_400),
                },
                Kind::NotYetValid,
                "before 1970-01-02",
            ),
            (CertificateError::Revoked, Kind::Revoked, "took it back"),
            (
                CertificateError::UnsupportedSignatureAlgorithmContext {
                    signature_algorithm_id: [&[OID, 9][..], WEAK[1].0].concat(),
                    supported_algorithms: Vec::new(),
                },
                Kind::WeakSignature,
                "MD5",
            ),
            (
                CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext {
                    signature_algorithm_id: vec![OID, 1, 7],
                    public_key_algorithm_id: Vec::new(),
                },
                Kind::UnsupportedCertificate,
                "signed in a way",
            ),
            (
                CertificateError::InvalidPurpose,
                Kind::UnsupportedCertificate,
                "for servers",
            ),
            (
                CertificateError::BadEncoding,
                Kind::UnsupportedCertificate,
                "not formed",
            ),
            (
                CertificateError::UnhandledCriticalExtension,
                Kind::UnsupportedCertificate,
                "marked critical",
            ),
            (
                other(webpki::Error::UnsupportedCriticalExtension),
                Kind::UnsupportedCertificate,
                "marked critical",
            ),
            (
                other(webpki::Error::CaUsedAsEndEntity),
                Kind::UnsupportedCertificate,
                "that of an authority",
            ),
            (
                other(webpki::Error::UnsupportedCertVersion),
                Kind::UnsupportedCertificate,
                "one that it comes with",
            ),
            (
                other(webpki::Error::InvalidSerialNumber),
                Kind::UnsupportedCertificate,
                "not formed",
            ),
            (
                other(webpki::Error::PathLenConstraintViolated),
                Kind::UntrustedChain,
                "must not vouch",
            ),
            (
                CertificateError::ApplicationVerificationFailure,
                Kind::UntrustedChain,
                "must not vouch",
            ),
        ] {
            let shown = format!("{error:?}");
            let (found, line) = kind_and_line(error);
            assert_eq!(found, kind, "{shown}");
            assert!(line.contains(words), "{shown}: {line}");
            assert!(!line.contains(&shown), "{line}");
        }
    }
}
