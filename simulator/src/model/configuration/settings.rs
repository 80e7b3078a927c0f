//! The settings that a configuration carries, and their keys.

use super::entries::{Entry, EntryError};

/// What an outlet does when the device starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Startup {
    /// It is switched on.
    On,
    /// It is switched off.
    Off,
    /// As it was before.
    LastKnown,
    /// As the whole device is set.
    #[default]
    LikePdu,
}

impl Startup {
    const ALL: [(Self, &str); 4] = [
        (Self::On, "on"),
        (Self::Off, "off"),
        (Self::LastKnown, "last"),
        (Self::LikePdu, "pdu"),
    ];

    fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(state, _)| *state == self);
        found.map_or("pdu", |(_, name)| name)
    }

    fn parse(text: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        found.map(|(state, _)| *state)
    }
}

/// The settings of an outlet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutletSettings {
    /// Name, at most 64 characters.
    pub name: String,
    /// What it does when the device starts.
    pub startup: Startup,
    /// Seconds that a power cycle keeps it off, 0 to 3600; `None`: as the whole device is set.
    pub cycle_delay: Option<u32>,
    /// Seconds to wait behind it in a sequence, 0 to 3600.
    pub sequence_delay: u32,
    /// Whether it is switched off to shed load.
    pub non_critical: bool,
}

/// The settings of a slot for peripheral devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotSettings {
    /// Name, at most 64 characters.
    pub name: String,
    /// Description.
    pub description: String,
}

/// An account, without its password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserSettings {
    /// Name to log in with.
    pub name: String,
    /// Name of the role.
    pub role: String,
}

/// All settings that a configuration carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceSettings {
    /// Name of the device, at most 64 characters.
    pub name: String,
    /// Seconds that a power cycle keeps outlets off, 0 to 3600.
    pub cycle_delay: u32,
    /// Outlets in their order.
    pub outlets: Vec<OutletSettings>,
    /// Names of the inlets.
    pub inlets: Vec<String>,
    /// Names of the overcurrent protectors.
    pub ocps: Vec<String>,
    /// Slots in their order.
    pub slots: Vec<SlotSettings>,
    /// Accounts. A configuration changes roles, and neither adds nor removes users.
    pub users: Vec<UserSettings>,
}

impl DeviceSettings {
    /// All settings as entries.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut all = vec![
            Entry::new("pdu.name", &self.name),
            Entry::new("pdu.cycle_delay", self.cycle_delay),
        ];
        for (index, outlet) in self.outlets.iter().enumerate() {
            let key = |member| format!("outlet[{index}].{member}");
            let delay = outlet.cycle_delay;
            let delay = delay.map_or_else(|| "pdu".to_owned(), |delay| delay.to_string());
            all.push(Entry::new(key("name"), &outlet.name));
            all.push(Entry::new(key("startup"), outlet.startup.name()));
            all.push(Entry::new(key("cycle_delay"), delay));
            all.push(Entry::new(key("sequence_delay"), outlet.sequence_delay));
            all.push(Entry::new(key("non_critical"), outlet.non_critical));
        }
        let names = |kind, names: &[String]| -> Vec<Entry> {
            let indexed = names.iter().enumerate();
            indexed
                .map(|(index, name)| Entry::new(format!("{kind}[{index}].name"), name))
                .collect()
        };
        all.extend(names("inlet", &self.inlets));
        all.extend(names("ocp", &self.ocps));
        for (index, slot) in self.slots.iter().enumerate() {
            all.push(Entry::new(format!("slot[{index}].name"), &slot.name));
            let key = format!("slot[{index}].description");
            all.push(Entry::new(key, &slot.description));
        }
        for user in &self.users {
            all.push(Entry::new(format!("user[{}].role", user.name), &user.role));
        }
        all
    }

    /// The settings with these entries in force. Settings without an entry stay as they are.
    ///
    /// # Errors
    ///
    /// For the first entry that cannot be put in force; then nothing is.
    pub fn with(&self, entries: &[Entry]) -> Result<Self, EntryError> {
        let mut new = self.clone();
        for entry in entries {
            new.set(entry)?;
        }
        Ok(new)
    }

    fn set(&mut self, entry: &Entry) -> Result<(), EntryError> {
        let (key, value) = (entry.key.as_str(), entry.value.as_str());
        let unknown = || EntryError::Unknown(key.to_owned());
        let wrong = || EntryError::Value(key.to_owned());
        let (place, member) = key.rsplit_once('.').ok_or_else(unknown)?;
        if place == "pdu" {
            return match member {
                "name" => name(value).map(|new| self.name = new),
                "cycle_delay" => delay(value).map(|new| self.cycle_delay = new),
                _ => return Err(unknown()),
            }
            .ok_or_else(wrong);
        }
        let (kind, id) = indexed(place).ok_or_else(unknown)?;
        if kind == "user" {
            let mut users = self.users.iter_mut();
            let user = users.find(|user| user.name == id).ok_or_else(unknown)?;
            if member != "role" {
                return Err(unknown());
            }
            user.role = name(value)
                .filter(|role| !role.is_empty())
                .ok_or_else(wrong)?;
            return Ok(());
        }
        let index: usize = id.parse().map_err(|_| unknown())?;
        let done = match (kind, member) {
            ("outlet", _) => {
                let outlet = self.outlets.get_mut(index).ok_or_else(unknown)?;
                outlet.set(member, value).ok_or_else(unknown)?
            }
            ("inlet", "name") => put(self.inlets.get_mut(index).ok_or_else(unknown)?, value),
            ("ocp", "name") => put(self.ocps.get_mut(index).ok_or_else(unknown)?, value),
            ("slot", "name") => put(
                &mut self.slots.get_mut(index).ok_or_else(unknown)?.name,
                value,
            ),
            ("slot", "description") => {
                self.slots.get_mut(index).ok_or_else(unknown)?.description = value.to_owned();
                Some(())
            }
            _ => return Err(unknown()),
        };
        done.ok_or_else(wrong)
    }
}

impl OutletSettings {
    /// `None`: there is no such member; `Some(None)`: its value is not possible.
    fn set(&mut self, member: &str, value: &str) -> Option<Option<()>> {
        Some(match member {
            "name" => put(&mut self.name, value),
            "startup" => Startup::parse(value).map(|new| self.startup = new),
            "cycle_delay" if value == "pdu" => {
                self.cycle_delay = None;
                Some(())
            }
            "cycle_delay" => delay(value).map(|new| self.cycle_delay = Some(new)),
            "sequence_delay" => delay(value).map(|new| self.sequence_delay = new),
            "non_critical" => value.parse().ok().map(|new| self.non_critical = new),
            _ => return None,
        })
    }
}

fn put(place: &mut String, value: &str) -> Option<()> {
    *place = name(value)?;
    Some(())
}

fn name(value: &str) -> Option<String> {
    (value.chars().count() <= 64 && !value.chars().any(char::is_control)).then(|| value.to_owned())
}

fn delay(value: &str) -> Option<u32> {
    value.parse().ok().filter(|delay| *delay <= 3_600)
}

/// `outlet[3]` in its two parts.
fn indexed(place: &str) -> Option<(&str, &str)> {
    place.strip_suffix(']')?.split_once('[')
}
