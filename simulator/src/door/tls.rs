//! Certificates for the HTTPS listener.

use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockWriteGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use xerus_rpc::error::Fingerprint;

use crate::error::StartError;
use crate::model::clock::END;

/// A self-signed certificate with its key.
///
/// Devices ship with one like it. The default names `localhost`, `127.0.0.1` and `::1` and is valid now; other names
/// and dates are for tests of clients that must refuse them.
#[derive(Clone)]
pub struct Certificate {
    names: Vec<String>,
    not_before: SystemTime,
    not_after: SystemTime,
    /// Certificate and key that exist already, as PEM; then the rest does not count.
    given: Option<(String, String)>,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// From 1950, where the dates of certificates begin, to 1970.
const BEFORE_1970: Duration = Duration::from_secs((20 * 365 + 5) * 24 * 60 * 60);

impl Certificate {
    /// Names the loopback addresses; valid from yesterday for a year.
    #[must_use]
    pub fn self_signed() -> Self {
        let now = SystemTime::now();
        Self {
            names: ["localhost", "127.0.0.1", "::1"]
                .map(str::to_owned)
                .to_vec(),
            not_before: now - DAY,
            not_after: now + 365 * DAY,
            given: None,
        }
    }

    /// A certificate that exists already, with what it is signed by behind it, and its key; both as PEM text. Names and dates are
    /// those in it.
    #[must_use]
    pub fn from_pem(certificates: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            given: Some((certificates.into(), key.into())),
            ..Self::self_signed()
        }
    }

    /// Other names: DNS names or IP addresses.
    #[must_use]
    pub fn names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.names = names.into_iter().map(Into::into).collect();
        self
    }

    /// Other dates, from 1950 to 9999; with others the simulator does not start.
    #[must_use]
    pub fn valid(mut self, from: SystemTime, until: SystemTime) -> Self {
        self.not_before = from;
        self.not_after = until;
        self
    }

    /// A certificate whose time has passed.
    #[must_use]
    pub fn expired(self) -> Self {
        let now = SystemTime::now();
        self.valid(now - 30 * DAY, now - DAY)
    }

    /// Makes key and certificate.
    pub(crate) fn issue(&self) -> Result<Identity, StartError> {
        if let Some((certificates, key)) = &self.given {
            return given(certificates, key);
        }
        let years = UNIX_EPOCH - BEFORE_1970..=UNIX_EPOCH + END;
        if !years.contains(&self.not_before) || !years.contains(&self.not_after) {
            return Err(StartError::CertificateDates);
        }
        let mut params =
            CertificateParams::new(self.names.clone()).map_err(StartError::certificate)?;
        params
            .distinguished_name
            .push(DnType::CommonName, "Simulated PDU");
        params.not_before = self.not_before.into();
        params.not_after = self.not_after.into();
        let key = KeyPair::generate().map_err(StartError::certificate)?;
        let certificate = params.self_signed(&key).map_err(StartError::certificate)?;
        let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
        let key_pem = key.serialize_pem();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        identity(certificate.pem(), key_pem, chain, key)
    }
}

/// The identity that is written in PEM texts.
fn given(certificates: &str, key: &str) -> Result<Identity, StartError> {
    let chain = CertificateDer::pem_slice_iter(certificates.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(StartError::certificate)?;
    let key_pem = key.to_owned();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(StartError::certificate)?;
    identity(certificates.to_owned(), key_pem, chain, key)
}

/// A chain of certificates and the key of the first, both as PEM, too.
pub(crate) fn identity(
    pem: String,
    key_pem: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Identity, StartError> {
    let Some(first) = chain.first() else {
        return Err(StartError::NoCertificate);
    };
    let sha256 = sha256(first);
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(StartError::certificate)?;
    Ok(Identity {
        pem,
        key_pem,
        sha256,
        config: Arc::new(config),
    })
}

/// The identity with which an HTTPS listener answers, which may change while it runs.
pub(crate) struct Tls {
    /// With the number that the keys have it under.
    config: RwLock<(u64, Arc<ServerConfig>)>,
    keys: OnceLock<Arc<dyn Keys>>,
}

/// A device that has its own mind about its certificate.
pub(crate) trait Keys: Send + Sync {
    /// Number and identity of the pair in use, unless it is still the one with the number `known`, or cannot be used.
    fn newer(&self, known: u64) -> Option<(u64, Identity)>;
}

impl Tls {
    pub(crate) fn new(identity: &Identity) -> Self {
        Self {
            config: RwLock::new((0, Arc::clone(&identity.config))),
            keys: OnceLock::new(),
        }
    }

    /// Handshakes from now on show this one; connections that exist go on.
    pub(crate) fn install(&self, identity: &Identity) {
        self.write().1 = Arc::clone(&identity.config);
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        let (known, config) = {
            let config = self.config.read().unwrap_or_else(PoisonError::into_inner);
            (config.0, Arc::clone(&config.1))
        };
        match self.keys.get().and_then(|keys| keys.newer(known)) {
            Some((number, identity)) => {
                *self.write() = (number, Arc::clone(&identity.config));
                identity.config
            }
            None => config,
        }
    }

    /// Shows from now on what these keys say, as soon as they say anything newer.
    pub(crate) fn follow(&self, keys: Arc<dyn Keys>) {
        // Whoever came first stays.
        let _ = self.keys.set(keys);
    }

    fn write(&self) -> RwLockWriteGuard<'_, (u64, Arc<ServerConfig>)> {
        self.config.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sha256(certificate: &[u8]) -> Fingerprint {
    let digest = ring::digest::digest(&ring::digest::SHA256, certificate);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    Fingerprint::from_bytes(bytes)
}

impl Default for Certificate {
    fn default() -> Self {
        Self::self_signed()
    }
}

/// What the HTTPS listener needs.
pub(crate) struct Identity {
    /// The certificate as PEM text, for clients that shall trust it.
    pub(crate) pem: String,
    /// The key as PEM text.
    pub(crate) key_pem: String,
    /// Its fingerprint, for clients that shall pin it.
    pub(crate) sha256: Fingerprint,
    pub(crate) config: Arc<ServerConfig>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_no_certificate_can_have_are_an_error() {
        let century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        let issued = |from, until| Certificate::self_signed().valid(from, until).issue();
        assert!(issued(UNIX_EPOCH - BEFORE_1970, UNIX_EPOCH + END).is_ok());
        for (from, until) in [
            (UNIX_EPOCH - century, UNIX_EPOCH),
            (UNIX_EPOCH, UNIX_EPOCH + 100 * century),
        ] {
            let refused = issued(from, until).map(drop);
            assert!(matches!(refused, Err(StartError::CertificateDates)));
        }
    }
}
