//! The certificate and key of the HTTPS service of a device.
//!
//! ```no_run
//! use xerus_device::files::{Certificates, FilesError};
//! use xerus_rpc::Agent;
//!
//! async fn renew(agent: &Agent, chain: &str, key: &str) -> Result<(), FilesError> {
//!     let pending = Certificates::of(agent).upload(chain).key(key).await?;
//!     // It waits, and is what was sent: the device gave it back.
//!     println!("{} until {}", pending.certificate().subject.common_name, pending.certificate().invalid_after);
//!     println!("new fingerprint, for pins: {}", pending.fingerprint());
//!     let installed = pending.install().await?;
//!     println!("{installed}");
//!     Ok(())
//! }
//! ```
//!
//! * **What waits is compared.** The device is asked for the certificate that it took, and again before it is installed: what is
//!   installed is what was sent.
//! * **Nothing is installed twice.** The HTTPS service restarts with the new certificate, and the answer to the call is often lost.
//!   It is not sent again: the device is asked, or its handshake shows the new certificate.
//! * **Pins have to change.** An agent that pins the old certificate, or does not trust whoever signed the new one, is of no use
//!   afterwards: make a new one, with [`fingerprint`](Pending::fingerprint) as its pin. Connections end; whether the device keeps
//!   sessions is not known.

mod install;
mod pem;
mod pending;
mod upload;

use xerus_api::cert::ServerSslCert;
use xerus_api::cert::server_ssl_cert::Info;
use xerus_rpc::files::{CERTIFICATE_DOWNLOAD, CertificateFile};
use xerus_rpc::{Agent, Error};

pub use install::{Install, Installed, Seen};
pub use pending::Pending;
pub use upload::UploadCertificate;

use super::fetch::Fetch;
use super::place::Place;
use super::{DeviceFiles, FilesError};

/// Certificates and keys have less, in bytes.
const LIMIT: u64 = 1 << 20;
/// What messages call the object.
const SERVER: &str = "certificate of the HTTPS service";

/// The certificate and key of the HTTPS service of a device.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before one of its methods is awaited"]
#[doc(alias = "cert")]
pub struct Certificates {
    place: Place,
}

impl Certificates {
    /// Those of the device that this agent calls.
    pub fn of(agent: &Agent) -> Self {
        Self {
            place: Place::of(agent),
        }
    }

    /// Those of a unit of its cascade: 1 is the device itself, 2 to 8 are link units. Any other number is `Config.OutOfRange` where
    /// it is used.
    pub fn unit(self, unit: u32) -> Self {
        Self {
            place: self.place.at_unit(unit),
        }
    }

    /// A certificate, key or signing request, as PEM. At most 1 MiB. A key is a secret, and goes to administrators only.
    #[doc(alias = "cert.download")]
    pub fn get(&self, which: CertificateFile) -> Fetch {
        let what = match which {
            CertificateFile::ActiveCertificate => "active certificate",
            CertificateFile::ActiveKey => "active key",
            CertificateFile::PendingCertificate => "pending certificate",
            CertificateFile::PendingKey => "pending key",
            CertificateFile::PendingRequest => "pending signing request",
            _ => "certificate",
        };
        let query = Ok(which.query());
        Fetch::new(what, &self.place, CERTIFICATE_DOWNLOAD, query, LIMIT)
    }

    /// Sends a certificate, with those that vouch for it behind it, as PEM. Without a [`key`](UploadCertificate::key) it is the
    /// answer to the signing request that the device made.
    #[doc(alias = "cert.upload")]
    pub fn upload(&self, chain: impl AsRef<[u8]>) -> UploadCertificate {
        UploadCertificate::new(self.clone(), chain.as_ref())
    }

    /// What is pending and what is active, as the device reads it.
    ///
    /// # Errors
    ///
    /// [`NotThere`](FilesError::NotThere) when the firmware has no such object, else what the call met with.
    pub async fn info(&self) -> Result<Info, FilesError> {
        let info = self.object()?.get_info().await;
        info.map_err(|error| FilesError::sorted(SERVER, error))
    }

    /// The certificate that waits, whoever sent it; `None` when none does.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn pending(&self) -> Result<Option<Pending>, FilesError> {
        let info = self.info().await?;
        if !info.have_pending_cert {
            return Ok(None);
        }
        let chain = self
            .get(CertificateFile::PendingCertificate)
            .bytes()
            .await?;
        Pending::new(self.clone(), info, &chain, 0).map(Some)
    }

    /// Throws away what is pending: certificate, key and signing request.
    ///
    /// # Errors
    ///
    /// As [`info`](Self::info).
    pub async fn discard(&self) -> Result<(), FilesError> {
        let discarded = self.object()?.delete_pending().await;
        discarded.map_err(|error| FilesError::sorted(SERVER, error))
    }

    fn object(&self) -> Result<ServerSslCert, Error> {
        self.place
            .object(ServerSslCert::well_known(self.place.agent()))
    }
}

impl DeviceFiles {
    /// Certificate and key of the same unit.
    pub fn certificates(&self) -> Certificates {
        Certificates {
            place: self.place().clone(),
        }
    }
}
