//! Servers that present any certificate with any key, whether they belong together or not.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, SupportedProtocolVersion};

use crate::certificates::key_sha256;
use crate::short_rsa::ShortRsa;

const RSA_1024: &str = include_str!("../fixtures/tls/rsa1024.pem");
pub(crate) const RSA_1024_KEY: &str = include_str!("../fixtures/tls/rsa1024.key");
pub(crate) const RSA_1024_OTHER_KEY: &str = include_str!("../fixtures/tls/rsa1024-other.key");
pub(crate) const SHA_1_KEY: &str = include_str!("../fixtures/tls/sha1.key");
#[cfg(feature = "aws-lc")]
pub(crate) const P_521_KEY: &str = include_str!("../fixtures/tls/p521.key");

pub(crate) static VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// A certificate, and a key that need not be its own.
#[derive(Clone)]
pub(crate) struct Presented {
    pub(crate) pem: String,
    /// The fingerprint of the public key in the certificate, in hexadecimal.
    pub(crate) key_sha256: String,
    key: Arc<dyn SigningKey>,
    /// Sent instead of the certificate.
    bytes: Option<Vec<u8>>,
}

impl Presented {
    pub(crate) fn new(pem: &str, key_sha256: &str, key: Arc<dyn SigningKey>) -> Self {
        Self {
            pem: pem.to_owned(),
            key_sha256: key_sha256.trim().to_owned(),
            key,
            bytes: None,
        }
    }

    /// A certificate that was made for the test, with its key, both as PEM.
    pub(crate) fn made((pem, key): (String, String)) -> Self {
        Self::new(&pem, &key_sha256(&key), signing_key(&key))
    }

    pub(crate) fn rsa_1024() -> Self {
        Self::new(
            RSA_1024,
            include_str!("../fixtures/tls/rsa1024.key-sha256"),
            Arc::new(ShortRsa::new(RSA_1024_KEY)),
        )
    }

    /// A certificate with a key that is too short for anything.
    pub(crate) fn rsa_512() -> Self {
        Self::new(
            include_str!("../fixtures/tls/rsa512.pem"),
            include_str!("../fixtures/tls/rsa512.key-sha256"),
            Arc::new(ShortRsa::new(RSA_1024_KEY)),
        )
    }

    /// A certificate of X.509 version 1.
    pub(crate) fn v1() -> Self {
        Self::new(
            include_str!("../fixtures/tls/v1.pem"),
            include_str!("../fixtures/tls/v1.key-sha256"),
            signing_key(include_str!("../fixtures/tls/v1.key")),
        )
    }

    /// A certificate that is signed with SHA-1.
    pub(crate) fn sha_1() -> Self {
        Self::new(
            include_str!("../fixtures/tls/sha1.pem"),
            include_str!("../fixtures/tls/sha1.key-sha256"),
            signing_key(SHA_1_KEY),
        )
    }

    /// A certificate with a key on P-521.
    pub(crate) fn p_521(key: Arc<dyn SigningKey>) -> Self {
        Self::new(
            include_str!("../fixtures/tls/p521.pem"),
            include_str!("../fixtures/tls/p521.key-sha256"),
            key,
        )
    }

    /// With these bytes in the place of a certificate.
    pub(crate) fn with_bytes(mut self, bytes: Vec<u8>) -> Self {
        self.bytes = Some(bytes);
        self
    }

    /// The same certificate from somebody who has only this key.
    pub(crate) fn stolen_by(&self, key: Arc<dyn SigningKey>) -> Self {
        Self {
            key,
            ..self.clone()
        }
    }

    pub(crate) fn server(&self, version: &'static SupportedProtocolVersion) -> Arc<ServerConfig> {
        let certificates = match &self.bytes {
            Some(bytes) => vec![CertificateDer::from(bytes.clone())],
            None => CertificateDer::pem_slice_iter(self.pem.as_bytes())
                .collect::<Result<Vec<_>, _>>()
                .expect("certificates"),
        };
        let presented = CertifiedKey::new(certificates, Arc::clone(&self.key));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .expect("a version")
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(presented)));
        Arc::new(config)
    }
}

pub(crate) fn signing_key(pem: &str) -> Arc<dyn SigningKey> {
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("a key");
    rustls::crypto::ring::sign::any_supported_type(&key).expect("a usual key")
}
