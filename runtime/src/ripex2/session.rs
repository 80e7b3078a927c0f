//! Who is logged in: one login for all calls, and one more when the unit has forgotten the session.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use zeroize::Zeroizing;

use super::login;
use crate::error::{
    AuthError, ConfigError, Error, ErrorKind, Outcome, StatusClass, TimeoutError, TimeoutPhase,
};
use crate::http::HttpTransport;
use crate::meta::SESSION_RENEWED;
use crate::wire::{Credentials, Meta};

/// The most time for one request about a session.
const REQUEST: Duration = Duration::from_secs(30);

/// Logins in a row whose sessions were refused at once, before there is a pause.
const UNACCEPTED: u32 = 2;

/// That pause.
const UNACCEPTED_PAUSE: Duration = Duration::from_secs(60);

/// How often a login is made when the unit says that it is busy, and after which pause, which is doubled each time.
#[derive(Clone, Copy, Debug)]
pub(super) struct BusyLogins {
    pub(super) attempts: u32,
    pub(super) pause: Duration,
}

/// The time that a call has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    pub(super) limit: Duration,
    pub(super) end: Instant,
}

impl Time {
    pub(super) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    fn is_over(&self) -> Error {
        Error::from(TimeoutError::new(TimeoutPhase::Queue, self.limit))
            .with_outcome(Outcome::NotExecuted)
    }
}

/// A session that is open, as far as is known.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) token: Zeroizing<String>,
    /// Which one it is: a later one has a larger number.
    number: u64,
}

/// The session of a transport. What is behind the lock is changed by one login at a time; the others wait for its end.
pub(super) struct Session {
    state: tokio::sync::Mutex<State>,
    /// Kept apart, so that it can be shown without waiting.
    credentials: Mutex<Credentials>,
    language: Option<String>,
    busy: BusyLogins,
}

#[derive(Default)]
struct State {
    open: Option<Open>,
    number: u64,
    /// The unit refused the credentials that are there.
    is_refused: bool,
    /// When the next login may be made, because the unit was busy.
    not_before: Option<Instant>,
    /// Sessions in a row that were refused at their first call.
    unaccepted: u32,
    /// When the next login may be made, because of those.
    unaccepted_until: Option<Instant>,
}

impl Session {
    pub(super) fn new(
        credentials: Credentials,
        language: Option<String>,
        busy: BusyLogins,
    ) -> Self {
        Self {
            state: tokio::sync::Mutex::default(),
            credentials: Mutex::new(credentials),
            language,
            busy,
        }
    }

    fn credentials(&self) -> Credentials {
        let credentials = self.credentials.lock();
        credentials.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn lock(&self, time: &Time) -> Result<tokio::sync::MutexGuard<'_, State>, Error> {
        let locked = timeout_at(time.end, self.state.lock()).await;
        locked.map_err(|_| time.is_over())
    }

    /// The session for a call, opened if there is none. `refused` is the one that the unit has refused just now.
    ///
    /// # Errors
    ///
    /// Why there is none. The call was not executed then.
    pub(super) async fn open(
        &self,
        http: &HttpTransport,
        time: &Time,
        refused: Option<&Open>,
    ) -> Result<Open, Error> {
        let mut state = self.lock(time).await?;
        if let Some(open) = &state.open
            && refused.is_none_or(|refused| refused.number != open.number)
        {
            return Ok(open.clone());
        }
        let credentials = self.credentials();
        if let Some(token) = credentials.as_token() {
            if refused.is_some() {
                return Err(AuthError::Unauthorized.into());
            }
            return Ok(state.take(Zeroizing::new(token.to_owned())));
        }
        let opened = self.log_in(&mut state, http, time, &credentials).await;
        opened.map_err(|error| error.with_outcome(Outcome::NotExecuted))
    }

