//! The sessions of a device as an object of it.

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::server::{Context, Fault, Reply};

use super::{CLIENT_TYPE, Opened, SESSION_TOKEN, Sessions};
use crate::api::server::session as traits;
use crate::api::session::session_manager::CloseReason;
use crate::api::session::{HistoryEntry, Session, SessionManager};
use crate::device::Device;
use crate::device::accounts::Actor;

/// Serves `/session`.
pub(in crate::device) struct SessionServant(pub(in crate::device) Arc<Device>);

impl SessionServant {
    fn sessions(&self) -> &Sessions {
        self.0.sessions()
    }

    fn now(&self) -> Duration {
        self.0.clock().now()
    }

    /// The session that a call came with.
    fn current(&self, context: &Context) -> Result<Session, Fault> {
        context
            .attribute(SESSION_TOKEN)
            .and_then(|token| self.sessions().get(token, self.now()))
            .ok_or_else(no_session)
    }
}

fn no_session() -> Fault {
    Fault::internal("this call does not belong to a session")
}

impl traits::SessionManager for SessionServant {
    fn new_session<'a>(&'a self, context: &'a Context) -> Reply<'a, (Session, String)> {
        // A client that does not say what it is has an empty type.
        let client = context.attribute(CLIENT_TYPE).unwrap_or_default();
        let created = self.0.clock().unix_seconds();
        let actor = Actor::of(context);
        match self.sessions().open(actor, client, created, self.now()) {
            Ok(Opened::Granted(session, token)) => Reply::ok((session, token)),
            // The official client decodes session and token even when it was denied them.
            Ok(Opened::Denied(session)) => Reply::refused_with(
                SessionManager::ERR_ACTIVE_SESSION_EXCLUSIVE_FOR_USER,
                (session, String::new()),
            ),
            Err(fault) => Reply::fault(fault),
        }
    }

    fn get_current_session<'a>(&'a self, context: &'a Context) -> Reply<'a, Session> {
        self.current(context).into()
    }

    fn get_sessions<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Session>> {
        Reply::ok(self.sessions().all(self.now()))
    }

    fn close_session<'a>(
        &'a self,
        context: &'a Context,
        session_id: i32,
        _: CloseReason,
    ) -> Reply<'a, ()> {
        let may = self.0.accounts().may_change(context);
        may.map(|()| self.sessions().close(session_id, self.now()))
            .into()
    }

    fn close_current_session<'a>(&'a self, context: &'a Context, _: CloseReason) -> Reply<'a, ()> {
        self.current(context)
            .map(|session| self.sessions().close(session.session_id, self.now()))
            .into()
    }

    fn touch_current_session<'a>(
        &'a self,
        context: &'a Context,
        user_activity: bool,
    ) -> Reply<'a, ()> {
        let current = context.attribute(SESSION_TOKEN).and_then(|token| {
            if user_activity {
                self.sessions().touch(token, self.now())
            } else {
                self.sessions().get(token, self.now()).map(drop)
            }
        });
        current.ok_or_else(no_session).into()
    }

    fn get_session_history<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<HistoryEntry>> {
        Reply::ok(self.sessions().history(self.now()))
    }
}
