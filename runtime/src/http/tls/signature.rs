//! The proof of the key: whoever presents a certificate has to sign the handshake with the key in it.
//!
//! That holds whatever is trusted. The key is cut out of the certificate by [`Certificate`], which reads what path
//! validation does not, and the signature is checked against the bare key.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, SignatureScheme};
use webpki::RawPublicKeyEntity;

use super::certificate::Certificate;
use super::key::Key;
use super::refused::{about, refuse};
use super::short_rsa;
use crate::error::TlsErrorKind;

/// Which form of signatures is permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Tls12,
    Tls13,
}

pub(super) fn verify(
    version: Version,
    algorithms: &WebPkiSupportedAlgorithms,
    message: &[u8],
    certificate: &[u8],
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    let parsed = Certificate::parse(certificate);
    let Some((certificate, key)) =
        parsed.and_then(|certificate| Some((certificate, Key::parse(certificate.key)?)))
    else {
        return Err(refuse(TlsErrorKind::MalformedCertificate.into()));
    };
    let checked = match key {
        Key::Rsa(key) if key.bits() < short_rsa::BITS.end => {
            if !is_offered(version, algorithms, signed.scheme) {
                return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
            }
            if short_rsa::verify(key, signed.scheme, message, signed.signature()) {
                return Ok(HandshakeSignatureValid::assertion());
            }
            Err(CertificateError::BadSignature.into())
        }
        _ => with_provider(version, algorithms, message, certificate.key, signed),
    };
    checked.map_err(|error| match error {
        Error::InvalidCertificate(_) => refuse(about(&certificate, TlsErrorKind::BadKeyProof)),
        other => other,
    })
}

/// Whether the scheme was offered and may be used in this version.
fn is_offered(
    version: Version,
    algorithms: &WebPkiSupportedAlgorithms,
    scheme: SignatureScheme,
) -> bool {
    let old = matches!(
        scheme,
        SignatureScheme::RSA_PKCS1_SHA256
            | SignatureScheme::RSA_PKCS1_SHA384
            | SignatureScheme::RSA_PKCS1_SHA512
    );
    let offered = algorithms.mapping.iter().any(|(known, _)| *known == scheme);
    offered && !(old && version == Version::Tls13)
}

fn with_provider(
    version: Version,
    algorithms: &WebPkiSupportedAlgorithms,
    message: &[u8],
    key: &[u8],
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    let key = SubjectPublicKeyInfoDer::from(key);
    if version == Version::Tls13 {
        return verify_tls13_signature_with_raw_key(message, &key, signed, algorithms);
    }
    let bad = || Error::from(CertificateError::BadSignature);
    let Some((_, candidates)) = algorithms
        .mapping
        .iter()
        .find(|(scheme, _)| *scheme == signed.scheme)
    else {
        return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
    };
    let key = RawPublicKeyEntity::try_from(&key).map_err(|_| bad())?;
    // TLS 1.2 names the digest, but not the curve: one of several algorithms fits the key.
    candidates
        .iter()
        .any(|algorithm| {
            key.verify_signature(*algorithm, message, signed.signature())
                .is_ok()
        })
        .then(HandshakeSignatureValid::assertion)
        .ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tls::provider::provider;

    #[test]
    fn old_signatures_are_for_the_old_version_only() {
        let offered = |version, scheme| {
            is_offered(
                version,
                &provider().signature_verification_algorithms,
                scheme,
            )
        };
        for (scheme, tls12, tls13) in [
            (SignatureScheme::RSA_PSS_SHA256, true, true),
            (SignatureScheme::RSA_PSS_SHA512, true, true),
            (SignatureScheme::ECDSA_NISTP256_SHA256, true, true),
            (SignatureScheme::RSA_PKCS1_SHA256, true, false),
            (SignatureScheme::RSA_PKCS1_SHA384, true, false),
            (SignatureScheme::RSA_PKCS1_SHA512, true, false),
            (SignatureScheme::RSA_PKCS1_SHA1, false, false),
        ] {
            assert_eq!(offered(Version::Tls12, scheme), tls12, "{scheme:?}");
            assert_eq!(offered(Version::Tls13, scheme), tls13, "{scheme:?}");
        }
    }
}
