//! Clock settings: time zone, where the time comes from, NTP servers.

mod zone;

pub use self::zone::{ZONES, Zone};

use std::collections::BTreeMap;
use std::time::Duration;

/// Where the time comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeSource {
    /// From the user.
    #[default]
    Static,
    /// From NTP servers.
    Ntp,
}

/// Algorithm that a key for NTP is used with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NtpKeyKind {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// AES-CMAC with a key of 128 bits.
    Aes128Cmac,
    /// AES-CMAC with a key of 256 bits.
    Aes256Cmac,
}

/// A secret that device and NTP server share.
#[derive(Clone, PartialEq, Eq)]
pub struct NtpKey {
    /// Algorithm.
    pub kind: NtpKeyKind,
    /// The secret in hexadecimal digits.
    pub hex: String,
}

/// Without the secret.
impl std::fmt::Debug for NtpKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NtpKey")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// An NTP server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NtpServer {
    /// Name or address; empty: none.
    pub name: String,
    /// Id of its key; 0: none.
    pub key: i32,
}

/// What can be configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockSettings {
    /// Number of the time zone in [`ZONES`].
    pub zone: i32,
    /// Whether the device changes to daylight saving time and back.
    pub daylight_saving: bool,
    /// Where the time comes from.
    pub source: TimeSource,
    /// NTP servers, the first one first.
    pub servers: [NtpServer; 2],
    /// Keys by id.
    pub keys: BTreeMap<i32, NtpKey>,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self {
            zone: 0,
            daylight_saving: true,
            source: TimeSource::default(),
            servers: Default::default(),
            keys: BTreeMap::new(),
        }
    }
}

/// What setting the clock did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockChange {
    /// Whether settings differ from before.
    pub settings: bool,
    /// Time before and after, in seconds since 1970-01-01 UTC, if the clock was set.
    pub time: Option<(i64, i64)>,
}

/// The clock that a device shows: the one that it runs by, set forward or back by users.
#[derive(Clone, Debug, Default)]
pub struct DeviceClock {
    settings: ClockSettings,
    /// Seconds to add.
    offset: i64,
}

/// The last second that a device can show.
const LAST: i64 = 253_402_300_799;

impl DeviceClock {
    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &ClockSettings {
        &self.settings
    }

    /// The time that the device shows, in seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn time(&self, now: Duration) -> i64 {
        let now = i64::try_from(now.as_secs()).unwrap_or(LAST);
        now.saturating_add(self.offset).clamp(0, LAST)
    }

    /// The time zone.
    #[must_use]
    pub fn zone(&self) -> &'static Zone {
        zone_of(self.settings.zone).unwrap_or(&ZONES[0])
    }

    /// Seconds to add to the time for local time, now.
    #[must_use]
    pub fn utc_offset(&self, now: Duration) -> i32 {
        self.zone()
            .offset(self.time(now), self.settings.daylight_saving)
    }

    /// Changes the settings; `time` is what the clock is set to when the user is the source. `None`: something in them is not
    /// possible, and nothing was changed.
    pub fn set(
        &mut self,
        now: Duration,
        settings: ClockSettings,
        time: i64,
    ) -> Option<ClockChange> {
        zone_of(settings.zone)?;
        let known = |server: &NtpServer| {
            server.name.chars().count() <= 255
                && !server
                    .name
                    .contains(|c: char| c.is_whitespace() || c.is_control())
                && (server.key == 0 || settings.keys.contains_key(&server.key))
        };
        if !settings.servers.iter().all(known) || !settings.keys.values().all(NtpKey::is_valid) {
            return None;
        }
        let by_hand = settings.source == TimeSource::Static;
        if by_hand && !(0..=LAST).contains(&time) {
            return None;
        }
        let mut change = ClockChange {
            settings: settings != self.settings,
            time: None,
        };
        let before = self.time(now);
        self.settings = settings;
        // NTP gives the time of the clock that the device runs by.
        let after = if by_hand {
            time
        } else {
            i64::try_from(now.as_secs()).unwrap_or(LAST)
        };
        if after != before {
            self.offset = after - i64::try_from(now.as_secs()).unwrap_or(LAST);
            change.time = Some((before, after));
        }
        Some(change)
    }

    /// Servers in use: those of the settings that have a name, with NTP as the source.
    #[must_use]
    pub fn active_servers(&self) -> Vec<String> {
        let servers = self.settings.servers.iter();
        let named = servers.filter(|server| !server.name.is_empty());
        if self.settings.source == TimeSource::Ntp {
            named.map(|server| server.name.clone()).collect()
        } else {
            Vec::new()
        }
    }

    /// What asking an NTP server comes to. Nothing goes over the network: names that end in `.invalid` have no address, the
    /// addresses that are reserved for documentation do not answer, and every other server can be used.
    #[must_use]
    pub fn check_server(&self, name: &str, key: i32, override_key: Option<&NtpKey>) -> NtpCheck {
        if name.is_empty() || name.contains(char::is_whitespace) {
            return NtpCheck::InvalidArgument;
        }
        let known =
            override_key.map_or_else(|| self.settings.keys.contains_key(&key), NtpKey::is_valid);
        if key != 0 && !known {
            return NtpCheck::KeyUnknown;
        }
        let silent = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
        if name.trim_end_matches('.').ends_with(".invalid") {
            NtpCheck::NoAddress
        } else if silent.iter().any(|prefix| name.starts_with(prefix)) {
            NtpCheck::NoResponse
        } else {
            NtpCheck::Usable
        }
    }
}

/// What asking an NTP server came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NtpCheck {
    /// It can be used.
    Usable,
    /// An argument is invalid.
    InvalidArgument,
    /// No address belongs to the name.
    NoAddress,
    /// There is no key of that id.
    KeyUnknown,
    /// No answer came in time.
    NoResponse,
}

impl NtpKey {
    fn is_valid(&self) -> bool {
        let bytes = match self.kind {
            NtpKeyKind::Aes128Cmac => Some(16),
            NtpKeyKind::Aes256Cmac => Some(32),
            NtpKeyKind::Sha256 | NtpKeyKind::Sha512 => None,
        };
        let digits = self.hex.len();
        self.hex.bytes().all(|byte| byte.is_ascii_hexdigit())
            && digits > 0
            && digits.is_multiple_of(2)
            && digits <= 128
            && bytes.is_none_or(|bytes| digits == 2 * bytes)
    }
}

fn zone_of(id: i32) -> Option<&'static Zone> {
    ZONES.get(usize::try_from(id).ok()?)
}

#[cfg(test)]
mod tests;
