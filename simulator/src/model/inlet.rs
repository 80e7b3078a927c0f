//! Inlets.

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event};
use super::nameplate::{Nameplate, Rating};
use super::place::{Line, Place};
use super::refusal::NameTooLong;

/// Description of an inlet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InletMetaData {
    /// What is printed beside it.
    pub label: String,
    /// The kind of plug.
    pub plug_type: String,
    /// What is printed on it.
    pub nameplate: Nameplate,
    /// What it bears.
    pub rating: Rating,
}

/// Settings of an inlet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InletSettings {
    /// The name, at most 64 characters.
    pub name: String,
}

impl Device {
    /// Description of an inlet; `None` when there is no such inlet (the first is 0).
    #[must_use]
    pub fn inlet_meta_data(&self, index: usize) -> Option<InletMetaData> {
        let make_up = self.make_up();
        (index < make_up.inlets).then(|| InletMetaData {
            label: format!("I{}", index + 1),
            plug_type: make_up.plug(),
            nameplate: Nameplate::new(make_up, ""),
            rating: Rating::of(make_up.inlet_amperes),
        })
    }

    /// Settings of an inlet.
    #[must_use]
    pub fn inlet_settings(&self, index: usize) -> Option<InletSettings> {
        let name = self.state().inlet_names.get(index)?.clone();
        Some(InletSettings { name })
    }

    /// Whether an inlet is enabled: else none of its outlets can be switched.
    #[must_use]
    pub fn inlet_enabled(&self, index: usize) -> Option<bool> {
        self.state().inlets_enabled.get(index).copied()
    }

    /// The lines of an inlet, the neutral last.
    #[must_use]
    pub fn inlet_lines(&self, index: usize) -> Option<Vec<Line>> {
        let make_up = self.make_up();
        (index < make_up.inlets).then(|| {
            let mut lines = make_up.lines().to_vec();
            if make_up.has(Place::Pole(index, Line::Neutral)) {
                lines.push(Line::Neutral);
            }
            lines
        })
    }

    /// The inlet must be there.
    pub(crate) fn change_inlet_settings(
        &self,
        index: usize,
        new: InletSettings,
        actor: &Actor,
    ) -> Result<(), NameTooLong> {
        if new.name.chars().count() > 64 {
            return Err(NameTooLong);
        }
        let old = {
            let mut state = self.state();
            let name = &mut state.inlet_names[index];
            InletSettings {
                name: std::mem::replace(name, new.name.clone()),
            }
        };
        if old != new {
            self.publish(Event::InletSettingsChanged {
                inlet: index,
                actor: actor.clone(),
                settings: Changed::new(old, new),
            });
        }
        Ok(())
    }

    pub(crate) fn enable_inlet(&self, index: usize, enabled: bool, actor: &Actor) {
        let before = self
            .state()
            .inlets_enabled
            .get_mut(index)
            .map(|now| std::mem::replace(now, enabled));
        if before == Some(!enabled) {
            self.publish(Event::InletEnabled {
                inlet: index,
                actor: actor.clone(),
                enabled,
            });
        }
    }
}
