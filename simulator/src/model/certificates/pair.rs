//! A key with the certificate that vouches for it.

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::CertificateError;
use super::facts::{self, CertificateFacts};

/// A key and its certificate, with those that vouch for it, which were found to belong together.
#[derive(Clone)]
pub struct KeyPair {
    chain_pem: String,
    key_pem: String,
    chain: Vec<CertificateDer<'static>>,
    facts: Vec<CertificateFacts>,
}

impl KeyPair {
    /// A pair of PEM texts.
    ///
    /// # Errors
    ///
    /// When one of them is not what it should be, or they do not belong together. A key with a password is no key here.
    pub fn new(chain_pem: &str, key_pem: &str) -> Result<Self, CertificateError> {
        let invalid = CertificateError::CertificateInvalid;
        let chain: Vec<CertificateDer<'static>> =
            CertificateDer::pem_slice_iter(chain_pem.as_bytes())
                .collect::<Result<_, _>>()
                .map_err(|_| invalid)?;
        let facts: Option<Vec<_>> = chain.iter().map(facts::read).collect();
        let facts = facts.filter(|facts| !facts.is_empty()).ok_or(invalid)?;
        let key = key(key_pem)?;
        let provider = default_provider();
        let key = provider.key_provider.load_private_key(key);
        let key = key.map_err(|_| CertificateError::KeyInvalid)?;
        let certified = CertifiedKey::new(chain, key);
        certified.keys_match().map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => CertificateError::Mismatch,
            _ => invalid,
        })?;
        Ok(Self {
            chain_pem: chain_pem.to_owned(),
            key_pem: key_pem.to_owned(),
            chain: certified.cert,
            facts,
        })
    }

    /// The certificate and those that vouch for it, as PEM.
    #[must_use]
    pub fn chain_pem(&self) -> &str {
        &self.chain_pem
    }

    /// The key, as PEM.
    #[must_use]
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// The certificate and those that vouch for it.
    #[must_use]
    pub fn chain(&self) -> &[CertificateDer<'static>] {
        &self.chain
    }

    /// The SHA-256 sum of the certificate, by which clients can pin it.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.chain[0]);
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        bytes
    }

    /// The key.
    ///
    /// # Errors
    ///
    /// None: it was read before.
    pub fn key(&self) -> Result<PrivateKeyDer<'static>, CertificateError> {
        key(&self.key_pem)
    }

    /// What the certificate says.
    #[must_use]
    pub fn facts(&self) -> CertificateFacts {
        self.facts[0].clone()
    }

    /// What the certificates say that vouch for it.
    #[must_use]
    pub fn chain_facts(&self) -> &[CertificateFacts] {
        &self.facts[1..]
    }
}

fn key(pem: &str) -> Result<PrivateKeyDer<'static>, CertificateError> {
    PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| CertificateError::KeyInvalid)
}

/// What the certificates of a PEM text say; `None`: something in it is no certificate.
pub(super) fn facts_of(chain_pem: &str) -> Option<Vec<CertificateFacts>> {
    CertificateDer::pem_slice_iter(chain_pem.as_bytes())
        .map(|der| facts::read(&der.ok()?))
        .collect()
}

/// Without the key.
impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair")
            .field("certificate", &self.facts[0])
            .finish_non_exhaustive()
    }
}
