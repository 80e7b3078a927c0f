//! What is looked for, where, and for how long.

use std::time::Duration;

use crate::discovery::Discovery;
use crate::error::Error;
use crate::keeper::{self, Wanted};

/// How long is listened by default. A device answers within a second; queries are repeated after one, three and seven.
const TIMEOUT: Duration = Duration::from_secs(4);

/// How many names are taken by default.
const LIMIT: usize = 4096;

/// What is looked for, where, and for how long. By default every product, through every interface but the loopback one, for 4
/// seconds.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    wanted: Wanted,
    interfaces: Vec<String>,
    loopback: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            wanted: Wanted {
                timeout: Some(TIMEOUT),
                products: Vec::new(),
                limit: LIMIT,
                port: mdns_sd::MDNS_PORT,
            },
            interfaces: Vec::new(),
            loopback: false,
        }
    }

    /// How long to listen. Default 4 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.wanted.timeout = Some(timeout);
        self
    }

    /// Listens until the discovery is dropped: devices that come, change and go.
    pub fn endless(mut self) -> Self {
        self.wanted.timeout = None;
        self
    }

    /// Only devices whose name begins with one of these, such as `PX4`. Default: all. Whoever announces a device chooses its name.
    pub fn products<T: Into<String>>(mut self, beginnings: impl IntoIterator<Item = T>) -> Self {
        self.wanted.products = beginnings.into_iter().map(Into::into).collect();
        self
    }

    /// Listens and asks through this network interface and not through all (repeatable).
    pub fn interface(mut self, name: impl Into<String>) -> Self {
        self.interfaces.push(name.into());
        self
    }

    /// Listens and asks inside this computer: for simulated devices. With [`interface`](Self::interface) beside that one, else
    /// nowhere else.
    pub fn loopback(mut self) -> Self {
        self.loopback = true;
        self
    }

    /// How many names may be announced, from 1; when there are more, the discovery ends with [`Error::TooMany`]. Default 4096. A
    /// device that announces both services has two.
    pub fn limit(mut self, names: usize) -> Self {
        self.wanted.limit = names.max(1);
        self
    }

    /// The UDP port of the announcements, where it is not the 5353 of multicast DNS: for tests.
    pub fn port(mut self, port: u16) -> Self {
        self.wanted.port = port;
        self
    }

    /// Starts to listen, in a thread of its own; works with any async runtime and without one.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownInterface`], [`Error::NoInterface`], [`Error::Port`] or [`Error::System`].
    pub fn start(self) -> Result<Discovery, Error> {
        keeper::start(self.wanted, &self.interfaces, self.loopback)
    }
}
