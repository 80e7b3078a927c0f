//! The certificate and key of the HTTPS service: the active pair, and the one that is pending.

mod facts;
mod make;
mod pair;
#[cfg(test)]
mod tests;

pub use self::facts::{CertificateFacts, Curve, KeyFacts, Subject};
pub use self::make::{KeyRequest, supported_keys};
pub use self::pair::KeyPair;

use std::time::Duration;

use xerus_rpc::files::{CertificateCode, CertificateFile};

/// Longest validity of a certificate that the device signs itself, in days.
pub const MAX_SIGN_DAYS: u32 = 7_300;

/// Why something cannot be done with certificates and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// A request or certificate is pending already.
    Pending,
    /// There is no key.
    KeyMissing,
    /// There is no certificate.
    CertificateMissing,
    /// It is no certificate.
    CertificateInvalid,
    /// It is no key, or one with a password.
    KeyInvalid,
    /// Key and certificate do not belong together.
    Mismatch,
    /// A key of that kind cannot be made.
    KeyKind,
    /// A key on that curve cannot be made.
    Curve,
    /// The certificate cannot be valid for so long.
    Validity,
    /// Key, request or certificate could not be made: a name in it is not possible.
    NotMade,
}

impl From<CertificateError> for CertificateCode {
    /// What an upload is answered with.
    fn from(error: CertificateError) -> Self {
        match error {
            CertificateError::Pending => Self::AlreadyPending,
            CertificateError::KeyMissing | CertificateError::KeyInvalid => Self::InvalidKey,
            CertificateError::CertificateMissing | CertificateError::CertificateInvalid => {
                Self::InvalidCertificate
            }
            CertificateError::Mismatch => Self::KeyMismatch,
            _ => Self::InternalError,
        }
    }
}

/// What is pending: a key with a request, with a certificate, or with both.
#[derive(Clone)]
struct Pending {
    key_pem: String,
    request: Option<(KeyRequest, String)>,
    chain_pem: Option<String>,
}

/// The certificates of one device.
#[derive(Clone)]
pub struct Certificates {
    active: KeyPair,
    pending: Option<Pending>,
    /// How often the active pair was changed.
    generation: u64,
}

impl Certificates {
    /// With this pair in use.
    #[must_use]
    pub fn new(active: KeyPair) -> Self {
        Self {
            active,
            pending: None,
            generation: 0,
        }
    }

    /// A key and a certificate that it signs itself, valid from `now` on for so many days, 1 to [`MAX_SIGN_DAYS`].
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn self_signed(
        now: Duration,
        request: &KeyRequest,
        days: u32,
    ) -> Result<KeyPair, CertificateError> {
        make::self_signed(now, request, days)
    }

    /// The pair in use. The HTTPS service takes the new one when [`generation`](Self::generation) has grown.
    #[must_use]
    pub fn active(&self) -> &KeyPair {
        &self.active
    }

    /// How often the pair in use was changed.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The pending request, if there is one.
    #[must_use]
    pub fn pending_request(&self) -> Option<&KeyRequest> {
        let request = self.pending.as_ref()?.request.as_ref()?;
        Some(&request.0)
    }

    /// What the pending certificate says, and those that vouch for it; empty when none is pending.
    #[must_use]
    pub fn pending_facts(&self) -> Vec<CertificateFacts> {
        let chain = self.file(CertificateFile::PendingCertificate);
        chain.and_then(pair::facts_of).unwrap_or_default()
    }

    /// A file as PEM; `None` when there is none.
    #[must_use]
    pub fn file(&self, which: CertificateFile) -> Option<&str> {
        let pending = self.pending.as_ref();
        match which {
            CertificateFile::ActiveCertificate => Some(self.active.chain_pem()),
            CertificateFile::ActiveKey => Some(self.active.key_pem()),
            CertificateFile::PendingCertificate => pending?.chain_pem.as_deref(),
            CertificateFile::PendingKey => Some(&pending?.key_pem),
            CertificateFile::PendingRequest => Some(&pending?.request.as_ref()?.1),
            _ => None,
        }
    }

    /// Makes a key and a request for a certificate, which are pending afterwards.
    ///
    /// # Errors
    ///
    /// When something is pending, or such a key or request cannot be made.
    pub fn generate_request(
        &mut self,
        request: KeyRequest,
        challenge: &str,
    ) -> Result<(), CertificateError> {
        self.must_be_free()?;
        let (key_pem, request_pem) = make::request(&request, challenge)?;
        self.pending = Some(Pending {
            key_pem,
            request: Some((request, request_pem)),
            chain_pem: None,
        });
        Ok(())
    }

