//! One device over HTTP or HTTPS.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::Poll;
use std::time::Duration;

use ::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HOST};
use ::http::{HeaderMap, HeaderName, HeaderValue};
use tokio::runtime::{self, Handle};
use tokio::time::{Instant, Sleep, sleep_until, timeout_at};

use super::connect::{Connector, Route, Stage};
use super::connection::Connection;
use super::credentials::{Authorization, SharedAuthorization};
use super::files::Files;
use super::habits::Habits;
use super::lane::{Lane, Turn};
use super::post::{Attempts, Post, Posted};
use super::redirect::Upgrade;
use super::rpc::{Exchange, Failure, Resend};
use super::tls::Trust;
use super::trace::Trace;
use super::url::Base;
use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::id::RequestId;
use crate::jsonrpc::request::document;
use crate::wire::{
    BoxFuture, Capabilities, Credentials, DownloadRequest, IncomingFile, Reply, Request, Transport,
    UploadAnswer, UploadRequest,
};

/// Long polls that run beside each other before further ones queue.
const POLL_CONNECTIONS: usize = 4;

/// Everything the builder decides.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) base: Base,
    pub(crate) credentials: Credentials,
    pub(crate) connect_timeout: Duration,
    pub(crate) trust: Trust,
    pub(crate) client_type: HeaderValue,
    pub(crate) max_connections: usize,
    pub(crate) upgrade: Upgrade,
    pub(crate) route: Route,
}

/// Carries calls to one device over HTTP or HTTPS.
///
/// At most one connection (see [`AgentBuilder::max_connections`](crate::AgentBuilder::max_connections)) carries the
/// calls; they queue in the order in which they were made. Long polls, which the device may hold for half a
/// minute, have connections of their own and never block other calls. A connection is closed after 10 s without a call.
///
/// A request is sent a second time only when the first attempt cannot have been executed, or when the call is
/// repeatable, and never more than once. A device that was seen to end connections after its answers gets a new
/// connection for every call that is not repeatable, since a request that meets the end of its connection is lost.
///
/// Calls need a tokio runtime with time and I/O enabled, and may come from several: a connection is used only in the
/// runtime that it was opened in.
pub struct HttpTransport {
    target: RwLock<Arc<Target>>,
    /// The origin that was configured; it stays the name of the device in errors after an upgrade to https.
    pub(super) origin: Arc<str>,
    pub(super) credentials: SharedAuthorization,
    pub(super) options: Options,
    calls: Lane,
    polls: Lane,
    habits: Habits,
    ids: AtomicU64,
    begun: AtomicU64,
    files: Files,
}

/// Where the requests go now.
pub(super) struct Target {
    pub(super) base: Base,
    pub(super) host: HeaderValue,
    pub(super) connector: Connector,
}

impl Target {
    fn new(base: Base, options: &Options) -> Result<Self, Error> {
        let tls = if base.is_https() {
            Some(options.trust.client_config(base.origin())?)
        } else {
            None
        };
        Ok(Self {
            host: base.host_header()?,
            connector: Connector::new(&base, tls, &options.route, options.connect_timeout)?,
            base,
        })
    }
}

/// The time that a call has, waited for only where something has to be waited for.
struct Deadline {
    limit: Duration,
    end: Instant,
}

impl Deadline {
    fn new(limit: Duration) -> Self {
        let now = Instant::now();
        // A limit too large for the clock is as good as none.
        let end = now
            .checked_add(limit)
            .unwrap_or_else(|| now + Duration::from_secs(86_400 * 365));
        Self { limit, end }
    }

    fn timed_out(&self, phase: TimeoutPhase) -> Error {
        TimeoutError::new(phase, self.limit).into()
    }
}

/// The end of a future, or `None` when the time is over. The timer is shared by all waits of a call.
async fn before<T>(timer: std::pin::Pin<&mut Sleep>, future: impl Future<Output = T>) -> Option<T> {
    let (mut timer, mut future) = (timer, pin!(future));
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}

impl HttpTransport {
    pub(crate) fn new(mut options: Options) -> Result<Self, Error> {
        // Kept in one place only, so that a replaced password does not live on.
        let credentials = Authorization::new(&std::mem::take(&mut options.credentials))?;
        // Faults of the configuration show here and not at the first call.
        let target = Target::new(options.base.clone(), &options)?;
        if options.upgrade.enabled && !target.base.is_https() {
            options.trust.client_config(target.base.origin())?;
        }
        Ok(Self {
            origin: options.base.as_str().into(),
            target: RwLock::new(Arc::new(target)),
            credentials: SharedAuthorization::new(credentials),
            calls: Lane::new(options.max_connections),
            polls: Lane::new(POLL_CONNECTIONS),
            habits: Habits::default(),
            options,
            ids: AtomicU64::new(1),
            begun: AtomicU64::new(0),
            files: Files::default(),
        })
    }

