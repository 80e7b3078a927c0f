//! Servers that DNS names: SRV records.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::servers::{Priority, Server, Servers};
use crate::wire::BoxFuture;

/// Asks DNS for SRV records, with whatever library the program has for that.
pub trait ResolveSrv: Send + Sync + 'static {
    /// The records of a name such as `_rpc._tcp.example.com`, and for how long they hold.
    fn records<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<SrvRecords>>;
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SrvRecord {
    /// The lowest comes first.
    pub priority: u16,
    /// The share of the calls among records of the same priority; with 0 only when none of the others is up.
    pub weight: u16,
    /// The port; a record with 0 is left out.
    pub port: u16,
    /// The name of the server, with or without a dot at the end. `.` alone says that there is none.
    pub target: String,
}

impl SrvRecord {
    /// A record, in the order in which DNS has its parts.
    #[must_use]
    pub fn new(priority: u16, weight: u16, port: u16, target: impl Into<String>) -> Self {
        Self {
            priority,
            weight,
            port,
            target: target.into(),
        }
    }

    fn server(&self) -> Option<Server> {
        let target = self.target.strip_suffix('.').unwrap_or(&self.target);
        let priority = Priority::LowerFirst(i32::from(self.priority));
        (!target.is_empty() && self.port > 0)
            .then(|| Server::new(target, self.port, priority).with_weight(self.weight))
    }
}

/// What DNS answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SrvRecords {
    /// The records.
    pub records: Vec<SrvRecord>,
    /// For how long they hold.
    pub ttl: Duration,
}

impl SrvRecords {
    /// Records that hold for a time.
    #[must_use]
    pub fn new(records: Vec<SrvRecord>, ttl: Duration) -> Self {
        Self { records, ttl }
    }

    /// The servers, each once; `None` when there is none.
    fn servers(&self) -> Option<Servers> {
        let mut servers: Vec<Server> = Vec::new();
        for server in self.records.iter().filter_map(SrvRecord::server) {
            let same = |known: &Server| {
                known.host.eq_ignore_ascii_case(&server.host) && known.port == server.port
            };
            if !servers.iter().any(same) {
                servers.push(server);
            }
        }
        Servers::new(servers).ok()
    }
}

/// A name, and the servers that DNS last gave for it.
pub(super) struct Srv {
    pub(super) name: String,
    resolve: Arc<dyn ResolveSrv>,
    /// The shortest time for which an answer is kept.
    pub(super) floor: Duration,
    known: Mutex<Known>,
    /// Those who need the first answer wait for one question.
    first: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Known {
    /// The last good answer.
    servers: Option<Servers>,
    until: Option<Instant>,
    is_asked: bool,
}

impl Srv {
    pub(super) fn new(name: String, resolve: Arc<dyn ResolveSrv>) -> Self {
        Self {
            name,
            resolve,
            floor: Duration::from_secs(5),
            known: Mutex::default(),
            first: tokio::sync::Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The servers of now. Waits only for the first answer; later ones are asked for beside the calls, which go on with the last good one.
    pub(super) async fn servers(self: &Arc<Self>) -> Option<Servers> {
        if let Some(servers) = self.at_hand() {
            return Some(servers);
        }
        let _turn = self.first.lock().await;
        if let Some(servers) = self.at_hand() {
            return Some(servers);
        }
        self.ask().await;
        self.known().servers.clone()
    }

    fn at_hand(self: &Arc<Self>) -> Option<Servers> {
        let mut known = self.known();
        let servers = known.servers.clone()?;
        let is_old = known.until.is_none_or(|until| until <= Instant::now());
        if is_old && !known.is_asked {
            known.is_asked = true;
            let asking = Asking(Arc::clone(self));
            drop(known);
            tokio::spawn(async move { asking.0.ask().await });
        }
        Some(servers)
    }

    async fn ask(&self) {
        let answer = self.resolve.records(&self.name).await;
        let ttl = answer.as_ref().map_or(Duration::ZERO, |answer| answer.ttl);
        let servers = answer.ok().and_then(|answer| answer.servers());
        let mut known = self.known();
        known.until = Instant::now().checked_add(ttl.max(self.floor));
        // An empty answer, or none, takes no server away: they are there as long as they answer.
        if servers.is_some() {
            known.servers = servers;
        }
    }
}

/// A question that is under way; it may end with the runtime.
struct Asking(Arc<Srv>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.known().is_asked = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n31_records_become_servers_each_once() {
        let records =
            |records: &[SrvRecord]| SrvRecords::new(records.to_vec(), Duration::ZERO).servers();
        assert_eq!(records(&[]), None);
        assert_eq!(records(&[SrvRecord::new(0, 0, 0, ".")]), None);
        assert_eq!(records(&[SrvRecord::new(0, 0, 0, "a.example.")]), None);
        let servers = records(&[
            SrvRecord::new(10, 0, 9, "A.example."),
            SrvRecord::new(10, 5, 9, "a.example"),
            SrvRecord::new(5, 60, 8, "b.example"),
        ]);
        let servers = servers.expect("servers");
        let all: Vec<_> = servers
            .iter()
            .map(|server| (server.name(), server.priority, server.weight))
            .collect();
        assert_eq!(
            all,
            [
                ("A.example:9".to_owned(), Priority::LowerFirst(10), 0),
                ("b.example:8".to_owned(), Priority::LowerFirst(5), 60),
            ]
        );
    }
}
