//! The session of an agent, and how it gets another.

mod explicit;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Turns, MutexGuard as Turn};

use super::opened::Opened;
use super::protocol::{self, Granted};
use super::refused::Refused;
use super::renewal::{Renewals, Renewed};
use super::source::CredentialsSource;
use super::time::Time;
use crate::agent::Agent;
use crate::error::{AuthError, Error, ErrorKind, Outcome};
use crate::wire::{Credentials, Transport};

/// Logins in a row whose sessions were not accepted, before the device is left alone for a while.
const MAX_FRUITLESS: u32 = 2;

/// How long a renewal waits for that of another runtime.
const TURN: Duration = Duration::from_secs(10);

/// How long the device is left alone then.
const REST: Duration = Duration::from_secs(300);

/// Keeps the session.
pub(super) struct Keeper {
    /// For the calls about sessions, on the inner transport.
    agent: Agent,
    timeout: Duration,
    state: Mutex<State>,
    renewals: Renewals,
    /// Renewals in different runtimes come one after another: each finds what the one before it brought.
    turns: Turns<()>,
}

#[derive(Default)]
struct State {
    source: Option<Arc<dyn CredentialsSource>>,
    /// A token that was given, of a session that is not ours.
    token: Option<Credentials>,
    session: Option<Arc<Opened>>,
    /// How many sessions were opened.
    count: u64,
    /// How many logins in a row led to sessions that were not accepted.
    fruitless: u32,
    refused: Refused,
    /// How often somebody else was to be logged in.
    changes: u64,
}

impl State {
    fn set_source(&mut self, source: Arc<dyn CredentialsSource>) {
        (self.source, self.token) = (Some(source), None);
        self.refused.forget();
        self.fruitless = 0;
        self.changes += 1;
    }

    fn set_credentials(&mut self, credentials: Credentials) {
        if credentials.as_basic().is_some() {
            self.set_source(Arc::new(credentials));
            return;
        }
        self.source = None;
        self.changes += 1;
        self.token = credentials.as_token().is_some().then_some(credentials);
    }
}

/// With what a call goes out.
#[derive(Clone)]
pub(super) enum Access {
    Nobody,
    Token(Credentials),
    Session(Arc<Opened>),
}

impl Access {
    pub(super) fn credentials(&self) -> Credentials {
        match self {
            Self::Nobody => Credentials::none(),
            Self::Token(token) => token.clone(),
            Self::Session(session) => session.credentials.clone(),
        }
    }
}

