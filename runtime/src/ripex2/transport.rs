//! The calling side.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use super::answer::Answer;
use super::builder::{Ripex2Builder, Setup};
use super::session::{self, Open, Session, Time};
use super::{LANGUAGE, PUBLIC, forbidden, gzip, login, unit};
use crate::error::{AuthError, ConfigError, Error, ErrorKind, Outcome};
use crate::http::{Authorization, HttpTransport, Post, Posted};
use crate::json::write;
use crate::wire::{Binding, BoxFuture, Capabilities, Credentials, Meta, Reply, Request, Transport};

/// The script that takes calls.
const RPC: &str = "cgi-bin/rpc.cgi";

/// Calls a RACOM RipEX2, or one behind it.
///
/// * **The target of a call is a unit**: `""` the one that is connected, or the IP address of another one, to which that one passes the call
///   on over the radio. [`Ripex2Builder::unit`] puts another in the place of `""`.
/// * **Sessions**: the first call logs in. When the unit no longer knows the session (status 401: it was idle for too long, or the unit
///   has restarted), one login is made, however many calls notice it, and each is sent once more; the unit had executed none of them. A
///   login that is refused is made once: calls fail with [`Auth.RefusedBefore`](AuthError::RefusedBefore) until
///   [`Agent::login`](crate::Agent::login) gives other credentials. [`Agent::close`](crate::Agent::close) closes the session, and waits for a
///   login under way, which may take 30 s, and for each logout, which may take 5 s; without that, one is closed when the last clone of the
///   agent is dropped, if a runtime goes on then.
/// * **Errors** have [words for codes](super::FaultCode), [details](super::Details), and keep the
///   [result](crate::error::RpcError::result) that stands beside them. Warnings are in [`Meta`].
/// * **Texts** with a character that the unit takes in none are refused before anything is sent.
/// * There are no notifications, no bulk requests and no files.
pub struct Ripex2 {
    http: Arc<HttpTransport>,
    session: Session,
    setup: Setup,
    begun: AtomicU64,
}

impl Ripex2 {
    /// Sets up a transport to the unit at `url`: `https://` and a host name or address.
    ///
    /// Nothing is checked before [`build`](Ripex2Builder::build) and nothing is sent before the first call.
    pub fn builder(url: impl Into<String>) -> Ripex2Builder {
        Ripex2Builder::new(url.into())
    }

    pub(super) fn new(http: Arc<HttpTransport>, session: Session, setup: Setup) -> Self {
        Self {
            http,
            session,
            setup,
            begun: AtomicU64::new(0),
        }
    }

    /// How many calls were given to the connection, logins not counted. While it is the same, nothing of a call has left: a call that is
    /// given up then (its future is dropped), while the unit is asked to log somebody in, is not executed.
    #[must_use]
    pub fn calls_begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Makes the first account of a unit that has none: `device_info_get_public` then says `first_login_required`. The unit is not
    /// logged in to afterwards.
    ///
    /// Takes at most 30 s. That the request has the members of a login was concluded, not read
    /// ([what is known](https://github.com/xerus-rs/xerus-rs/blob/main/docs/protocol/ripex2.md)).
    ///
    /// # Errors
    ///
    /// `Auth.LoginRefused` when the unit has accounts, or the password does not suit it.
    pub async fn first_login(&self, user: &str, password: &str) -> Result<(), Error> {
        let time = Duration::from_secs(30);
        let made = login::first_login(&self.http, user, password, time).await;
        made.map_err(|error| error.with_origin(self.http.origin().to_owned()))
    }

