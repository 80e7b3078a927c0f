//! The task that makes a login.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use super::beside::Beside;
use super::login::{self, Connection};
use super::waiting::{Leave, Login, Progress, Task};
use super::{
    AuthError, BUSY_IS_OVER, Busy, BusyLogins, ConfigError, Error, ErrorKind, LOGOUT, Open,
    REQUEST, Shared, State, not_accepted,
};
use crate::http::Stage;
use crate::wire::Credentials;

/// The status of a unit that is busy, or blocks logins for a while. No other one says that the same login may go well soon.
const BUSY: u16 = 503;

/// A login that is under way. It may end with its runtime.
struct Running {
    shared: Arc<Shared>,
    number: u64,
    runtime: Handle,
    credentials: Credentials,
    progress: watch::Sender<Progress>,
    stage: Arc<Stage>,
    leave: Arc<Leave>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Who waits for it sees that nobody will tell how it ends, and begins anew.
        self.shared.state().forget(self.number);
    }
}

impl Shared {
    /// Begins a login that is to be made in `runtime`.
    ///
    /// # Errors
    ///
    /// Why none may be made.
    pub(super) fn begin(
        self: &Arc<Self>,
        state: &mut State,
        runtime: &Handle,
    ) -> Result<(Login, Task), Error> {
        if state.credentials.as_basic().is_none() {
            let text =
                "nobody is logged in; give Ripex2Builder::login a user, or call Agent::login";
            return Err(ConfigError::NoCredentials(text.to_owned()).into());
        }
        if state.is_refused {
            return Err(AuthError::RefusedBefore.into());
        }
        state.refuse();
        state.number += 1;
        let (progress, seen) = watch::channel(state.progress());
        let stage = Arc::<Stage>::default();
        let leave = Arc::<Leave>::default();
        let login = Login::new(
            state.number,
            runtime.clone(),
            seen,
            Arc::clone(&stage),
            Arc::clone(&leave),
        );
        state.login = Some(login.clone());
        state.runtime = Some(runtime.clone());
        let running = Running {
            shared: Arc::clone(self),
            number: state.number,
            runtime: runtime.clone(),
            credentials: state.credentials.clone(),
            progress,
            stage,
            leave,
        };
        let (guard, over) = watch::channel(());
        let work = login.work().clone();
        state.begins(Beside::login(state.number, runtime.clone(), work, over));
        let task = login.work().task(async move {
            let _guard = guard;
            if let Some(ended) = running.log_in().await {
                running.progress.send_replace(Progress::Ended(ended));
            }
            // Not before the login: a unit may give the same session again.
            running.shared.log_out_of_refused(&running.runtime);
        });
        Ok((login, task))
    }
}

impl Running {
    /// How the login ended; `None` when nobody wants it any more.
    async fn log_in(&self) -> Option<Result<Open, Error>> {
        let (user, password) = self.credentials.as_basic()?;
        loop {
            self.rest().await?;
            let shared = &self.shared;
            let language = shared.language.as_deref();
            let answer =
                login::login(&shared.http, user, password, language, REQUEST, &self.stage).await;
            let error = match answer {
                Ok(token) => {
                    tracing::debug!(target: "xerus_rpc::ripex2", user, "logged in");
                    return self.opened(token).await.map(Ok);
                }
                Err(error) => error.of_the_login(),
            };
            let mut state = shared.state();
            if !state.is_login(self.number) {
                return None;
            }
            let is_busy = match error.kind() {
                ErrorKind::Auth(AuthError::LoginRefused) => {
                    state.is_refused = true;
                    false
                }
                ErrorKind::HttpStatus(error) => error.status == BUSY,
                _ => false,
            };
            if !is_busy || state.is_busy(&error, shared.busy) >= shared.busy.attempts {
                state.login = None;
                return Some(Err(error));
            }
        }
    }

    /// Waits until a login may be made; `None` when then nobody wants it any more.
    async fn rest(&self) -> Option<()> {
        loop {
            let progress = {
                let mut state = self.shared.state();
                if self.leave.is_left() {
                    state.forget(self.number);
                }
                if !state.is_login(self.number) {
                    return None;
                }
                state.progress()
            };
            self.progress.send_replace(progress.clone());
            let Progress::Resting { until, .. } = progress else {
                return Some(());
            };
            self.shared.log_out_of_refused(&self.runtime);
            if timeout_at(until, self.leave.news()).await.is_err() {
                // One receiver is that of the state. Who comes meanwhile gets the state first.
                let mut state = self.shared.state();
                if self.progress.receiver_count() <= 1 {
                    state.forget(self.number);
                }
            }
        }
    }

