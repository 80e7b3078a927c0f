//! Who calls, and whether that caller has to change the password first.

use hyper::HeaderMap;
use xerus_rpc::server::Context;
use xerus_rpc::wire::Values;

use super::auth::{self, Presented};
use super::connection::Link;
use super::listen::Door;
use crate::firmware;

/// Why a caller is not let in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotLetIn;

impl Door {
    /// The caller of a request.
    pub(super) fn caller(
        &self,
        headers: &HeaderMap,
        token_in_query: Option<String>,
        link: &Link,
    ) -> Result<Context, NotLetIn> {
        let context = anybody(headers, link);
        match auth::presented(headers, token_in_query) {
            Presented::Basic { user, password } => self
                .authenticator
                .login(&user, &password)
                .then(|| context.with_user(user))
                .ok_or(NotLetIn),
            Presented::Token(token) => {
                if self.memory.has_expired(&token) {
                    return Err(NotLetIn);
                }
                let user = self.authenticator.session_user(&token).ok_or(NotLetIn)?;
                Ok(context
                    .with_user(user)
                    .with_attribute(firmware::SESSION_TOKEN, token))
            }
            Presented::Nothing => self
                .authenticator
                .is_open()
                .then_some(context)
                .ok_or(NotLetIn),
            Presented::Unreadable => Err(NotLetIn),
        }
    }

    /// Whether the caller has to change the password before anything else.
    pub(super) fn must_change_password(&self, context: &Context) -> bool {
        let user = context.user.as_deref();
        user.is_some_and(|user| self.authenticator.must_change_password(user))
    }
}

/// A caller of whom nothing is known but where it is.
pub(super) fn anybody(headers: &HeaderMap, link: &Link) -> Context {
    let context = Context::new()
        .with_peer(link.watch.peer())
        .with_transport(link.scheme);
    match headers
        .get("x-client-type")
        .and_then(|value| value.to_str().ok())
    {
        Some(client) => context.with_attribute(firmware::CLIENT_TYPE, client),
        None => context,
    }
}

/// Whether a call changes the caller's own password.
pub(super) fn changes_own_password(context: &Context, rid: &str, body: &[u8]) -> bool {
    let user = context.user.as_deref();
    let own =
        rid == firmware::CURRENT_USER || user.is_some_and(|user| rid == firmware::user_rid(user));
    own && method_of(body).is_some_and(|method| method == firmware::CHANGE_PASSWORD)
}

/// The method that a request is for, if it is one that can be read.
pub(super) fn method_of(body: &[u8]) -> Option<String> {
    let members = Values::from_object(std::str::from_utf8(body).ok()?).ok()?;
    let (_, method) = members.iter().find(|(name, _)| *name == "method")?;
    let name = method.strip_prefix('"')?.strip_suffix('"')?;
    Some(name.to_owned())
}
