//! Readings, thresholds, extremes and counters by the clock.

use super::*;
use crate::limits::Limits;
use crate::model::{Clock, MakeUp};

/// Lets the task run that waits for the clock.
async fn advance(clock: &Clock, seconds: u64) {
    assert!(clock.advance(Duration::from_secs(seconds)));
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn thresholds_raise_and_clear_by_the_clock_alone() {
    let clock = Clock::frozen_at(1_000);
    let device = Device::new(MakeUp::default(), clock.clone(), &Limits::default());
    let id = SensorId::new(Place::Outlet(0), Quantity::ActivePower);
    let mut wanted = device.thresholds(id);
    (wanted.upper_warning_active, wanted.upper_warning) = (true, 100.0);
    (wanted.assertion_timeout, wanted.deassertion_hysteresis) = (5, 20.0);
    let actor = Actor::device();
    assert_eq!(device.change_thresholds(id, wanted, &actor), Ok(()));
    let told = || -> Vec<(i64, f64, bool)> {
        let events = device.latest_events().into_iter();
        events
            .filter_map(|event| match event {
                Event::ReadingStateChanged { sensor, reading } if sensor == id => Some((
                    reading.new.timestamp,
                    reading.new.value,
                    reading.new.status.above_upper_warning,
                )),
                _ => None,
            })
            .collect()
    };
    device.set_load(0, 150.0, 1.0);
    advance(&clock, 4).await;
    assert!(!device.reading(id).status.above_upper_warning);
    assert!(told().is_empty());
    // Nobody reads: the device measures by itself, each second of the time that passed.
    advance(&clock, 60).await;
    let raised = (1_006, 150.0, true);
    assert_eq!(told(), [raised]);
    assert!(device.reading(id).status.above_upper_warning);
    device.set_load(0, 90.0, 1.0);
    advance(&clock, 10).await;
    assert_eq!(told(), [raised]);
    device.set_load(0, 80.0, 1.0);
    advance(&clock, 10).await;
    assert_eq!(told(), [raised, (1_075, 80.0, false)]);
    // Extremes were kept in the meantime.
    let extremes = device.extremes(id);
    assert_eq!((extremes.min_reading, extremes.max_reading), (80.0, 150.0));
}

#[tokio::test]
async fn extremes_are_kept_while_nobody_reads_and_begin_anew() {
    let clock = Clock::frozen_at(1_000);
    let device = Device::new(MakeUp::default(), clock.clone(), &Limits::default());
    let id = SensorId::new(Place::Inlet(0), Quantity::Voltage);
    device.reading(id);
    advance(&clock, 240).await;
    // Two turns of the wave are behind us.
    let all = device.extremes(id);
    assert!((all.min_reading - 228.5).abs() < 0.01, "{all:?}");
    assert!((all.max_reading - 231.5).abs() < 0.01, "{all:?}");
    assert!(all.min_reading_timestamp > 1_000 && all.observed_since == 1_000);
    device.reset_extremes(id, &Actor::device());
    let fresh = device.extremes(id);
    assert_eq!(
        (fresh.min_reading, fresh.observed_since),
        (fresh.max_reading, 1_240)
    );
    assert_eq!(fresh.max_reading, device.reading(id).value);
}

#[tokio::test]
async fn counters_begin_anew() {
    let clock = Clock::frozen_at(1_000);
    let device = Device::new(MakeUp::default(), clock.clone(), &Limits::default());
    device.set_load(0, 500.0, 1.0);
    for quantity in [Quantity::ActiveEnergy, Quantity::ApparentEnergy] {
        let (outlet, inlet) = (
            SensorId::new(Place::Outlet(0), quantity),
            SensorId::new(Place::Inlet(0), quantity),
        );
        device.reset_counter(inlet, &Actor::device());
        assert_eq!(device.reading(inlet).value, 0.0);
        let before = device.reading(outlet).value;
        advance(&clock, 3_600).await;
        assert!(device.reading(inlet).value > 500.0);
        if device.reading(outlet).available {
            assert!((device.reading(outlet).value - before - 500.0).abs() < 1e-6);
        }
    }
}

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
