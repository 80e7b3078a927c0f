//! Servers that the device watches by ping.
//!
//! Nothing is sent anywhere: whether a server answers is said by whoever plays with the device, and what has become of the
//! pings is worked out of the time that has passed.

use std::collections::BTreeMap;
use std::time::Duration;

/// Servers that a device watches at most.
pub(crate) const MAX_SERVERS: usize = 64;

/// How a server is watched. Times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServerSettings {
    pub(crate) host: String,
    pub(crate) enabled: bool,
    pub(crate) ping_interval: i32,
    pub(crate) retry_interval: i32,
    pub(crate) activation_count: i32,
    pub(crate) failure_count: i32,
    pub(crate) resume_delay: i32,
    pub(crate) resume_count: i32,
    pub(crate) power: ServerPower,
}

/// How a server is switched.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct ServerPower {
    pub(crate) enabled: bool,
    /// The outlet (from 0) that feeds it.
    pub(crate) outlet: Option<usize>,
    pub(crate) by_power_drop: bool,
    /// In W.
    pub(crate) threshold: f64,
    pub(crate) timeout: i32,
    pub(crate) command: String,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) ssh_port: i32,
}

/// Without the password.
impl std::fmt::Debug for ServerPower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerPower")
            .field("enabled", &self.enabled)
            .field("outlet", &self.outlet)
            .finish_non_exhaustive()
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            host: String::new(),
            enabled: true,
            ping_interval: 5,
            retry_interval: 5,
            activation_count: 1,
            failure_count: 3,
            resume_delay: 60,
            resume_count: 0,
            power: ServerPower {
                timeout: 60,
                ssh_port: 22,
                ..ServerPower::default()
            },
        }
    }
}

impl ServerSettings {
    fn is_valid(&self) -> bool {
        let host = &self.host;
        let power = &self.power;
        !host.is_empty()
            && host.len() <= 255
            && !host.contains(|c: char| c.is_whitespace() || c.is_control())
            && self.ping_interval > 0
            && self.retry_interval > 0
            && self.activation_count >= 0
            && self.failure_count > 0
            && self.resume_delay >= 0
            && self.resume_count >= 0
            && (1..=65_535).contains(&power.ssh_port)
            && power.timeout >= 0
            && power.threshold >= 0.0
            && (!power.enabled || power.outlet.is_some())
    }
}

/// Whether a server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reachability {
    Waiting,
    Reachable,
    Unreachable,
}

/// What has become of the pings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pings {
    pub(crate) reachable: Reachability,
    pub(crate) last_request: Option<Duration>,
    pub(crate) last_response: Option<Duration>,
    pub(crate) requests: i32,
    pub(crate) responses: i32,
    /// In a row.
    pub(crate) failures: i32,
}

/// Why a server cannot be added, changed or switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerRefusal {
    NoSuchId,
    Invalid,
    Duplicate,
    TooMany,
}

#[derive(Clone, Debug)]
struct Watched {
    settings: ServerSettings,
    answers: bool,
    /// Since when it answers, or not.
    since: Duration,
    /// What came before that.
    before: Pings,
}

impl Pings {
    /// None was sent.
    pub(crate) const NONE: Self = Self {
        reachable: Reachability::Waiting,
        last_request: None,
        last_response: None,
        requests: 0,
        responses: 0,
        failures: 0,
    };
}

impl Watched {
    fn pings(&self, now: Duration) -> Pings {
        let Self {
            settings, before, ..
        } = self;
        if !settings.enabled {
            return Pings::NONE;
        }
        let interval = match self.answers {
            true => settings.ping_interval,
            false => settings.retry_interval,
        };
        let interval = u64::try_from(interval).unwrap_or(1).max(1);
        // The first one is sent at once.
        let rounds = now.saturating_sub(self.since).as_secs() / interval;
        let last = Some(self.since + Duration::from_secs(rounds * interval));
        let sent = i32::try_from(rounds + 1).unwrap_or(i32::MAX);
        let requests = before.requests.saturating_add(sent);
        if self.answers {
            let responses = before.responses.saturating_add(sent);
            let active = sent >= settings.activation_count;
            Pings {
                reachable: if active {
                    Reachability::Reachable
                } else {
                    Reachability::Waiting
                },
                last_request: last,
                last_response: last,
                requests,
                responses,
                failures: 0,
            }
        } else {
            Pings {
                reachable: if sent >= settings.failure_count {
                    Reachability::Unreachable
                } else {
                    before.reachable
                },
                last_request: last,
                last_response: before.last_response,
                requests,
                responses: before.responses,
                failures: sent,
            }
        }
    }
}

/// The servers of one device, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Servers {
    servers: BTreeMap<i32, Watched>,
}

