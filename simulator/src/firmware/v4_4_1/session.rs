//! The sessions of a device as an object of it.

use std::sync::Arc;
use std::time::Duration;

use xerus_api::server::session as traits;
use xerus_api::session::session_manager::CloseReason;
use xerus_api::session::{HistoryEntry, Session, SessionManager};
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer;
use crate::model::{self, Device, Opened, Sessions};

/// Attribute of a call's context: the token that it came with.
pub(crate) const SESSION_TOKEN: &str = "session-token";
/// Attribute of a call's context: what the client calls itself.
pub(crate) const CLIENT_TYPE: &str = "client-type";

fn session(session: model::Session) -> Session {
    Session {
        session_id: session.id,
        username: session.user,
        remote_ip: session.address,
        client_type: session.client,
        creation_time: Time::from_unix_seconds(session.created),
        timeout: session.timeout,
        idle: session.idle,
        user_idle: session.user_idle,
        extra_: Default::default(),
    }
}

fn history_entry(entry: model::HistoryEntry) -> HistoryEntry {
    HistoryEntry {
        creation_time: Time::from_unix_seconds(entry.created),
        remote_ip: entry.address,
        client_type: entry.client,
        extra_: Default::default(),
    }
}

/// Serves `/session`.
pub(super) struct SessionServant(pub(super) Arc<Device>);

impl SessionServant {
    fn sessions(&self) -> &Sessions {
        self.0.sessions()
    }

    fn now(&self) -> Duration {
        self.0.clock().now()
    }

    /// The session that a call came with.
    fn current(&self, context: &Context) -> Result<model::Session, Fault> {
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
        let actor = answer::actor(context);
        match self.sessions().open(actor, client, created, self.now()) {
            Opened::Granted(granted, token) => Reply::ok((session(granted), token)),
            // The official client decodes session and token even when it was denied them.
            Opened::Denied(denied) => Reply::refused_with(
                SessionManager::ERR_ACTIVE_SESSION_EXCLUSIVE_FOR_USER,
                (session(denied), String::new()),
            ),
            Opened::NoToken => Reply::fault(Fault::internal(
                "the system gave no random numbers for a token; log in with a password instead",
            )),
        }
    }

    fn get_current_session<'a>(&'a self, context: &'a Context) -> Reply<'a, Session> {
        self.current(context).map(session).into()
    }

    fn get_sessions<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Session>> {
        let all = self.sessions().all(self.now());
        Reply::ok(all.into_iter().map(session).collect())
    }

    fn close_session<'a>(
        &'a self,
        context: &'a Context,
        session_id: i32,
        _: CloseReason,
    ) -> Reply<'a, ()> {
        answer::act(&self.0, context, |_| {
            self.sessions().close(session_id, self.now());
        })
    }

    fn close_current_session<'a>(&'a self, context: &'a Context, _: CloseReason) -> Reply<'a, ()> {
        self.current(context)
            .map(|session| self.sessions().close(session.id, self.now()))
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

    fn get_session_history<'a>(&'a self, context: &'a Context) -> Reply<'a, Vec<HistoryEntry>> {
        let user = context.user.as_deref().unwrap_or_default();
        let entries = self.sessions().history(user, self.now());
        Reply::ok(entries.into_iter().map(history_entry).collect())
    }
}
