//! What numeric sensors know.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::accounts::Actor;
use super::super::clock::whole_seconds;
use super::super::device::Device;
use super::super::electrics::Wiring;
use super::super::event::{Changed, Event};
use super::super::make_up::MakeUp;
use super::super::measured::measured;
use super::super::place::Place;
use super::super::quantity::{Kind, Quantity, Unit};
use super::super::refusal::ThresholdRefusal;
use super::super::sensor_id::SensorId;
use super::super::state::{Reported, Reset, State};
use super::thresholds::{self, ThresholdStatus, Thresholds};

/// What a numeric sensor reads.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reading {
    /// When, in seconds since 1970.
    pub timestamp: i64,
    /// Whether the sensor is there.
    pub available: bool,
    /// Which thresholds the value has passed.
    pub status: ThresholdStatus,
    /// Whether the value means something.
    pub valid: bool,
    /// The value, in the unit of the sensor.
    pub value: f64,
}

/// Lowest and highest reading of a sensor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MinMax {
    /// The lowest.
    pub min_reading: f64,
    /// When it was, in seconds since 1970.
    pub min_reading_timestamp: i64,
    /// The highest.
    pub max_reading: f64,
    /// When it was, in seconds since 1970.
    pub max_reading_timestamp: i64,
    /// Whether there was any reading.
    pub valid: bool,
    /// Since when the sensor is observed, in seconds since 1970.
    pub observed_since: i64,
}

/// Description of a numeric sensor.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SensorMetaData {
    /// What it reads.
    pub kind: Kind,
    /// In which unit.
    pub unit: Unit,
    /// How many decimal digits make sense.
    pub digits: i32,
    /// The smallest difference that it can tell.
    pub resolution: f32,
    /// The lowest value that it can read.
    pub lower: f64,
    /// The highest value that it can read.
    pub upper: f64,
    /// Whether it has upper thresholds.
    pub has_upper_thresholds: bool,
    /// Whether it has lower thresholds.
    pub has_lower_thresholds: bool,
}

impl Device {
    /// The numeric sensors of a part; none when the device does not have it.
    #[must_use]
    pub fn measured(&self, place: Place) -> &'static [Quantity] {
        measured(self.make_up(), place)
    }

    /// The reading of a sensor now; not available when the device does not have the sensor.
    pub fn reading(&self, id: SensorId) -> Reading {
        let reading = {
            let mut state = self.state();
            let reading = self.read(&mut state, id);
            if reading.available {
                state.extremes.entry(id).or_insert_with(|| fresh(&reading));
            }
            reading
        };
        self.tell_alarms();
        reading
    }

    /// Measures what is due at the present time, and tells what came of it.
    pub(crate) fn tick(&self) {
        self.state().meter(self.make_up(), self.clock().now());
        self.tell_alarms();
        self.tell_readings();
    }

    /// Tells which thresholds began or ceased to count. The state must not be locked.
    fn tell_alarms(&self) {
        let untold = std::mem::take(&mut self.state().untold);
        for event in untold {
            self.publish(event);
        }
    }

    /// Makes a sensor report `reported` from now on; `None` gives it back to the model. The answer says whether the
    /// device has the sensor.
    pub fn set_reading(&self, id: SensorId, reported: Option<Reported>) -> bool {
        if !self.has_sensor(id) {
            return false;
        }
        let (before, after) = {
            let mut state = self.state();
            state.alarms.entry(id).or_default();
            let before = self.read(&mut state, id);
            match reported {
                Some(reported) => state.overrides.insert(id, reported),
                None => state.overrides.remove(&id),
            };
            (before, self.read(&mut state, id))
        };
        if before.available != after.available || before.value != after.value {
            self.reading_told(id, &after);
            self.publish(Event::ReadingChanged {
                sensor: id,
                reading: after,
            });
        }
        self.tell_alarms();
        true
    }

    /// Description of a sensor.
    #[must_use]
    pub fn sensor_meta_data(&self, id: SensorId) -> SensorMetaData {
        let facts = id.quantity.facts();
        let (has_upper_thresholds, has_lower_thresholds) = facts.thresholds;
        SensorMetaData {
            kind: facts.kind,
            unit: facts.unit,
            digits: facts.digits,
            resolution: facts.resolution,
            lower: facts.lower,
            upper: facts.upper,
            has_upper_thresholds,
            has_lower_thresholds,
        }
    }

    /// The thresholds that a sensor for this quantity has until somebody changes them.
    #[must_use]
    pub fn default_thresholds(&self, quantity: Quantity) -> Thresholds {
        thresholds::defaults(quantity)
    }

    /// The thresholds of a sensor.
    #[must_use]
    pub fn thresholds(&self, id: SensorId) -> Thresholds {
        in_force(&self.state(), id)
    }

    /// Lowest and highest reading since the last reset.
    pub fn extremes(&self, id: SensorId) -> MinMax {
        let reading = self.reading(id);
        self.state()
            .extremes
            .get(&id)
            .cloned()
            .unwrap_or_else(|| fresh(&reading))
    }

    pub(crate) fn change_thresholds(
        &self,
        id: SensorId,
        new: Thresholds,
        actor: &Actor,
    ) -> Result<(), ThresholdRefusal> {
        thresholds::check(id.quantity, &new)?;
        let old = {
            let mut state = self.state();
            let old = in_force(&state, id);
            state.alarms.entry(id).or_default();
            self.read(&mut state, id);
            state.thresholds.insert(id, new.clone());
            self.read(&mut state, id);
            old
        };
        if old != new {
            self.publish(Event::ThresholdsChanged {
                sensor: id,
                actor: actor.clone(),
                thresholds: Box::new(Changed::new(old, new)),
            });
        }
        self.tell_alarms();
        Ok(())
    }

    pub(crate) fn reset_extremes(&self, id: SensorId, actor: &Actor) {
        let (old, new) = {
            let mut state = self.state();
            self.read(&mut state, id);
            if id.quantity == Quantity::MaximumCurrent {
                state.grid.reset_maximum(id.place);
            }
            let new = fresh(&self.read(&mut state, id));
            (
                state
                    .extremes
                    .insert(id, new.clone())
                    .unwrap_or_else(|| new.clone()),
                new,
            )
        };
        self.publish(Event::MinMaxReset {
            sensor: id,
            actor: actor.clone(),
            extremes: Box::new(Changed::new(old, new)),
        });
    }

    /// Sets an accumulating sensor back to zero.
    pub(crate) fn reset_counter(&self, id: SensorId, actor: &Actor) {
        let (old, new) = {
            let mut state = self.state();
            let old = self.read(&mut state, id);
            let counted = self.wiring(&state).counted(id);
            let time = whole_seconds(self.clock().now());
            state.reset_at.insert(id, Reset { counted, time });
            (old, self.read(&mut state, id))
        };
        self.publish(Event::CounterReset {
            sensor: id,
            actor: actor.clone(),
            reading: Box::new(Changed::new(old, new)),
        });
    }

    /// When an accumulating sensor was last set back, in seconds since 1970; 0 if it never was.
    pub(crate) fn last_reset(&self, id: SensorId) -> i64 {
        self.state().reset_at.get(&id).map_or(0, |reset| reset.time)
    }

    fn has_sensor(&self, id: SensorId) -> bool {
        self.measured(id.place).contains(&id.quantity)
    }

    fn wiring<'a>(&'a self, state: &'a State) -> Wiring<'a> {
        Wiring {
            make_up: self.make_up(),
            state,
        }
    }

    pub(super) fn read(&self, state: &mut State, id: SensorId) -> Reading {
        let now = self.clock().now();
        state.meter(self.make_up(), now);
        state.measure(self.make_up(), id, now)
    }
}

