//! The calling side.

mod sending;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::builder::NetstringBuilder;
use super::connection::{Failed, lost};
use super::document;
use super::member::Condition;
use super::pool::{Pick, Pool};
use super::servers::{Server, Servers};
use super::source::Source;
use super::srv::{DnsError, ResolveSrv};
use super::status::ServerStatus;
use super::unreachable;
use crate::Agent;
use crate::error::Error;
use crate::id::RequestId;
use crate::settings::Settings;
use crate::wire::{BoxFuture, Capabilities, Reply, Request, Transport};
use sending::Sending;

/// Connections, with the servers for which they were made.
type Pooled = (Arc<[Server]>, Arc<Pool>);

/// Longer than any call takes.
const FAR: Duration = Duration::from_secs(86_400 * 365);

/// Calls one of several servers that do the same, over JSON-RPC in netstrings.
///
/// A call goes to a server of the best group in which one is up; the servers of a group take turns. Nothing is sent twice unless
/// the method is [repeatable](Request::is_repeatable): a call that may have arrived somewhere ends with an error whose
/// [outcome](Error::outcome) is unknown. Answers that nobody waits for are counted and dropped.
pub struct Netstring {
    origin: String,
    setup: NetstringBuilder,
    source: Source,
    pool: Mutex<Option<Pooled>>,
}

impl Netstring {
    /// Sets up a transport to these servers.
    pub fn builder(servers: Servers) -> NetstringBuilder {
        NetstringBuilder::new(servers)
    }

    /// Sets up a transport to the servers that DNS names: SRV records of a name such as `_rpc._tcp.example.com`, of which the lowest
    /// priority comes first. They are asked for again when their time is over; calls go on with the last good answer meanwhile,
    /// and when there is no better one. When the servers change, connections are made anew.
    ///
    /// `resolve` is `Dns`, with the feature `netstring-srv`, or an adapter for the library that the program has. Names beside named
    /// servers, and several names, are a matter of [`Servers`].
    ///
    /// ```
    /// use xerus_rpc::netstring::{DnsError, Netstring, ResolveSrv, SrvRecord, SrvRecords};
    /// use xerus_rpc::wire::BoxFuture;
    ///
    /// struct Fixed;
    ///
    /// impl ResolveSrv for Fixed {
    ///     fn records<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
    ///         let record = SrvRecord::new(1, 1, 9999, "rpc.example.com");
    ///         Box::pin(async { Ok(SrvRecords::new(vec![record], std::time::Duration::from_secs(60))) })
    ///     }
    /// }
    ///
    /// let agent = Netstring::srv("_rpc._tcp.example.com", Fixed).build().agent();
    /// ```
    pub fn srv(name: impl Into<String>, resolve: impl ResolveSrv) -> NetstringBuilder {
        NetstringBuilder::new(Servers::of_name(name.into())).resolve_srv(resolve)
    }

    pub(super) fn new(setup: NetstringBuilder) -> Self {
        Self {
            origin: format!("netstring://{}", Source::name(&setup.servers)),
            source: Source::new(&setup.servers, &setup.resolve_srv, setup.min_srv_ttl),
            setup,
            pool: Mutex::new(None),
        }
    }

    /// An agent with the time for a call that was set up.
    #[must_use]
    pub fn agent(self) -> Agent {
        let settings = Settings {
            timeout: self.setup.timeout,
            ..Settings::default()
        };
        Agent::with_settings(Arc::new(self), settings)
    }

    /// How the servers do. Empty before the first call and after `close`. Servers that came with another answer of DNS begin anew.
    #[must_use]
    pub fn status(&self) -> Vec<ServerStatus> {
        let pool = self.lock().clone();
        let members = pool.iter().flat_map(|(_, pool)| pool.members());
        members.map(ServerStatus::of).collect()
    }