    async fn log_in(
        &self,
        state: &mut State,
        http: &HttpTransport,
        time: &Time,
        credentials: &Credentials,
    ) -> Result<Open, Error> {
        let Some((user, password)) = credentials.as_basic() else {
            let text =
                "nobody is logged in; give Ripex2Builder::login a user, or call Agent::login";
            return Err(ConfigError::NoCredentials(text.to_owned()).into());
        };
        if state.is_refused {
            return Err(AuthError::RefusedBefore.into());
        }
        state.open = None;
        let mut pause = self.busy.pause;
        let mut attempt = 1;
        loop {
            self.wait(state, time).await?;
            let limit = time.left().min(REQUEST);
            let answer = login::login(http, user, password, self.language.as_deref(), limit).await;
            let error = match answer {
                Ok(token) => {
                    tracing::debug!(target: "xerus_rpc::ripex2", user, "logged in");
                    return Ok(state.take(token));
                }
                Err(error) => error,
            };
            match error.kind() {
                ErrorKind::Auth(AuthError::LoginRefused) => {
                    state.is_refused = true;
                    return Err(error);
                }
                ErrorKind::HttpStatus(status) if status.class() == StatusClass::Server => {
                    // The unit blocks those who try too often. The pause counts for the next call, too.
                    state.not_before = Instant::now().checked_add(pause);
                    if attempt >= self.busy.attempts || pause >= time.left() {
                        return Err(error);
                    }
                }
                _ => return Err(error),
            }
            attempt += 1;
            pause = pause.saturating_mul(2);
        }
    }

    /// Waits until a login may be made.
    async fn wait(&self, state: &State, time: &Time) -> Result<(), Error> {
        let Some(begin) = state.not_before.max(state.unaccepted_until) else {
            return Ok(());
        };
        let pause = begin.saturating_duration_since(Instant::now());
        if !pause.is_zero() && pause >= time.left() {
            return Err(match state.unaccepted_until == Some(begin) {
                true => not_accepted(AuthError::Unauthorized.into()),
                false => time.is_over(),
            });
        }
        sleep(pause).await;
        Ok(())
    }

    /// Notes that this session was refused at once. Of the calls that see that, one counts.
    pub(super) async fn not_accepted(&self, refused: &Open, time: &Time) {
        if let Ok(mut state) = self.lock(time).await
            && state.is_open(refused)
        {
            state.open = None;
            state.unaccepted = state.unaccepted.saturating_add(1);
            if state.unaccepted >= UNACCEPTED {
                state.unaccepted_until = Instant::now().checked_add(UNACCEPTED_PAUSE);
            }
        }
    }

    /// Notes that this session works.
    pub(super) fn accepted(&self, open: &Open) {
        // Who has the lock logs in, or out: this session is not the one any more.
        if let Ok(mut state) = self.state.try_lock()
            && state.is_open(open)
        {
            state.forgive();
        }
    }

    /// Uses these credentials from now on, and opens a session where they are name and password. The old one is closed.
    pub(super) async fn change(
        &self,
        http: &HttpTransport,
        credentials: Credentials,
    ) -> Result<(), Error> {
        let time = Time {
            limit: REQUEST,
            end: Instant::now() + REQUEST,
        };
        let mut state = self.lock(&time).await?;
        let old = state.open.take();
        let was_given = self.credentials().as_token().is_some();
        state.is_refused = false;
        state.forgive();
        let is_user = credentials.as_basic().is_some();
        *self
            .credentials
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = credentials.clone();
        if let Some(old) = old.filter(|_| !was_given) {
            login::logout(http, &old.token, time.left().min(Duration::from_secs(5))).await;
        }
        if is_user {
            self.log_in(&mut state, http, &time, &credentials).await?;
        }
        Ok(())
    }

    /// Closes the session, as far as that works. The next call opens another.
    pub(super) async fn close(&self, http: &HttpTransport) {
        let time = Duration::from_secs(5);
        let state = tokio::time::timeout(time, self.state.lock()).await;
        let open = state.ok().and_then(|mut state| state.open.take());
        let is_own = self.credentials().as_token().is_none();
        if let Some(open) = open.filter(|_| is_own) {
            login::logout(http, &open.token, time).await;
        }
    }
}

/// The error for a session that was opened just now and refused: a unit that starts may do so.
pub(super) fn not_accepted(error: Error) -> Error {
    let mut meta = Meta::default();
    meta.set_attribute(SESSION_RENEWED, "true");
    error.with_meta(meta)
}

impl State {
    fn is_open(&self, open: &Open) -> bool {
        self.open
            .as_ref()
            .is_some_and(|known| known.number == open.number)
    }

    fn forgive(&mut self) {
        self.unaccepted = 0;
        self.unaccepted_until = None;
    }

    fn take(&mut self, token: Zeroizing<String>) -> Open {
        self.number += 1;
        let open = Open {
            token,
            number: self.number,
        };
        self.open = Some(open.clone());
        open
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.credentials().fmt(f)
    }
}
