//! Sensors that read one of a few states.

use super::super::device::Device;
use super::super::event::{Changed, Event};
use super::super::sensor_id::StateSensorId;

/// What a state sensor reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateReading {
    /// When, in seconds since 1970.
    pub timestamp: i64,
    /// Whether the sensor is there.
    pub available: bool,
    /// The number of the state: 1 for on, 0 for off, normal or no fault. Of a protector, 1 is closed and 0 is open, as after a trip.
    pub value: i32,
}

impl Device {
    /// The state that a state sensor reads now; not available when the device does not have the sensor.
    #[must_use]
    pub fn sensed_state(&self, id: StateSensorId) -> StateReading {
        let available = self.make_up().has_state_sensor(id);
        let value = if available {
            let state = self.state();
            let by_hand = state.state_overrides.get(&id).copied();
            by_hand.unwrap_or_else(|| match id {
                StateSensorId::OutletState(index) => state.outlets[index].on.into(),
                StateSensorId::Trip(index) => (!state.tripped[index]).into(),
                StateSensorId::Transfer(sensor) => state.transfer_sensor(sensor),
                StateSensorId::ResidualCurrent(_) | StateSensorId::PowerSupply(_) => 0,
            })
        } else {
            0
        };
        StateReading {
            timestamp: self.clock().unix_seconds(),
            available,
            value,
        }
    }

    /// Trips or resets an overcurrent protector; while it is tripped, the outlets behind it have no power. The answer says whether there is such a protector (the first is 0).
    pub fn set_tripped(&self, ocp: usize, tripped: bool) -> bool {
        let id = StateSensorId::Trip(ocp);
        let old = self.sensed_state(id);
        {
            let now = self.clock().now();
            let mut state = self.state();
            if ocp >= state.tripped.len() {
                return false;
            }
            state.meter(self.make_up(), now);
            state.tripped[ocp] = tripped;
            state.meter(self.make_up(), now);
        }
        self.tell_sensed(id, old);
        true
    }

    /// Makes a state sensor read `value` from now on; `None` gives it back to the model. The answer says whether the
    /// device has the sensor.
    pub fn set_sensed_state(&self, id: StateSensorId, value: Option<i32>) -> bool {
        if !self.make_up().has_state_sensor(id) {
            return false;
        }
        let old = self.sensed_state(id);
        match value {
            Some(value) => self.state().state_overrides.insert(id, value),
            None => self.state().state_overrides.remove(&id),
        };
        self.tell_sensed(id, old);
        true
    }

    fn tell_sensed(&self, id: StateSensorId, old: StateReading) {
        let new = self.sensed_state(id);
        if old.value != new.value {
            self.publish(Event::SensedStateChanged {
                sensor: id,
                state: Changed::new(old, new),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::model::{Clock, MakeUp};

    #[tokio::test]
    async fn sensors_that_are_not_there_sense_nothing_and_cannot_be_set() {
        let clock = Clock::frozen_at(1_000);
        let device = Device::new(MakeUp::default(), clock, &Limits::default());
        assert_eq!(device.sensed_state(StateSensorId::Trip(1)).value, 1);
        assert!(device.set_tripped(1, true));
        assert_eq!(device.sensed_state(StateSensorId::Trip(1)).value, 0);
        let absent = StateSensorId::Trip(2);
        assert!(!device.set_tripped(2, true));
        assert!(!device.set_sensed_state(absent, Some(1)));
        let sensed = device.sensed_state(absent);
        assert_eq!((sensed.available, sensed.value), (false, 0));
    }
}
