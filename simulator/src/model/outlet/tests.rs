//! Outlets as their owner sees them.

use super::*;
use crate::limits::Limits;
use crate::model::{Clock, Line, MakeUp, Place, Quantity, SensorId, StateSensorId};

#[tokio::test]
async fn the_state_sensor_tells_what_the_outlet_does() {
    let device = Device::new(
        MakeUp::default(),
        Clock::frozen_at(1_000),
        &Limits::default(),
    );
    let sensor = StateSensorId::OutletState(2);
    assert_eq!(device.sensed_state(sensor).value, 1);
    assert_eq!(device.switch_outlet(2, Power::Off), Ok(()));
    assert_eq!(device.sensed_state(sensor).value, 0);
    assert_eq!(device.switch_outlet(2, Power::On), Ok(()));
    let told: Vec<_> = device
        .latest_events()
        .into_iter()
        .filter_map(|event| match event {
            Event::SensedStateChanged {
                sensor: told,
                state,
            } => Some((told, state.old.value, state.new.value)),
            _ => None,
        })
        .collect();
    assert_eq!(told, [(sensor, 1, 0), (sensor, 0, 1)]);
}

#[tokio::test]
async fn settings_out_of_range_change_nothing() {
    let device = Device::new(
        MakeUp::default(),
        Clock::frozen_at(1_000),
        &Limits::default(),
    );
    let usual = device.outlet_settings(0).unwrap();
    let long = |length| "n".repeat(length);
    let changed = |edit: &dyn Fn(&mut OutletSettings)| {
        let mut wanted = usual.clone();
        edit(&mut wanted);
        wanted
    };
    for wrong in [
        changed(&|settings| settings.cycle_delay = -1),
        changed(&|settings| settings.cycle_delay = 3_601),
        changed(&|settings| settings.sequence_delay = -1),
        changed(&|settings| settings.sequence_delay = 3_600_001),
        changed(&|settings| settings.name = long(65)),
    ] {
        let answer = device.change_outlet_settings(0, wrong, &Actor::device());
        assert_eq!(answer, Err(OutletRefusal::Invalid));
        assert_eq!(device.outlet_settings(0).as_ref(), Some(&usual));
    }
    for right in [
        changed(&|settings| settings.cycle_delay = 3_600),
        changed(&|settings| settings.sequence_delay = 3_600_000),
        changed(&|settings| (settings.cycle_delay, settings.sequence_delay) = (0, 0)),
        changed(&|settings| settings.name = long(64)),
    ] {
        let answer = device.change_outlet_settings(0, right.clone(), &Actor::device());
        assert_eq!((answer, device.outlet_settings(0)), (Ok(()), Some(right)));
    }
}

#[tokio::test]
async fn each_sixth_receptacle_is_a_large_one() {
    let device = Device::new(
        MakeUp::default(),
        Clock::frozen_at(1_000),
        &Limits::default(),
    );
    for index in 0..8 {
        let data = device.outlet_meta_data(index).unwrap();
        let (receptacle, amperes) = if index == 5 {
            ("IEC 60320 C19", 16)
        } else {
            ("IEC 60320 C13", 10)
        };
        assert_eq!(
            (data.receptacle_type.as_str(), data.rating.amperes),
            (receptacle, amperes)
        );
        assert_eq!(data.label, (index + 1).to_string());
    }
    assert!(device.outlet_meta_data(8).is_none());
}

#[tokio::test]
async fn switching_shows_in_front_of_the_outlet_too() {
    let make_up = MakeUp::default();
    let device = Device::new(make_up, Clock::frozen_at(1_000), &Limits::default());
    let power = |place| {
        device
            .reading(SensorId::new(place, Quantity::ActivePower))
            .value
    };
    let in_front = [
        Place::Ocp(0),
        Place::Pole(0, Line::L1),
        Place::Inlet(0),
        Place::Pdu,
    ];
    let before = in_front.map(power);
    device.set_load(0, 300.0, 1.0);
    let with = in_front.map(power);
    assert_eq!(device.switch_outlet(0, Power::Off), Ok(()));
    for (place, with) in in_front.into_iter().zip(with) {
        assert!((with - power(place) - 300.0).abs() < 1e-6, "{place:?}");
    }
    assert_eq!(device.switch_outlet(0, Power::On), Ok(()));
    device.set_load(0, 55.0, 1.0);
    for (place, before) in in_front.into_iter().zip(before) {
        assert!((before - power(place)).abs() < 1e-6, "{place:?}");
    }
    // A tripped protector cuts all that is behind it, and nothing else.
    let rest = power(Place::Ocp(1));
    assert!(device.set_tripped(0, true));
    assert_eq!((power(Place::Ocp(0)), power(Place::Outlet(3))), (0.0, 0.0));
    assert!((power(Place::Pdu) - rest).abs() < 1e-6);
    assert!(device.set_tripped(0, false));
    assert!((power(Place::Pdu) - before[3]).abs() < 1e-6);
    assert!(!device.set_load(8, 1.0, 1.0));
    assert_eq!(device.load(0), Some(Load::new(55.0, 1.0)));
}
