//! Which servers there are, in both notations of Kamailio.

mod notation;

use std::fmt;

/// Which servers of a set come first.
///
/// The two modules of Kamailio count in opposite directions, so a number alone says nothing. One set of servers counts in one
/// direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Priority {
    /// As `jsonrpcc` has it: 2 comes before 1.
    HigherFirst(i32),
    /// As `janssonrpcc` has it: 1 comes before 2.
    LowerFirst(i32),
}

impl Priority {
    /// The lower the earlier.
    pub(super) fn rank(self) -> i64 {
        match self {
            Self::HigherFirst(number) => -i64::from(number),
            Self::LowerFirst(number) => i64::from(number),
        }
    }

    fn counts_up(self) -> bool {
        matches!(self, Self::HigherFirst(_))
    }
}

/// One server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Server {
    /// Name or address, an IPv6 address without brackets.
    pub host: String,
    /// The port, not 0.
    pub port: u16,
    /// Which servers it stands in for.
    pub priority: Priority,
    /// Its share of the calls among servers of the same priority; 0: only when none of the others is up. Default: 1.
    pub weight: u16,
    /// How many calls may wait for its answers; more go to the next server. Default: 10 000.
    pub max_waiting: usize,
}

/// Calls that wait for the answers of one server, unless it says otherwise.
const MAX_WAITING: usize = 10_000;

impl Server {
    /// A server with weight 1.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16, priority: Priority) -> Self {
        Self {
            host: host.into(),
            port,
            priority,
            weight: 1,
            max_waiting: MAX_WAITING,
        }
    }

    /// Sets its share.
    #[must_use]
    pub fn with_weight(mut self, weight: u16) -> Self {
        self.weight = weight;
        self
    }

    /// Sets how many calls may wait for its answers.
    #[must_use]
    pub fn with_max_waiting(mut self, calls: usize) -> Self {
        self.max_waiting = calls;
        self
    }

    /// Whether both name one server.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.host.eq_ignore_ascii_case(&other.host) && self.port == other.port
    }

    /// `host:port`, an IPv6 address in brackets.
    #[must_use]
    pub fn name(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

/// A name whose SRV records say which servers there are, such as `_rpc._tcp.example.com`. Of these records the lowest
/// priority comes first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct SrvName {
    /// The name, which is complete: no search domain is appended.
    pub name: String,
    /// How many calls may wait for the answers of each of its servers. Default: 10 000.
    pub max_waiting: usize,
}

impl SrvName {
    /// A name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            max_waiting: MAX_WAITING,
        }
    }

    /// Sets how many calls may wait for the answers of each of its servers.
    #[must_use]
    pub fn with_max_waiting(mut self, calls: usize) -> Self {
        self.max_waiting = calls;
        self
    }
}

/// The servers of one service: at least one, or one name whose SRV records say which; none twice; all of them counting priorities
/// in the same direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servers {
    named: Vec<Server>,
    srv: Vec<SrvName>,
}

/// Why a list of servers cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseServersError {
    /// Where in the text, in bytes from its beginning; for servers that are no text, which of them.
    pub position: usize,
    /// What is wrong there.
    pub what: &'static str,
}

impl fmt::Display for ParseServersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad servers, at {}: {}", self.position, self.what)
    }
}

impl std::error::Error for ParseServersError {}

const MIXED: &str =
    "priorities count in the other direction than before; use one notation for all servers";
const TWICE: &str = "this server was named before; name it once";
const NO_PORT: &str = "the port must be a number from 1 to 65535";
const NO_HOST: &str =
    "the host is missing, or is no name or address (an IPv6 address stands in brackets)";
const NONE: &str = "there must be at least one server";

type Result<T> = std::result::Result<T, ParseServersError>;

fn wrong<T>(position: usize, what: &'static str) -> Result<T> {
    Err(ParseServersError { position, what })
}

/// A server, or a name for some.
enum Entry {
    Server(Server),
    Srv(SrvName),
}

impl Servers {
    /// Servers that the program names one by one.
    ///
    /// # Errors
    ///
    /// When there is none, one twice, or some count priorities upwards and some downwards.
    pub fn new(servers: impl IntoIterator<Item = Server>) -> Result<Self> {
        Self::placed(servers.into_iter().map(Entry::Server).enumerate().collect())
    }

    /// Servers that DNS names, by one name or several.
    ///
    /// # Errors
    ///
    /// When there is no name, one twice, or one that is none.
    pub fn srv(names: impl IntoIterator<Item = SrvName>) -> Result<Self> {
        let names: Vec<_> = names.into_iter().map(Entry::Srv).enumerate().collect();
        for (at, entry) in &names {
            if let Entry::Srv(srv) = entry {
                notation::srv_name(&srv.name, *at)?;
            }
        }
        Self::placed(names)
    }

    /// A name as it is; whoever asks DNS says when it is none.
    pub(super) fn of_name(name: String) -> Self {
        Self {
            named: Vec::new(),
            srv: vec![SrvName::new(name)],
        }
    }

    fn placed(entries: Vec<(usize, Entry)>) -> Result<Self> {
        let (mut named, mut srv): (Vec<Server>, Vec<SrvName>) = (Vec::new(), Vec::new());
        let mut counts_up = None;
        for (at, entry) in entries {
            let up = matches!(&entry, Entry::Server(server) if server.priority.counts_up());
            if *counts_up.get_or_insert(up) != up {
                return wrong(at, MIXED);
            }
            let is_known = match entry {
                Entry::Server(server) if server.port == 0 => return wrong(at, NO_PORT),
                Entry::Server(server) => {
                    let is_known = named.iter().any(|known| known.is_same(&server));
                    named.push(server);
                    is_known
                }
                Entry::Srv(name) => {
                    let is_known = srv
                        .iter()
                        .any(|known| known.name.eq_ignore_ascii_case(&name.name));
                    srv.push(name);
                    is_known
                }
            };
            if is_known {
                return wrong(at, TWICE);
            }
        }
        match counts_up {
            Some(_) => Ok(Self { named, srv }),
            None => wrong(0, NONE),
        }
    }

    /// The servers that are named, in the order in which they were.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Server> {
        self.named.iter()
    }

    /// The names whose SRV records say which servers there are besides, in the order in which they were given.
    #[must_use]
    pub fn srv_names(&self) -> &[SrvName] {
        &self.srv
    }
}