impl State {
    /// Measures every sensor that somebody watches: by its thresholds, or by its extremes. The wiring must stand at `now`.
    pub(crate) fn sample(&mut self, make_up: &MakeUp, now: Duration) {
        let watched: BTreeSet<SensorId> = self
            .alarms
            .keys()
            .chain(self.extremes.keys())
            .copied()
            .collect();
        for id in watched {
            self.measure(make_up, id, now);
        }
    }

    /// A reading, with what follows from it for thresholds and extremes. The wiring must stand at `now`.
    fn measure(&mut self, make_up: &MakeUp, id: SensorId, now: Duration) -> Reading {
        let reported = if measured(make_up, id.place).contains(&id.quantity) {
            self.overrides.get(&id).copied()
        } else {
            Some(Reported::Unavailable)
        };
        let value = match reported {
            Some(Reported::Value(value)) => value,
            Some(Reported::Unavailable) => 0.0,
            None => Wiring {
                make_up,
                state: self,
            }
            .value(id),
        };
        let available = reported != Some(Reported::Unavailable);
        let mut reading = Reading {
            timestamp: whole_seconds(now),
            available,
            status: ThresholdStatus::default(),
            valid: available,
            value,
        };
        self.judge(id, &mut reading, now);
        if available && let Some(extremes) = self.extremes.get_mut(&id) {
            if value < extremes.min_reading {
                (extremes.min_reading, extremes.min_reading_timestamp) = (value, reading.timestamp);
            }
            if value > extremes.max_reading {
                (extremes.max_reading, extremes.max_reading_timestamp) = (value, reading.timestamp);
            }
        }
        reading
    }

    /// Fills in which thresholds count, and notes an event if that changed.
    fn judge(&mut self, id: SensorId, reading: &mut Reading, now: Duration) {
        let thresholds = in_force(self, id);
        let Some(alarm) = self.alarms.get_mut(&id) else {
            return;
        };
        if reading.available {
            reading.status = alarm.sample(&thresholds, reading.value, now);
        } else {
            alarm.silence();
        }
        let old = alarm.told.replace(reading.clone());
        if let Some(old) = old
            && (old.available != reading.available || old.status != reading.status)
        {
            self.untold.push(Event::ReadingStateChanged {
                sensor: id,
                reading: Changed::new(old, reading.clone()),
            });
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
    }
}

#[cfg(test)]
mod tests;
