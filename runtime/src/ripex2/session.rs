//! Who is logged in: one login for all calls, and one more when the unit has forgotten the session.

mod attempt;
mod beside;
mod waiting;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};
use zeroize::Zeroizing;

use self::beside::Beside;
use self::waiting::Login;
use super::login::{self, Connection};
use crate::error::{AuthError, ConfigError, Error, ErrorKind, Outcome, TimeoutError, TimeoutPhase};
use crate::http::{HttpTransport, runtime};
use crate::meta::SESSION_RENEWED;
use crate::wire::{Credentials, Meta};

/// The most time for one request about a session.
const REQUEST: Duration = Duration::from_secs(30);

/// The most time for closing a session, once it is its turn.
const LOGOUT: Duration = Duration::from_secs(5);

/// Logins in a row whose sessions were refused at once, before there is a pause.
const UNACCEPTED: u32 = 2;

/// That pause.
const UNACCEPTED_PAUSE: Duration = Duration::from_secs(60);

/// When a unit that was busy is no longer taken for one that still is: so long after the pause that followed.
const BUSY_IS_OVER: Duration = Duration::from_secs(60);

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
    fn of(limit: Duration) -> Self {
        let end = Instant::now() + limit;
        Self { limit, end }
    }

    pub(super) fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// The error for a time that ended while the login was still in `phase`.
    fn is_over(&self, phase: TimeoutPhase) -> Error {
        Error::from(TimeoutError::new(phase, self.limit)).of_the_login()
    }
}

/// A session that is open, as far as is known.
#[derive(Clone)]
pub(super) struct Open {
    pub(super) token: Zeroizing<String>,
    /// Which one it is: a later one has a larger number.
    number: u64,
}

/// The session of a transport. A login is made by a task of its own: it does not end with the call that needed it, so that no session is
/// opened whose token nobody keeps. The session is closed when this is dropped, as far as that works.
pub(super) struct Session {
    shared: Arc<Shared>,
    /// Held while other credentials are put in place.
    changing: tokio::sync::Mutex<()>,
}

/// What the tasks have, too.
struct Shared {
    http: Arc<HttpTransport>,
    language: Option<String>,
    busy: BusyLogins,
    state: Mutex<State>,
}

struct State {
    credentials: Credentials,
    open: Option<Open>,
    /// Sessions that were refused. The unit may still have them.
    refused: Vec<Zeroizing<String>>,
    /// The number of the last session, or login.
    number: u64,
    /// The login that is under way.
    login: Option<Login>,
    /// What `close` waits for.
    beside: Vec<Beside>,
    /// Where the last login was made: a session may have to be closed where no runtime is at hand.
    runtime: Option<Handle>,
    /// The unit refused the credentials that are there.
    is_refused: bool,
    busy: Option<Busy>,
    /// Sessions in a row that were refused at their first call.
    unaccepted: u32,
    /// When the next login may be made, because of those.
    unaccepted_until: Option<Instant>,
}

/// The unit was busy, for all calls.
struct Busy {
    /// Logins in a row that found it so.
    attempts: u32,
    /// When the next may be made.
    until: Instant,
    error: Error,
}

impl Session {
    pub(super) fn new(
        http: Arc<HttpTransport>,
        credentials: Credentials,
        language: Option<String>,
        busy: BusyLogins,
    ) -> Self {
        let state = State {
            credentials,
            open: None,
            refused: Vec::new(),
            number: 0,
            login: None,
            beside: Vec::new(),
            runtime: None,
            is_refused: false,
            busy: None,
            unaccepted: 0,
            unaccepted_until: None,
        };
        Self {
            shared: Arc::new(Shared {
                http,
                language,
                busy,
                state: Mutex::new(state),
            }),
            changing: tokio::sync::Mutex::default(),
        }
    }

