//! Which servers there are, in both notations of Kamailio.

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

    /// `host:port`, an IPv6 address in brackets.
    #[must_use]
    pub fn name(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

/// The servers of one service: at least one, none twice, all of them counting priorities in the same direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servers(Vec<Server>);

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
const NO_PRIORITY: &str = "the priority must be a whole number";
const NO_HOST: &str =
    "the host is missing, or is no name or address (an IPv6 address stands in brackets)";
const NONE: &str = "there must be at least one server";

type Result<T> = std::result::Result<T, ParseServersError>;

fn wrong<T>(position: usize, what: &'static str) -> Result<T> {
    Err(ParseServersError { position, what })
}

impl Servers {
    /// Servers that the program names one by one.
    ///
    /// # Errors
    ///
    /// When there is none, one twice, or some count priorities upwards and some downwards.
    pub fn new(servers: impl IntoIterator<Item = Server>) -> Result<Self> {
        Self::placed(servers.into_iter().enumerate().collect())
    }

    /// The text of the parameter `servers` of `jsonrpcc`: `host:port,priority`, separated by blanks. The **highest** number comes
    /// first.
    ///
    /// ```
    /// use xerus_rpc::netstring::{Priority, Servers};
    ///
    /// let servers = Servers::jsonrpcc("a:9999,2 [::1]:9999,1")?;
    /// assert_eq!(servers.iter().next().unwrap().priority, Priority::HigherFirst(2));
    /// # Ok::<(), xerus_rpc::netstring::ParseServersError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// With the place of what is wrong.
    pub fn jsonrpcc(text: &str) -> Result<Self> {
        let mut servers = Vec::new();
        for (at, word) in words(text) {
            let Some((address, priority)) = word.rsplit_once(',') else {
                return wrong(at + word.len(), "a comma and a priority are missing");
            };
            let Ok(priority) = priority.parse() else {
                return wrong(at + address.len() + 1, NO_PRIORITY);
            };
            let Some((host, port)) = address.rsplit_once(':') else {
                return wrong(at + address.len(), NO_PORT);
            };
            let port = self::port(port, at + host.len() + 1)?;
            let host = self::host(host, at)?;
            servers.push((at, Server::new(host, port, Priority::HigherFirst(priority))));
        }
        Self::placed(servers)
    }

    /// The texts of the parameters `server` of `janssonrpcc` that have the name `conn`: `conn=main;addr=a;port=9999;priority=1`, also
    /// several in one text, separated by blanks. The **lowest** number comes first; without a number it is 0.
    ///
    /// `weight` and `hwm` are understood, too. Other names than `conn` are left out, by the whole name.
    ///
    /// # Errors
    ///
    /// With the place of what is wrong; also when no server has this name. `srv` is refused.
    pub fn janssonrpcc(text: &str, conn: &str) -> Result<Self> {
        let mut servers = Vec::new();
        for (at, word) in words(text) {
            let (server, name) = attributes(at, word)?;
            if name == conn {
                servers.push((at, server));
            }
        }
        Self::placed(servers)
    }

    fn placed(servers: Vec<(usize, Server)>) -> Result<Self> {
        let Some((_, first)) = servers.first() else {
            return wrong(0, NONE);
        };
        for (index, (at, server)) in servers.iter().enumerate() {
            if server.priority.counts_up() != first.priority.counts_up() {
                return wrong(*at, MIXED);
            }
            if server.port == 0 {
                return wrong(*at, NO_PORT);
            }
            let same = |known: &Server| {
                known.host.eq_ignore_ascii_case(&server.host) && known.port == server.port
            };
            if servers[..index].iter().any(|(_, known)| same(known)) {
                return wrong(*at, TWICE);
            }
        }
        Ok(Self(
            servers.into_iter().map(|(_, server)| server).collect(),
        ))
    }

    /// The servers, in the order in which they were named.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Server> {
        self.0.iter()
    }
}

/// The words of a text and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split_whitespace()
        .map(move |word| (word.as_ptr() as usize - start, word))
}

fn port(text: &str, at: usize) -> Result<u16> {
    match text.parse() {
        Ok(0) | Err(_) => wrong(at, NO_PORT),
        Ok(port) => Ok(port),
    }
}

fn host(text: &str, at: usize) -> Result<&str> {
    let bracketed = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let good = match bracketed {
        Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        }
    };
    match good {
        true => Ok(bracketed.unwrap_or(text)),
        false => wrong(at, NO_HOST),
    }
}

