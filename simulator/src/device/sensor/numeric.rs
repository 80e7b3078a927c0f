//! What numeric sensors know.

use xerus_rpc::Time;

use super::thresholds;
use crate::api::sensors::numeric_sensor::{
    MetaData, MinMax, Range, Reading, ThresholdCapabilities, Thresholds, ThresholdsChangedEvent,
};
use crate::api::sensors::{
    accumulating_numeric_sensor as accumulating, numeric_sensor, sensor::TypeSpec,
};
use crate::device::accounts::Actor;
use crate::device::electrics::{Wiring, note_maxima};
use crate::device::measured::measured;
use crate::device::place::Place;
use crate::device::quantity::Quantity;
use crate::device::refusal::Refusal;
use crate::device::sensor_id::SensorId;
use crate::device::state::{Reported, State};
use crate::device::{Device, reference};

impl Device {
    /// The numeric sensors of a part; none when the device does not have it.
    #[must_use]
    pub fn measured(&self, place: Place) -> &'static [Quantity] {
        measured(self.make_up(), place)
    }

    /// The reading of a sensor now, as clients see it; not available when the device does not have the sensor.
    pub fn reading(&self, id: SensorId) -> Reading {
        let mut state = self.state();
        let reading = self.read(&mut state, id);
        if reading.available {
            let now = reading.timestamp;
            let extremes = state.extremes.entry(id).or_insert_with(|| fresh(&reading));
            if reading.value < extremes.min_reading {
                (extremes.min_reading, extremes.min_reading_timestamp) = (reading.value, now);
            }
            if reading.value > extremes.max_reading {
                (extremes.max_reading, extremes.max_reading_timestamp) = (reading.value, now);
            }
        }
        reading
    }

    /// Makes a sensor report `reported` from now on; `None` gives it back to the model. The answer says whether the
    /// device has the sensor.
    pub fn set_reading(&self, id: SensorId, reported: Option<Reported>) -> bool {
        if !self.has_sensor(id) {
            return false;
        }
        let (before, after) = {
            let mut state = self.state();
            let before = self.read(&mut state, id);
            match reported {
                Some(reported) => state.overrides.insert(id, reported),
                None => state.overrides.remove(&id),
            };
            (before, self.read(&mut state, id))
        };
        let name = reference::sensor(id);
        if before.available != after.available || before.value != after.value {
            let event = numeric_sensor::ReadingChangedEvent {
                source: Some(name.object()),
                new_reading: after.clone(),
                extra_: Default::default(),
            };
            self.publish(event, &name);
        }
        if before.available != after.available || before.status != after.status {
            let event = numeric_sensor::StateChangedEvent {
                source: Some(name.object()),
                old_reading: before,
                new_reading: after,
                extra_: Default::default(),
            };
            self.publish(event, &name);
        }
        true
    }

    /// Description of a sensor as clients see it.
    #[must_use]
    pub fn sensor_meta_data(&self, id: SensorId) -> MetaData {
        let facts = id.quantity.facts();
        let (has_upper, has_lower) = facts.thresholds;
        MetaData {
            r#type: type_spec(id.quantity),
            decdigits: facts.digits,
            accuracy: 0.0,
            resolution: facts.resolution,
            tolerance: 0.0,
            noise_threshold: 0.0,
            range: Range {
                lower: 0.0,
                upper: facts.upper,
                extra_: Default::default(),
            },
            threshold_caps: ThresholdCapabilities {
                has_upper_critical: has_upper,
                has_upper_warning: has_upper,
                has_lower_warning: has_lower,
                has_lower_critical: has_lower,
                extra_: Default::default(),
            },
            extra_: Default::default(),
        }
    }

    /// The thresholds of a sensor as clients see them.
    #[must_use]
    pub fn thresholds(&self, id: SensorId) -> Thresholds {
        in_force(&self.state(), id)
    }

    /// Lowest and highest reading since the last reset, as clients see them.
    pub fn extremes(&self, id: SensorId) -> MinMax {
        let reading = self.reading(id);
        self.state()
            .extremes
            .get(&id)
            .cloned()
            .unwrap_or_else(|| fresh(&reading))
    }

    pub(super) fn change_thresholds(
        &self,
        id: SensorId,
        new: Thresholds,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        thresholds::check(id.quantity, &new)?;
        let old = {
            let mut state = self.state();
            let old = in_force(&state, id);
            state.thresholds.insert(id, new.clone());
            old
        };
        if old != new {
            let name = reference::sensor(id);
            let event = ThresholdsChangedEvent {
                source: Some(name.object()),
                act_user_name: actor.user.clone(),
                act_ip_addr: actor.address.clone(),
                old_thresholds: old,
                new_thresholds: new,
                extra_: Default::default(),
            };
            self.publish(event, &name);
        }
        Ok(())
    }

    pub(super) fn reset_extremes(&self, id: SensorId, actor: &Actor) {
        let (old, new) = {
            let mut state = self.state();
            let reading = self.read(&mut state, id);
            let new = fresh(&reading);
            (
                state
                    .extremes
                    .insert(id, new.clone())
                    .unwrap_or_else(|| new.clone()),
                new,
            )
        };
        let name = reference::sensor(id);
        let event = numeric_sensor::MinMaxResetEvent {
            source: Some(name.object()),
            act_user_name: actor.user.clone(),
            act_ip_addr: actor.address.clone(),
            old_min_max: old,
            new_min_max: new,
            extra_: Default::default(),
        };
        self.publish(event, &name);
    }

    /// Sets an accumulating sensor back to zero.
    pub(super) fn reset_counter(&self, id: SensorId, actor: &Actor) {
        let (old_reading, new_reading) = {
            let mut state = self.state();
            let old = self.read(&mut state, id);
            let counted = self.wiring(&state).counted(id);
            state.reset_at.insert(id, counted);
            (old, self.read(&mut state, id))
        };
        let name = reference::sensor(id);
        let event = accumulating::ResetEvent {
            source: Some(name.object()),
            act_user_name: actor.user.clone(),
            act_ip_addr: actor.address.clone(),
            old_reading,
            new_reading,
            extra_: Default::default(),
        };
        self.publish(event, &name);
    }

    fn has_sensor(&self, id: SensorId) -> bool {
        self.measured(id.place).contains(&id.quantity)
    }

    fn wiring<'a>(&'a self, state: &'a State) -> Wiring<'a> {
        Wiring {
            make_up: self.make_up(),
            state,
            seconds: self.clock().now().as_secs_f64(),
        }
    }

    fn read(&self, state: &mut State, id: SensorId) -> Reading {
        let now = self.clock().now();
        state.meter(now);
        note_maxima(self.make_up(), state, now);
        let reported = if self.has_sensor(id) {
            state.overrides.get(&id).copied()
        } else {
            Some(Reported::Unavailable)
        };
        let value = match reported {
            Some(Reported::Value(value)) => value,
            Some(Reported::Unavailable) => 0.0,
            None => self.wiring(state).value(id),
        };
        let available = reported != Some(Reported::Unavailable);
        Reading {
            timestamp: Time::from_unix_seconds(self.clock().unix_seconds()),
            available,
            status: if available {
                thresholds::status(&in_force(state, id), value)
            } else {
                Default::default()
            },
            valid: available,
            value,
            extra_: Default::default(),
        }
    }
}

