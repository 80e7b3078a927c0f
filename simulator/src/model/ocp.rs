//! Overcurrent protectors.

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event};
use super::nameplate::{Nameplate, Rating};
use super::refusal::NameTooLong;

/// Description of an overcurrent protector: a breaker with one pole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OcpMetaData {
    /// What is printed beside it.
    pub label: String,
    /// What is printed on it.
    pub nameplate: Nameplate,
    /// What it bears.
    pub rating: Rating,
}

/// Settings of an overcurrent protector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OcpSettings {
    /// The name, at most 64 characters.
    pub name: String,
}

impl Device {
    /// Description of an overcurrent protector; `None` when there is none (the first is 0).
    #[must_use]
    pub fn ocp_meta_data(&self, index: usize) -> Option<OcpMetaData> {
        (index < self.make_up().overcurrent_protectors).then(|| OcpMetaData {
            label: format!("C{}", index + 1),
            nameplate: Nameplate::new(self.make_up(), ""),
            rating: Rating::of(20),
        })
    }

    /// Settings of an overcurrent protector.
    #[must_use]
    pub fn ocp_settings(&self, index: usize) -> Option<OcpSettings> {
        let name = self.state().ocp_names.get(index)?.clone();
        Some(OcpSettings { name })
    }

    /// The protector must be there.
    pub(crate) fn change_ocp_settings(
        &self,
        index: usize,
        new: OcpSettings,
        actor: &Actor,
    ) -> Result<(), NameTooLong> {
        if new.name.chars().count() > 64 {
            return Err(NameTooLong);
        }
        let old = {
            let mut state = self.state();
            let name = &mut state.ocp_names[index];
            OcpSettings {
                name: std::mem::replace(name, new.name.clone()),
            }
        };
        if old != new {
            self.publish(Event::OcpSettingsChanged {
                ocp: index,
                actor: actor.clone(),
                settings: Changed::new(old, new),
            });
        }
        Ok(())
    }
}
