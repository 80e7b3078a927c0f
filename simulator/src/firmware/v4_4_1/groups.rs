//! Outlet groups, and who creates, finds and removes them: `/model/outletgroup`.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, OutletGroup, OutletGroupManager, outlet_group};
use xerus_api::server::pdumodel as traits;
use xerus_rpc::Interface as _;
use xerus_rpc::server::{Context, Fault, Reply};

use super::answer::{self, ReturnCode};
use super::outlet::power;
use super::reference;
use super::sensor::SensorServant;
use crate::firmware::{Name, Objects};
use crate::model::{
    Device, Event, Group, GroupChange, GroupRefusal, GroupSettings, Listener, Place, Privilege,
    Quantity, SensorId,
};

impl ReturnCode for GroupRefusal {
    fn code(self) -> i32 {
        match self {
            Self::InvalidArgument => OutletGroupManager::ERR_INVALID_ARGUMENT,
            Self::NoSuchId => OutletGroupManager::ERR_NO_SUCH_ID,
            Self::TooMany => OutletGroupManager::ERR_MAX_GROUP_COUNT_REACHED,
        }
    }
}

pub(super) fn manager_name() -> Name {
    Name::single::<OutletGroupManager>("/model/outletgroup")
}

const MEASURED: [Quantity; 2] = [Quantity::ActivePower, Quantity::ActiveEnergy];

fn sensor(group: i32, quantity: Quantity) -> Name {
    reference::sensor(SensorId::new(Place::Group(group), quantity))
}

pub(super) fn settings(settings: GroupSettings) -> outlet_group::Settings {
    let members = settings.members.into_iter();
    outlet_group::Settings {
        name: settings.name,
        members: members
            .map(|outlet| reference::outlet(outlet).element())
            .collect(),
        extra_: Default::default(),
    }
}

/// The numbers of outlets that a client names.
fn members(device: &Device, objects: &Weak<Objects>, members: &[Outlet]) -> Option<Vec<usize>> {
    let objects = objects.upgrade()?;
    let number = |outlet: &Outlet| {
        let opaque = objects.opaque(outlet.as_object().rid());
        (0..device.make_up().outlets).find(|&index| reference::outlet(index).opaque == opaque)
    };
    members.iter().map(number).collect()
}

/// Makes objects for each group that comes, and takes them away from each that goes.
struct GroupObjects {
    device: Weak<Device>,
    objects: Weak<Objects>,
}

impl GroupObjects {
    fn add(&self, id: i32) {
        let (Some(device), Some(objects)) = (self.device.upgrade(), self.objects.upgrade()) else {
            return;
        };
        for quantity in MEASURED {
            let sensor_id = SensorId::new(Place::Group(id), quantity);
            let servant = SensorServant::serve(Arc::clone(&device), sensor_id);
            objects.add(sensor(id, quantity), servant);
        }
        let servant = GroupServant {
            device,
            objects: Weak::clone(&self.objects),
            id,
        };
        objects.add(reference::group(id), traits::outlet_group(servant));
    }

    fn remove(&self, id: i32) {
        if let Some(objects) = self.objects.upgrade() {
            objects.remove(&reference::group(id).opaque);
            for quantity in MEASURED {
                objects.remove(&sensor(id, quantity).opaque);
            }
        }
    }
}

impl Listener for GroupObjects {
    fn hear(&self, event: &Event) {
        match event {
            Event::Group {
                change: GroupChange::Created(group),
                ..
            } => self.add(group.id),
            Event::Group {
                change: GroupChange::Deleted(group),
                ..
            } => self.remove(group.id),
            _ => {}
        }
    }
}

/// Serves a group.
struct GroupServant {
    device: Arc<Device>,
    objects: Weak<Objects>,
    id: i32,
}

impl GroupServant {
    /// The group as it is now; somebody may have removed it in between.
    fn group(&self) -> Result<Group, Fault> {
        let group = self.device.group(self.id);
        group.map_err(|_| Fault::object_not_found())
    }

