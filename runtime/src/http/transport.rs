//! One device over HTTP or HTTPS.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ::http::header::{
    ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER,
};
use ::http::{HeaderMap, HeaderName, HeaderValue, Version};
use bytes::Bytes;
use reqwest::Url;
use tokio::time::{Instant, timeout_at};

use super::body::{self, BodyError, RequestBody};
use super::classify::{self, Situation};
use super::envelope;
use super::gate::{GateLayer, Progress};
use super::lane::{Lane, Slot, Turn};
use super::redirect::{self, Upgrade, Verdict};
use super::tls::Trust;
use super::url::Base;
use crate::credentials::{Credentials, SharedCredentials};
use crate::error::text::strip_markup;
use crate::error::{
    AuthError, ConfigError, Error, ErrorKind, HttpProtocolError, HttpStatusError, TimeoutError,
    TimeoutPhase,
};
use crate::transport::{BoxFuture, Request, RequestId, Response, Transport};

/// Connections are closed after this long without a call; devices time out idle ones too (spec section 1.7).
const IDLE: Duration = Duration::from_secs(10);

/// Time for a `poll…` call at least: devices hold the answer back for up to 30 s (spec section 1.8).
const POLL_TIMEOUT: Duration = Duration::from_secs(45);

/// `poll…` calls that run beside each other before further ones queue.
const POLL_CONNECTIONS: usize = 4;

/// Bytes of an error page that are kept.
const EXCERPT_BYTES: usize = 512;

/// Everything the builder decides.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) base: Base,
    pub(crate) credentials: Credentials,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) trust: Trust,
    pub(crate) client_type: HeaderValue,
    pub(crate) max_connections: usize,
    pub(crate) upgrade: Upgrade,
}

/// Carries calls to one device over HTTP or HTTPS.
///
/// At most one connection (see [`AgentBuilder::max_connections`](crate::AgentBuilder::max_connections)) carries the
/// calls; they queue in the order in which they were made. `poll…` methods, which the device may hold for half a
/// minute, have connections of their own and never stand in the way. A connection is closed after 10 s without a call.
///
/// A request is sent a second time only when the first attempt cannot have been executed, or when the call is
/// repeatable (spec section 1.7), and never more than once.
pub struct HttpTransport {
    base: RwLock<Base>,
    /// The origin that was configured; it stays the name of the device in errors after an upgrade to https.
    origin: Arc<str>,
    credentials: SharedCredentials,
    options: Options,
    tls: rustls::ClientConfig,
    calls: Lane,
    polls: Lane,
    ids: AtomicU64,
}

/// A failed attempt, and when the request may be sent once more.
struct Failure {
    error: Error,
    resend: Resend,
}

enum Resend {
    /// Never on our own account.
    No,
    /// The attempt was certainly not executed, and the next connection may be better.
    Harmless,
    /// It may have been executed.
    IfRepeatable,
    /// At the https address that the device names.
    Upgraded(Base),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            resend: Resend::No,
        }
    }
}

impl HttpTransport {
    pub(crate) fn new(mut options: Options) -> Result<Self, Error> {
        let tls = options.trust.client_config()?;
        // Kept in one place only, so that a replaced password does not live on.
        let credentials = SharedCredentials::new(std::mem::take(&mut options.credentials));
        let transport = Self {
            origin: options.base.as_str().into(),
            base: RwLock::new(options.base.clone()),
            credentials,
            calls: Lane::new(options.max_connections),
            polls: Lane::new(POLL_CONNECTIONS),
            options,
            tls,
            ids: AtomicU64::new(1),
        };
        // Faults of the configuration show here and not at the first call.
        transport.make_slot()?;
        Ok(transport)
    }

    /// Logs in with a user name and password from the next call on.
    ///
    /// # Errors
    ///
    /// `Config.BadUserName` when the name contains `:` or control characters.
    pub fn set_basic_auth(&self, user: &str, password: impl Into<String>) -> Result<(), Error> {
        self.credentials
            .set(Credentials::basic(user, password.into())?);
        Ok(())
    }

    /// Sends a session token from the next call on.
    ///
    /// # Errors
    ///
    /// `Config.BadHeaderValue` when it is not made of visible ASCII characters.
    pub fn set_session_token(&self, token: impl Into<String>) -> Result<(), Error> {
        self.credentials.set(Credentials::token(token.into())?);
        Ok(())
    }

    /// Sends no credentials from the next call on.
    pub fn clear_credentials(&self) {
        self.credentials.set(Credentials::default());
    }

