//! Servers that DNS names: SRV records.

mod error;
mod known;
#[cfg(feature = "netstring-srv")]
mod resolver;

use std::time::Duration;

pub use error::DnsError;
pub(super) use known::Srv;
#[cfg(feature = "netstring-srv")]
pub use resolver::Dns;

use super::servers::{Priority, Server};
use crate::wire::BoxFuture;

/// Asks DNS for SRV records. `Dns` does, with the feature `netstring-srv`; a program that has a library for DNS already
/// implements this for it.
pub trait ResolveSrv: Send + Sync + 'static {
    /// The records of a name such as `_rpc._tcp.example.com`, and for how long they hold.
    fn records<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>>;
}

/// Where nothing asks.
#[cfg(not(feature = "netstring-srv"))]
pub(super) struct Nobody;

#[cfg(not(feature = "netstring-srv"))]
impl ResolveSrv for Nobody {
    fn records<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
        Box::pin(async { Err(DnsError::NoResolver) })
    }
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

    /// The servers, each once, in an order that is not that of the answer: name servers rotate it.
    fn servers(&self, max_waiting: usize) -> Result<Vec<Server>, DnsError> {
        let mut servers: Vec<Server> = Vec::new();
        for server in self.records.iter().filter_map(SrvRecord::server) {
            if !servers.iter().any(|known| known.is_same(&server)) {
                servers.push(server.with_max_waiting(max_waiting));
            }
        }
        let place = |server: &Server| (server.priority.rank(), server.host.clone(), server.port);
        servers.sort_by_cached_key(place);
        if !servers.is_empty() {
            return Ok(servers);
        }
        match self.records.iter().any(|record| record.target == ".") {
            true => Err(DnsError::NotOffered),
            false => Err(DnsError::NoRecords),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n31_records_become_servers_each_once() {
        let records =
            |records: &[SrvRecord]| SrvRecords::new(records.to_vec(), Duration::ZERO).servers(7);
        assert_eq!(records(&[]), Err(DnsError::NoRecords));
        let dot = [SrvRecord::new(0, 0, 0, ".")];
        assert_eq!(records(&dot), Err(DnsError::NotOffered));
        let without_port = [SrvRecord::new(0, 0, 0, "a.example.")];
        assert_eq!(records(&without_port), Err(DnsError::NoRecords));
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
                ("b.example:8".to_owned(), Priority::LowerFirst(5), 60),
                ("A.example:9".to_owned(), Priority::LowerFirst(10), 0),
            ]
        );
        assert!(servers.iter().all(|server| server.max_waiting == 7));
    }
}
