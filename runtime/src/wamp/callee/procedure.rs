//! What answers the calls of a registration.

use std::fmt;
use std::sync::Arc;

use super::routes::Routes;
use crate::codec::Decode;
use crate::error::DecodeError;
use crate::server::{Context, Fault};
use crate::wamp::content::{Content, Received};
use crate::wamp::message::Payload;
use crate::wire::BoxFuture;

/// One call of a procedure without bindings.
#[derive(Debug)]
#[non_exhaustive]
pub struct Invocation {
    /// The URI that was called: behind a pattern, one of those that fit it.
    pub procedure: String,
    /// The arguments.
    pub arguments: Received,
    /// Who calls, and what tells that nobody waits any more.
    pub context: Context,
}

impl Invocation {
    /// The argument in this place.
    ///
    /// # Errors
    ///
    /// When it is missing or no value of type `T`: a servant passes that on as "invalid argument".
    pub fn arg<T: Decode>(&self, index: usize) -> Result<T, DecodeError> {
        self.arguments.arg(index)
    }
}

pub(super) type Handler =
    dyn Fn(Invocation) -> BoxFuture<'static, Result<Content, Fault>> + Send + Sync;

/// What answers the calls of a registration.
pub(super) enum Procedure {
    /// Servants, found by the URI that was called.
    Servants(Arc<Routes>),
    /// A function.
    Handler(Arc<Handler>),
}

impl Procedure {
    /// Serves a call.
    pub(super) async fn call(&self, call: Invocation) -> Result<Payload, Fault> {
        match self {
            Self::Servants(routes) => routes.call(&call).await,
            Self::Handler(handler) => Ok(handler(call).await?.payload()?),
        }
    }
}

impl fmt::Debug for Procedure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Servants(_) => "Servants",
            Self::Handler(_) => "Handler",
        })
    }
}