    fn base(&self) -> Base {
        self.base
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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

    /// The time that a whole call may take.
    fn limit(&self, request: &Request) -> Duration {
        request.timeout().unwrap_or_else(|| {
            if is_poll(request.method()) {
                self.options.timeout.max(POLL_TIMEOUT)
            } else {
                self.options.timeout
            }
        })
    }

    async fn call_inner(&self, request: &Request, id: RequestId) -> Result<Bytes, Error> {
        let limit = self.limit(request);
        let now = Instant::now();
        // A limit too large for the clock is as good as none.
        let deadline = now
            .checked_add(limit)
            .unwrap_or_else(|| now + Duration::from_secs(86_400 * 365));
        // Faults of the request itself cost no place in the queue.
        let mut base = self.base();
        let mut url = base.url(request.rid())?;
        let document = envelope::write(request.method(), request.params(), id);
        let timed_out = |phase| Error::from(TimeoutError::new(phase, limit));

        let lane = if is_poll(request.method()) {
            &self.polls
        } else {
            &self.calls
        };
        let mut turn = timeout_at(deadline, lane.acquire(|| self.make_slot()))
            .await
            .map_err(|_| {
                timed_out(TimeoutPhase::Queue).with_sent(false, request.is_repeatable())
            })??;

        let mut attempts = 0;
        loop {
            attempts += 1;
            let Some(slot) = turn.slot() else {
                // Thrown away by the attempt before; the permit is still ours.
                turn.put(self.make_slot()?);
                continue;
            };
            let progress = Arc::clone(&slot.progress);
            let attempt = self.attempt(&mut turn, &base, &url, &document, request, id);
            let failure = match timeout_at(deadline, attempt).await {
                Ok(Ok(body)) => return Ok(body),
                Ok(Err(failure)) => failure,
                Err(_) => timed_out(progress.phase()).into(),
            };
            match failure.resend {
                Resend::Harmless if attempts == 1 => {}
                Resend::IfRepeatable if attempts == 1 && request.is_repeatable() => {}
                Resend::Upgraded(upgraded) => {
                    tracing::warn!(
                        origin = %self.origin,
                        "device redirects to https; credentials had already been sent in clear text"
                    );
                    url = upgraded.url(request.rid())?;
                    base = upgraded;
                    *self.base.write().unwrap_or_else(PoisonError::into_inner) = base.clone();
                    // The step up is not a repetition.
                    attempts = 0;
                }
                _ => {
                    return Err(failure
                        .error
                        .with_sent(progress.was_sent(), request.is_repeatable()));
                }
            }
        }
    }

    /// Sends the request once and reads the answer.
    async fn attempt(
        &self,
        turn: &mut Turn<'_>,
        base: &Base,
        url: &Url,
        document: &Bytes,
        request: &Request,
        id: RequestId,
    ) -> Result<Bytes, Failure> {
        let Some(slot) = turn.slot() else {
            return Err(Error::from(ErrorKind::ConnectionLost).into());
        };
        let progress = Arc::clone(&slot.progress);
        let attempt = progress.begin();
        let body = RequestBody::new(document.clone(), Arc::clone(&progress));
        let response = slot
            .client
            .post(url.clone())
            .headers(self.headers())
            .body(reqwest::Body::wrap(body))
            .send()
            .await
            .map_err(|error| self.before_answer(error, base, &progress))?;
        progress.answer_begun();
        let reused = progress.is_reused(&attempt);
        let keeps = keeps_connection(&response);

        let status = response.status().as_u16();
        if status != 200 {
            let (failure, at_end) = self.refusal(response, status, base, url, reused).await;
            if status == 408 {
                // Whatever caused it, this connection has seen its best days.
                turn.discard();
            } else if at_end && keeps {
                progress.connection_returned();
            }
            return Err(failure);
        }
        let encoding = response.headers().get(CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(Error::from(HttpProtocolError::ContentEncoding).into());
        }
        let body = body::read(response, request.max_response_bytes())
            .await
            .map_err(|error| match error {
                BodyError::TooLarge(error) => Failure::from(error),
                BodyError::Broken(error) if classify::is_truncated(&error) => {
                    Error::from(HttpProtocolError::Truncated)
                        .with_source(error.without_url())
                        .into()
                }
                BodyError::Broken(error) => after_sending(classify::body_failure(error)),
            })?;
        if !envelope::answers(&body, id) {
            // What comes next on this connection may belong to yet another request.
            turn.discard();
        } else if keeps {
            progress.connection_returned();
        }
        Ok(body)
    }

    fn before_answer(&self, error: reqwest::Error, base: &Base, progress: &Progress) -> Failure {
        let situation = Situation {
            sent: progress.was_sent(),
            https: base.is_https(),
            connect_timeout: self.options.connect_timeout,
        };
        let error = classify::request_failure(error, &situation);
        if situation.sent {
            return after_sending(error);
        }
        match error.kind() {
            ErrorKind::ConnectionLost => Failure {
                error,
                resend: Resend::Harmless,
            },
            _ => error.into(),
        }
    }

    /// What an answer with a status other than 200 means (spec section 1.5), and whether it was read to its end.
    async fn refusal(
        &self,
        response: reqwest::Response,
        status: u16,
        base: &Base,
        url: &Url,
        reused: bool,
    ) -> (Failure, bool) {
        let headers = response.headers().clone();
        let (page, at_end) = body::read_page(response).await;
        let failure = match status {
            301 | 302 | 303 | 307 | 308 => {
                let location = headers.get(LOCATION).map(HeaderValue::as_bytes);
                match redirect::judge(base, url, status, location, self.options.upgrade) {
                    Verdict::Refuse(error) => Error::from(error).into(),
                    Verdict::Follow(base) => Failure {
                        // Reported when the step leads nowhere.
                        error: Error::from(ErrorKind::ConnectionLost),
                        resend: Resend::Upgraded(base),
                    },
                }
            }
            401 => Error::from(AuthError::Unauthorized).into(),
            403 => Error::from(AuthError::Forbidden).into(),
            451 => Error::from(AuthError::PasswordChangeRequired).into(),
            _ => {
                let mut error = HttpStatusError::new(status, strip_markup(&page, EXCERPT_BYTES));
                error.retry_after = retry_after(&headers);
                // On a reused connection 408 is the farewell to the silence before this request, which the device has
                // not read (spec section 1.7, rule 4).
                let resend = if status == 408 && reused {
                    Resend::Harmless
                } else {
                    Resend::No
                };
                Failure {
                    error: error.into(),
                    resend,
                }
            }
        };
        (failure, at_end)
    }
}

impl Transport for HttpTransport {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, Error>> {
        Box::pin(async move {
            let id = RequestId::new(self.ids.fetch_add(1, Ordering::Relaxed));
            let mut trace = Trace::begin(self, request, id);
            let result = self.call_inner(request, id).await;
            trace.outcome = result.as_ref().map_or_else(Error::code, |_| "ok");
            result
                .map(|body| Response::Envelope { body, id })
                .map_err(|error| {
                    error
                        .with_origin(Arc::clone(&self.origin))
                        .with_call(request.rid(), request.method().to_owned())
                        .with_request_id(id)
                })
        })
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

/// Reports a call when it ends, also when the caller gives it up. Names and times only: no bodies, no headers.
struct Trace<'a> {
    transport: &'a HttpTransport,
    request: &'a Request,
    id: RequestId,
    begin: Instant,
    outcome: &'static str,
}

impl<'a> Trace<'a> {
    fn begin(transport: &'a HttpTransport, request: &'a Request, id: RequestId) -> Self {
        Self {
            transport,
            request,
            id,
            begin: Instant::now(),
            outcome: "Cancelled",
        }
    }
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        tracing::debug!(
            target: "xerus_rpc::http",
            origin = %self.transport.origin,
            rid = self.request.rid(),
            method = self.request.method(),
            id = self.id.get(),
            elapsed_us = u64::try_from(self.begin.elapsed().as_micros()).unwrap_or(u64::MAX),
            outcome = self.outcome,
            "call"
        );
    }
}

/// A failure after the request had gone out.
fn after_sending(error: Error) -> Failure {
    let resend = match error.kind() {
        ErrorKind::ConnectionLost => Resend::IfRepeatable,
        _ => Resend::No,
    };
    Failure { error, resend }
}

/// Whether the device is expected to keep the connection open after this answer.
fn keeps_connection(response: &reqwest::Response) -> bool {
    let says = |word: &str| {
        response.headers().get_all(CONNECTION).iter().any(|value| {
            value.to_str().is_ok_and(|value| {
                value
                    .split(',')
                    .any(|part| part.trim().eq_ignore_ascii_case(word))
            })
        })
    };
    if response.version() == Version::HTTP_10 {
        says("keep-alive")
    } else {
        !says("close")
    }
}

/// `Retry-After` in seconds, a day at most. The form with a date is of no use on devices without a reliable clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds: u64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds.min(86_400)))
}

/// Methods that the device answers only when something happens.
fn is_poll(method: &str) -> bool {
    method
        .strip_prefix("poll")
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase()))
}
