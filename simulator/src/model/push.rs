//! Data push: what a device sends by itself, where, and how that goes.

mod body;
#[cfg(test)]
mod tests;

pub use self::body::{
    PushRow, PushSensor, Record, SensorKind, SensorMetaData, sensor_list, sensor_log,
};

use std::collections::BTreeMap;
use std::time::Duration;

/// What is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushKind {
    /// List of sensors.
    #[default]
    SensorList,
    /// Log of sensors.
    SensorLog,
    /// List of asset strips.
    AssetList,
    /// Log of asset strips.
    AssetLog,
    /// Audit log.
    AuditLog,
}

/// What to send where.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PushSettings {
    /// The server: `http://…`, `https://…`, `mqtt://…` or `mqtts://…`.
    pub url: String,
    /// Whether its certificate may be expired or not valid yet.
    pub allow_off_time_certificates: bool,
    /// Certificates that vouch for it, as PEM.
    pub ca_chain: String,
    /// Whether to sign in.
    pub use_auth: bool,
    /// Name to sign in with.
    pub user: String,
    /// Its password.
    pub password: String,
    /// What to send.
    pub kind: PushKind,
    /// Ids of sensors or strips; empty: all.
    pub items: Vec<String>,
    /// What MQTT topics begin with: empty, or with a slash at the end.
    pub topic_prefix: String,
}

/// Without the password.
impl std::fmt::Debug for PushSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushSettings")
            .field("url", &self.url)
            .field("kind", &self.kind)
            .field("items", &self.items)
            .field("use_auth", &self.use_auth)
            .finish_non_exhaustive()
    }
}

/// How an entry is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PushStatus {
    /// Whether it is being sent.
    pub busy: bool,
    /// Whether it will be sent again right afterwards.
    pub rescheduled: bool,
    /// When it was sent last; `None`: never.
    pub last_attempt: Option<Duration>,
    /// When that succeeded last; `None`: never.
    pub last_success: Option<Duration>,
}

/// Why an entry cannot be added or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushError {
    /// There is no such entry.
    NoSuchId,
    /// A setting is invalid.
    InvalidParams,
    /// No more entries fit.
    MaxEntries,
}

/// Entries that a device has at most.
pub const MAX_ENTRIES: usize = 64;

#[derive(Debug)]
struct PushEntry {
    settings: PushSettings,
    status: PushStatus,
}

/// The entries of one device.
#[derive(Debug, Default)]
pub struct DataPush {
    entries: BTreeMap<i32, PushEntry>,
}

impl DataPush {
    /// Adds an entry and gives its number, the lowest that is free from 1 on.
    ///
    /// # Errors
    ///
    /// When a setting is invalid, or no more entries fit.
    pub fn add(&mut self, settings: PushSettings) -> Result<i32, PushError> {
        valid(&settings)?;
        if self.entries.len() == MAX_ENTRIES {
            return Err(PushError::MaxEntries);
        }
        let free = (1..).find(|id| !self.entries.contains_key(id));
        let id = free.ok_or(PushError::MaxEntries)?;
        let status = PushStatus::default();
        self.entries.insert(id, PushEntry { settings, status });
        Ok(id)
    }

    /// Changes an entry and gives the settings before. An empty password keeps the old one.
    ///
    /// # Errors
    ///
    /// When there is no such entry, or a setting is invalid.
    pub fn modify(
        &mut self,
        id: i32,
        mut settings: PushSettings,
    ) -> Result<PushSettings, PushError> {
        let entry = self.entries.get_mut(&id).ok_or(PushError::NoSuchId)?;
        if settings.password.is_empty() {
            settings.password.clone_from(&entry.settings.password);
        }
        valid(&settings)?;
        Ok(std::mem::replace(&mut entry.settings, settings))
    }

    /// Removes an entry.
    ///
    /// # Errors
    ///
    /// When there is no such entry.
    pub fn delete(&mut self, id: i32) -> Result<(), PushError> {
        let removed = self.entries.remove(&id);
        removed.map(drop).ok_or(PushError::NoSuchId)
    }

    /// The settings of an entry.
    #[must_use]
    pub fn get(&self, id: i32) -> Option<&PushSettings> {
        Some(&self.entries.get(&id)?.settings)
    }

    /// All entries by number.
    pub fn list(&self) -> impl Iterator<Item = (i32, &PushSettings)> {
        self.entries
            .iter()
            .map(|(id, entry)| (*id, &entry.settings))
    }

    /// How an entry is doing.
    #[must_use]
    pub fn status(&self, id: i32) -> Option<PushStatus> {
        Some(self.entries.get(&id)?.status)
    }

    /// Somebody wants an entry sent. The answer says whether to begin: while it is being sent, it is sent again afterwards.
    ///
    /// # Errors
    ///
    /// When there is no such entry.
    pub fn push(&mut self, now: Duration, id: i32) -> Result<bool, PushError> {
        let entry = self.entries.get_mut(&id).ok_or(PushError::NoSuchId)?;
        if entry.status.busy {
            entry.status.rescheduled = true;
            return Ok(false);
        }
        entry.status.busy = true;
        entry.status.last_attempt = Some(now);
        Ok(true)
    }

    /// An entry was sent, or could not be. The answer says whether to send it again at once, which then has begun.
    #[must_use]
    pub fn pushed(&mut self, now: Duration, id: i32, success: bool) -> bool {
        let Some(entry) = self.entries.get_mut(&id).filter(|entry| entry.status.busy) else {
            return false;
        };
        let status = &mut entry.status;
        if success {
            status.last_success = Some(now);
        }
        if std::mem::take(&mut status.rescheduled) {
            status.last_attempt = Some(now);
            return true;
        }
        status.busy = false;
        false
    }

    /// Stops sending an entry.
    pub fn cancel(&mut self, id: i32) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.status.busy = false;
            entry.status.rescheduled = false;
        }
    }
}

fn valid(settings: &PushSettings) -> Result<(), PushError> {
    let url = &settings.url;
    let schemes = ["http://", "https://", "mqtt://", "mqtts://"];
    let host = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let good = host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':', '?']))
        && url.len() <= 2_048
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
        && settings.items.len() <= 1_000
        && (settings.topic_prefix.is_empty() || settings.topic_prefix.ends_with('/'))
        && (!settings.use_auth || !settings.user.is_empty());
    good.then_some(()).ok_or(PushError::InvalidParams)
}
