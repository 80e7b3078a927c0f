//! Replacing the credentials of an agent.

use std::fmt;
use std::future::IntoFuture;

use super::Agent;
use crate::error::Error;
use crate::wire::{BoxFuture, Credentials};

/// A login that has not been made; made by [`Agent::login`] and [`Agent::logout`].
#[must_use = "nobody is logged in before this is awaited"]
pub struct Login {
    agent: Agent,
    credentials: Credentials,
}

impl Login {
    pub(super) fn new(agent: Agent, credentials: Credentials) -> Self {
        Self { agent, credentials }
    }

    /// Logs in and blocks the thread until that is done. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<(), Error> {
        super::blocking::block_on(self.into_future())
    }
}

impl IntoFuture for Login {
    type Output = Result<(), Error>;
    type IntoFuture = BoxFuture<'static, Result<(), Error>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let transport = self.agent.transport();
            let result = transport.login(self.credentials).await;
            result.map_err(|error| error.with_origin(self.agent.origin()))
        })
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("origin", &self.agent.origin())
            .field("credentials", &self.credentials)
            .finish()
    }
}
