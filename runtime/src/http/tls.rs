//! The TLS configuration: who is trusted, with the crypto provider named explicitly.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::verify::{AcceptAny, Fingerprint, OwnRoots, PinMismatch, Pinned};
use crate::error::{ConfigError, Error, TlsError};
use rustls::{CertificateError, OtherError};

/// Whose certificates are accepted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trust {
    /// Certificates given by the user.
    roots: Vec<CertificateDer<'static>>,
    /// Whether the system's authorities count beside the user's.
    pub(crate) system_roots: Option<bool>,
    /// Fingerprints of the only certificates accepted.
    pins: Vec<Fingerprint>,
    /// No verification at all.
    pub(crate) accept_any: bool,
}

impl Trust {
    /// Adds all certificates of a PEM text.
    pub(crate) fn add_pem(&mut self, pem: &[u8]) -> Result<(), Error> {
        let bad = |reason: String| Error::from(ConfigError::BadCertificate(reason));
        let before = self.roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| {
                bad(
                    "not readable as PEM: the lines between BEGIN and END are not base64"
                        .to_owned(),
                )
            })?;
            // The store knows how to parse; a root that it refuses would only be missed when it is too late.
            RootCertStore::empty()
                .add(certificate.clone())
                .map_err(|error| bad(error.to_string()))?;
            self.roots.push(certificate);
        }
        if self.roots.len() == before {
            return Err(bad("no certificate in the PEM text".to_owned()));
        }
        Ok(())
    }

    /// Adds the SHA-256 fingerprint of a certificate, in hexadecimal with or without colons.
    pub(crate) fn add_pin(&mut self, fingerprint: &str) -> Result<(), Error> {
        let fingerprint = Fingerprint::parse(fingerprint).ok_or(ConfigError::OutOfRange {
            setting: "pin_certificate_sha256",
            expected: "64 hexadecimal digits",
        })?;
        self.pins.push(fingerprint);
        Ok(())
    }

    /// The configuration for one agent; its session tickets are shared by all connections of the agent.
    ///
    /// An agent that never leaves plain http (`used` is false) is spared the system's authorities.
    pub(super) fn client_config(
        &self,
        _origin: &str,
        used: bool,
    ) -> Result<Arc<ClientConfig>, Error> {
        let provider = provider();
        let failed =
            |error: rustls::Error| Error::from(ConfigError::BadCertificate(error.to_string()));
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(failed)?;
        let mut config = builder
            .dangerous()
            .with_custom_certificate_verifier(self.verifier(&provider, used)?)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn verifier(
        &self,
        provider: &Arc<CryptoProvider>,
        used: bool,
    ) -> Result<Arc<dyn ServerCertVerifier>, Error> {
        if self.accept_any {
            return Ok(Arc::new(AcceptAny::new(provider)));
        }
        if !self.pins.is_empty() {
            return Ok(Arc::new(Pinned::new(provider, self.pins.clone())));
        }
        if !used {
            return Ok(Arc::new(Pinned::nobody(provider)));
        }
        if self.roots.is_empty() {
            return Ok(system_verifier(provider));
        }
        let own = own_verifier(&self.roots, provider)?;
        let system = self
            .system_roots
            .unwrap_or(false)
            .then(|| system_verifier(provider));
        Ok(Arc::new(OwnRoots::new(own, self.roots.clone(), system)))
    }
}

/// Random bits, from where TLS has them.
pub(super) fn random(bits: &mut [u8]) -> Result<(), Error> {
    provider().secure_random.fill(bits).map_err(|_| {
        Error::unsupported(
            "no random numbers on this system, which uploads need; check that it has a source of them",
        )
    })
}

/// ring, named here so that no process-wide default is needed or installed.
fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider())))
}

fn own_verifier(
    roots: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Error> {
    let bad = |reason: String| Error::from(ConfigError::BadCertificate(reason));
    let mut store = RootCertStore::empty();
    for root in roots {
        store
            .add(root.clone())
            .map_err(|error| bad(error.to_string()))?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), Arc::clone(provider))
        .build()
        .map_err(|error| bad(error.to_string()))
}

/// The platform's verifier. Reading the system's authorities takes milliseconds, so all agents share one.
///
/// A system without any authority (a bare container) is no reason to fail here: it may be that no https device is ever
/// called. Whoever calls one learns that its issuer is unknown.
fn system_verifier(provider: &Arc<CryptoProvider>) -> Arc<dyn ServerCertVerifier> {
    static SYSTEM: RwLock<Option<Arc<dyn ServerCertVerifier>>> = RwLock::new(None);
    if let Some(verifier) = &*SYSTEM.read().unwrap_or_else(PoisonError::into_inner) {
        return Arc::clone(verifier);
    }
    match rustls_platform_verifier::Verifier::new(Arc::clone(provider)) {
        Ok(verifier) => {
            let verifier: Arc<dyn ServerCertVerifier> = Arc::new(verifier);
            *SYSTEM.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&verifier));
            verifier
        }
        // A pinning verifier without pins trusts nobody. Not kept: authorities may be installed meanwhile.
        Err(_) => Arc::new(Pinned::nobody(provider)),
    }
}

/// What a failure in TLS means; `None` for one that is none.
pub(super) fn refusal(error: &(dyn std::error::Error + 'static)) -> Option<TlsError> {
    super::causes::find::<rustls::Error>(error).map(tls_error)
}

fn tls_error(error: &rustls::Error) -> TlsError {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return TlsError::Handshake(match error {
            rustls::Error::InvalidMessage(_) => {
                "the peer does not speak TLS on this port".to_owned()
            }
            error => error.to_string(),
        });
    };
    match reason {
        // A known name with another key: an authority that only claims to be the known one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsError::UnknownIssuer,
        CertificateError::NotValidForName => TlsError::NameMismatch {
            presented: Vec::new(),
        },
        CertificateError::NotValidForNameContext { presented, .. } => TlsError::NameMismatch {
            presented: presented.iter().map(|name| plain_name(name)).collect(),
        },
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsError::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            TlsError::NotYetValid
        }
        CertificateError::Other(OtherError(inner)) if inner.is::<PinMismatch>() => {
            TlsError::PinMismatch
        }
        reason => TlsError::Handshake(reason.to_string()),
    }
}

/// `pdu.example.com` of `DnsName("pdu.example.com")`.
fn plain_name(presented: &str) -> String {
    let inner = presented
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .unwrap_or(presented);
    inner.trim_matches('"').to_owned()
}
