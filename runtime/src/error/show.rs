//! What an error says to people.

use std::fmt::{self, Write as _};

use super::text;
use super::{AuthError, BulkError, Error, ErrorKind, Outcome, StatusClass, TimeoutPhase};
use crate::method::GET_TYPE_INFO;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = text::OneLine::new(f);
        let context = &self.0.context;
        if let Some(origin) = &context.origin {
            write!(line, "{origin}: ")?;
        }
        match &self.0.kind {
            ErrorKind::Timeout(error) if context.login && error.phase == TimeoutPhase::Queue => write!(
                line,
                "timed out after {:?} waiting for the login: the device is busy or gone; raise timeout if it needs longer",
                error.limit
            )?,
            ErrorKind::HttpStatus(error) if context.login && error.class() == StatusClass::Server => {
                match error.status {
                    503 => line.write_str(
                        "login refused (503): the device is busy, or blocks logins for a while; try again later",
                    )?,
                    status => write!(
                        line,
                        "login failed ({status}): the device reports an internal failure; wait until it is up again, and then try again"
                    )?,
                }
                if !error.excerpt.is_empty() {
                    write!(line, " (it says: {})", text::DeviceText(&error.excerpt))?;
                }
            }
            ErrorKind::Auth(AuthError::Unauthorized) if context.anonymous => line.write_str(
                "login needed (401): nobody was logged in; give user name and password to basic_auth when the agent is \
                 built, or to Agent::login",
            )?,
            ErrorKind::Auth(AuthError::Unauthorized) if context.known => line.write_str(
                "not permitted (401): the device knows the session, but this user may not do this; give the right to the role \
                 of the user, or log in as another user",
            )?,
            kind => write!(line, "{kind}")?,
        }
        if context.login && !matches!(self.0.kind, ErrorKind::Auth(_)) {
            line.write_str("; this was the login, nothing was executed")?;
        } else if self.needs_its_outcome() {
            line.write_str(match self.outcome() {
                Outcome::Unknown => {
                    "; the other side may have executed the call: read its state before you repeat a change"
                }
                Outcome::NotExecuted if self.is_missing_response() => "; it was not executed",
                Outcome::NotExecuted if self.is_of_the_runtime() => "; the call was not sent",
                _ => "",
            })?;
        }
        // Not of a router, which knows procedures only.
        let is_device = self
            .as_rpc()
            .is_none_or(|error| error.code.number().is_some());
        if is_device
            && self.is_method_not_found()
            && context.method.as_deref() == Some(GET_TYPE_INFO.name)
        {
            line.write_str("; firmware up to 2.2 cannot say what its objects are")?;
        }
        match (&context.method, &context.rid) {
            (Some(method), Some(rid)) if !rid.is_empty() => {
                write!(
                    line,
                    " ({} on {})",
                    text::DeviceText(method),
                    text::DeviceText(rid)
                )
            }
            // Wires without objects have no target.
            (Some(method), _) => write!(line, " ({})", text::DeviceText(method)),
            (None, Some(rid)) => write!(line, " (on {})", text::DeviceText(rid)),
            (None, None) => Ok(()),
        }
    }
}

impl Error {
    /// Whether there was no connection, or no longer, or no answer; whether the call was executed has to be said.
    fn needs_its_outcome(&self) -> bool {
        match &self.0.kind {
            ErrorKind::ConnectionLost | ErrorKind::Connect(_) => true,
            // That one says so itself.
            ErrorKind::Timeout(error) => error.phase != TimeoutPhase::Action,
            // It reads as if nothing had been begun, and may be what a callee got itself.
            ErrorKind::Rpc(error) => error.is_begun() || error.says_why(),
            // What goes on with a call that was sent before.
            ErrorKind::Config(_) => self.outcome() == Outcome::Unknown,
            _ => self.is_missing_response(),
        }
    }

    fn is_of_the_runtime(&self) -> bool {
        matches!(&self.0.kind, ErrorKind::Timeout(error) if error.phase == TimeoutPhase::Runtime)
    }

    fn is_missing_response(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Bulk(BulkError::MissingResponse))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The line of Display says all that a person needs; sources add what a library said.
        let mut out = f.debug_struct("Error");
        out.field("code", &self.code())
            .field("message", &format_args!("{self}"));
        if let Some(id) = self.0.context.request_id {
            out.field("request_id", &id.get());
        }
        if let Some(sent) = self.0.context.sent {
            out.field("sent", &sent);
        }
        out.field("outcome", &self.outcome());
        if let Some(source) = &self.0.source {
            out.field("source", &format_args!("{source}"));
        }
        out.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.source.as_ref()?;
        Some(&**source)
    }
}
