//! From a certificate that waits to one that clients see.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use xerus_rpc::error::{ErrorKind, Fingerprint};
use xerus_rpc::files::CertificateFile;
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Error, Outcome};

use super::{Pending, SERVER, pem};
use crate::files::FilesError;

const PAUSE: Duration = Duration::from_secs(1);
/// No look takes longer.
const LONGEST_LOOK: Duration = Duration::from_secs(15);

/// A certificate that has not been installed. Awaited, the device is told once, and asked until it shows the certificate.
#[must_use = "nothing is installed before this is awaited"]
pub struct Install {
    pending: Pending,
    deadline: Duration,
}

/// How it was seen that a certificate is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Seen {
    /// The device gave it back as the active one.
    ReadBack,
    /// The device showed it in a handshake. This agent does not trust it: make a new one, with its fingerprint as pin.
    Presented,
}

/// A certificate that clients see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Installed {
    /// The SHA-256 fingerprint of the certificate: the new pin.
    pub fingerprint: Fingerprint,
    /// How it was seen.
    pub seen: Seen,
    /// What is known of the call: [`Executed`](Outcome::Executed), or [`Unknown`](Outcome::Unknown) when its answer was lost and the
    /// certificate came in force, by this call or by somebody else's. One that was in force before tells nothing: then the error is
    /// that of the call.
    pub outcome: Outcome,
}

impl Install {
    pub(super) fn new(pending: Pending) -> Self {
        Self {
            pending,
            deadline: Duration::from_secs(2 * 60),
        }
    }

    /// How long the device may take until it shows the certificate. Default: 2 min.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    async fn run(self) -> Result<Installed, FilesError> {
        let Self { pending, deadline } = self;
        pending.still_waits().await?;
        let deadline = Instant::now() + deadline;
        let server = pending.certificates().object()?;
        // The same certificate may have been sent again: then it is no sign of the installation.
        let before = matches!(look(&pending, deadline).await, Look::Is(_));
        let answered = server.install_pending_key_pair().await;
        let (outcome, lost) = match answered {
            Ok(()) => (Outcome::Executed, None),
            Err(error) if error.as_application().is_some() || !error.may_have_executed() => {
                return Err(FilesError::sorted(SERVER, error));
            }
            // The service restarts, perhaps before its answer. It is not told again: what it shows says what became of it.
            Err(error) => (error.outcome(), Some(error)),
        };
        let fingerprint = pending.fingerprint();
        loop {
            let begun = Instant::now();
            let look = look(&pending, deadline).await;
            if let Look::Is(seen) = look {
                return match lost {
                    Some(error) if before => Err(FilesError::Call(error)),
                    _ => Ok(Installed {
                        fingerprint,
                        seen,
                        outcome,
                    }),
                };
            }
            if Instant::now() >= deadline {
                return Err(look.over(outcome, lost));
            }
            sleep_until((begun + PAUSE).min(deadline)).await;
        }
    }
}

/// What a look at the device found.
enum Look {
    Is(Seen),
    /// Another certificate is in force.
    Other,
    /// The device could not be asked.
    Away(Error),
}

impl Look {
    fn over(self, outcome: Outcome, lost: Option<Error>) -> FilesError {
        match (self, lost) {
            (Self::Away(error), _) => FilesError::Unread { outcome, error },
            (Self::Is(_) | Self::Other, Some(error)) => FilesError::Call(error),
            (Self::Is(_) | Self::Other, None) => FilesError::Differs {
                what: "the device shows another certificate than the one that was installed: read the log of the device, and what `info` says"
                    .to_owned(),
                outcome,
            },
        }
    }
}

async fn look(pending: &Pending, deadline: Instant) -> Look {
    let left = deadline.saturating_duration_since(Instant::now());
    let left = left.clamp(PAUSE, LONGEST_LOOK);
    let certificates = pending.certificates();
    let active = certificates.get(CertificateFile::ActiveCertificate);
    match active.timeout(left).bytes().await {
        Ok(chain) => {
            let chain = pem::certificates(&chain).unwrap_or_default();
            if chain.first() == Some(&pending.fingerprint()) {
                Look::Is(Seen::ReadBack)
            } else {
                Look::Other
            }
        }
        Err(FilesError::Call(error) | FilesError::NotThere { error, .. }) => {
            // Behind a link unit, the handshake is that of the primary unit.
            if presented(&error) == Some(pending.fingerprint()) && certificates.place.is_primary() {
                Look::Is(Seen::Presented)
            } else {
                Look::Away(error)
            }
        }
        Err(_) => Look::Other,
    }
}

fn presented(error: &Error) -> Option<Fingerprint> {
    match error.kind() {
        ErrorKind::Tls(error) => error.certificate_sha256(),
        _ => None,
    }
}

impl IntoFuture for Install {
    type Output = Result<Installed, FilesError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Install {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Install")
            .field("pending", &self.pending)
            .field("deadline", &self.deadline)
            .finish()
    }
}

impl fmt::Display for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the device shows the certificate with the fingerprint {}",
            self.fingerprint
        )?;
        f.write_str(match self.seen {
            Seen::ReadBack => "; pins of the old one have to change",
            Seen::Presented => {
                "; this agent does not trust it: make one that does, with this fingerprint as its pin"
            }
        })
    }
}
