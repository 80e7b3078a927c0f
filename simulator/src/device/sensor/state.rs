//! Sensors that read one of a few states.

use std::sync::Arc;

use xerus_rpc::Time;
use xerus_rpc::server::{Context, Reply, Servant};

use crate::api::pdumodel::over_current_protector_trip_sensor::{
    TripEventInformation, TripStateChangedEvent,
};
use crate::api::pdumodel::{Outlet, ResidualCurrentStateSensor, Waveform};
use crate::api::sensors::Sensor;
use crate::api::sensors::sensor::TypeSpec;
use crate::api::sensors::state_sensor::{State, StateChangedEvent};
use crate::api::server::{pdumodel, sensors};
use crate::device::refusal::{self, Refusal};
use crate::device::sensor_id::StateSensorId;
use crate::device::{Device, reference};

impl Device {
    /// The state that a state sensor reads now, as clients see it; not available when the device does not have the
    /// sensor.
    #[must_use]
    pub fn sensed_state(&self, id: StateSensorId) -> State {
        let available = self.make_up().has_state_sensor(id);
        let value = if available {
            let state = self.state();
            let by_hand = state.state_overrides.get(&id).copied();
            by_hand.unwrap_or_else(|| match id {
                StateSensorId::OutletState(index) => state.outlets[index].on.into(),
                StateSensorId::Trip(index) => state.tripped[index].into(),
                StateSensorId::ResidualCurrent(_) => ResidualCurrentStateSensor::STATE_NORMAL,
                StateSensorId::PowerSupply(_) => 0,
            })
        } else {
            0
        };
        State {
            timestamp: Time::from_unix_seconds(self.clock().unix_seconds()),
            available,
            value,
            extra_: Default::default(),
        }
    }

    /// Trips or resets an overcurrent protector. The answer says whether there is such a protector (the first is 0).
    pub fn set_tripped(&self, ocp: usize, tripped: bool) -> bool {
        let id = StateSensorId::Trip(ocp);
        let old_state = self.sensed_state(id);
        match self.state().tripped.get_mut(ocp) {
            Some(now) => *now = tripped,
            None => return false,
        }
        let new_state = self.sensed_state(id);
        if old_state.value != new_state.value {
            let name = reference::state_sensor(id);
            let event = TripStateChangedEvent {
                source: Some(name.object()),
                old_state,
                new_state,
                trip_cause: None,
                trip_information: TripEventInformation::default(),
                extra_: Default::default(),
            };
            self.publish(event, &name);
        }
        true
    }

    /// Makes a state sensor read `value` from now on; `None` gives it back to the model. The answer says whether the
    /// device has the sensor.
    pub fn set_sensed_state(&self, id: StateSensorId, value: Option<i32>) -> bool {
        if !self.make_up().has_state_sensor(id) {
            return false;
        }
        let old_state = self.sensed_state(id);
        match value {
            Some(value) => self.state().state_overrides.insert(id, value),
            None => self.state().state_overrides.remove(&id),
        };
        let new_state = self.sensed_state(id);
        if old_state.value != new_state.value {
            let name = reference::state_sensor(id);
            let event = StateChangedEvent {
                source: Some(name.object()),
                old_state,
                new_state,
                extra_: Default::default(),
            };
            self.publish(event, &name);
        }
        true
    }
}

/// Serves one state sensor of any kind.
pub(in crate::device) struct StateServant {
    device: Arc<Device>,
    id: StateSensorId,
}

impl StateServant {
    /// A servant of the most derived type for the sensor.
    pub(in crate::device) fn serve(device: Arc<Device>, id: StateSensorId) -> Servant {
        let servant = Self { device, id };
        match id {
            StateSensorId::Trip(_) => pdumodel::over_current_protector_trip_sensor(servant),
            StateSensorId::ResidualCurrent(_) => pdumodel::residual_current_state_sensor(servant),
            StateSensorId::OutletState(_) | StateSensorId::PowerSupply(_) => {
                sensors::state_sensor(servant)
            }
        }
    }
}

impl sensors::Sensor for StateServant {
    fn get_type_spec<'a>(&'a self, _: &'a Context) -> Reply<'a, TypeSpec> {
        let (readingtype, kind) = match self.id {
            StateSensorId::OutletState(_) => (Sensor::DISCRETE_ON_OFF, Sensor::ON_OFF_SENSOR),
            StateSensorId::Trip(_) => (Sensor::DISCRETE_ON_OFF, Sensor::TRIP_SENSOR),
            StateSensorId::ResidualCurrent(_) => (Sensor::DISCRETE_MULTI, Sensor::FAULT_STATE),
            StateSensorId::PowerSupply(_) => (Sensor::DISCRETE_ON_OFF, Sensor::FAULT_STATE),
        };
        Reply::ok(TypeSpec {
            readingtype,
            r#type: kind,
            unit: Sensor::NONE,
            extra_: Default::default(),
        })
    }

    fn is_type_change_allowed<'a>(&'a self, _: &'a Context) -> Reply<'a, bool> {
        Reply::ok(false)
    }

    fn set_type<'a>(&'a self, context: &'a Context, _: i32, _: i32) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |_| {
            Err(Refusal::new(Sensor::ERR_NOT_SUPPORTED))
        })
    }
}

impl sensors::StateSensor for StateServant {
    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, State> {
        Reply::ok(self.device.sensed_state(self.id))
    }
}

// The older of the two ways to ask for the cause is marked deprecated, but clients use it.
#[allow(deprecated)]
impl pdumodel::OverCurrentProtectorTripSensor for StateServant {
    fn get_trip_cause<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Outlet>> {
        Reply::ok(None)
    }

    fn get_trip_event_information<'a>(&'a self, _: &'a Context) -> Reply<'a, TripEventInformation> {
        Reply::ok(TripEventInformation::default())
    }

    fn get_trip_waveform<'a>(&'a self, _: &'a Context) -> Reply<'a, Waveform> {
        Reply::ok(Waveform::default())
    }
}

impl pdumodel::ResidualCurrentStateSensor for StateServant {
    /// The test is over at once and finds nothing.
    fn start_self_test<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |_| Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::device::make_up::MakeUp;
    use crate::door::Limits;

    #[tokio::test]
    async fn sensors_that_are_not_there_sense_nothing_and_cannot_be_set() {
        let clock = Clock::frozen_at(1_000);
        let device = Device::new(MakeUp::default(), clock, &Limits::default());
        assert!(device.set_tripped(1, true));
        assert_eq!(device.sensed_state(StateSensorId::Trip(1)).value, 1);
        let absent = StateSensorId::Trip(2);
        assert!(!device.set_tripped(2, true));
        assert!(!device.set_sensed_state(absent, Some(1)));
        let sensed = device.sensed_state(absent);
        assert_eq!((sensed.available, sensed.value), (false, 0));
    }
}
