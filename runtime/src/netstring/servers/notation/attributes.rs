//! One server in the notation of `janssonrpcc`: attributes with semicolons between them.

use super::foreign;
use super::{NO_PRIORITY, host, port, srv_name};
use crate::netstring::servers::{Entry, Priority, Result, Server, SrvName, wrong};

/// What one word says, before it is known what it is.
#[derive(Default)]
struct Said<'t> {
    conn: Option<&'t str>,
    host: Option<&'t str>,
    srv: Option<&'t str>,
    port: Option<u16>,
    priority: Option<i32>,
    weight: Option<u16>,
    max_waiting: Option<usize>,
    /// The first of those that DNS has for the servers of an SRV record.
    placed: Option<usize>,
}

/// One server, or a name for some, and the name of its group.
pub(super) fn attributes(at: usize, word: &str) -> Result<(Entry, &str)> {
    let mut said = Said::default();
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
        said.take(start, name, value)?;
    }
    said.entry(at)
}

impl<'t> Said<'t> {
    fn take(&mut self, start: usize, name: &str, value: &'t str) -> Result<()> {
        let at = start + name.len() + 1;
        if matches!(name, "addr" | "port" | "priority" | "weight") {
            self.placed.get_or_insert(start);
        }
        match name {
            "conn" => self.conn = Some(value),
            "srv" => self.srv = Some(srv_name(value, at)?),
            "addr" => {
                // The module takes IPv6 addresses without brackets.
                let bare = value.parse::<std::net::Ipv6Addr>().is_ok();
                self.host = Some(if bare { value } else { host(value, at)? });
            }
            "port" => self.port = Some(port(value, at)?),
            "priority" => match value.parse() {
                Ok(number) => self.priority = Some(number),
                Err(_) => return wrong(at, NO_PRIORITY),
            },
            "weight" => match value.parse() {
                Ok(weight) => self.weight = Some(weight),
                Err(_) => return wrong(at, "the weight must be a number from 0 to 65535"),
            },
            "hwm" => match value.parse() {
                Ok(calls) if calls > 0 => self.max_waiting = Some(calls),
                _ => return wrong(at, "hwm must be a number above 0"),
            },
            "proto" if value.eq_ignore_ascii_case("tcp") => {}
            "proto" => return wrong(at, "the only protocol is tcp: leave proto out"),
            _ => return wrong(start, foreign::what_instead(name)),
        }
        Ok(())
    }

    fn entry(self, at: usize) -> Result<(Entry, &'t str)> {
        let Some(conn) = self.conn else {
            return wrong(at, "conn is missing");
        };
        if let Some(name) = self.srv {
            if let Some(place) = self.placed {
                return wrong(
                    place,
                    "with srv this comes from DNS: leave it out, or leave out srv",
                );
            }
            let mut srv = SrvName::new(name);
            srv.max_waiting = self.max_waiting.unwrap_or(srv.max_waiting);
            return Ok((Entry::Srv(srv), conn));
        }
        let Some(host) = self.host else {
            return wrong(at, "addr or srv is missing");
        };
        let Some(port) = self.port else {
            return wrong(at, "port is missing");
        };
        let mut server = Server::new(host, port, Priority::LowerFirst(self.priority.unwrap_or(0)));
        server.weight = self.weight.unwrap_or(server.weight);
        server.max_waiting = self.max_waiting.unwrap_or(server.max_waiting);
        Ok((Entry::Server(server), conn))
    }
}