fn in_force(state: &State, id: SensorId) -> Thresholds {
    state
        .thresholds
        .get(&id)
        .cloned()
        .unwrap_or_else(|| thresholds::defaults(id.quantity))
}

fn fresh(reading: &Reading) -> MinMax {
    MinMax {
        min_reading: reading.value,
        min_reading_timestamp: reading.timestamp,
        max_reading: reading.value,
        max_reading_timestamp: reading.timestamp,
        valid: reading.valid,
        observed_since: reading.timestamp,
        extra_: Default::default(),
    }
}

pub(super) fn type_spec(quantity: Quantity) -> TypeSpec {
    let facts = quantity.facts();
    TypeSpec {
        readingtype: crate::api::sensors::Sensor::NUMERIC,
        r#type: facts.kind,
        unit: facts.unit,
        extra_: Default::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::device::make_up::MakeUp;
    use crate::door::Limits;

    #[tokio::test]
    async fn sensors_that_are_not_there_read_nothing_and_cannot_be_set() {
        let clock = Clock::frozen_at(1_000);
        let device = Device::new(MakeUp::default(), clock, &Limits::default());
        let current = |outlet| SensorId::new(Place::Outlet(outlet), Quantity::Current);
        assert!(device.reading(current(7)).available);
        assert!(device.set_reading(current(7), Some(Reported::Value(3.0))));
        assert_eq!(device.reading(current(7)).value, 3.0);
        for absent in [
            current(8),
            SensorId::new(Place::Outlet(0), Quantity::Humidity),
        ] {
            assert!(!device.set_reading(absent, Some(Reported::Value(3.0))));
            let reading = device.reading(absent);
            assert_eq!((reading.available, reading.value), (false, 0.0));
            assert!(!device.extremes(absent).valid);
        }
        assert!(device.measured(Place::Outlet(8)).is_empty());
    }
}