impl Servers {
    /// Watches one more; its number is the lowest that is free from 1 on.
    pub(crate) fn add(
        &mut self,
        settings: ServerSettings,
        now: Duration,
    ) -> Result<i32, ServerRefusal> {
        self.check(None, &settings)?;
        if self.servers.len() >= MAX_SERVERS {
            return Err(ServerRefusal::TooMany);
        }
        let free = (1..).find(|id| !self.servers.contains_key(id));
        let id = free.ok_or(ServerRefusal::TooMany)?;
        self.servers.insert(
            id,
            Watched {
                settings,
                answers: true,
                since: now,
                before: Pings::NONE,
            },
        );
        Ok(id)
    }

    /// Watches one in another way; counting begins anew. An empty password keeps the old one.
    pub(crate) fn modify(
        &mut self,
        id: i32,
        mut settings: ServerSettings,
        now: Duration,
    ) -> Result<(), ServerRefusal> {
        let old = self.servers.get(&id).ok_or(ServerRefusal::NoSuchId)?;
        if settings.power.password.is_empty() {
            settings
                .power
                .password
                .clone_from(&old.settings.power.password);
        }
        self.check(Some(id), &settings)?;
        let server = self.servers.get_mut(&id).ok_or(ServerRefusal::NoSuchId)?;
        (server.settings, server.since, server.before) = (settings, now, Pings::NONE);
        Ok(())
    }

    pub(crate) fn delete(&mut self, id: i32) -> Result<(), ServerRefusal> {
        let removed = self.servers.remove(&id);
        removed.map(drop).ok_or(ServerRefusal::NoSuchId)
    }

    /// From now on, a server answers or does not; the answer says whether it is watched.
    pub(crate) fn set_answers(&mut self, host: &str, answers: bool, now: Duration) -> bool {
        let mut servers = self.servers.values_mut();
        let Some(server) = servers.find(|server| server.settings.host == host) else {
            return false;
        };
        if server.answers != answers {
            server.before = server.pings(now);
            (server.answers, server.since) = (answers, now);
        }
        true
    }

    pub(crate) fn get(&self, id: i32, now: Duration) -> Option<(ServerSettings, Pings)> {
        let server = self.servers.get(&id)?;
        Some((server.settings.clone(), server.pings(now)))
    }

    pub(crate) fn ids(&self) -> Vec<i32> {
        self.servers.keys().copied().collect()
    }

    fn check(&self, own: Option<i32>, settings: &ServerSettings) -> Result<(), ServerRefusal> {
        if !settings.is_valid() {
            return Err(ServerRefusal::Invalid);
        }
        let twice = self.servers.iter().any(|(id, server)| {
            Some(*id) != own && server.settings.host.eq_ignore_ascii_case(&settings.host)
        });
        if twice {
            return Err(ServerRefusal::Duplicate);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn settings(host: &str) -> ServerSettings {
        ServerSettings {
            host: host.to_owned(),
            ..ServerSettings::default()
        }
    }

    #[test]
    fn pings_are_counted_by_the_clock() {
        let mut servers = Servers::default();
        let id = servers.add(settings("web"), seconds(100)).unwrap();
        let pings = |servers: &Servers, now| servers.get(id, seconds(now)).unwrap().1;
        assert_eq!(pings(&servers, 100).requests, 1);
        let answered = pings(&servers, 112);
        assert_eq!((answered.requests, answered.responses), (3, 3));
        assert_eq!(answered.reachable, Reachability::Reachable);
        assert_eq!(answered.last_request, Some(seconds(110)));

        assert!(servers.set_answers("web", false, seconds(120)));
        assert_eq!(pings(&servers, 121).reachable, Reachability::Reachable);
        let lost = pings(&servers, 131);
        assert_eq!((lost.failures, lost.responses), (3, 5));
        assert_eq!(lost.reachable, Reachability::Unreachable);
        assert!(!servers.set_answers("mail", false, seconds(131)));
    }

    #[test]
    fn what_cannot_be_watched_is_refused() {
        let mut servers = Servers::default();
        let first = servers.add(settings("web"), seconds(0)).unwrap();
        let refused = |result: Result<i32, _>| result.unwrap_err();
        assert_eq!(
            refused(servers.add(settings("WEB"), seconds(0))),
            ServerRefusal::Duplicate
        );
        assert_eq!(
            refused(servers.add(settings(""), seconds(0))),
            ServerRefusal::Invalid
        );
        assert_eq!(servers.modify(first, settings("web"), seconds(0)), Ok(()));
        assert_eq!(servers.delete(9), Err(ServerRefusal::NoSuchId));
        for number in 1..MAX_SERVERS {
            servers
                .add(settings(&format!("host{number}")), seconds(0))
                .unwrap();
        }
        assert_eq!(
            refused(servers.add(settings("last"), seconds(0))),
            ServerRefusal::TooMany
        );
    }
}
