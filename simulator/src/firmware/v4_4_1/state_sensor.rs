//! A state sensor as an object of the device.

use std::sync::Arc;

use xerus_api::pdumodel::over_current_protector_trip_sensor::TripEventInformation;
use xerus_api::pdumodel::{Outlet, Waveform};
use xerus_api::sensors::Sensor;
use xerus_api::sensors::sensor::TypeSpec;
use xerus_api::sensors::state_sensor::State;
use xerus_api::server::{pdumodel, sensors};
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Reply, Servant};

use super::answer;
use crate::model::{Device, StateReading, StateSensorId, TransferSensor};

pub(super) fn state(reading: &StateReading) -> State {
    State {
        timestamp: Time::from_unix_seconds(reading.timestamp),
        available: reading.available,
        value: reading.value,
        extra_: Default::default(),
    }
}

/// Serves one state sensor of any kind.
pub(super) struct StateServant {
    device: Arc<Device>,
    id: StateSensorId,
}

impl StateServant {
    /// A servant of the most derived type for the sensor.
    pub(super) fn serve(device: Arc<Device>, id: StateSensorId) -> Servant {
        let servant = Self { device, id };
        match id {
            StateSensorId::Trip(_) => pdumodel::over_current_protector_trip_sensor(servant),
            StateSensorId::ResidualCurrent(_) => pdumodel::residual_current_state_sensor(servant),
            StateSensorId::OutletState(_)
            | StateSensorId::PowerSupply(_)
            | StateSensorId::Transfer(_) => sensors::state_sensor(servant),
        }
    }
}

impl sensors::Sensor for StateServant {
    fn get_type_spec<'a>(&'a self, _: &'a Context) -> Reply<'a, TypeSpec> {
        let (readingtype, kind) = match self.id {
            StateSensorId::OutletState(_) => (Sensor::DISCRETE_ON_OFF, Sensor::ON_OFF_SENSOR),
            StateSensorId::Trip(_) => (Sensor::DISCRETE_ON_OFF, Sensor::TRIP_SENSOR),
            StateSensorId::ResidualCurrent(_) => (Sensor::DISCRETE_MULTI, Sensor::FAULT_STATE),
            StateSensorId::Transfer(sensor) => match sensor {
                TransferSensor::SelectedSource => (Sensor::DISCRETE_MULTI, Sensor::SELECTION),
                TransferSensor::Operation | TransferSensor::SwitchFault => {
                    (Sensor::DISCRETE_MULTI, Sensor::FAULT_STATE)
                }
                TransferSensor::OutputStatus => (Sensor::DISCRETE_ON_OFF, Sensor::ON_OFF_SENSOR),
                _ => (Sensor::DISCRETE_ON_OFF, Sensor::FAULT_STATE),
            },
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
        answer::change(&self.device, context, |_| Err(Sensor::ERR_NOT_SUPPORTED))
    }
}

impl sensors::StateSensor for StateServant {
    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, State> {
        Reply::ok(state(&self.device.sensed_state(self.id)))
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
        answer::act(&self.device, context, |_| {})
    }
}