    /// Does something with all members, if the caller may switch them.
    fn switch<'a>(
        &self,
        context: &Context,
        act: impl FnOnce(&Group, &crate::model::Actor) -> Result<(), i32>,
    ) -> Reply<'a, ()> {
        let group = match self.group() {
            Ok(group) => group,
            Err(fault) => return Reply::fault(fault),
        };
        let members = &group.settings.members;
        let privilege = Privilege::SwitchOutlet;
        answer::with_at(&self.device, context, privilege, members, |actor| {
            act(&group, actor)
        })
    }
}

impl traits::OutletGroup for GroupServant {
    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet_group::Sensors> {
        Reply::ok(outlet_group::Sensors {
            active_power: sensor(self.id, Quantity::ActivePower).to(),
            active_energy: sensor(self.id, Quantity::ActiveEnergy).to(),
            ..Default::default()
        })
    }

    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet_group::MetaData> {
        self.group()
            .map(|group| outlet_group::MetaData {
                group_id: group.id,
                unique_id: group.unique_id,
                extra_: Default::default(),
            })
            .into()
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet_group::Settings> {
        self.group().map(|group| settings(group.settings)).into()
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: outlet_group::Settings,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangePdu, |actor| {
            let members = members(&self.device, &self.objects, &settings.members);
            let settings = GroupSettings {
                name: settings.name,
                members: members.ok_or(GroupRefusal::InvalidArgument)?,
            };
            self.device.change_group(self.id, settings, actor)
        })
    }

    fn set_all_outlet_power_states<'a>(
        &'a self,
        context: &'a Context,
        pstate: PowerState,
    ) -> Reply<'a, ()> {
        self.switch(context, |group, actor| {
            let power = power(pstate).map_err(ReturnCode::code)?;
            let done = self.device.switch_group(group, power, actor);
            done.map_err(ReturnCode::code)
        })
    }

    fn cycle_all_outlet_power_states<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        self.switch(context, |group, actor| {
            let done = self.device.cycle_group(group, actor);
            done.map_err(ReturnCode::code)
        })
    }
}

/// Serves `/model/outletgroup`.
pub(super) struct GroupManagerServant {
    device: Arc<Device>,
    objects: Weak<Objects>,
    /// Hears of groups that come and go, as long as the manager is served.
    _groups: Arc<GroupObjects>,
}

impl GroupManagerServant {
    pub(super) fn new(device: &Arc<Device>, objects: &Arc<Objects>) -> Self {
        let groups = Arc::new(GroupObjects {
            device: Arc::downgrade(device),
            objects: Arc::downgrade(objects),
        });
        for group in device.groups() {
            groups.add(group.id);
        }
        device.listen(&groups);
        Self {
            device: Arc::clone(device),
            objects: Arc::downgrade(objects),
            _groups: groups,
        }
    }
}

impl traits::OutletGroupManager for GroupManagerServant {
    fn create_group<'a>(
        &'a self,
        context: &'a Context,
        name: String,
        members_wanted: Vec<Outlet>,
    ) -> Reply<'a, Option<OutletGroup>> {
        let may = answer::may(&self.device, context, Privilege::ChangePdu);
        if let Err(fault) = may {
            return Reply::fault(fault);
        }
        let members = members(&self.device, &self.objects, &members_wanted);
        let created = members
            .ok_or(GroupRefusal::InvalidArgument)
            .and_then(|members| {
                let settings = GroupSettings { name, members };
                self.device.create_group(settings, &answer::actor(context))
            });
        match created {
            Ok(id) => Reply::ok(reference::group(id).to()),
            Err(refusal) => Reply::refused_with(refusal.code(), None),
        }
    }

    fn get_all_groups<'a>(&'a self, _: &'a Context) -> Reply<'a, BTreeMap<i32, OutletGroup>> {
        let groups = self.device.groups().into_iter();
        Reply::ok(
            groups
                .map(|group| (group.id, reference::group(group.id).element()))
                .collect(),
        )
    }

    fn get_group<'a>(&'a self, _: &'a Context, id: i32) -> Reply<'a, Option<OutletGroup>> {
        match self.device.group(id) {
            Ok(group) => Reply::ok(reference::group(group.id).to()),
            Err(refusal) => Reply::refused_with(refusal.code(), None),
        }
    }

    fn delete_group<'a>(&'a self, context: &'a Context, id: i32) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangePdu, |actor| {
            self.device.delete_group(id, actor)
        })
    }
}
