//! What sensors read.

use std::sync::Arc;

use xerus_api::sensors::numeric_sensor::{self, reading::Status};
use xerus_api::sensors::state_sensor::State;
use xerus_rpc::bulk::Handle;
use xerus_rpc::{Error, Time};

use super::Sensor;

/// What a sensor is asked.
pub(super) enum Asked {
    Number(Handle<numeric_sensor::Reading>),
    State(Handle<State>),
}

/// What one sensor reads.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Reading {
    /// The value in the [unit](Sensor::unit) of the sensor, or the number of its state. `None` when the sensor is not available, or
    /// has no valid value, or could not be read.
    pub value: Option<f64>,
    /// When it was taken, by the clock of the device; `None` when it could not be read.
    pub timestamp: Option<Time>,
    /// Which thresholds it is beyond; `None` for a state, and without a value.
    pub status: Option<Status>,
    /// Why it could not be read.
    pub error: Option<Error>,
}

impl Reading {
    pub(super) fn of_number(reading: numeric_sensor::Reading) -> Self {
        let is_good = reading.available && reading.valid;
        Self {
            value: is_good.then_some(reading.value),
            timestamp: Some(reading.timestamp),
            status: is_good.then_some(reading.status),
            error: None,
        }
    }

    pub(super) fn of_state(state: State) -> Self {
        Self {
            value: state.available.then_some(f64::from(state.value)),
            timestamp: Some(state.timestamp),
            status: None,
            error: None,
        }
    }

    pub(super) fn failed(error: Error) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }

    /// The number of the state, for a sensor with states.
    #[must_use]
    pub fn state(&self) -> Option<i32> {
        // Every state is an `i32` that became a float, which holds all of them.
        self.value.map(|value| value as i32)
    }

    /// Whether the sensor is not there any more.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.error.as_ref().is_some_and(Error::is_object_not_found)
    }
}

/// What all sensors of a [`Topology`](super::Topology) read at one time.
#[derive(Clone, Debug)]
pub struct Readings {
    sensors: Arc<[Sensor]>,
    readings: Vec<Reading>,
}

impl Readings {
    pub(super) fn new(sensors: Arc<[Sensor]>, readings: Vec<Reading>) -> Self {
        Self { sensors, readings }
    }

    /// Each sensor with its reading, in the order of the topology.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Sensor, &Reading)> {
        self.sensors.iter().zip(&self.readings)
    }

    /// The reading of the sensor with this [path](Sensor::path). The first, if there are several.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Reading> {
        let mut all = self.iter();
        let found = all.find(|(sensor, _)| sensor.path() == path);
        found.map(|(_, reading)| reading)
    }

    /// The value of the sensor with this [path](Sensor::path).
    #[must_use]
    pub fn value(&self, path: &str) -> Option<f64> {
        self.get(path)?.value
    }

    /// The sensors that are not there any more.
    pub fn stale(&self) -> impl Iterator<Item = &Sensor> {
        self.iter()
            .filter(|(_, reading)| reading.is_stale())
            .map(|(sensor, _)| sensor)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.readings.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }
}
