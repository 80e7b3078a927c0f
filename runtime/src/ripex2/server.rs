//! The serving side.

mod actions;
mod connection;
mod document;
mod power;
mod role;
mod rpc;
mod serving;
mod sessions;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::net::{TcpListener, ToSocketAddrs};
use zeroize::Zeroizing;

pub use actions::{Actions, Started};
pub use power::Power;
pub use role::Role;
pub use serving::Serving;

use self::rpc::Unit;
use crate::error::Error;
use crate::server::Router;

/// A user of a [`Ripex2Server`].
pub(super) struct User {
    password: Zeroizing<String>,
    role: Role,
}

/// Answers like a RipEX2 from a [`Router`]: login, sessions that end when nobody calls, words for errors, actions that go on behind.
///
/// Methods are found by their names, whichever object has them; a method that two objects have is refused when the server starts, and its calls
/// are where the second one is put into the router later. Their marks count: `@role` says who may call one (without it anybody who is logged in;
/// `@role Anonymous` needs no login), `@noremote` that it does not go to another unit, `@root` where results stand. A
/// method whose only result is its return value gives the whole `result`; out-parameters are the members of it. What a servant
/// [reports](crate::server::Context::report) stands beside result and error as a warning.
///
/// ```no_run
/// # async fn example(router: xerus_rpc::server::Router) -> Result<(), Box<dyn std::error::Error>> {
/// use xerus_rpc::ripex2::{Ripex2Server, Role};
///
/// let serving = Ripex2Server::new(router)
///     .user("admin", "secret", Role::Admin)
///     .bind("127.0.0.1:8880")
///     .await?;
/// println!("serving at {}", serving.url());
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Ripex2Server {
    local: Unit,
    others: HashMap<IpAddr, Unit>,
    users: HashMap<String, User>,
    idle: Duration,
    request_bytes: usize,
    connections: usize,
    call_time: Duration,
    tls: Option<Arc<ServerConfig>>,
    power: Power,
    orders: power::Orders,
}

impl Ripex2Server {
    /// A unit with these servants, and without users.
    pub fn new(router: Router) -> Self {
        let (power, orders) = power::pair();
        Self {
            local: Unit::new(router),
            others: HashMap::new(),
            users: HashMap::new(),
            idle: Duration::from_secs(300),
            request_bytes: 32 << 20,
            connections: 64,
            call_time: Duration::from_secs(30),
            tls: None,
            power,
            orders,
        }
    }

    /// Adds a user, or replaces the one with this name.
    pub fn user(
        mut self,
        name: impl Into<String>,
        password: impl Into<String>,
        role: Role,
    ) -> Self {
        let password = Zeroizing::new(password.into());
        self.users.insert(name.into(), User { password, role });
        self
    }

    /// Adds a unit that is reached over the radio at this address (`target`). An address without one answers `remote_call_error`.
    pub fn unit(mut self, address: IpAddr, router: Router) -> Self {
        self.others.insert(address, Unit::new(router));
        self
    }

    /// Sets after which time without a call a session ends. Default: 300 s.
    pub fn session_time(mut self, idle: Duration) -> Self {
        self.idle = idle;
        self
    }

    /// Sets the size of the largest request, in bytes. Default: 32 MiB. A larger one is answered with status 413.
    pub fn request_bytes(mut self, bytes: usize) -> Self {
        self.request_bytes = bytes;
        self
    }

    /// Sets how many connections there may be. Default: 64. Further ones are closed at once.
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = connections;
        self
    }

    /// Sets the time for a call and for a request to come in. Default: 30 s.
    pub fn call_time(mut self, time: Duration) -> Self {
        self.call_time = time;
        self
    }

    /// Serves HTTPS with this certificate, those behind it, and its key, all as PEM. Default: HTTP.
    ///
    /// # Errors
    ///
    /// `Config.BadCertificate` for text in which these are not, or that do not belong together.
    pub fn tls(
        mut self,
        certificates: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
    ) -> Result<Self, Error> {
        self.tls = Some(crate::http::server_config(
            certificates.as_ref(),
            key.as_ref(),
        )?);
        Ok(self)
    }

    /// The power of the unit, with which servants restart it.
    #[must_use]
    pub fn power(&self) -> Power {
        self.power.clone()
    }

    /// Listens.
    ///
    /// # Errors
    ///
    /// When the address cannot be used; `InvalidInput` for two objects of one unit with a method of the same name.
    pub async fn bind(self, address: impl ToSocketAddrs) -> io::Result<Serving> {
        self.serve(TcpListener::bind(address).await?)
    }

    /// Serves at a socket that listens already. After a restart the unit listens at the same address again.
    ///
    /// # Errors
    ///
    /// When the socket has no address; `InvalidInput` for two objects of one unit with a method of the same name.
    pub fn serve(self, listener: TcpListener) -> io::Result<Serving> {
        for unit in std::iter::once(&self.local).chain(self.others.values()) {
            unit.check()?;
        }
        Serving::start(self, listener)
    }
}

impl fmt::Debug for Ripex2Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ripex2Server")
            .field("local", &self.local)
            .field("units", &self.others.len())
            .field("users", &self.users.len())
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}