impl Keeper {
    pub(super) fn new(inner: Arc<dyn Transport>, timeout: Duration) -> Self {
        Self {
            agent: Agent::with_transport(inner),
            timeout,
            state: Mutex::default(),
            renewals: Renewals::default(),
            turns: Turns::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_source(&self, source: Arc<dyn CredentialsSource>) {
        self.state().set_source(source);
    }

    /// Uses these from now on, without a session yet.
    pub(super) fn set_credentials(&self, credentials: Credentials) {
        self.state().set_credentials(credentials);
    }

    /// With what a call goes out, in the time that it has.
    ///
    /// # Errors
    ///
    /// Why nobody can log in. The call that waited was not executed.
    pub(super) async fn access(self: &Arc<Self>, time: Time) -> Result<Access, Error> {
        let (session, has_source) = {
            let state = self.state();
            if let Some(token) = &state.token {
                return Ok(Access::Token(token.clone()));
            }
            (state.session.clone(), state.source.is_some())
        };
        match session {
            Some(session) if !session.is_over() && self.renewals.current().is_none() => {
                session.touch();
                Ok(Access::Session(session))
            }
            None if !has_source => Ok(Access::Nobody),
            session => {
                let last = session.map(|session| session.number);
                if let Some(access) = self.renew(last, time).await? {
                    return Ok(access);
                }
                // The old one is good, or nobody is to be logged in any more.
                let session = self.state().session.clone();
                Ok(session.map_or(Access::Nobody, Access::Session))
            }
        }
    }

    /// What to send a call with once more, which the device refused in this session; none where that would not help.
    pub(super) async fn again(
        self: &Arc<Self>,
        session: &Opened,
        time: Time,
    ) -> Result<Option<Access>, Error> {
        let is_hopeless = {
            let state = self.state();
            let is_last = state
                .session
                .as_ref()
                .is_some_and(|last| last.number == session.number);
            is_last
                && !session.is_proven()
                && !session.is_over()
                && session.age() < REST
                && state.fruitless >= MAX_FRUITLESS
        };
        if is_hopeless {
            return Ok(None);
        }
        self.renew(Some(session.number), time).await
    }

    /// Makes sure that the device knows the session, for a call that can be made only once.
    pub(super) async fn sure(self: &Arc<Self>, time: Time) -> Result<Access, Error> {
        let access = self.access(time).await?;
        let Access::Session(session) = &access else {
            return Ok(access);
        };
        // One that was just opened.
        if !session.is_proven() {
            return Ok(access);
        }
        let renewed = self.again(session, time).await?;
        Ok(renewed.unwrap_or(access))
    }

    /// Waits for the session that comes after this one; none where this one is still good.
    async fn renew(
        self: &Arc<Self>,
        last: Option<u64>,
        time: Time,
    ) -> Result<Option<Access>, Error> {
        let renewal = self.renewals.join(|| {
            let keeper = Arc::clone(self);
            Box::pin(async move { keeper.renewed(last).await })
        });
        let renewed = time.limit(renewal).await?;
        // Whatever was tried for it, the call itself was not sent, or was refused.
        let renewed = renewed.map_err(|error| error.with_outcome(Outcome::NotExecuted))?;
        Ok(renewed.map(Access::Session))
    }

    /// Opens the session that comes after this one, unless somebody has.
    async fn renewed(&self, last: Option<u64>) -> Renewed {
        let _turn = self.turn().await;
        let known = self.state().session.clone();
        // Not known to be gone: the device may still count it.
        let mut lingering = None;
        if let Some(known) = known {
            if Some(known.number) != last {
                return Ok(Some(known));
            }
            if known.is_proven() && !known.is_over() {
                match self.ask(&known).await {
                    Ok(()) => return Ok(None),
                    Err(error) if is_unauthorized(&error) => {}
                    Err(error) => return Err(error),
                }
            } else if known.is_over() {
                lingering = Some(known);
            }
        }
        let (source, changes) = {
            let state = self.state();
            (state.source.clone(), state.changes)
        };
        let Some(source) = source else {
            return Ok(None);
        };
        let user = source.credentials().await;
        let user = user.map_err(|error| error.with_origin(self.agent.origin()))?;
        if self.state().refused.knows(&user) {
            return Err(Error::from(AuthError::RefusedBefore).with_origin(self.agent.origin()));
        }
        if user.as_basic().is_none() {
            return Ok(Some(install(&mut self.state(), user, None)));
        }
        let granted = self.open(&user, lingering).await;
        let granted = granted.inspect_err(|error| {
            let mut state = self.state();
            if is_unauthorized(error) && state.changes == changes {
                state.refused.note(user);
            }
        })?;
        let superseded = {
            let mut state = self.state();
            let token = Credentials::token(granted.token.as_str());
            if state.changes == changes {
                return Ok(Some(install(&mut state, token, Some(&granted))));
            }
            Opened::new(0, token, Some(&granted))
        };
        // Somebody else was logged in meanwhile.
        let _ = self.close_session(&superseded).await;
        Ok(self.state().session.clone())
    }

    /// Waits for the renewals of other runtimes; not for one whose runtime has come to rest, and that nothing moves on.
    async fn turn(&self) -> Option<Turn<'_, ()>> {
        Time::new(Some(TURN)).limit(self.turns.lock()).await.ok()
    }

    /// Notes credentials that the device refused elsewhere. With a session there are some that work, maybe these.
    pub(super) fn note_refused(&self, user: &Credentials) {
        let mut state = self.state();
        if state.session.is_none() {
            state.refused.note(user.clone());
        }
    }

    /// Notes that the device accepted a call.
    pub(super) fn prove(&self, session: &Opened) {
        session.prove();
        self.state().fruitless = 0;
    }

    async fn ask(&self, session: &Opened) -> Result<(), Error> {
        protocol::ask(
            &self.agent,
            &session.credentials,
            session.is_old,
            self.timeout,
        )
        .await
    }
}

/// Makes a session the one to use.
fn install(state: &mut State, token: Credentials, granted: Option<&Granted>) -> Arc<Opened> {
    state.count += 1;
    let session = Arc::new(Opened::new(state.count, token, granted));
    state.session = Some(Arc::clone(&session));
    state.refused.forget();
    state.fruitless = state.fruitless.saturating_add(1);
    session
}

/// Whether the device did not accept who called.
pub(super) fn is_unauthorized(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Auth(AuthError::Unauthorized))
}
