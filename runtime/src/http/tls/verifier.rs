//! Who is trusted, asked in each handshake that is not the continuation of an earlier one.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::certificate::Certificate;
use super::chain;
use super::key::Key;
use super::pin::Pins;
use super::refused::{about, refuse};
use super::sessions::LastCheck;
use super::short_rsa;
use super::signature::{Version, verify};
use crate::error::{TlsError, TlsErrorKind};

/// The longest RSA key that the providers check, in bits.
const LONGEST_RSA: usize = 8192;

/// Checks certificates by what the user decided, and in any case that the peer has the key of its certificate.
#[derive(Debug)]
pub(super) struct Verifier {
    provider: Arc<CryptoProvider>,
    policy: Policy,
    last_check: Arc<LastCheck>,
}

/// Whose certificates are accepted.
#[derive(Debug)]
pub(super) enum Policy {
    /// All: anybody who answers gets the credentials.
    Anyone,
    /// Those that the user pinned, whatever name, issuer and dates they have.
    Pinned(Pins),
    /// Those that an authority vouches for.
    Vouched {
        own: Option<OwnRoots>,
        /// Asked when the user's certificates do not vouch.
        system: Option<Arc<dyn ServerCertVerifier>>,
    },
}

/// The user's certificates: authorities, and single device certificates.
#[derive(Debug)]
pub(super) struct OwnRoots {
    pub(super) verifier: Arc<WebPkiServerVerifier>,
    pub(super) roots: Vec<CertificateDer<'static>>,
}

/// What is to be judged.
struct Presented<'a> {
    end_entity: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    name: &'a ServerName<'a>,
    ocsp: &'a [u8],
    now: UnixTime,
    /// The end entity once more, taken apart.
    certificate: Certificate<'a>,
}

impl Verifier {
    /// With where to note that it has accepted a certificate.
    pub(super) fn new(
        provider: &Arc<CryptoProvider>,
        policy: Policy,
        last_check: Arc<LastCheck>,
    ) -> Self {
        Self {
            provider: Arc::clone(provider),
            policy,
            last_check,
        }
    }

    fn algorithms(&self) -> &WebPkiSupportedAlgorithms {
        &self.provider.signature_verification_algorithms
    }

    fn has_p521(&self) -> bool {
        self.algorithms()
            .mapping
            .iter()
            .any(|(scheme, _)| *scheme == SignatureScheme::ECDSA_NISTP521_SHA512)
    }

    /// What a key is whose signatures cannot be checked, and what to do about it.
    fn trouble_with(&self, key: &Key<'_>) -> Option<(String, &'static str)> {
        const OTHER: &str = "give the device an RSA key of 2048 bits or one on P-256";
        match key {
            Key::P521 if !self.has_p521() => Some((
                "a key on the curve P-521".to_owned(),
                "build xerus-rpc with its feature `aws-lc`, which knows that curve, or give the device a key on P-256",
            )),
            Key::Usual | Key::P521 => None,
            Key::Rsa(key) => {
                let rsa = || format!("an RSA key of {} bits", key.bits());
                if key.bits() < short_rsa::BITS.start || key.bits() > LONGEST_RSA {
                    Some((rsa(), OTHER))
                } else if key.bits() < short_rsa::BITS.end
                    && matches!(self.policy, Policy::Vouched { .. })
                {
                    // An authority's word for a key that can be broken is worth little; a pin is the user's own word.
                    Some((
                        rsa(),
                        "that is too short to be vouched for: pin the certificate with pin_certificate_sha256, \
                         or give the device an RSA key of 2048 bits",
                    ))
                } else {
                    None
                }
            }
            Key::Other(kind) => Some(((*kind).to_owned(), OTHER)),
        }
    }

    fn judge(&self, presented: &Presented<'_>) -> Result<(), TlsError> {
        let certificate = &presented.certificate;
        let key = Key::parse(certificate.key)
            .ok_or_else(|| about(certificate, TlsErrorKind::MalformedCertificate))?;
        match &self.policy {
            Policy::Anyone => {}
            Policy::Pinned(pins) => pinned(pins, certificate)?,
            Policy::Vouched { own, system } => {
                self.vouched(own.as_ref(), system.as_deref(), presented)?;
            }
        }
        match self.trouble_with(&key) {
            None => Ok(()),
            Some((what, advice)) => Err(about(certificate, TlsErrorKind::UnsupportedKey)
                .with_detail(format!("it is {what}; {advice}"))),
        }
    }

