//! Sessions.

use xerus_api::session::session_manager::CloseReason;
use xerus_api::session::{HistoryEntry, Session, SessionManager};
use xerus_api::usermgmt::role::Privilege;
use xerus_api::usermgmt::{User, UserInfo};
use xerus_rpc::{Agent, Error};

use super::AdminError;

/// The sessions of a device (`/session`), of any firmware.
///
/// The session of the caller is never closed but by [`close_own`](Self::close_own). An agent that signs in with name and password for
/// each call has none.
#[derive(Clone, Debug)]
pub struct Sessions {
    agent: Agent,
}

/// Who the device takes the caller for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WhoAmI {
    /// The session of the caller, with the name of the user; `None` without one: then the device does not tell the name.
    pub session: Option<Session>,
    /// What makes up the user.
    pub info: UserInfo,
    /// What all roles of the user allow together.
    pub privileges: Vec<Privilege>,
}

/// What became of one of several sessions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Closed {
    /// The session.
    pub session: Session,
    /// How it went.
    pub result: Result<(), AdminError>,
}

impl Sessions {
    /// Sessions of the device that this agent calls.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
        }
    }

    fn manager(&self) -> SessionManager {
        SessionManager::well_known(&self.agent)
    }

    /// All sessions. Their `creation_time` counts from the start of the device, on some in µs: it is no time of day.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn list(&self) -> Result<Vec<Session>, AdminError> {
        Ok(self.manager().get_sessions().await?)
    }

    /// The session of the caller, if it has one.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn own(&self) -> Result<Option<Session>, AdminError> {
        if_any(self.manager().get_current_session().await)
    }

    /// Who the device takes the caller for, in one request.
    ///
    /// # Errors
    ///
    /// Those of the calls.
    pub async fn who_am_i(&self) -> Result<WhoAmI, AdminError> {
        let user = User::well_known_current(&self.agent);
        let calls = (
            self.manager().get_current_session(),
            user.get_info_and_privileges(),
        );
        let (session, about) = self.agent.bulk(calls).await?;
        let (info, privileges) = about?;
        Ok(WhoAmI {
            session: if_any(session)?,
            info,
            privileges,
        })
    }

    /// The last sessions of the user that the agent signs in as.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn history(&self) -> Result<Vec<HistoryEntry>, AdminError> {
        Ok(self.manager().get_session_history().await?)
    }

    /// Closes a session of somebody, by its number.
    ///
    /// # Errors
    ///
    /// [`NoSuchSession`](AdminError::NoSuchSession), and [`OwnSession`](AdminError::OwnSession) for the one of the caller: nothing was
    /// closed. After a lost answer the outcome is unknown: list the sessions.
    pub async fn close(&self, id: i32) -> Result<(), AdminError> {
        let (all, own) = self.all_and_own().await?;
        if own.is_some_and(|own| own.session_id == id) {
            return Err(AdminError::OwnSession(id));
        }
        if all.iter().all(|session| session.session_id != id) {
            return Err(AdminError::NoSuchSession(id));
        }
        let reason = CloseReason::CloseReasonForcedDisconnect;
        Ok(self.manager().close_session(id, reason).await?)
    }

    /// Closes all sessions but that of the caller, with a result for each, in one request. With `user`, only those of this user.
    ///
    /// # Errors
    ///
    /// [`NoSession`](AdminError::NoSession) when the caller has none, so that "all others" says nothing: nothing was closed.
    pub async fn close_others(&self, user: Option<&str>) -> Result<Vec<Closed>, AdminError> {
        let (all, own) = self.all_and_own().await?;
        let own = own.ok_or(AdminError::NoSession)?.session_id;
        let others: Vec<Session> = all
            .into_iter()
            .filter(|session| session.session_id != own)
            .filter(|session| user.is_none_or(|user| session.username == user))
            .collect();
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let reason = CloseReason::CloseReasonForcedDisconnect;
        let calls = others
            .iter()
            .map(|session| self.manager().close_session(session.session_id, reason));
        let results = match self.agent.bulk(calls).await {
            Ok(results) => results.into_vec(),
            // Of the calls in the request that failed, each may have been executed.
            Err(error) => vec![Err(error); others.len()],
        };
        let closed = others.into_iter().zip(results);
        Ok(closed
            .map(|(session, result)| Closed {
                session,
                result: result.map_err(AdminError::from),
            })
            .collect())
    }

    /// Closes the session of the caller: the agent has to sign in again for its next call.
    ///
    /// # Errors
    ///
    /// [`NoSession`](AdminError::NoSession) when there is none; those of the calls.
    pub async fn close_own(&self) -> Result<(), AdminError> {
        if self.own().await?.is_none() {
            return Err(AdminError::NoSession);
        }
        let reason = CloseReason::CloseReasonLogout;
        Ok(self.manager().close_current_session(reason).await?)
    }

    /// In one request, so that both are of one moment.
    async fn all_and_own(&self) -> Result<(Vec<Session>, Option<Session>), AdminError> {
        let calls = (
            self.manager().get_sessions(),
            self.manager().get_current_session(),
        );
        let (all, own) = self.agent.bulk(calls).await?;
        Ok((all?, if_any(own)?))
    }
}

/// A device answers with an error of its own to a caller without a session. Everything else leaves open whether there is one.
fn if_any(session: Result<Session, Error>) -> Result<Option<Session>, AdminError> {
    match session {
        Ok(session) => Ok(Some(session)),
        Err(error) if says_no_session(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn says_no_session(error: &Error) -> bool {
    error.as_rpc().is_some()
        && !error.is_method_not_found()
        && !error.is_object_not_found()
        && !error.is_permission_denied()
}