    /// How often the sending of a request has begun, files not counted. While it is the same, nothing of a call has left: a call that is
    /// given up then (its future is dropped) is not executed.
    #[must_use]
    pub fn requests_begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    pub(super) fn target(&self) -> Arc<Target> {
        Arc::clone(&self.target.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn headers(&self, target: &Target, user: &Authorization, gzip: bool) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(8);
        let fixed = |text| HeaderValue::from_static(text);
        headers.insert(HOST, target.host.clone());
        headers.insert(CONTENT_TYPE, fixed("application/json"));
        headers.insert(ACCEPT, fixed("application/json"));
        let coding = if gzip { "gzip" } else { "identity" };
        headers.insert(ACCEPT_ENCODING, fixed(coding));
        headers.insert(
            HeaderName::from_static("x-client-type"),
            self.options.client_type.clone(),
        );
        if let Some((name, value)) = user.as_header() {
            headers.insert(name, value.clone());
        }
        headers
    }

    /// Who makes a request: whom it names, or whom the agent names at this moment.
    pub(super) fn user(&self, own: Option<&Authorization>) -> Authorization {
        own.cloned().unwrap_or_else(|| self.credentials.get())
    }

    /// An idle connection on which a request can be sent, if there is one.
    async fn reuse(
        &self,
        turn: &Turn<'_>,
        runtime: runtime::Id,
        secure: bool,
        repeatable: bool,
    ) -> Option<Connection> {
        loop {
            let fit = |connection: &Connection, idle| {
                connection.is_secure() == secure && (repeatable || self.habits.trust(idle))
            };
            let mut connection = turn.idle(runtime, fit)?;
            if connection.ready(!repeatable).await {
                return Some(connection);
            }
            self.note_end(&connection);
        }
    }

    /// The device has ended a connection between two calls.
    fn note_end(&self, connection: &Connection) {
        if let Some(since) = connection.idle_since() {
            self.habits.note_end(since.elapsed());
        }
    }

    async fn connect(
        &self,
        target: &Target,
        deadline: &Deadline,
        stage: &Stage,
    ) -> Result<Connection, Error> {
        let now = Instant::now();
        let own = now.checked_add(self.options.connect_timeout);
        let (end, limit) = match own {
            Some(own) if own < deadline.end => (own, self.options.connect_timeout),
            _ => (deadline.end, deadline.limit),
        };
        stage.begin();
        let open = async {
            let mut connection = target.connector.open(stage).await?;
            connection.ready(false).await;
            Ok(connection)
        };
        let opened = timeout_at(end, open).await;
        let opened = opened.unwrap_or_else(|_| Err(stage.timed_out(limit)));
        stage.end();
        opened
    }

    /// Sends a document and waits for its answer. A device that redirects to https may move the transport there.
    pub(crate) async fn post(&self, post: Post<'_>) -> Result<Posted, Error> {
        let runtime = runtime_id()?;
        let lane = if post.long_poll {
            &self.polls
        } else {
            &self.calls
        };
        let early = match post.patient {
            true => Some(lane.acquire().await),
            false => None,
        };
        let deadline = Deadline::new(post.timeout);
        let mut timer = pin!(sleep_until(deadline.end));
        // Faults of the request itself cost no place in the queue.
        let mut target = self.target();
        let mut path = target.base.path(post.path)?;

        let mut attempts = Attempts::none(post.repeatable);
        let turn = match early.or_else(|| lane.try_acquire()) {
            Some(turn) => turn,
            None => {
                let turn = before(timer.as_mut(), lane.acquire())
                    .await
                    .ok_or_else(|| attempts.tell(deadline.timed_out(TimeoutPhase::Queue), false))?;
                // A call before this one may have moved the agent to https meanwhile.
                target = self.target();
                path = target
                    .base
                    .path(post.path)
                    .map_err(|error| attempts.tell(error, false))?;
                turn
            }
        };

        let own_stage = Stage::default();
        let stage = post.stage.unwrap_or(&own_stage);
        let mut resent = false;
        loop {
            let reused = before(
                timer.as_mut(),
                self.reuse(&turn, runtime, target.base.is_https(), attempts.repeatable),
            )
            .await
            .ok_or_else(|| attempts.tell(deadline.timed_out(TimeoutPhase::Connect), false))?;
            let mut connection = match reused {
                Some(connection) => connection,
                None => self
                    .connect(&target, &deadline, stage)
                    .await
                    .map_err(|error| attempts.tell(error, false))?,
            };
            let answering = AtomicBool::new(false);
            let exchange = Exchange {
                base: &target.base,
                path: &path,
                headers: self.headers(&target, &self.user(post.user.as_ref()), post.gzip),
                document: &post.document,
                id: post.id,
                gzip: post.gzip,
                max_response_bytes: post.max_response_bytes,
                upgrade: self.options.upgrade,
                end: deadline.end,
            };
            let begun = || answering.store(true, Ordering::Relaxed);
            self.begun.fetch_add(1, Ordering::Relaxed);
            let result = before(timer.as_mut(), exchange.run(&mut connection, begun)).await;
            attempts.sent += u32::from(connection.was_sent());
            let failure = match result {
                Some(Ok(answered)) => {
                    if answered.keep {
                        turn.put_back(connection);
                    } else {
                        connection.close();
                    }
                    return Ok(Posted {
                        body: answered.body,
                        gzip: answered.gzip,
                        attempts,
                    });
                }
                Some(Err(failure)) => failure,
                None => {
                    let phase = if answering.load(Ordering::Relaxed) {
                        TimeoutPhase::Body
                    } else if connection.is_flushed() {
                        TimeoutPhase::FirstByte
                    } else {
                        TimeoutPhase::Write
                    };
                    Failure::from(deadline.timed_out(phase))
                }
            };
            let was_sent = connection.was_sent();
            if failure.lost {
                self.note_end(&connection);
            }
            if failure.keep {
                turn.put_back(connection);
            } else {
                connection.close();
            }
            match failure.resend {
                Resend::Harmless if !resent => resent = true,
                Resend::IfRepeatable if !resent && attempts.repeatable => {
                    (resent, attempts.pending) = (true, true);
                }
                Resend::Upgraded(base) => {
                    tracing::warn!(
                        origin = %self.origin,
                        "device redirects to https; credentials had already been sent in clear text"
                    );
                    target = self
                        .upgrade(*base)
                        .map_err(|error| attempts.tell(error, false))?;
                    path = target
                        .base
                        .path(post.path)
                        .map_err(|error| attempts.tell(error, false))?;
                }
                _ => return Err(attempts.tell(failure.error, was_sent)),
            }
        }
    }

    /// The document of a call, sent to the object that it is for.
    async fn call_object(&self, request: &Request, id: RequestId) -> Result<Posted, Error> {
        let own = request.credentials().map(Authorization::new).transpose()?;
        self.post(Post {
            path: request.target(),
            document: document(request.bare_name(), request.args().by_name(), id),
            id: Some(id),
            user: own,
            timeout: request.timeout(),
            repeatable: request.is_repeatable(),
            long_poll: request.is_long_poll(),
            patient: false,
            gzip: false,
            max_response_bytes: request.max_response_bytes(),
            stage: None,
        })
        .await
    }

    /// Moves to the https address that the device named, for good.
    pub(super) fn upgrade(&self, base: Base) -> Result<Arc<Target>, Error> {
        let target = Arc::new(Target::new(base, &self.options)?);
        *self.target.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&target);
        Ok(target)
    }
}