    fn vouched(
        &self,
        own: Option<&OwnRoots>,
        system: Option<&dyn ServerCertVerifier>,
        presented: &Presented<'_>,
    ) -> Result<(), TlsError> {
        let certificate = &presented.certificate;
        let mut refusal = about(certificate, TlsErrorKind::UnknownIssuer);
        if let Some(own) = own {
            match own.judge(presented) {
                Ok(()) => return Ok(()),
                Err(error) => refusal = chain::verdict(certificate, &error),
            }
            // They say that this certificate is theirs, so nobody else is asked about what is wrong with it.
            if let Some(signer) = own.signer(presented) {
                return Err(self.signer_trouble(signer, certificate).unwrap_or(refusal));
            }
        }
        if let Some(system) = system {
            match ask(system, presented) {
                Ok(()) => return Ok(()),
                Err(error) => refusal = chain::verdict(certificate, &error),
            }
        }
        // Whoever signs himself has no issuer to be known. What is refused for its form is refused before its issuer is
        // looked for, so nobody has said that he knows it.
        if certificate.is_self_issued() || refusal.kind() == TlsErrorKind::UnsupportedCertificate {
            return Err(about(certificate, TlsErrorKind::UnknownIssuer));
        }
        Err(refusal)
    }

    /// Why the user's own authority cannot vouch at all, if it has such a key.
    fn signer_trouble(&self, signer: &[u8], certificate: &Certificate<'_>) -> Option<TlsError> {
        let signer = Certificate::parse(signer)?;
        let (what, advice) = self.trouble_with(&Key::parse(signer.key)?)?;
        let whose = if signer.key == certificate.key {
            "it is"
        } else {
            "its authority has"
        };
        Some(
            about(certificate, TlsErrorKind::UnsupportedKey)
                .with_detail(format!("{whose} {what}; {advice}")),
        )
    }
}

fn pinned(pins: &Pins, certificate: &Certificate<'_>) -> Result<(), TlsError> {
    if pins.certificates.contains(&certificate.sha256())
        || pins.keys.contains(&certificate.key_sha256())
    {
        return Ok(());
    }
    Err(about(certificate, TlsErrorKind::PinMismatch)
        .with_pins(pins.certificates.clone(), pins.keys.clone()))
}

fn ask(verifier: &dyn ServerCertVerifier, presented: &Presented<'_>) -> Result<(), Error> {
    verifier
        .verify_server_cert(
            presented.end_entity,
            presented.intermediates,
            presented.name,
            presented.ocsp,
            presented.now,
        )
        .map(|_| ())
}

impl OwnRoots {
    fn judge(&self, presented: &Presented<'_>) -> Result<(), Error> {
        let refusal = match ask(&*self.verifier, presented) {
            Ok(()) => return Ok(()),
            Err(refusal) => refusal,
        };
        // Many devices have self-signed certificates that claim to be an authority as well, which path validation refuses
        // as a server certificate. One that the user gave byte for byte is as good as its own authority: the dates are
        // checked before that refusal, the name here.
        if is_ca_as_end_entity(&refusal)
            && self.roots.iter().any(|root| root == presented.end_entity)
        {
            return ParsedCertificate::try_from(presented.end_entity)
                .and_then(|certificate| verify_server_name(&certificate, presented.name));
        }
        Err(refusal)
    }

    /// The one that bears the name of who signed the certificate, or one that came with it. For a certificate that names
    /// itself only that very certificate is meant: anybody can write the same name.
    fn signer(&self, presented: &Presented<'_>) -> Option<&CertificateDer<'static>> {
        let certificate = &presented.certificate;
        if certificate.is_self_issued() {
            return self.roots.iter().find(|root| *root == presented.end_entity);
        }
        let mut issuers = vec![certificate.issuer];
        issuers.extend(
            presented
                .intermediates
                .iter()
                .filter_map(|certificate| Certificate::parse(certificate))
                .map(|certificate| certificate.issuer),
        );
        self.roots.iter().find(|root| {
            Certificate::parse(root).is_some_and(|root| issuers.contains(&root.subject))
        })
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

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(certificate) = Certificate::parse(end_entity) else {
            return Err(refuse(TlsErrorKind::MalformedCertificate.into()));
        };
        let presented = Presented {
            end_entity,
            intermediates,
            name,
            ocsp,
            now,
            certificate,
        };
        match self.judge(&presented) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(error) => Err(refuse(error)),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify(
            Version::Tls12,
            self.algorithms(),
            message,
            certificate,
            signature,
        )
        .inspect(|_| self.last_check.note())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify(
            Version::Tls13,
            self.algorithms(),
            message,
            certificate,
            signature,
        )
        .inspect(|_| self.last_check.note())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let mut schemes = self.algorithms().supported_schemes();
        // Offered last, where it cannot be checked, too: only so the device shows its certificate, which tells what is
        // missing, instead of ending the handshake without a reason.
        if !self.has_p521() {
            schemes.push(SignatureScheme::ECDSA_NISTP521_SHA512);
        }
        schemes
    }
}
