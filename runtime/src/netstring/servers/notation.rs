//! The texts by which Kamailio's modules are told their servers.

mod attributes;
mod foreign;

use attributes::attributes;

use super::{Entry, NO_HOST, NO_PORT, Priority, Result, Server, Servers, wrong};

const NO_PRIORITY: &str = "the priority must be a whole number";
const WHOLE_LINE: &str = "this is a line of a configuration: give only the text of its value, what stands between the last quotation marks";

impl Servers {
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
            not_a_line(word, at)?;
            if word.starts_with("conn=") {
                return wrong(
                    at,
                    "this is the notation of janssonrpcc: read it with Servers::janssonrpcc",
                );
            }
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
            let server = Server::new(host, port, Priority::HigherFirst(priority));
            servers.push((at, Entry::Server(server)));
        }
        Self::placed(servers)
    }

    /// The texts of the parameters `server` of `janssonrpcc` that have the name `conn`: `conn=main;addr=a;port=9999;priority=1`, also
    /// several in one text, separated by blanks. The **lowest** number comes first; without a number it is 0.
    ///
    /// `conn=main;srv=_rpc._tcp.example.com` stands for the servers that DNS names; who asks is set by
    /// [`resolve_srv`](super::super::NetstringBuilder::resolve_srv). `weight`, `hwm` and `proto=tcp` are understood, too. Other names than
    /// `conn` are left out, by the whole name.
    ///
    /// ```
    /// use xerus_rpc::netstring::Servers;
    ///
    /// let text = "conn=main;srv=_rpc._tcp.example.com;hwm=100 conn=main;addr=10.10.0.1;port=9999;priority=20";
    /// let servers = Servers::janssonrpcc(text, "main")?;
    /// assert_eq!(servers.srv_names()[0].name, "_rpc._tcp.example.com");
    /// assert_eq!(servers.iter().next().unwrap().name(), "10.10.0.1:9999");
    /// # Ok::<(), xerus_rpc::netstring::ParseServersError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// With the place of what is wrong; also when no server has this name. What the module has and this has another place for, such as
    /// `min_srv_ttl`, is refused with that place.
    pub fn janssonrpcc(text: &str, conn: &str) -> Result<Self> {
        let mut servers = Vec::new();
        for (at, word) in words(text) {
            not_a_line(word, at)?;
            let (entry, name) = attributes(at, word)?;
            if name == conn {
                servers.push((at, entry));
            }
        }
        Self::placed(servers)
    }
}

fn not_a_line(word: &str, at: usize) -> Result<()> {
    match word.starts_with("modparam") || word.starts_with('"') {
        true => wrong(at, WHOLE_LINE),
        false => Ok(()),
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

fn is_name(text: &str) -> bool {
    let is_good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !text.is_empty() && text.bytes().all(is_good)
}

fn host(text: &str, at: usize) -> Result<&str> {
    let bracketed = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let good = match bracketed {
        Some(inner) => inner.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_name(text),
    };
    match good {
        true => Ok(bracketed.unwrap_or(text)),
        false => wrong(at, NO_HOST),
    }
}

/// A name such as `_rpc._tcp.example.com`.
pub(super) fn srv_name(text: &str, at: usize) -> Result<&str> {
    let mut labels = text.strip_suffix('.').unwrap_or(text).split('.');
    let is_label = |label: &str| is_name(label) && label.len() < 64;
    match text.len() < 254 && labels.all(is_label) {
        true => Ok(text),
        false => wrong(
            at,
            "this is no name that can have SRV records: one looks like _rpc._tcp.example.com",
        ),
    }
}

#[cfg(test)]
mod tests;