    /// The session for a call, opened if there is none. `refused` is the one that the unit has refused just now.
    ///
    /// # Errors
    ///
    /// Why there is none. The call was not executed then.
    pub(super) async fn open(&self, time: &Time, refused: Option<&Open>) -> Result<Open, Error> {
        let runtime = runtime()?;
        loop {
            let (login, begun) = {
                let mut state = self.shared.state();
                if let Some(open) = &state.open
                    && refused.is_none_or(|refused| refused.number != open.number)
                {
                    return Ok(open.clone());
                }
                if let Some(token) = state.credentials.as_token() {
                    if refused.is_some() {
                        return Err(AuthError::Unauthorized.into());
                    }
                    let token = Zeroizing::new(token.to_owned());
                    return Ok(state.take(token));
                }
                match &state.login {
                    Some(login) => (login.clone(), None),
                    None => {
                        let (login, begun) = self.shared.begin(&mut state, &runtime)?;
                        (login, Some(begun))
                    }
                }
            };
            // A runtime that ends drops it at once, which wants the lock.
            if let Some(begun) = begun {
                runtime.spawn(begun);
            }
            let number = login.number();
            match login.wait(&runtime, time).await {
                Some(ended) => return ended.map_err(|e| e.with_outcome(Outcome::NotExecuted)),
                // It was given up: its runtime ended or rests, or other credentials were given.
                None => self.shared.state().forget(number),
            }
        }
    }

    /// Makes way for a call that needs no session.
    pub(super) async fn make_way(&self) -> Result<(), Error> {
        let runtime = runtime()?;
        let login = self.shared.state().login.clone();
        if let Some(login) = login {
            login.make_way(&runtime).await;
        }
        Ok(())
    }

    /// Notes that this session was refused at once. Of the calls that see that, one counts.
    pub(super) fn not_accepted(&self, refused: &Open) {
        let mut state = self.shared.state();
        if !state.is_open(refused) {
            return;
        }
        state.refuse();
        state.unaccepted = state.unaccepted.saturating_add(1);
        if state.unaccepted >= UNACCEPTED {
            state.unaccepted_until = Instant::now().checked_add(UNACCEPTED_PAUSE);
        }
        drop(state);
        if let Ok(runtime) = runtime() {
            self.shared.log_out_of_refused(&runtime);
        }
    }

    /// Notes that this session works.
    pub(super) fn accepted(&self, open: &Open) {
        let mut state = self.shared.state();
        if state.is_open(open) {
            state.forgive();
        }
    }

    /// Uses these credentials from now on, and opens a session where they are name and password. The old one is closed.
    pub(super) async fn change(&self, credentials: Credentials) -> Result<(), Error> {
        let runtime = runtime()?;
        let time = Time::of(REQUEST);
        let turn = timeout_at(time.end, self.changing.lock()).await;
        let _turn = turn.map_err(|_| time.is_over(TimeoutPhase::Queue))?;
        let is_user = credentials.as_basic().is_some();
        let old = {
            let mut state = self.shared.state();
            state.give_up();
            let old = state.leave();
            state.is_refused = false;
            state.forgive();
            state.credentials = credentials;
            old
        };
        let closing = self.shared.log_out(old, Connection::OfCalls, &runtime);
        // Behind calls that take long it goes on beside the rest.
        let _ = timeout(LOGOUT, self.shared.end(closing, &runtime)).await;
        if is_user {
            self.open(&time, None).await?;
        }
        Ok(())
    }

    /// Closes the session, as far as that works, and waits for all that may open one or keep one open: a login under way ends first. One that
    /// rests, since the unit is busy, is not made again. The next call opens another.
    pub(super) async fn close(&self) {
        let Ok(runtime) = runtime() else { return };
        let shared = &self.shared;
        let login = shared.state().leave_login();
        shared.end(login, &runtime).await;
        let open = shared.state().leave();
        shared.log_out(open, Connection::OfCalls, &runtime);
        shared.log_out_of_refused(&runtime);
        let others = shared.state().others();
        shared.end(others, &runtime).await;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.give_up();
        let (open, known) = (state.leave(), state.runtime.take());
        drop(state);
        if let Some(runtime) = Handle::try_current().ok().or(known) {
            self.shared.log_out(open, Connection::OfCalls, &runtime);
            self.shared.log_out_of_refused(&runtime);
        }
    }
}

/// The error for a session that was opened just now and refused: a unit that starts may do so.
pub(super) fn not_accepted(error: Error) -> Error {
    let mut meta = Meta::default();
    meta.set_attribute(SESSION_RENEWED, "true");
    error.with_meta(meta)
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shared.state().credentials.fmt(f)
    }
}
