//! Slots for peripheral devices, and what is plugged in.

use std::collections::BTreeMap;

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event};
use super::place::Place;
use super::quantity::Quantity;
use super::refusal::SlotRefusal;
use super::sensor_id::SensorId;

/// Where a peripheral device is mounted, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// To the side.
    pub x: String,
    /// To the back.
    pub y: String,
    /// Upwards.
    pub z: String,
}

/// Settings of a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlotSettings {
    /// The name, at most 64 characters.
    pub name: String,
    /// A description, at most 256 characters.
    pub description: String,
    /// Where it is mounted.
    pub location: Location,
    /// Whether the thresholds are those for all sensors of the kind.
    pub use_default_thresholds: bool,
    /// Properties of the device in the slot.
    pub properties: BTreeMap<String, String>,
}

/// A peripheral device in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plugged {
    /// What it measures, and where.
    pub sensor: SensorId,
    /// Its serial number.
    pub serial: String,
    /// The model of the package that it belongs to.
    pub package_class: String,
    /// The port that it is plugged into.
    pub port: String,
}

impl Device {
    /// The device that is plugged into a slot (the first is 0), if any.
    #[must_use]
    pub fn plugged(&self, slot: usize) -> Option<Plugged> {
        let place = Place::Slot(slot);
        let quantity = *self.measured(place).first()?;
        let kind = match quantity {
            Quantity::Temperature => 'T',
            _ => 'H',
        };
        let serial = format!("SIM{kind}{:06}", self.make_up().ordinal(slot));
        Some(Plugged {
            sensor: SensorId::new(place, quantity),
            serial,
            package_class: "DX2-T2H2".to_owned(),
            port: "1".to_owned(),
        })
    }

    /// Settings of a slot (the first is 0).
    #[must_use]
    pub fn slot_settings(&self, slot: usize) -> Option<SlotSettings> {
        self.state().slot_settings.get(slot).cloned()
    }

    /// The slot must be there.
    pub(crate) fn change_slot_settings(
        &self,
        slot: usize,
        new: SlotSettings,
        actor: &Actor,
    ) -> Result<(), SlotRefusal> {
        if new.name.chars().count() > 64 || new.description.chars().count() > 256 {
            return Err(SlotRefusal::Invalid);
        }
        let old = {
            let mut state = self.state();
            std::mem::replace(&mut state.slot_settings[slot], new.clone())
        };
        if old != new {
            self.publish(Event::SlotSettingsChanged {
                slot,
                actor: actor.clone(),
                settings: Box::new(Changed::new(old, new)),
            });
        }
        Ok(())
    }
}
