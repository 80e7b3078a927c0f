use std::sync::Arc;

use super::*;
use crate::limits::Limits;
use crate::model::OutletStartup;
use crate::model::{Clock, MakeUp, Place};

fn device(outlets: usize) -> (Arc<Device>, Clock) {
    let clock = Clock::frozen_at(1_000);
    let make_up = MakeUp {
        outlets,
        ..MakeUp::default()
    };
    let device = Device::new(make_up, clock.clone(), &Limits::default());
    (device, clock)
}

/// Lets the tasks run that wait for the clock.
async fn advance(clock: &Clock, milliseconds: u64) {
    assert!(clock.advance(Duration::from_millis(milliseconds)));
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

fn on(device: &Device) -> Vec<usize> {
    let outlets = 0..device.make_up().outlets;
    outlets
        .filter(|&outlet| device.outlet_state(outlet).unwrap().power.is_on())
        .collect()
}

fn set(device: &Device, outlets: &[usize], power: Power) {
    let done = device.set_outlets(outlets, power, true, &Actor::device());
    assert_eq!(done, Ok(()));
}

#[tokio::test]
async fn all_outlets_go_off_at_once_and_on_in_sequence() {
    let (device, clock) = device(4);
    device.state().pdu_settings.outlet_sequence = vec![3, 1, 0, 2];
    device.state().outlets[1].settings.sequence_delay = 1_000;
    set(&device, &[0, 1, 2, 3], Power::Off);
    assert_eq!(on(&device), [0; 0]);
    set(&device, &[0, 1, 2, 3], Power::On);
    assert_eq!(on(&device), [3]);
    assert!(device.outlet_state(1).unwrap().switch_on_in_progress);
    assert_eq!(
        device.outlet_sequence(),
        SequenceState {
            next: Some((1, Duration::from_millis(200))),
            remaining: 3,
            cancelable: 3
        }
    );
    advance(&clock, 200).await;
    assert_eq!(on(&device), [1, 3]);
    advance(&clock, 999).await;
    assert_eq!(on(&device), [1, 3]);
    advance(&clock, 201).await;
    assert_eq!(on(&device), [0, 1, 2, 3]);
    assert_eq!(device.outlet_sequence(), SequenceState::default());
}

#[tokio::test]
async fn one_outlet_goes_on_at_once_unless_others_wait() {
    let (device, clock) = device(4);
    set(&device, &[0, 1, 2, 3], Power::Off);
    set(&device, &[0], Power::On);
    set(&device, &[1], Power::On);
    assert_eq!(on(&device), [0, 1]);
    set(&device, &[0, 1], Power::Off);
    set(&device, &[0, 1], Power::On);
    set(&device, &[2], Power::On);
    assert_eq!(on(&device), [0]);
    advance(&clock, 400).await;
    assert_eq!(on(&device), [0, 1, 2]);
}

#[tokio::test]
async fn cancelling_leaves_outlets_off() {
    let (device, clock) = device(3);
    set(&device, &[0, 1, 2], Power::Off);
    set(&device, &[0, 1, 2], Power::On);
    device.cancel_outlet_sequence();
    advance(&clock, 60_000).await;
    assert_eq!(on(&device), [0]);
    assert!(!device.outlet_state(1).unwrap().switch_on_in_progress);
}

#[tokio::test]
async fn a_second_cycle_is_not_ended_by_the_first() {
    let (device, clock) = device(8);
    let actor = Actor::device();
    let state = |device: &Device| {
        let state = device.outlet_state(0).unwrap();
        (state.power, state.cycle_in_progress)
    };
    set(&device, &[0], Power::Off);
    assert_eq!(device.cycle_outlets(&[0], false, &actor), Ok(()));
    advance(&clock, 6_000).await;
    assert_eq!(device.cycle_outlets(&[0], false, &actor), Ok(()));
    advance(&clock, 6_000).await;
    assert_eq!(state(&device), (Power::Off, true));
    advance(&clock, 6_000).await;
    assert_eq!(state(&device), (Power::On, false));
}

#[tokio::test]
async fn cycled_outlets_come_back_in_sequence_after_their_own_delays() {
    let (device, clock) = device(3);
    {
        let mut state = device.state();
        state.outlets[0].settings.use_pdu_cycle_delay = false;
        state.outlets[0].settings.cycle_delay = 60;
    }
    let done = device.cycle_outlets(&[0, 1, 2], true, &Actor::device());
    assert_eq!(done, Ok(()));
    assert_eq!(on(&device), [0; 0]);
    assert_eq!(device.outlet_sequence().cancelable, 0);
    advance(&clock, 10_000).await;
    assert_eq!(on(&device), [1]);
    advance(&clock, 200).await;
    assert_eq!(on(&device), [1, 2]);
    advance(&clock, 49_800).await;
    assert_eq!(on(&device), [0, 1, 2]);
}

#[tokio::test]
async fn energy_counts_from_the_time_of_the_step_not_of_the_look() {
    let (device, clock) = device(2);
    set(&device, &[0, 1], Power::Off);
    let energy = |state: &State| state.grid.counted(Place::Outlet(1)).watt_hours;
    let before = energy(&device.state());
    set(&device, &[0, 1], Power::On);
    advance(&clock, 3_600_200).await;
    let mut state = device.state();
    state.meter(device.make_up(), clock.now());
    let outlet = &state.outlets[1];
    let counted = energy(&state) - before;
    assert!((counted - outlet.load.watts()).abs() < 1e-9, "{counted}");
    assert_eq!(outlet.last_change, 1_000);
}

#[tokio::test]
async fn a_cold_start_restores_what_the_settings_say() {
    let (device, clock) = device(4);
    set(&device, &[2, 3], Power::Off);
    {
        let mut state = device.state();
        state.pdu_settings.power_on_delay = 5;
        state.outlets[1].settings.startup = OutletStartup::Off;
        state.outlets[3].settings.startup = OutletStartup::On;
    }
    device.cold_start();
    assert_eq!(on(&device), [0; 0]);
    advance(&clock, 4_999).await;
    assert_eq!(on(&device), [0; 0]);
    advance(&clock, 1).await;
    assert_eq!(on(&device), [0]);
    advance(&clock, 200).await;
    assert_eq!(on(&device), [0, 3]);
    assert!(device.outlet_sequence().next.is_none());
}

#[tokio::test]
async fn load_shedding_takes_waiting_outlets_along_and_brings_them_back() {
    let (device, clock) = device(4);
    for outlet in [1, 2] {
        device.state().outlets[outlet].settings.non_critical = true;
    }
    set(&device, &[2], Power::Off);
    set(&device, &[0, 1, 3], Power::Off);
    set(&device, &[0, 1, 3], Power::On);
    device.set_load_shedding(true, &Actor::device());
    advance(&clock, 1_000).await;
    assert_eq!(on(&device), [0, 3]);
    let shed = |outlet| device.outlet_state(outlet).unwrap().is_load_shed;
    assert_eq!((shed(1), shed(2)), (true, false));
    device.set_load_shedding(false, &Actor::device());
    advance(&clock, 1_000).await;
    assert_eq!(on(&device), [0, 1, 3]);
}

#[tokio::test]
async fn outlets_without_relays_refuse() {
    let make_up = MakeUp {
        switchable: false,
        ..MakeUp::default()
    };
    let clock = Clock::frozen_at(1_000);
    let device = Device::new(make_up, clock, &Limits::default());
    let actor = Actor::device();
    assert_eq!(
        device.set_outlet_power(0, Power::Off, &actor),
        Err(OutletRefusal::NotSwitchable)
    );
    assert_eq!(
        device.cycle_outlets(&[0, 1], true, &actor),
        Err(OutletRefusal::NotSwitchable)
    );
    assert_eq!(on(&device).len(), 8);
    assert!(device.latest_events().is_empty());
}

#[tokio::test]
async fn a_sequence_is_told_when_it_begins_goes_on_and_ends() {
    let (device, clock) = device(3);
    set(&device, &[0, 1, 2], Power::Off);
    set(&device, &[0, 1, 2], Power::On);
    advance(&clock, 200).await;
    advance(&clock, 200).await;
    let remaining: Vec<usize> = device
        .latest_events()
        .into_iter()
        .filter_map(|event| match event {
            Event::SequenceChanged { state } => Some(state.remaining),
            _ => None,
        })
        .collect();
    assert_eq!(remaining, [2, 1, 0]);
}
