//! The settings that a configuration carries, and their keys.

use super::entries::{Entry, EntryError};
use crate::model::{
    InletSettings, OcpSettings, OutletSettings, OutletStartup, PduSettings, PduStartup, Role,
    SlotSettings,
};

/// All settings that a configuration carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSettings {
    /// The device as a whole.
    pub pdu: PduSettings,
    /// Outlets in their order.
    pub outlets: Vec<OutletSettings>,
    /// Inlets in their order.
    pub inlets: Vec<InletSettings>,
    /// Overcurrent protectors in their order.
    pub ocps: Vec<OcpSettings>,
    /// Slots in their order.
    pub slots: Vec<SlotSettings>,
    /// Accounts with their roles, without passwords. A configuration changes roles, and neither adds nor removes users.
    pub users: Vec<(String, Role)>,
}

const PDU_STARTUPS: [(PduStartup, &str); 3] = [
    (PduStartup::On, "on"),
    (PduStartup::Off, "off"),
    (PduStartup::LastKnown, "last"),
];

const OUTLET_STARTUPS: [(OutletStartup, &str); 4] = [
    (OutletStartup::On, "on"),
    (OutletStartup::Off, "off"),
    (OutletStartup::LastKnown, "last"),
    (OutletStartup::AsPdu, "pdu"),
];

const ROLES: [(Role, &str); 3] = [
    (Role::Administrator, "administrator"),
    (Role::Operator, "operator"),
    (Role::Viewer, "viewer"),
];

fn named<T: Copy + PartialEq>(names: &[(T, &'static str)], value: T) -> &'static str {
    let found = names.iter().find(|(other, _)| *other == value);
    found.map_or("", |(_, name)| name)
}

fn value_of<T: Copy>(names: &[(T, &'static str)], name: &str) -> Option<T> {
    let found = names.iter().find(|(_, other)| *other == name);
    found.map(|(value, _)| *value)
}

impl DeviceSettings {
    /// All settings as entries.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let pdu = &self.pdu;
        let mut all = vec![
            Entry::new("pdu.name", &pdu.name),
            Entry::new("pdu.startup", named(&PDU_STARTUPS, pdu.startup)),
            Entry::new("pdu.cycle_delay", pdu.cycle_delay),
            Entry::new("pdu.power_on_delay", pdu.power_on_delay),
            Entry::new("pdu.in_rush_guard_delay", pdu.in_rush_guard_delay),
        ];
        for (index, outlet) in self.outlets.iter().enumerate() {
            let key = |member| format!("outlet[{index}].{member}");
            let startup = named(&OUTLET_STARTUPS, outlet.startup);
            all.push(Entry::new(key("name"), &outlet.name));
            all.push(Entry::new(key("startup"), startup));
            all.push(Entry::new(
                key("use_pdu_cycle_delay"),
                outlet.use_pdu_cycle_delay,
            ));
            all.push(Entry::new(key("cycle_delay"), outlet.cycle_delay));
            all.push(Entry::new(key("sequence_delay"), outlet.sequence_delay));
            all.push(Entry::new(key("non_critical"), outlet.non_critical));
        }
        for (index, inlet) in self.inlets.iter().enumerate() {
            all.push(Entry::new(format!("inlet[{index}].name"), &inlet.name));
        }
        for (index, ocp) in self.ocps.iter().enumerate() {
            all.push(Entry::new(format!("ocp[{index}].name"), &ocp.name));
        }
        for (index, slot) in self.slots.iter().enumerate() {
            all.push(Entry::new(format!("slot[{index}].name"), &slot.name));
            let key = format!("slot[{index}].description");
            all.push(Entry::new(key, &slot.description));
        }
        for (user, role) in &self.users {
            let role = named(&ROLES, *role);
            all.push(Entry::new(format!("user[{user}].role"), role));
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
            let (key, value) = (entry.key.as_str(), entry.value.as_str());
            match new.set(key, value) {
                Some(Some(())) => {}
                Some(None) => return Err(EntryError::Value(key.to_owned())),
                None => return Err(EntryError::Unknown(key.to_owned())),
            }
        }
        Ok(new)
    }

    /// `None`: there is no such setting; `Some(None)`: its value is not possible.
    fn set(&mut self, key: &str, value: &str) -> Option<Option<()>> {
        let (place, member) = key.rsplit_once('.')?;
        if place == "pdu" {
            return set_pdu(&mut self.pdu, member, value);
        }
        let (kind, id) = place.strip_suffix(']')?.split_once('[')?;
        if kind == "user" && member == "role" {
            let mut users = self.users.iter_mut();
            let (_, role) = users.find(|(name, _)| name == id)?;
            return Some(value_of(&ROLES, value).map(|new| *role = new));
        }
        let index: usize = id.parse().ok()?;
        Some(match (kind, member) {
            ("outlet", _) => set_outlet(self.outlets.get_mut(index)?, member, value)?,
            ("inlet", "name") => put(&mut self.inlets.get_mut(index)?.name, value, 64),
            ("ocp", "name") => put(&mut self.ocps.get_mut(index)?.name, value, 64),
            ("slot", "name") => put(&mut self.slots.get_mut(index)?.name, value, 64),
            ("slot", "description") => put(&mut self.slots.get_mut(index)?.description, value, 256),
            _ => return None,
        })
    }
}

fn set_pdu(pdu: &mut PduSettings, member: &str, value: &str) -> Option<Option<()>> {
    Some(match member {
        "name" => put(&mut pdu.name, value, 64),
        "startup" => value_of(&PDU_STARTUPS, value).map(|new| pdu.startup = new),
        "cycle_delay" => number(value, 0, 3_600).map(|new| pdu.cycle_delay = new),
        "power_on_delay" => number(value, 0, 3_600).map(|new| pdu.power_on_delay = new),
        "in_rush_guard_delay" => {
            number(value, 100, 100_000).map(|new| pdu.in_rush_guard_delay = new)
        }
        _ => return None,
    })
}

fn set_outlet(outlet: &mut OutletSettings, member: &str, value: &str) -> Option<Option<()>> {
    Some(match member {
        "name" => put(&mut outlet.name, value, 64),
        "startup" => value_of(&OUTLET_STARTUPS, value).map(|new| outlet.startup = new),
        "use_pdu_cycle_delay" => value
            .parse()
            .ok()
            .map(|new| outlet.use_pdu_cycle_delay = new),
        "cycle_delay" => number(value, 0, 3_600).map(|new| outlet.cycle_delay = new),
        "sequence_delay" => number(value, 0, 3_600).map(|new| outlet.sequence_delay = new),
        "non_critical" => value.parse().ok().map(|new| outlet.non_critical = new),
        _ => return None,
    })
}

fn put(place: &mut String, value: &str, longest: usize) -> Option<()> {
    (value.chars().count() <= longest).then(|| value.clone_into(place))
}

fn number(value: &str, least: i32, most: i32) -> Option<i32> {
    let number = value.parse().ok()?;
    (least..=most).contains(&number).then_some(number)
}