    async fn call_inner(&self, request: &Request) -> Result<Reply, Error> {
        let start = Instant::now();
        let unit = self.unit(request)?;
        forbidden::check(request.args())?;
        let limit = self.time(request, unit);
        let time = Time {
            limit,
            end: start + limit.min(Duration::from_secs(86_400 * 365)),
        };
        let document = self.document(request, unit)?;
        let posted = match self.is_public(request) {
            true => self.post_to_everybody(request, &document, &time).await,
            false => self.post_in_session(request, &document, &time).await,
        };
        // A part of a call has what is left of the time; the caller knows only the whole of it.
        let posted = posted.map_err(|error| match Instant::now() >= time.end {
            true => error.with_time_limit(limit),
            false => error,
        })?;
        let max = request.max_response_bytes();
        let body = match posted.gzip {
            true => gzip::unpack(&posted.body, max)?,
            false => posted.body.clone(),
        };
        let meta = Reply::nothing()
            .with_attempts(posted.attempts())
            .with_attempt_lost(posted.attempt_lost())
            .with_elapsed(start.elapsed())
            .with_status(200);
        let mut meta: Meta = meta.into_meta();
        let read = Answer::read(&body).and_then(|answer| {
            answer.tell(&mut meta);
            answer.reply(request, meta)
        });
        read.map_err(|error| {
            let error = error.with_sent(true, request.is_repeatable());
            match posted.attempt_lost() {
                true => error.after_a_lost_attempt(),
                false => error,
            }
        })
    }

    /// Which unit executes a call; `None` for the one that is connected.
    fn unit(&self, request: &Request) -> Result<Option<IpAddr>, Error> {
        let unit = unit::named(request.target()).map_err(Error::bad_rid)?;
        let unit = unit.or(self.setup.unit);
        if unit.is_some() && request.marks().local {
            return Err(Error::unsupported(
                "this method works on the unit that is connected only; connect to the other one",
            ));
        }
        Ok(unit)
    }

    /// Over the radio all takes longer. A call that was given a time of its own keeps it.
    fn time(&self, request: &Request, unit: Option<IpAddr>) -> Duration {
        let is_default = !request.has_own_timeout() && request.timeout() == self.setup.timeout;
        match unit {
            Some(_) if is_default => self.remote_time(),
            _ => request.timeout(),
        }
    }

    fn remote_time(&self) -> Duration {
        self.setup.remote_timeout.max(self.setup.timeout)
    }

    fn is_public(&self, request: &Request) -> bool {
        let name = Binding::XERUS.name(request);
        let marked = request.marks().role;
        marked.is_some_and(|role| role.eq_ignore_ascii_case("anonymous"))
            || PUBLIC.contains(&&*name)
    }

    fn document(&self, request: &Request, unit: Option<IpAddr>) -> Result<Bytes, Error> {
        let mut text = b"{\"method\":".to_vec();
        write::string(&mut text, &Binding::XERUS.name(request));
        // What is not there is `null` for the unit, and the other way round.
        let mut params = request.args().iter().filter(|(_, value)| *value != "null");
        if let Some(first) = params.next() {
            text.extend_from_slice(b",\"params\":");
            let mut open = b'{';
            for (name, value) in std::iter::once(first).chain(params) {
                text.push(std::mem::replace(&mut open, b','));
                write::string(&mut text, name);
                text.push(b':');
                text.extend_from_slice(value.as_bytes());
            }
            text.push(b'}');
        }
        if let Some(unit) = unit {
            text.extend_from_slice(b",\"target\":");
            write::string(&mut text, &unit.to_string());
        }
        let language = request
            .attribute(LANGUAGE)
            .or(self.setup.language.as_deref());
        if let Some(language) = language {
            check_language(language)?;
            text.extend_from_slice(b",\"language_code\":");
            write::string(&mut text, language);
        }
        text.push(b'}');
        Ok(text.into())
    }

    /// Sends a call that needs no session. A unit that wants one all the same has not executed it.
    async fn post_to_everybody(
        &self,
        request: &Request,
        document: &Bytes,
        time: &Time,
    ) -> Result<Posted, Error> {
        self.session.make_way().await?;
        let posted = self.post(request, document, time, None).await;
        match posted {
            Err(error) if is_session_gone(&error) => {
                let again = self.post_in_session(request, document, time).await;
                again.map_err(|now| match now.kind() {
                    ErrorKind::Config(ConfigError::NoCredentials(_)) => now.with_source(error),
                    _ => now,
                })
            }
            posted => posted,
        }
    }

