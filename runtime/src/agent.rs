//! The handle through which calls go. (First shape.)

use std::fmt;
use std::sync::Arc;

use crate::settings::Settings;
use crate::transport::Transport;

/// A device to call: a transport and the marshalling options. Cheap to clone.
#[derive(Clone)]
pub struct Agent(Arc<Inner>);

struct Inner {
    transport: Arc<dyn Transport>,
    settings: Settings,
}

impl Agent {
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
            settings,
        }))
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