    /// Makes a key and a certificate that it signs itself, which are pending afterwards.
    ///
    /// # Errors
    ///
    /// When something is pending, it cannot be valid for so many days (1 to [`MAX_SIGN_DAYS`]), or it cannot be made.
    pub fn generate_self_signed(
        &mut self,
        now: Duration,
        request: &KeyRequest,
        days: u32,
    ) -> Result<(), CertificateError> {
        self.must_be_free()?;
        let pair = make::self_signed(now, request, days)?;
        self.hold(&pair);
        Ok(())
    }

    /// Brings a certificate with its key, both as PEM; they are pending afterwards.
    ///
    /// # Errors
    ///
    /// When something is pending, one of them is not what it should be, or they do not belong together.
    pub fn bring_pair(&mut self, key: &str, chain: &str) -> Result<(), CertificateError> {
        self.must_be_free()?;
        let pair = KeyPair::new(chain, key)?;
        self.hold(&pair);
        Ok(())
    }

    /// Brings the certificate for the pending request, as PEM.
    ///
    /// # Errors
    ///
    /// When no request or already a certificate is pending, it is no certificate, or it is for another key.
    pub fn bring_certificate(&mut self, chain: &str) -> Result<(), CertificateError> {
        let pending = self.pending.as_mut().ok_or(CertificateError::KeyMissing)?;
        if pending.chain_pem.is_some() {
            return Err(CertificateError::Pending);
        }
        let pair = KeyPair::new(chain, &pending.key_pem)?;
        pending.chain_pem = Some(pair.chain_pem().to_owned());
        Ok(())
    }

    /// The files of an upload: a certificate, and its key unless that is pending here.
    pub fn upload(&mut self, certificate: Option<&[u8]>, key: Option<&[u8]>) -> CertificateCode {
        let taken = text(certificate, CertificateError::CertificateInvalid)
            .and_then(|chain| chain.ok_or(CertificateError::CertificateMissing))
            .and_then(|chain| match text(key, CertificateError::KeyInvalid)? {
                Some(key) => self.bring_pair(key, chain),
                None => self.bring_certificate(chain),
            });
        taken.map_or_else(CertificateCode::from, |()| CertificateCode::Accepted)
    }

    /// Throws away what is pending.
    pub fn delete_pending(&mut self) {
        self.pending = None;
    }

    /// Makes the pending pair the active one.
    ///
    /// # Errors
    ///
    /// When there is no pending certificate or key.
    pub fn install_pending(&mut self) -> Result<(), CertificateError> {
        let pending = self.pending.as_ref().ok_or(CertificateError::KeyMissing)?;
        let chain = pending.chain_pem.as_deref();
        let chain = chain.ok_or(CertificateError::CertificateMissing)?;
        let pair = KeyPair::new(chain, &pending.key_pem)?;
        self.pending = None;
        self.activate(pair);
        Ok(())
    }

    /// Uses this pair from now on. What is pending stays.
    pub fn activate(&mut self, pair: KeyPair) {
        self.active = pair;
        self.generation += 1;
    }

    /// Another self-signed pair for the same subject and names, as after an update that lost the old one.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn renew(&mut self, now: Duration) -> Result<(), CertificateError> {
        let facts = self.active.facts();
        let request = KeyRequest {
            subject: facts.subject,
            names: facts.names,
            key: KeyFacts::Ecdsa(Curve::P256),
        };
        self.activate(make::self_signed(now, &request, 365)?);
        Ok(())
    }

    fn must_be_free(&self) -> Result<(), CertificateError> {
        match self.pending {
            Some(_) => Err(CertificateError::Pending),
            None => Ok(()),
        }
    }

    fn hold(&mut self, pair: &KeyPair) {
        self.pending = Some(Pending {
            key_pem: pair.key_pem().to_owned(),
            request: None,
            chain_pem: Some(pair.chain_pem().to_owned()),
        });
    }
}

/// Without keys.
impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificates")
            .field("active", &self.active)
            .field("pending", &self.pending.is_some())
            .field("generation", &self.generation)
            .finish()
    }
}

fn text(bytes: Option<&[u8]>, error: CertificateError) -> Result<Option<&str>, CertificateError> {
    let text = bytes.map(|bytes| std::str::from_utf8(bytes).map_err(|_| error));
    text.transpose()
}
