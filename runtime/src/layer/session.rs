//! Sessions: one login, and a token from then on.

mod around;
mod file;
mod keeper;
mod opened;
mod password;
mod protocol;
mod refused;
mod renewal;
mod source;
mod time;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use file::CredentialsFile;
pub use password::ChangePassword;
pub use source::CredentialsSource;

use self::around::InSession;
use self::keeper::Keeper;
use crate::wire::{Credentials, Transport};

/// Time for each call about a session by default.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Opens a session on the device when the first call is made, and sends its token instead of user name and password.
///
/// `AgentBuilder::sessions` switches it on for an agent over HTTP, [`around`](Self::around) for any other transport that
/// [knows its user](crate::wire::Capabilities::login).
///
/// * **Login**: the first call opens a session with `newSession`; all calls that come meanwhile wait for that one login. It is
///   also the only one when a session is over: however many calls the device refuses then, one login is made, and each call is
///   sent once more. That does no harm to any call, for the device refused them before it executed anything.
/// * **When a session is over** is known from its time without calls, which the device tells, or from a call that the device
///   refuses (401). Then the device is asked whether it still knows the session: if it does, the user lacks a right, and
///   the refusal is the result of the call.
/// * **A wrong password is tried once.** Devices block users who try too often. Until the [source](CredentialsSource) gives
///   other credentials, or [`Agent::login`](crate::Agent::login) is called, calls fail at once with
///   [`Auth.RefusedBefore`](crate::error::AuthError::RefusedBefore). Each refused password is remembered (the last 64) until a
///   login works, so that a source that takes turns tries each once.
/// * **Sessions that are opened and then not accepted** (401 for ever): a call makes one login at most. After two logins in a row the
///   refusal is the result, and there is one login in five minutes, until a call is accepted.
/// * **Close**: [`Agent::logout`](crate::Agent::logout) closes the session on the device and forgets who logged in;
///   [`Agent::close`](crate::Agent::close) closes the session and the connections, and the next call logs in again. Nothing
///   is sent when an agent is dropped: the session then ends when its time is over.
/// * **[`Agent::login`](crate::Agent::login)** opens a session with other credentials at once, and closes the old one when
///   that worked; these credentials then take the place of the source, which is not asked any more. With a session token, that
///   token is used, and when it is no longer good, the calls say so.
/// * **One session for each user**: where the device permits no more, the agent's own old session is closed before the next is
///   opened.
/// * **Files**: a form can be sent only once, so the session is made sure of before.
///
/// Nothing is started in the background: the calls that wait move a login on. If all of them are dropped, a session may
/// have been opened that nobody uses; its time will end it. Logins in different tokio runtimes come one after another, and
/// the later ones use the session that is there; after 10 s they go on by themselves, for a runtime may rest.
///
/// [What goes over the wire](https://github.com/xerus-rs/xerus-rs/blob/main/docs/protocol/sessions.md).
///
/// ```no_run
/// # async fn example() -> Result<(), xerus_rpc::Error> {
/// use xerus_rpc::Agent;
/// use xerus_rpc::layer::{CredentialsFile, Sessions};
///
/// let agent = Agent::builder("https://pdu.example.com")
///     .sessions(Sessions::new().source(CredentialsFile::new("/run/secrets/pdu").user("monitor")))
///     .build()?;
/// // … calls …
/// agent.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "these are options: give them to `AgentBuilder::sessions`, or call `around`"]
pub struct Sessions {
    source: Option<Arc<dyn CredentialsSource>>,
    timeout: Duration,
}

impl Sessions {
    /// Sessions of the user that the agent was built with (`AgentBuilder::basic_auth`), or that logs in later.
    pub fn new() -> Self {
        Self {
            source: None,
            timeout: DEFAULT_TIMEOUT,
        }
    }

    /// Asks for user name and password here, each time a session is to be opened, so that a password that was changed
    /// needs no restart.
    pub fn source(mut self, source: impl CredentialsSource) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Time for each call about a session: opening, asking for it, closing. Default: 30 s. A call that waits for a login
    /// does not wait longer than its own time. Must be more than 0 s.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = time;
        self
    }

    #[cfg(feature = "http")]
    pub(crate) fn time(&self) -> Duration {
        self.timeout
    }

    /// Puts this around a transport. `credentials` count where there is no [source](Self::source).
    #[must_use]
    pub fn around(self, inner: Arc<dyn Transport>, credentials: Credentials) -> Arc<dyn Transport> {
        let keeper = Keeper::new(Arc::clone(&inner), self.timeout);
        match self.source {
            Some(source) => keeper.set_source(source),
            None => keeper.set_credentials(credentials),
        }
        Arc::new(InSession::new(inner, Arc::new(keeper)))
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