    /// The names for servers for which DNS had no answer to the last question, and why. Calls go on with the last good one.
    #[must_use]
    pub fn srv_failures(&self) -> Vec<(String, DnsError)> {
        let failures = self.source.failures();
        failures
            .map(|(name, error)| (name.to_owned(), error))
            .collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Pooled>> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The servers that take the call now.
    async fn pool(&self, deadline: Instant) -> Result<Arc<Pool>, Error> {
        let servers = self.source.now(deadline).await;
        let servers = servers.map_err(unreachable::error)?;
        let mut pool = self.lock();
        // An agent may outlive the runtime of its first call.
        if let Some((known, pool)) = &*pool
            && (Arc::ptr_eq(known, &servers) || *known == servers)
            && pool.is_kept_up()
        {
            return Ok(Arc::clone(pool));
        }
        let started = Arc::new(Pool::start(&servers, &self.setup.plan));
        // Calls under way have the one before.
        *pool = Some((servers, Arc::clone(&started)));
        Ok(started)
    }

    async fn send(&self, request: &Request, notify: bool) -> Result<Option<Reply>, Error> {
        let start = Instant::now();
        let until = start + request.timeout().min(FAR);
        let pool = self.pool(until).await?;
        let mut sending = Sending::new(pool, request, start, until);
        loop {
            let mut deadline = sending.deadline;
            let (place, connection) = match sending.pool.pick(&sending.tried, !notify) {
                Pick::Use(place, connection) => (place, connection),
                Pick::Probe(place, connection) => {
                    deadline = sending.time_to_find_out();
                    (place, connection)
                }
                Pick::Wait(group) => {
                    sending.wait(group).await?;
                    if !sending.pool.is_kept_up() {
                        // The runtime of its connections has ended meanwhile.
                        sending.go_on_with(self.pool(until).await?);
                    }
                    continue;
                }
                Pick::Nobody => return sending.nobody(),
            };
            sending.tried.add(place);
            sending.attempts += 1;
            let binding = &self.setup.binding;
            let name = binding.name(request);
            let failed = if notify {
                let mut body = Vec::with_capacity(document::bytes(request));
                document::write(&mut body, binding, &name, request, None);
                match connection.notify(deadline, &body).await {
                    Ok(()) => {
                        sending.pool.member(place).tally.answered();
                        return Ok(None);
                    }
                    Err(failed) => failed,
                }
            } else {
                let bytes = document::bytes(request);
                let write = |id, text: &mut Vec<u8>| {
                    document::write(text, binding, &name, request, Some(id));
                };
                match connection.call(deadline, bytes, write).await {
                    Ok((body, id)) => {
                        sending.pool.member(place).tally.answered();
                        if body.len() > request.max_response_bytes() {
                            let limit = request.max_response_bytes();
                            let error = Error::response_too_large(limit, body.len());
                            return Err(error.with_sent(true, request.is_repeatable()));
                        }
                        let reply = binding.json_rpc_reply(body, RequestId::new(id));
                        let reply = sending.told(reply, place);
                        if !self.is_refused(&reply) {
                            return Ok(Some(reply));
                        }
                        sending.refused = Some(reply);
                        continue;
                    }
                    Err(failed) => failed,
                }
            };
            if !matches!(failed, Failed::Full) {
                sending.pool.member(place).tally.failed();
            }
            sending.failed(failed)?;
        }
    }

    /// Whether the server says that another one may do it.
    fn is_refused(&self, reply: &Reply) -> bool {
        let codes = &self.setup.retry_codes;
        let is_one = |error: crate::Error| {
            // What was begun there is not begun once more here.
            let told = error.as_rpc().filter(|told| !told.is_begun());
            let code = told.and_then(|told| told.code.number());
            code.is_some_and(|code| codes.contains(code))
        };
        !codes.is_empty() && reply.error().is_some_and(is_one)
    }
}

impl Transport for Netstring {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE.with_notify(true).with_pipeline(true)
    }

    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        match target {
            "" | "/" => Ok(()),
            _ if self.setup.any_target => Ok(()),
            _ => Err(
                "not empty, and this wire names no objects (any_target accepts it where there is one)",
            ),
        }
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let reply = self.send(request, false).await?;
            reply.ok_or_else(lost)
        })
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move { self.send(request, true).await.map(drop) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let pool = self.lock().take();
            let Some((_, pool)) = pool else { return };
            for member in pool.members() {
                if let Condition::Up(connection) = member.condition() {
                    connection.drained().await;
                }
            }
        })
    }
}

impl fmt::Debug for Netstring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Netstring")
            .field("origin", &self.origin)
            .field("servers", &self.status())
            .finish_non_exhaustive()
    }
}
