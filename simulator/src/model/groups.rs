//! Outlet groups of a device.

use super::accounts::Actor;
use super::device::Device;
use super::event::Event;
use super::group::{Group, GroupChange, GroupRefusal, GroupSettings};
use super::outlet::Power;
use super::place::Place;
use super::refusal::OutletRefusal;
use super::sensor_id::SensorId;
use super::state::State;

impl Device {
    /// All outlet groups, in order of their numbers.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        self.state().groups.all().cloned().collect()
    }

    /// The outlet group of this number.
    pub(crate) fn group(&self, id: i32) -> Result<Group, GroupRefusal> {
        self.state().groups.get(id).cloned()
    }

    /// The answer is the number of the new group.
    pub(crate) fn create_group(
        &self,
        settings: GroupSettings,
        actor: &Actor,
    ) -> Result<i32, GroupRefusal> {
        let change = self.state().groups.create(settings)?;
        let id = change.group().id;
        self.tell_group(change, actor);
        Ok(id)
    }

    pub(crate) fn change_group(
        &self,
        id: i32,
        settings: GroupSettings,
        actor: &Actor,
    ) -> Result<(), GroupRefusal> {
        let change = self.state().groups.change(id, settings)?;
        if let Some(change) = change {
            self.tell_group(change, actor);
        }
        Ok(())
    }

    /// Its outlets stay as they are; what was set at its sensors is forgotten.
    pub(crate) fn delete_group(&self, id: i32, actor: &Actor) -> Result<(), GroupRefusal> {
        let change = {
            let mut state = self.state();
            let change = state.groups.delete(id)?;
            state.forget(Place::Group(id));
            change
        };
        self.tell_group(change, actor);
        Ok(())
    }

    /// Switches all members, in the configured order when they go on.
    pub(crate) fn switch_group(
        &self,
        group: &Group,
        power: Power,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        self.tell_group_power(group, power, false, actor);
        self.set_outlets(&group.settings.members, power, true, actor)
    }

    /// Switches all members off and, in the configured order, on again.
    pub(crate) fn cycle_group(&self, group: &Group, actor: &Actor) -> Result<(), OutletRefusal> {
        self.tell_group_power(group, Power::On, true, actor);
        self.cycle_outlets(&group.settings.members, true, actor)
    }

    fn tell_group(&self, change: GroupChange, actor: &Actor) {
        self.publish(Event::Group {
            actor: actor.clone(),
            change,
        });
    }

    fn tell_group_power(&self, group: &Group, power: Power, cycle: bool, actor: &Actor) {
        self.publish(Event::GroupPowerControl {
            group: group.id,
            actor: actor.clone(),
            power,
            cycle,
        });
    }
}

impl State {
    /// Whether an outlet belongs to a group.
    pub(super) fn is_member(&self, group: i32, outlet: usize) -> bool {
        let group = self.groups.get(group);
        group.is_ok_and(|group| group.settings.members.contains(&outlet))
    }

    /// Forgets what was set or seen at the sensors of a place that is no more.
    fn forget(&mut self, place: Place) {
        let other = |id: &SensorId| id.place != place;
        self.thresholds.retain(|id, _| other(id));
        self.extremes.retain(|id, _| other(id));
        self.overrides.retain(|id, _| other(id));
        self.reset_at.retain(|id, _| other(id));
        self.told.retain(|id, _| other(id));
    }
}
