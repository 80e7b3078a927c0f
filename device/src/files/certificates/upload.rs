//! A certificate on its way to a device.

use std::fmt;
use std::future::IntoFuture;

use xerus_rpc::error::{ErrorKind, Fingerprint};
use xerus_rpc::files::{CERTIFICATE_KEY, CERTIFICATE_UPLOAD, CertificateFile};
use xerus_rpc::wire::{BoxFuture, Query};
use xerus_rpc::{Error, Outcome};
use zeroize::Zeroizing;

use super::{Certificates, Pending, SERVER, pem};
use crate::files::FilesError;
use crate::files::send::Sending;

/// A certificate that has not been sent. Awaited, it is sent once, and read back.
#[must_use = "nothing is sent before this is awaited"]
pub struct UploadCertificate {
    certificates: Certificates,
    chain: Vec<u8>,
    key: Option<Zeroizing<Vec<u8>>>,
    sending: Sending,
}

impl UploadCertificate {
    pub(super) fn new(certificates: Certificates, chain: &[u8]) -> Self {
        Self {
            certificates,
            chain: chain.to_vec(),
            key: None,
            sending: Sending::default(),
        }
    }

    /// The key of the certificate, as PEM and without a password. Use HTTPS.
    pub fn key(mut self, key: impl AsRef<[u8]>) -> Self {
        self.key = Some(Zeroizing::new(key.as_ref().to_vec()));
        self
    }

    /// Calls `progress` with the bytes that the connection has taken, and with all of them. It must not block.
    pub fn progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.sending.progress = Some(Box::new(progress));
        self
    }

    async fn run(self) -> Result<Pending, FilesError> {
        let sent = pem::certificates(&self.chain).map_err(FilesError::BadFile)?;
        let mut parts = vec![CERTIFICATE_UPLOAD.file(self.chain)];
        if let Some(key) = &self.key {
            pem::check_key(key)?;
            parts.push(CERTIFICATE_KEY.file(key.to_vec()));
        }
        let certificates = self.certificates;
        let place = &certificates.place;
        let answered = self
            .sending
            .send(place, CERTIFICATE_UPLOAD, Query::new(), parts)
            .await;
        let lost = match answered {
            Ok(_) => None,
            // What waits says what became of it.
            Err(error) if is_lost(&error) => Some(error),
            Err(error) => return Err(FilesError::sorted(SERVER, error)),
        };
        let outcome = match lost {
            None => Outcome::Executed,
            Some(_) => Outcome::Unknown,
        };
        let unread = |error: FilesError| match error {
            FilesError::Call(error) | FilesError::NotThere { error, .. } => {
                FilesError::Unread { outcome, error }
            }
            other => other,
        };
        let info = certificates.info().await.map_err(unread)?;
        if !info.have_pending_cert {
            return Err(match lost {
                Some(error) => FilesError::Call(error),
                None => FilesError::Differs {
                    what: "the device took the certificate, and none is pending: send it again"
                        .to_owned(),
                    outcome,
                },
            });
        }
        let fetched = certificates.get(CertificateFile::PendingCertificate);
        let chain = fetched.bytes().await.map_err(unread)?;
        let pending = Pending::new(certificates, info, &chain, 0)?;
        compare(pending, &sent, outcome)
    }
}

fn is_lost(error: &Error) -> bool {
    let no_answer = matches!(
        error.kind(),
        ErrorKind::ConnectionLost | ErrorKind::Timeout(_) | ErrorKind::HttpProtocol(_)
    );
    no_answer && error.outcome() == Outcome::Unknown
}

/// The device may leave out those that vouch for the certificate, but not the certificate.
fn compare(
    mut pending: Pending,
    sent: &[Fingerprint],
    outcome: Outcome,
) -> Result<Pending, FilesError> {
    if sent.first() != Some(&pending.fingerprint()) {
        return Err(FilesError::Differs {
            what: format!(
                "the certificate that waits has the fingerprint {}, which is not that of the one that was sent: somebody else may have sent one; look at it with `pending`, or throw it away with `discard`",
                pending.fingerprint()
            ),
            outcome,
        });
    }
    pending.leave_out(sent);
    Ok(pending)
}

impl IntoFuture for UploadCertificate {
    type Output = Result<Pending, FilesError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for UploadCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadCertificate")
            .field("certificates", &self.certificates)
            .field("key", &self.key.is_some())
            .field("sending", &self.sending)
            .finish_non_exhaustive()
    }
}
