//! One thing that happens to a device.

use std::sync::Arc;

use crate::fault::{FaultRule, Faults};
use crate::model::update::UpdateEnding;
use crate::model::{Actor, Device, Firmware, Place, Power, Reported, SensorId};

/// Indexes count from 0.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Switch {
        outlet: usize,
        power: Power,
    },
    Cycle {
        outlet: usize,
    },
    Load {
        outlet: usize,
        watts: f64,
        power_factor: f64,
    },
    /// `None`: what is measured.
    Read {
        sensor: SensorId,
        reported: Option<Reported>,
    },
    Trip {
        ocp: usize,
        tripped: bool,
    },
    Firmware(Firmware),
    Restart,
    Rescue,
    /// How firmware updates end that begin later.
    Updates(UpdateEnding),
    EndSessions,
    Fault(FaultRule),
    EndFaults,
}

impl Action {
    /// The part that is named and that the device has not.
    pub(super) fn missing(&self, device: &Device) -> Option<String> {
        let (is_there, part) = match self {
            Self::Switch { outlet, .. } | Self::Cycle { outlet } | Self::Load { outlet, .. } => (
                device.outlet_state(*outlet).is_some(),
                format!("outlet {}", outlet + 1),
            ),
            // With the word that a scenario has for it as a place.
            Self::Trip { ocp, .. } => (
                device.ocp_settings(*ocp).is_some(),
                format!("overcurrent protector {} (ocp)", ocp + 1),
            ),
            Self::Read { sensor, .. } => {
                let is_there = device.measured(sensor.place).contains(&sensor.quantity);
                return (!is_there)
                    .then(|| format!("no {} at {}", sensor.quantity.name(), place(sensor.place)));
            }
            Self::Firmware(_)
            | Self::Restart
            | Self::Rescue
            | Self::Updates(_)
            | Self::EndSessions
            | Self::Fault(_)
            | Self::EndFaults => return None,
        };
        (!is_there).then(|| format!("no {part}"))
    }

    /// What cannot be done to the device as it is then (an outlet behind a tripped protector, say) does not happen, as if a
    /// client had tried.
    pub(super) fn happen(self, device: &Arc<Device>, faults: &Faults) {
        let refused = match self {
            Self::Switch { outlet, power } => device.switch_outlet(outlet, power).is_err(),
            Self::Cycle { outlet } => device
                .cycle_outlets(&[outlet], false, &Actor::device())
                .is_err(),
            Self::Load {
                outlet,
                watts,
                power_factor,
            } => !device.set_load(outlet, watts, power_factor),
            Self::Read { sensor, reported } => !device.set_reading(sensor, reported),
            Self::Trip { ocp, tripped } => !device.set_tripped(ocp, tripped),
            Self::Firmware(firmware) => {
                device.install_firmware(firmware);
                false
            }
            Self::Restart => {
                device.restart(&Actor::device());
                false
            }
            Self::Rescue => !device.rescue(),
            Self::Updates(ending) => {
                device.set_update_plan(device.update_plan().ending(ending));
                false
            }
            Self::EndSessions => {
                device.end_sessions();
                false
            }
            Self::Fault(rule) => {
                faults.inject(rule);
                false
            }
            Self::EndFaults => {
                faults.clear();
                false
            }
        };
        if refused {
            tracing::warn!("the device refuses a step of its scenario");
        }
    }
}

/// A place as a scenario names it.
fn place(place: Place) -> String {
    match place {
        Place::Inlet(index) => format!("inlet {}", index + 1),
        Place::Pole(index, line) => format!("pole {} {line:?}", index + 1),
        Place::Outlet(index) => format!("outlet {}", index + 1),
        Place::Ocp(index) => format!("ocp {}", index + 1),
        Place::Slot(index) => format!("slot {}", index + 1),
        _ => "pdu".to_owned(),
    }
}