/// One server of `janssonrpcc`, and the name of its group.
fn attributes(at: usize, word: &str) -> Result<(Server, &str)> {
    let (mut conn, mut address) = (None, None);
    let mut server = Server::new("", 0, Priority::LowerFirst(0));
    let mut place = at;
    for part in word.split(';') {
        let (start, next) = (place, place + part.len() + 1);
        place = next;
        if part.is_empty() {
            continue;
        }
        let Some((name, value)) = part.split_once('=') else {
            return wrong(start, "an equals sign is missing");
        };
        let value_at = start + name.len() + 1;
        match name {
            "conn" => conn = Some(value),
            "addr" => {
                // The module takes IPv6 addresses without brackets.
                let bare = value.parse::<std::net::Ipv6Addr>().is_ok();
                address = Some(if bare { value } else { host(value, value_at)? });
            }
            "port" => server.port = port(value, value_at)?,
            "priority" => match value.parse() {
                Ok(number) => server.priority = Priority::LowerFirst(number),
                Err(_) => return wrong(value_at, NO_PRIORITY),
            },
            "weight" => match value.parse() {
                Ok(weight) => server.weight = weight,
                Err(_) => return wrong(value_at, "the weight must be a number from 0 to 65535"),
            },
            "hwm" => match value.parse() {
                Ok(calls) if calls > 0 => server.max_waiting = calls,
                _ => return wrong(value_at, "hwm must be a number above 0"),
            },
            "proto" if value == "tcp" => {}
            "proto" => return wrong(value_at, "the only protocol is tcp"),
            "srv" => {
                return wrong(
                    start,
                    "SRV records need a resolver: give the name to Netstring::srv, or name the servers by addr and port",
                );
            }
            _ => {
                return wrong(
                    start,
                    "known are conn, addr, port, priority, weight, hwm and proto",
                );
            }
        }
    }
    match (conn, address, server.port) {
        (None, ..) => wrong(at, "conn is missing"),
        (_, None, _) => wrong(at, "addr is missing"),
        (_, _, 0) => wrong(at, "port is missing"),
        (Some(conn), Some(address), _) => {
            address.clone_into(&mut server.host);
            Ok((server, conn))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_has_three_servers_and_the_highest_comes_first() {
        let text = "localhost:9999,2 10.10.0.1:9999,2 backup.server:9999,1";
        let servers = Servers::jsonrpcc(text).expect("servers");
        let ranks: Vec<_> = servers
            .iter()
            .map(|s| (s.name(), s.priority.rank()))
            .collect();
        assert_eq!(ranks[0], ("localhost:9999".to_owned(), -2));
        assert_eq!(ranks[2], ("backup.server:9999".to_owned(), -1));
    }

    #[test]
    fn janssonrpcc_counts_the_other_way_and_names_groups() {
        let text = "conn=main;addr=a;port=1;priority=1;weight=30 conn=main;addr=::1;port=2;hwm=2 conn=main2;addr=c;port=3";
        let servers = Servers::janssonrpcc(text, "main").expect("servers");
        let all: Vec<_> = servers.iter().collect();
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].weight, all[0].priority),
            (30, Priority::LowerFirst(1))
        );
        assert_eq!(
            (all[1].name(), all[1].max_waiting),
            ("[::1]:2".to_owned(), 2)
        );
        assert!(all[1].priority.rank() < all[0].priority.rank());
    }

    #[test]
    fn the_two_ways_to_count_are_never_mixed() {
        let mixed = Servers::new([
            Server::new("a", 1, Priority::HigherFirst(1)),
            Server::new("b", 1, Priority::LowerFirst(1)),
        ]);
        assert_eq!(mixed.expect_err("mixed").what, MIXED);
    }

    #[test]
    fn n32_what_is_wrong_is_said_with_its_place() {
        for (text, position, what) in [
            ("", 0, NONE),
            ("a:1", 3, "a comma and a priority are missing"),
            ("a:1,2 b:1,x", 10, NO_PRIORITY),
            ("a:0,1", 2, NO_PORT),
            ("a:70000,1", 2, NO_PORT),
            ("a,1", 1, NO_PORT),
            ("a:1,1 A:1,2", 6, TWICE),
            ("::1:9,1", 0, NO_HOST),
            ("[::g]:9,1", 0, NO_HOST),
            (":9,1", 0, NO_HOST),
        ] {
            let error = Servers::jsonrpcc(text).expect_err(text);
            assert_eq!((error.position, error.what), (position, what), "{text}");
        }
        for (text, position) in [
            ("conn=a;addr=b;port=0", 19),
            ("conn=a;addr=b;port=1;priority=x", 30),
            ("conn=a;addr=b;port=1;weight=-1", 28),
            ("conn=a;srv=_rpc._tcp.b", 7),
            ("conn=a;addr=b", 0),
            ("addr=b;port=1", 0),
            ("conn=a;adr=b;port=1", 7),
        ] {
            let error = Servers::janssonrpcc(text, "a").expect_err(text);
            assert_eq!(error.position, position, "{text}: {error}");
        }
        let none = Servers::janssonrpcc("conn=main2;addr=b;port=1", "main");
        assert_eq!(none.expect_err("no such group").what, NONE);
    }
}
