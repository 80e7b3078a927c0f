//! From the URL of a router to a session: name, TCP, TLS, WebSocket, realm.

mod join;
mod tcp;
mod upgrade;
mod url;

use std::sync::Arc;
use std::time::Duration;

use super::auth::Auth;
use super::codec::Serializer;
use super::error::{RouterCause, Stage};
use super::hooks::NotJoined;
use super::session::{Limits, Part, Session};
use crate::error::{Error, ErrorKind, TimeoutError, TimeoutPhase, TlsErrorKind};
use crate::secure::{BoxByteStream, Secure};
pub(super) use url::RouterUrl;

/// How sessions are made.
#[derive(Clone)]
pub(super) struct Plan {
    /// In the order in which they are tried.
    pub(super) routers: Arc<[RouterUrl]>,
    pub(super) realm: Arc<str>,
    pub(super) auth: Auth,
    pub(super) serializer: Serializer,
    pub(super) secure: Option<Arc<dyn Secure>>,
    /// The time for one router, from its name to the session.
    pub(super) connect: Duration,
    /// The first pause before the routers are tried again, and the longest.
    pub(super) pause: (Duration, Duration),
    pub(super) limits: Limits,
}

/// Why there is no session.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) causes: Vec<RouterCause>,
    /// Whether trying again would give the same.
    pub(super) permanent: bool,
}

impl Refused {
    pub(super) fn not_joined(self, attempts: u32, again: Option<Duration>) -> NotJoined {
        NotJoined {
            error: super::error::no_router(self.causes),
            attempts,
            again,
        }
    }
}

/// One router gave no session.
#[derive(Debug)]
struct Failure {
    stage: Stage,
    error: Error,
    permanent: bool,
}

impl Failure {
    fn passing(stage: Stage, error: impl Into<Error>) -> Self {
        Self {
            stage,
            error: error.into(),
            permanent: false,
        }
    }
}

/// A session on the first router that gives one.
pub(super) async fn open(
    plan: &Plan,
    parts: &Arc<[Arc<dyn Part>]>,
) -> Result<Arc<Session>, Refused> {
    let (mut causes, mut permanent) = (Vec::new(), true);
    for router in plan.routers.iter() {
        let mut stage = Stage::Dns;
        let opened = tokio::time::timeout(plan.connect, one(plan, router, &mut stage, parts));
        let failure = match opened.await {
            Ok(Ok(session)) => return Ok(session),
            Ok(Err(failure)) => failure,
            Err(_) => {
                let phase = match stage {
                    Stage::Tls => TimeoutPhase::Tls,
                    _ => TimeoutPhase::Connect,
                };
                Failure::passing(stage, TimeoutError::new(phase, plan.connect))
            }
        };
        permanent &= failure.permanent;
        causes.push(RouterCause::new(
            router.as_str(),
            failure.stage,
            failure.error,
        ));
    }
    Err(Refused { causes, permanent })
}

async fn one(
    plan: &Plan,
    router: &RouterUrl,
    stage: &mut Stage,
    parts: &Arc<[Arc<dyn Part>]>,
) -> Result<Arc<Session>, Failure> {
    let addresses = tcp::addresses(router)
        .await
        .map_err(|error| Failure::passing(Stage::Dns, error))?;
    *stage = Stage::Tcp;
    let stream = tcp::connect(&addresses, plan.connect)
        .await
        .map_err(|error| Failure::passing(Stage::Tcp, error))?;
    let mut stream: BoxByteStream = Box::new(stream);
    if router.is_secure() {
        *stage = Stage::Tls;
        let secure = plan.secure.as_ref().ok_or_else(without_tls)?;
        stream = secure
            .secure(stream, router.host(), router.port())
            .await
            .map_err(without_trust)?;
    }
    *stage = Stage::WebSocket;
    let mut socket = upgrade::upgrade(stream, router, plan.serializer, plan.limits).await?;
    *stage = Stage::Join;
    let mut welcome = join::join(&mut socket, &plan.realm, &plan.auth, plan.serializer).await?;
    router.as_str().clone_into(&mut welcome.router);
    let parts = Arc::clone(parts);
    Ok(Session::open(
        socket,
        welcome,
        plan.serializer,
        plan.limits,
        parts,
    ))
}

/// What was set up wrong stays so, and a router that is not trusted is not trusted the next time.
fn without_trust(error: Error) -> Failure {
    let permanent = match error.kind() {
        ErrorKind::Config(_) => true,
        ErrorKind::Tls(error) => matches!(
            error.kind(),
            TlsErrorKind::UnknownIssuer
                | TlsErrorKind::NameMismatch
                | TlsErrorKind::NoNames
                | TlsErrorKind::PinMismatch
                | TlsErrorKind::WeakSignature
                | TlsErrorKind::UnsupportedCertificate
                | TlsErrorKind::UntrustedChain
        ),
        _ => false,
    };
    Failure {
        stage: Stage::Tls,
        error,
        permanent,
    }
}

fn without_tls() -> Failure {
    Failure {
        stage: Stage::Tls,
        error: Error::unsupported(
            "a router at wss:// is reached over TLS: say whom to trust with WampBuilder::tls",
        ),
        permanent: true,
    }
}