pub(super) fn runtime_id() -> Result<runtime::Id, Error> {
    runtime().map(|runtime| runtime.id())
}

/// The runtime of the call.
pub(crate) fn runtime() -> Result<Handle, Error> {
    match Handle::try_current() {
        Ok(handle) => Ok(handle),
        Err(_) => Err(Error::unsupported(
            "calls over HTTP need a tokio runtime: await them under #[tokio::main], or use send_blocking (feature blocking)",
        )),
    }
}

impl Transport for HttpTransport {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
            .with_bulk(true)
            .with_login(true)
            .with_files(true)
            .with_pipeline(self.options.max_connections > 1)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let id = RequestId::new(self.ids.fetch_add(1, Ordering::Relaxed));
            let begin = Instant::now();
            let mut trace = Trace::begin(&self.origin, request, id);
            let result = self.call_object(request, id).await;
            trace.end(result.as_ref().map_or_else(Error::code, |_| "ok"));
            match result {
                Ok(posted) => Ok(Reply::envelope(posted.body.clone(), id)
                    .with_attempts(posted.attempts())
                    .with_attempt_lost(posted.attempt_lost())
                    .with_elapsed(begin.elapsed())
                    .with_status(200)),
                Err(error) => Err(error
                    .with_origin(Arc::clone(&self.origin))
                    .with_call(request.target(), request.name().to_owned())
                    .with_request_id(id)),
            }
        })
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        Box::pin(self.files.download(self, request))
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        Box::pin(self.files.upload(self, request))
    }

    /// Waits for the calls under way, long polls among them.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            futures_util::future::join(self.calls.close(), self.polls.close()).await;
        })
    }

    /// The user name and password, or the session token, go with every request from the next one on; nothing is sent now.
    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        let set = Authorization::new(&credentials).map(|new| self.credentials.set(new));
        Box::pin(std::future::ready(set))
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport")
            .field("origin", &self.origin)
            .field("credentials", &self.credentials.get())
            .finish_non_exhaustive()
    }
}
