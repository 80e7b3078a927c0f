//! A certificate that waits.

use xerus_api::cert::server_ssl_cert::{CertInfo, Info};
use xerus_rpc::Outcome;
use xerus_rpc::error::Fingerprint;
use xerus_rpc::files::CertificateFile;

use super::{Certificates, Install, pem};
use crate::files::FilesError;

/// A certificate that waits in the device, and that it gave back.
#[derive(Clone, Debug)]
#[must_use = "it is not that of the device before it is installed"]
pub struct Pending {
    certificates: Certificates,
    info: Info,
    /// Never empty: the certificate, then those that vouch for it.
    chain: Vec<Fingerprint>,
    left_out: usize,
}

impl Pending {
    pub(super) fn new(
        certificates: Certificates,
        info: Info,
        chain: &[u8],
        left_out: usize,
    ) -> Result<Self, FilesError> {
        let chain = pem::certificates(chain).map_err(|why| FilesError::Differs {
            what: format!("what the device gives as the certificate that waits is none: {why}"),
            outcome: Outcome::Unknown,
        })?;
        Ok(Self {
            certificates,
            info,
            chain,
            left_out,
        })
    }

    /// Counts what was sent and is not there.
    pub(super) fn leave_out(&mut self, sent: &[Fingerprint]) {
        let missing = sent.iter().filter(|one| !self.chain.contains(one));
        self.left_out = missing.count();
    }

    /// What is pending and what is active, as the device reads it.
    #[must_use]
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The certificate, as the device reads it: for whom, by whom, until when. Look at it before it is installed.
    #[must_use]
    pub fn certificate(&self) -> &CertInfo {
        &self.info.pending_cert_info
    }

    /// Its SHA-256 fingerprint: the pin of agents that are made after the installation, with
    /// `pin_certificate_sha256(pending.fingerprint().to_string())`.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        // Never empty.
        self.chain[0]
    }

    /// How many of the certificates that were sent behind it the device does not give back. Clients that need one of them may not
    /// trust the device.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Makes it the certificate of the device.
    pub fn install(self) -> Install {
        Install::new(self)
    }

    /// Throws it away, with its key.
    ///
    /// # Errors
    ///
    /// What the call met with.
    pub async fn discard(self) -> Result<(), FilesError> {
        self.certificates.discard().await
    }

    pub(super) fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// Refuses when something else waits by now.
    pub(super) async fn still_waits(&self) -> Result<(), FilesError> {
        let file = self.certificates.get(CertificateFile::PendingCertificate);
        let present = match file.bytes().await {
            Ok(present) => present,
            Err(FilesError::NotThere { .. } | FilesError::Empty(_)) => {
                return Err(FilesError::NothingPending);
            }
            Err(error) => return Err(error),
        };
        let present = pem::certificates(&present).unwrap_or_default();
        if present.first() == Some(&self.fingerprint()) {
            return Ok(());
        }
        Err(FilesError::Differs {
            what:
                "another certificate waits by now: look at it with `pending`; nothing was installed"
                    .to_owned(),
            outcome: Outcome::NotExecuted,
        })
    }
}
