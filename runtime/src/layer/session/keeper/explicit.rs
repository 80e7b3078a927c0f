//! Opening and closing sessions: what a renewal does, and what somebody asks for.

use std::sync::Arc;

use super::{Keeper, install, is_unauthorized};
use crate::error::{AuthError, Error, ErrorKind};
use crate::layer::session::opened::Opened;
use crate::layer::session::protocol::{self, Granted};
use crate::wire::Credentials;

impl Keeper {
    /// Opens a session. Where the user may have one only, the old one may stand in the way.
    pub(super) async fn open(
        &self,
        user: &Credentials,
        old: Option<Arc<Opened>>,
    ) -> Result<Granted, Error> {
        let opened = protocol::open(&self.agent, user, self.timeout).await;
        match (&opened, old.filter(|old| old.is_own)) {
            (Err(error), Some(old)) if is_session_limit(error) => {
                self.close_session(&old).await?;
                self.forget(&old);
                protocol::open(&self.agent, user, self.timeout).await
            }
            _ => opened,
        }
    }

    /// Uses this session no more.
    fn forget(&self, session: &Opened) {
        let mut state = self.state();
        if state
            .session
            .as_ref()
            .is_some_and(|last| last.number == session.number)
        {
            state.session = None;
        }
    }

    pub(super) async fn close_session(&self, session: &Opened) -> Result<(), Error> {
        if !session.is_own {
            return Ok(());
        }
        let closed = protocol::close(
            &self.agent,
            &session.credentials,
            session.is_old,
            self.timeout,
        );
        match closed.await {
            // It was over already.
            Err(error) if is_unauthorized(&error) => Ok(()),
            result => result,
        }
    }

    /// Logs in with these credentials, and leaves everything as it was when that does not work.
    pub(in crate::layer::session) async fn login(&self, user: Credentials) -> Result<(), Error> {
        if user.as_basic().is_none() {
            let old = {
                let mut state = self.state();
                state.set_credentials(user);
                state.session.take()
            };
            return match old {
                Some(old) => self.close_session(&old).await,
                None => Ok(()),
            };
        }
        let old = self.state().session.clone();
        let opened = self.open(&user, old).await;
        let granted = match opened {
            Ok(granted) => granted,
            Err(error) => {
                if is_unauthorized(&error) {
                    self.state().refused.note(user);
                }
                return Err(error);
            }
        };
        let token = Credentials::token(granted.token.as_str());
        // In one step: a call that comes in between must not log in with what is there no more.
        let old = {
            let mut state = self.state();
            state.set_credentials(user);
            let old = state.session.take();
            install(&mut state, token, Some(&granted));
            old
        };
        if let Some(old) = old {
            // The new session is there, which is what was asked for; the old one ends by itself.
            let _ = self.close_session(&old).await;
        }
        Ok(())
    }

    /// Closes the session; the next call opens another.
    pub(in crate::layer::session) async fn close(&self) {
        let session = self.state().session.take();
        if let Some(session) = session {
            // Nobody can be told, and it ends by itself.
            let _ = self.close_session(&session).await;
        }
    }
}

fn is_session_limit(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Auth(AuthError::SessionLimit))
}
