//! Readings that somebody follows: each second, what reads something else is told.

use super::super::device::Device;
use super::super::event::Event;
use super::super::make_up::MakeUp;
use super::super::measured::measured;
use super::super::place::{Line, LinePair, Place};
use super::super::sensor_id::SensorId;
use super::numeric::Reading;

impl Device {
    /// Tells listeners of readings which sensors read something else than what they were told last. The first look is told to nobody, and
    /// nothing is measured while nobody follows.
    pub(super) fn tell_readings(&self) {
        let listeners = self.listeners();
        if !listeners.iter().any(|listener| listener.follows_readings()) {
            self.state().told.clear();
            return;
        }
        for event in self.new_readings() {
            // Not among the latest events: there they would push out all others.
            for listener in &listeners {
                listener.hear(&event);
            }
        }
    }

    fn new_readings(&self) -> Vec<Event> {
        let mut state = self.state();
        let groups: Vec<Place> = state
            .groups
            .all()
            .map(|group| Place::Group(group.id))
            .collect();
        let places = places(self.make_up()).chain(groups);
        let mut events = Vec::new();
        for place in places {
            for &quantity in measured(self.make_up(), place) {
                let sensor = SensorId::new(place, quantity);
                let reading = self.read(&mut state, sensor);
                let resolution = f64::from(quantity.facts().resolution);
                let told = state.told.get(&sensor).copied();
                let now = reading.available.then_some(reading.value);
                if told.is_none_or(|told| differs(told, now, resolution)) {
                    state.told.insert(sensor, now);
                }
                if told.is_some_and(|told| differs(told, now, resolution)) {
                    events.push(Event::ReadingChanged { sensor, reading });
                }
            }
        }
        events
    }

    /// Remembers what was told of a sensor beside the look of each second.
    pub(super) fn reading_told(&self, sensor: SensorId, reading: &Reading) {
        if let Some(told) = self.state().told.get_mut(&sensor) {
            *told = reading.available.then_some(reading.value);
        }
    }
}

/// Whether a sensor shows something else: by less than it can tell is the same.
fn differs(told: Option<f64>, now: Option<f64>, resolution: f64) -> bool {
    match (told, now) {
        (Some(told), Some(now)) => (told - now).abs() >= resolution,
        (told, now) => told != now,
    }
}

/// Where sensors may be, but for groups.
fn places(make_up: &MakeUp) -> impl Iterator<Item = Place> {
    const LINES: [Line; 4] = [Line::L1, Line::L2, Line::L3, Line::Neutral];
    let inlets = (0..make_up.inlets).flat_map(|inlet| {
        let lines = LINES.map(|line| Place::Pole(inlet, line));
        let pairs = LinePair::ALL.map(|pair| Place::LinePair(inlet, pair));
        [Place::Inlet(inlet)].into_iter().chain(lines).chain(pairs)
    });
    [Place::Pdu]
        .into_iter()
        .chain(inlets)
        .chain((0..make_up.overcurrent_protectors).map(Place::Ocp))
        .chain((0..make_up.outlets).map(Place::Outlet))
        .chain((0..make_up.slots).map(Place::Slot))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::super::event::Listener;
    use super::*;
    use crate::limits::Limits;
    use crate::model::{Clock, Power, Quantity, Reported};

    #[derive(Default)]
    struct Follower(Mutex<Vec<SensorId>>);

    impl Listener for Follower {
        fn hear(&self, event: &Event) {
            if let Event::ReadingChanged { sensor, .. } = event {
                self.0.lock().unwrap().push(*sensor);
            }
        }

        fn follows_readings(&self) -> bool {
            true
        }
    }

    impl Follower {
        fn take(&self) -> Vec<SensorId> {
            std::mem::take(&mut self.0.lock().unwrap())
        }
    }

    #[tokio::test]
    async fn what_reads_something_else_is_told_once() {
        let clock = Clock::frozen_at(1_000);
        let device = Device::new(MakeUp::default(), clock, &Limits::default());
        let follower = Arc::new(Follower::default());
        device.listen(&follower);
        device.tell_readings();
        assert_eq!(follower.take(), []);
        device.tell_readings();
        assert_eq!(follower.take(), []);

        device.switch_outlet(2, Power::Off).unwrap();
        device.tell_readings();
        let told = follower.take();
        let current = |place| SensorId::new(place, Quantity::Current);
        assert!(told.contains(&current(Place::Outlet(2))), "{told:?}");
        assert!(told.contains(&current(Place::Inlet(0))), "{told:?}");
        assert!(!told.contains(&current(Place::Outlet(1))), "{told:?}");
        device.tell_readings();
        assert_eq!(follower.take(), []);

        // Told at once, and not a second time.
        let sensor = SensorId::new(Place::Inlet(0), Quantity::Voltage);
        device.set_reading(sensor, Some(Reported::Value(120.0)));
        assert_eq!(follower.take(), [sensor]);
        device.tell_readings();
        assert!(!follower.take().contains(&sensor));
        assert!(device.latest_events().len() < 10);
    }
}
