//! Asks name servers.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError as Answered, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData};

use super::{DnsError, ResolveSrv, SrvRecord, SrvRecords};
use crate::netstring::Resolve;
use crate::wire::BoxFuture;

/// Asks the name servers of the system, or one that is given: for SRV records, and for the addresses of hosts.
///
/// Names are complete as they are: no search domain is appended to them. An answer that is cut short over UDP is asked for
/// again over TCP. Nothing is kept from one question to the next, and the configuration of the system is read each time, so
/// that a network which changes is noticed. Answers are not authenticated (no DNSSEC).
///
/// ```
/// use xerus_rpc::netstring::{Dns, Netstring};
///
/// let agent = Netstring::srv("_rpc._tcp.example.com", Dns::system()).build().agent();
///
/// // A name server that alone knows the targets of the records is asked for their addresses, too.
/// let dns = Dns::server("127.0.0.1:8600".parse()?);
/// let agent = Netstring::srv("_rpc._tcp.service.consul", dns.clone()).resolve(dns).build().agent();
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Dns {
    server: Option<SocketAddr>,
    timeout: Option<Duration>,
}

impl Dns {
    /// Asks the name servers of the system: those in `/etc/resolv.conf`, with its `timeout` and `attempts`, or what Windows
    /// has set up.
    pub fn system() -> Self {
        Self {
            server: None,
            timeout: None,
        }
    }

    /// Asks this name server, twice when it does not answer within 2 s.
    pub fn server(address: SocketAddr) -> Self {
        Self {
            server: Some(address),
            timeout: Some(Duration::from_secs(2)),
        }
    }

    /// Sets how long one try may take. Default: what the system says, usually 5 s, and 2 s for a name server that was given.
    /// There are several tries, and a question ends after 30 s in any case.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Made for one question: what it keeps open belongs to the runtime of now.
    fn ask(&self) -> Result<TokioResolver, DnsError> {
        let (config, mut options) = match self.server {
            None => of_system()?,
            Some(address) => {
                let mut server = NameServerConfig::udp_and_tcp(address.ip());
                for way in &mut server.connections {
                    way.port = address.port();
                }
                let mut options = ResolverOpts::default();
                options.attempts = 1;
                let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
                (config, options)
            }
        };
        options.cache_size = 0;
        if let Some(timeout) = self.timeout {
            options.timeout = timeout;
        }
        let provider = TokioRuntimeProvider::default();
        let builder = TokioResolver::builder_with_config(config, provider).with_options(options);
        builder.build().map_err(|_| DnsError::NoConfiguration)
    }
}

#[cfg(any(unix, windows))]
fn of_system() -> Result<(ResolverConfig, ResolverOpts), DnsError> {
    hickory_resolver::system_conf::read_system_conf().map_err(|_| DnsError::NoConfiguration)
}

#[cfg(not(any(unix, windows)))]
fn of_system() -> Result<(ResolverConfig, ResolverOpts), DnsError> {
    Err(DnsError::NoConfiguration)
}

/// A name to which nothing is appended.
fn complete(name: &str) -> Result<Name, DnsError> {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if name.is_empty() || name == "." || !name.bytes().all(is_good) {
        return Err(DnsError::BadName);
    }
    let mut name = Name::from_ascii(name).map_err(|_| DnsError::BadName)?;
    name.set_fqdn(true);
    Ok(name)
}

fn cause(error: NetError) -> DnsError {
    match error {
        NetError::Dns(Answered::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => DnsError::NoSuchName,
            _ => DnsError::NoRecords,
        },
        NetError::Dns(Answered::ResponseCode(code)) => DnsError::Failed(code.into()),
        NetError::Timeout => DnsError::TimedOut,
        NetError::Truncated => DnsError::Truncated,
        NetError::Io(_) | NetError::NoConnections => DnsError::Unreachable,
        NetError::Proto(_) | NetError::ForeignClassRecord { .. } => DnsError::NotUnderstood,
        _ => DnsError::Other,
    }
}

impl ResolveSrv for Dns {
    fn records<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
        Box::pin(async move {
            let name = complete(name)?;
            let found = self.ask()?.srv_lookup(name).await.map_err(cause)?;
            let answers = found.answers();
            let records = answers.iter().filter_map(|record| match &record.data {
                RData::SRV(srv) => Some(SrvRecord::new(
                    srv.priority,
                    srv.weight,
                    srv.port,
                    srv.target.to_ascii(),
                )),
                _ => None,
            });
            let records = records.collect();
            let ttl = answers.iter().map(|record| record.ttl).min().unwrap_or(0);
            Ok(SrvRecords::new(records, Duration::from_secs(ttl.into())))
        })
    }
}

impl Resolve for Dns {
    fn addresses<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move {
            if let Ok(address) = host.parse() {
                return Ok(vec![SocketAddr::new(address, port)]);
            }
            let found = self
                .ask()?
                .lookup_ip(complete(host)?)
                .await
                .map_err(cause)?;
            Ok(found
                .iter()
                .map(|address| SocketAddr::new(address, port))
                .collect())
        })
    }
}
