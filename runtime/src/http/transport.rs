//! One device over HTTP or HTTPS.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use tokio::time::{Instant, timeout_at};

use super::credentials::{Authorization, SharedAuthorization};
use super::exchange::{Exchange, Resend};
use super::files::{Access, Files};
use super::gate::{GateLayer, Progress};
use super::lane::{Lane, Slot};
use super::redirect::Upgrade;
use super::tls::Trust;
use super::trace::Trace;
use super::url::Base;
use crate::error::{ConfigError, Error, Outcome, TimeoutError, TimeoutPhase};
use crate::id::RequestId;
use crate::jsonrpc::request::document;
use crate::wire::{
    BoxFuture, Capabilities, Credentials, DownloadRequest, IncomingFile, Reply, Request, Transport,
    UploadAnswer, UploadRequest,
};

/// Connections are closed after this long without a call; devices time out idle ones too.
const IDLE: Duration = Duration::from_secs(10);

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
}

/// Carries calls to one device over HTTP or HTTPS.
///
/// At most one connection (see [`AgentBuilder::max_connections`](crate::AgentBuilder::max_connections)) carries the
/// calls; they queue in the order in which they were made. Long polls, which the device may hold for half a
/// minute, have connections of their own and never stand in the way. A connection is closed after 10 s without a call.
///
/// A request is sent a second time only when the first attempt cannot have been executed, or when the call is
/// repeatable, and never more than once.
pub struct HttpTransport {
    base: RwLock<Base>,
    /// The origin that was configured; it stays the name of the device in errors after an upgrade to https.
    origin: Arc<str>,
    credentials: SharedAuthorization,
    options: Options,
    tls: rustls::ClientConfig,
    calls: Lane,
    polls: Lane,
    ids: AtomicU64,
    files: Files,
}

impl HttpTransport {
    pub(crate) fn new(mut options: Options) -> Result<Self, Error> {
        let tls_used = options.base.is_https() || options.upgrade.enabled;
        let tls = options.trust.client_config(tls_used)?;
        // Kept in one place only, so that a replaced password does not live on.
        let credentials = Authorization::new(std::mem::take(&mut options.credentials))?;
        let credentials = SharedAuthorization::new(credentials);
        let transport = Self {
            origin: options.base.as_str().into(),
            base: RwLock::new(options.base.clone()),
            credentials,
            calls: Lane::new(options.max_connections),
            polls: Lane::new(POLL_CONNECTIONS),
            options,
            tls,
            ids: AtomicU64::new(1),
            files: Files::default(),
        };
        // Faults of the configuration show here and not at the first call.
        transport.make_slot()?;
        Ok(transport)
    }

    fn base(&self) -> Base {
        self.base
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn access(&self) -> Access<'_> {
        Access {
            base: &self.base,
            origin: &self.origin,
            credentials: &self.credentials,
            options: &self.options,
        }
    }

    fn make_slot(&self) -> Result<Slot, Error> {
        let progress = Arc::new(Progress::default());
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // A proxy of the environment is for the internet; over plain http it would see the password.
            .no_proxy()
            .connect_timeout(self.options.connect_timeout)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(IDLE)
            .connector_layer(GateLayer(Arc::clone(&progress)))
            .build()
            .map_err(|error| {
                Error::from(ConfigError::Unsupported("the HTTP client cannot be set up")).with_source(error)
            })?;
        Ok(Slot { client, progress })
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(8);
        let fixed = |text| HeaderValue::from_static(text);
        headers.insert(CONTENT_TYPE, fixed("application/json"));
        headers.insert(ACCEPT, fixed("application/json"));
        headers.insert(ACCEPT_ENCODING, fixed("identity"));
        headers.insert(
            HeaderName::from_static("x-client-type"),
            self.options.client_type.clone(),
        );
        if let Some((name, value)) = self.credentials.get().as_header() {
            headers.insert(name, value.clone());
        }
        headers
    }

    /// The body of the answer, and how often the request was sent.
    async fn call_inner(&self, request: &Request, id: RequestId) -> Result<(Bytes, u32), Error> {
        let limit = request.timeout();
        let now = Instant::now();
        // A limit too large for the clock is as good as none.
        let deadline = now
            .checked_add(limit)
            .unwrap_or_else(|| now + Duration::from_secs(86_400 * 365));
        // Faults of the request itself cost no place in the queue.
        let mut base = self.base();
        let mut url = base.url(request.target())?;
        let document = document(request.bare_name(), request.args().by_name(), id);
        let timed_out = |phase| Error::from(TimeoutError::new(phase, limit));

        let lane = if request.is_long_poll() {
            &self.polls
        } else {
            &self.calls
        };
        let mut turn = timeout_at(deadline, lane.acquire(|| self.make_slot()))
            .await
            .map_err(|_| {
                timed_out(TimeoutPhase::Queue).with_sent(false, request.is_repeatable())
            })??;

        let (mut attempts, mut sent) = (0, 0);
        // An attempt before this one went out and may have been executed, which nothing that comes later can undo.
        let mut pending = false;
        let told = |error: Error, sent: bool, pending: bool| {
            let error = error.with_sent(sent || pending, request.is_repeatable());
            if pending {
                error.with_outcome(Outcome::Unknown)
            } else {
                error
            }
        };
        loop {
            let Some(slot) = turn.slot() else {
                // Thrown away by the attempt before; the permit is still ours.
                let slot = self.make_slot();
                turn.put(slot.map_err(|error| told(error, false, pending))?);
                continue;
            };
            attempts += 1;
            sent += 1;
            let progress = Arc::clone(&slot.progress);
            let exchange = Exchange {
                base: &base,
                url: &url,
                headers: self.headers(),
                document: &document,
                id,
                max_response_bytes: request.max_response_bytes(),
                connect_timeout: self.options.connect_timeout,
                upgrade: self.options.upgrade,
            };
            let failure = match timeout_at(deadline, exchange.run(&mut turn)).await {
                Ok(Ok(body)) => return Ok((body, sent)),
                Ok(Err(failure)) => failure,
                Err(_) => timed_out(progress.phase()).into(),
            };
            match failure.resend {
                Resend::Harmless if attempts == 1 => {}
                Resend::IfRepeatable if attempts == 1 && request.is_repeatable() => pending = true,
                Resend::Upgraded(upgraded) => {
                    tracing::warn!(
                        origin = %self.origin,
                        "device redirects to https; credentials had already been sent in clear text"
                    );
                    url = upgraded
                        .url(request.target())
                        .map_err(|error| told(error, false, pending))?;
                    base = upgraded;
                    *self.base.write().unwrap_or_else(PoisonError::into_inner) = base.clone();
                    // The step up is not a repetition.
                    attempts = 0;
                }
                _ => {
                    return Err(told(failure.error, progress.was_sent(), pending));
                }
            }
        }
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
            let result = self.call_inner(request, id).await;
            trace.end(result.as_ref().map_or_else(Error::code, |_| "ok"));
            match result {
                Ok((body, sent)) => Ok(Reply::envelope(body, id)
                    .with_attempts(sent)
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
        Box::pin(self.files.download(self.access(), request))
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        Box::pin(self.files.upload(self.access(), request))
    }

    /// Waits for the calls under way, long polls among them.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            futures_util::future::join(self.calls.close(), self.polls.close()).await;
        })
    }

    /// The user name and password, or the session token, go with every request from the next one on; nothing is sent now.
    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        let set = Authorization::new(credentials).map(|new| self.credentials.set(new));
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