    async fn post_in_session(
        &self,
        request: &Request,
        document: &Bytes,
        time: &Time,
    ) -> Result<Posted, Error> {
        let open = self.session.open(time, None).await?;
        let first = self.post(request, document, time, Some(&open)).await;
        if !first.as_ref().is_err_and(is_session_gone) {
            if first.is_ok() {
                self.session.accepted(&open);
            }
            return first;
        }
        let open = self.session.open(time, Some(&open)).await?;
        let again = self.post(request, document, time, Some(&open)).await;
        if !again.as_ref().is_err_and(is_session_gone) {
            if again.is_ok() {
                self.session.accepted(&open);
            }
            return again;
        }
        self.session.not_accepted(&open);
        again.map_err(session::not_accepted)
    }

    async fn post(
        &self,
        request: &Request,
        document: &Bytes,
        time: &Time,
        open: Option<&Open>,
    ) -> Result<Posted, Error> {
        let user = open.map(|open| Authorization::api_key(&open.token));
        let post = Post {
            path: RPC,
            document: document.clone(),
            id: None,
            user: user.transpose()?,
            timeout: time.left(),
            repeatable: request.is_repeatable(),
            long_poll: request.is_long_poll(),
            patient: false,
            gzip: true,
            max_response_bytes: request.max_response_bytes(),
            stage: None,
        };
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.http.post(post).await
    }
}

/// Whether the unit no longer knows the session. An attempt that was lost before may have been executed, so that the call is not
/// made again then.
fn is_session_gone(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Auth(AuthError::Unauthorized))
        && error.outcome() == Outcome::NotExecuted
}

pub(super) fn check_language(language: &str) -> Result<(), Error> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    match !language.is_empty() && language.len() <= 35 && language.bytes().all(fits) {
        true => Ok(()),
        false => Err(Error::unsupported(
            "the language is no code for one: give letters, digits, - and _, such as en",
        )),
    }
}

impl Transport for Ripex2 {
    fn origin(&self) -> &str {
        self.http.origin()
    }

    fn capabilities(&self) -> Capabilities {
        let pipeline = self.http.capabilities().pipeline;
        Capabilities::NONE.with_login(true).with_pipeline(pipeline)
    }

    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        unit::named(target).map(drop)
    }

    fn default_timeout(&self, target: &str) -> Option<Duration> {
        let unit = unit::named(target).ok()?.or(self.setup.unit);
        unit.map(|_| self.remote_time())
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let start = Instant::now();
            let result = self.call_inner(request).await;
            let outcome = result.as_ref().map_or_else(Error::code, |_| "ok");
            tracing::debug!(
                target: "xerus_rpc::ripex2",
                origin = self.http.origin(),
                unit = request.target(),
                method = request.name(),
                elapsed_us = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX),
                outcome,
                "call"
            );
            result.map_err(|error| {
                error
                    .with_origin(self.http.origin().to_owned())
                    .with_call(request.target(), request.name().to_owned())
            })
        })
    }

    /// Logs in at once with a user name and password; a token is used from the next call on. Without credentials the session is closed.
    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(self.session.change(credentials))
    }

    /// Closes the session, and then the connections.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.session.close().await;
            self.http.close().await;
        })
    }
}

impl fmt::Debug for Ripex2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ripex2")
            .field("origin", &self.http.origin())
            .field("unit", &self.setup.unit)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}

impl From<Ripex2> for Arc<dyn Transport> {
    fn from(ripex2: Ripex2) -> Self {
        Arc::new(ripex2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Values;

    #[test]
    fn over_the_radio_a_call_without_a_time_of_its_own_has_60_s() {
        let built = Ripex2::builder("https://192.0.2.7")
            .login("admin", "mock-password")
            .build_transport();
        let ripex2 = built.expect("a transport");
        let [default, remote, other] = [30, 60, 45].map(Duration::from_secs);
        let unit = "10.9.9.9".parse().ok();
        for (time, is_own, here, there) in [
            (default, false, default, remote),
            (default, true, default, default),
            (other, true, other, other),
            (other, false, other, other),
        ] {
            let request = Request::untyped("", "settings_get", Values::none())
                .with_timeout(time)
                .with_own_timeout(is_own);
            let found = (ripex2.time(&request, None), ripex2.time(&request, unit));
            assert_eq!(found, (here, there), "{time:?} {is_own}");
        }
    }
}
