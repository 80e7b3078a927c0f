//! Certificate checks beside the usual ones.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

/// Passes the signature checks on: the peer must own the key of its certificate, whoever vouches for it.
macro_rules! check_signatures {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls12_signature(
                message,
                certificate,
                signature,
                &self.provider.signature_verification_algorithms,
            )
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            verify_tls13_signature(
                message,
                certificate,
                signature,
                &self.provider.signature_verification_algorithms,
            )
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.provider
                .signature_verification_algorithms
                .supported_schemes()
        }
    };
}

/// Accepts every certificate: whoever answers gets the credentials.
#[derive(Debug)]
pub(super) struct AcceptAny {
    provider: Arc<CryptoProvider>,
}

impl AcceptAny {
    pub(super) fn new(provider: &Arc<CryptoProvider>) -> Self {
        Self {
            provider: Arc::clone(provider),
        }
    }
}

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    check_signatures!();
}

/// The SHA-256 digest of a certificate in DER form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// From 64 hexadecimal digits, with or without colons or blanks between the bytes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u32> = text
            .chars()
            .filter(|c| !matches!(c, ':' | ' '))
            .map(|c| c.to_digit(16))
            .collect::<Option<_>>()?;
        let bytes: Vec<u8> = digits
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => u8::try_from(high << 4 | low).ok(),
                _ => None,
            })
            .collect::<Option<_>>()?;
        bytes.try_into().ok().map(Self)
    }

    fn of(certificate: &CertificateDer<'_>) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, certificate);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }
}

/// Accepts the certificates with certain fingerprints, whatever name, issuer and dates they bear.
#[derive(Debug)]
pub(super) struct Pinned {
    provider: Arc<CryptoProvider>,
    pins: Vec<Fingerprint>,
}

impl Pinned {
    pub(super) fn new(provider: &Arc<CryptoProvider>, pins: Vec<Fingerprint>) -> Self {
        Self {
            provider: Arc::clone(provider),
            pins,
        }
    }

    /// Accepts no certificate at all.
    pub(super) fn nobody(provider: &Arc<CryptoProvider>) -> Self {
        Self::new(provider, Vec::new())
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.pins.contains(&Fingerprint::of(end_entity)) {
            return Ok(ServerCertVerified::assertion());
        }
        if self.pins.is_empty() {
            return Err(CertificateError::UnknownIssuer.into());
        }
        Err(CertificateError::Other(OtherError(Arc::new(PinMismatch))).into())
    }

    check_signatures!();
}

/// The certificate is not a pinned one.
#[derive(Debug)]
pub(super) struct PinMismatch;

impl fmt::Display for PinMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate is not the pinned one")
    }
}

impl std::error::Error for PinMismatch {}

/// Trusts the user's certificates: authorities, and single device certificates.
#[derive(Debug)]
pub(super) struct OwnRoots {
    own: Arc<WebPkiServerVerifier>,
    exact: Vec<CertificateDer<'static>>,
    /// Asked when the user's certificates do not vouch.
    system: Option<Arc<dyn ServerCertVerifier>>,
}

impl OwnRoots {
    pub(super) fn new(
        own: Arc<WebPkiServerVerifier>,
        exact: Vec<CertificateDer<'static>>,
        system: Option<Arc<dyn ServerCertVerifier>>,
    ) -> Self {
        Self { own, exact, system }
    }

    /// Many devices have self-signed certificates that claim to be an authority as well, which path validation refuses
    /// as a server certificate. One that the user gave byte for byte is as good as its own authority: the dates are
    /// checked before that refusal, the name here.
    fn judge_itself(
        &self,
        end_entity: &CertificateDer<'_>,
        name: &ServerName<'_>,
        refusal: &Error,
    ) -> Option<Result<ServerCertVerified, Error>> {
        if !is_ca_as_end_entity(refusal)
            || !self
                .exact
                .iter()
                .any(|certificate| certificate == end_entity)
        {
            return None;
        }
        let named = ParsedCertificate::try_from(end_entity)
            .and_then(|certificate| verify_server_name(&certificate, name));
        Some(named.map(|()| ServerCertVerified::assertion()))
    }
}

fn is_ca_as_end_entity(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) => {
            matches!(inner.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
        }
        _ => false,
    }
}

impl ServerCertVerifier for OwnRoots {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let refusal = match self
            .own
            .verify_server_cert(end_entity, intermediates, name, ocsp, now)
        {
            Ok(verified) => return Ok(verified),
            Err(refusal) => refusal,
        };
        if let Some(verdict) = self.judge_itself(end_entity, name, &refusal) {
            return verdict;
        }
        match &self.system {
            Some(system) => system.verify_server_cert(end_entity, intermediates, name, ocsp, now),
            None => Err(refusal),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.own
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.own
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.own.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_in_the_usual_forms() {
        let plain = "00ff".repeat(16);
        let colons = "00:FF:".repeat(16);
        let parsed = Fingerprint::parse(&plain).expect("64 digits");
        assert_eq!(
            Fingerprint::parse(colons.trim_end_matches(':')),
            Some(parsed)
        );
        for bad in [
            "",
            "00",
            "zz",
            &"0".repeat(63),
            &"0".repeat(65),
            &"0".repeat(66),
            "ä",
        ] {
            assert_eq!(Fingerprint::parse(bad), None, "{bad}");
        }
    }
}
