//! The handle through which calls go.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
#[cfg(feature = "http")]
mod builder;

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "http")]
pub use builder::AgentBuilder;

#[cfg(feature = "http")]
use crate::credentials::{Credentials, Login};
#[cfg(feature = "http")]
use crate::error::Error;
#[cfg(feature = "http")]
use crate::http::HttpTransport;
use crate::settings::Settings;
use crate::transport::Transport;

/// A device to call: a transport and the marshalling options. Cheap to clone; clones share connections and credentials.
///
/// ```no_run
/// # fn main() -> Result<(), xerus_rpc::Error> {
/// use xerus_rpc::Agent;
///
/// let agent = Agent::builder("https://pdu.example.com").basic_auth("admin", "secret").build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Agent(Arc<Inner>);

struct Inner {
    transport: Arc<dyn Transport>,
    /// The same transport, where it has credentials to replace. Behind a trait, so that its inner workings do not make
    /// references to objects look unfit as keys of maps.
    #[cfg(feature = "http")]
    login: Option<Arc<dyn Login>>,
    settings: Settings,
}

impl Agent {
    /// Starts an agent for the device at `url`: `https://` or `http://`, a host name or address, an optional port, and an
    /// optional path prefix such as `/link/2` for a device behind another one.
    ///
    /// Nothing is checked before [`build`](AgentBuilder::build) and nothing is sent before the first call.
    #[cfg(feature = "http")]
    pub fn builder(url: impl Into<String>) -> AgentBuilder {
        AgentBuilder::new(url.into())
    }

    /// An agent over any transport, with default settings.
    #[must_use]
    pub fn with_transport(transport: Arc<dyn Transport>) -> Self {
        Self::with_settings(transport, Settings::default())
    }

    /// An agent over any transport.
    #[must_use]
    pub fn with_settings(transport: Arc<dyn Transport>, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            transport,
            #[cfg(feature = "http")]
            login: None,
            settings,
        }))
    }

    #[cfg(feature = "http")]
    fn with_http(transport: Arc<HttpTransport>, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            transport: transport.clone(),
            login: Some(transport),
            settings,
        }))
    }

    /// Logs in with a user name and password from the next call on; calls under way keep what they have.
    ///
    /// All clones of the agent are affected.
    ///
    /// # Errors
    ///
    /// `Config.BadUserName` when the name contains `:` or control characters, which HTTP Basic cannot express;
    /// `Config.Unsupported` on a transport without credentials.
    #[cfg(feature = "http")]
    pub fn set_basic_auth(&self, user: &str, password: impl Into<String>) -> Result<(), Error> {
        self.set_credentials(Credentials::basic(user, password.into())?)
    }

    /// Sends a session token from the next call on instead of other credentials; calls under way keep what they have.
    ///
    /// All clones of the agent are affected.
    ///
    /// # Errors
    ///
    /// `Config.BadHeaderValue` when the token is not made of visible ASCII characters; `Config.Unsupported` on a
    /// transport without credentials.
    #[cfg(feature = "http")]
    pub fn set_session_token(&self, token: impl Into<String>) -> Result<(), Error> {
        self.set_credentials(Credentials::token(token.into())?)
    }

    /// Sends no credentials from the next call on; the old ones are wiped when the last call under way has ended.
    ///
    /// # Errors
    ///
    /// `Config.Unsupported` on a transport without credentials.
    #[cfg(feature = "http")]
    pub fn clear_credentials(&self) -> Result<(), Error> {
        self.set_credentials(Credentials::default())
    }

    #[cfg(feature = "http")]
    fn set_credentials(&self, credentials: Credentials) -> Result<(), Error> {
        match &self.0.login {
            Some(login) => {
                login.set_credentials(credentials);
                Ok(())
            }
            None => Err(Error::unsupported(
                "this transport has no credentials to set",
            )),
        }
    }

    /// Where the requests go, without credentials.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.0.transport.origin()
    }

    /// The marshalling options.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        &*self.0.transport
    }

    /// Whether two handles are clones of one agent.
    #[must_use]
    pub fn same_agent(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Agent").field(&self.origin()).finish()
    }
}