    /// Keeps what was opened, or closes it again where another login has taken the place of this one.
    async fn opened(&self, token: Zeroizing<String>) -> Option<Open> {
        {
            let mut state = self.shared.state();
            state.refused.retain(|refused| *refused != token);
            if state.is_login(self.number) {
                state.login = None;
                state.busy = None;
                return Some(state.take(token));
            }
        }
        login::logout(&self.shared.http, &token, LOGOUT, Connection::Own).await;
        None
    }
}

impl State {
    /// What a login that begins now does first.
    fn progress(&self) -> Progress {
        let busy = self.busy.as_ref();
        let until = busy.map(|busy| busy.until).max(self.unaccepted_until);
        let Some(until) = until.filter(|until| *until > Instant::now()) else {
            return Progress::Asking;
        };
        let why = match busy {
            Some(busy) if busy.until == until => busy.error.clone(),
            _ => not_accepted(AuthError::Unauthorized.into()),
        };
        Progress::Resting { until, why }
    }

    /// Notes that the unit was too busy for a login: how often in a row that is. The pause grows until as many were made as may be made at a
    /// time, and counts for all that come later.
    fn is_busy(&mut self, error: &Error, set: BusyLogins) -> u32 {
        let now = Instant::now();
        let before = self.busy.as_ref();
        let before = before.filter(|busy| now.saturating_duration_since(busy.until) < BUSY_IS_OVER);
        let before = before
            .map_or(0, |busy| busy.attempts)
            .min(set.attempts.saturating_sub(1));
        let pause = set.pause.saturating_mul(2u32.saturating_pow(before));
        self.busy = Some(Busy {
            attempts: before + 1,
            until: now + pause.min(LONGEST),
            error: error.clone(),
        });
        before + 1
    }

    fn is_login(&self, number: u64) -> bool {
        let login = self.login.as_ref();
        login.is_some_and(|login| login.number() == number)
    }

    /// Gives a login up: what it opens all the same, it closes.
    pub(super) fn forget(&mut self, number: u64) {
        if self.is_login(number) {
            self.give_up();
        }
    }

    /// Gives up the login that is under way.
    pub(super) fn give_up(&mut self) {
        if let Some(login) = self.login.take() {
            login.give_up();
        }
    }

    /// Gives up the session; its token where it is to be closed.
    pub(super) fn leave(&mut self) -> Option<Zeroizing<String>> {
        let is_own = self.credentials.as_token().is_none();
        let open = self.open.take().filter(|_| is_own);
        open.map(|open| open.token)
    }

    /// Gives up the session that was refused, if one is open.
    pub(super) fn refuse(&mut self) {
        let refused = self.leave();
        self.refused.extend(refused);
    }

    /// Leaves the login that is under way: what to wait for then.
    pub(super) fn leave_login(&mut self) -> Vec<Beside> {
        let Some(login) = &self.login else {
            return Vec::new();
        };
        login.leave();
        let number = login.number();
        let mine = self.beside.iter().filter(|beside| beside.is_login(number));
        mine.cloned().collect()
    }

    /// All that goes on, but a login that is still wanted.
    pub(super) fn others(&self) -> Vec<Beside> {
        let number = self.login.as_ref().map(Login::number);
        let is_wanted = |beside: &&Beside| number.is_some_and(|number| beside.is_login(number));
        let others = self.beside.iter().filter(|beside| !is_wanted(beside));
        others.cloned().collect()
    }

    pub(super) fn is_open(&self, open: &Open) -> bool {
        let known = self.open.as_ref();
        known.is_some_and(|known| known.number == open.number)
    }

    pub(super) fn forgive(&mut self) {
        self.unaccepted = 0;
        self.unaccepted_until = None;
    }

    pub(super) fn take(&mut self, token: Zeroizing<String>) -> Open {
        self.number += 1;
        let open = Open {
            token,
            number: self.number,
        };
        self.open = Some(open.clone());
        open
    }
}

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(86_400);
