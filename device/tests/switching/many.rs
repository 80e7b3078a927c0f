//! Several outlets, groups and sequences.

use std::time::Duration;

use tokio::time::Instant;
use xerus_api::pdumodel::{OutletGroup, OutletGroupManager, Pdu};
use xerus_device::switching::{Change, Report, SwitchError, Switching};
use xerus_rpc::Outcome;
use xerus_sim::Firmware;

use super::world::{World, world};

fn changes(reports: &[Report]) -> Vec<Change> {
    let results = reports.iter().map(|report| report.result.as_ref());
    results.map(|result| result.unwrap().change).collect()
}

#[tokio::test(start_paused = true)]
async fn only_what_differs_is_sent() {
    for firmware in Firmware::ALL {
        let world = world(firmware);
        let outlets = world.outlets().await;
        let switching = Switching::of(&world.agent);
        switching.switch(&outlets[1], false).await.unwrap();
        let reports = switching.switch_all(&outlets[..3], false).await;
        assert_eq!(
            changes(&reports),
            [Change::Sent, Change::Already, Change::Sent]
        );
        assert_eq!(reports[2].outlet, outlets[2]);
        assert_eq!(
            world.device.calls().of("setPowerState").count(),
            3,
            "{firmware}"
        );
        assert_eq!(
            [0, 1, 2, 3].map(|outlet| world.is_on(outlet)),
            [false, false, false, true]
        );
        // On again, one after the other.
        let reports = switching.switch_all(&outlets[..4], true).await;
        assert_eq!(
            changes(&reports),
            [Change::Sent, Change::Sent, Change::Sent, Change::Already]
        );
        assert!((0..4).all(|outlet| world.is_on(outlet)), "{firmware}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outlet_that_is_named_twice_is_switched_once() {
    let world = world(Firmware::V4_4_1);
    let outlets = world.outlets().await;
    let twice = [outlets[7].clone(), outlets[7].clone()];
    let reports = Switching::of(&world.agent).cycle_all(&twice).await;
    assert_eq!(changes(&reports), [Change::Sent, Change::Sent]);
    assert_eq!(world.orders(), 1);
    let switching = Switching::of(&world.agent);
    let reports = switching
        .switch_in_sequence(0, &[7, 7], false)
        .await
        .unwrap();
    assert_eq!(reports.len(), 1);
    assert!(switching.switch_all(&[], true).await.is_empty());
}

async fn group(world: &World, members: std::ops::Range<usize>) -> OutletGroup {
    let outlets: Vec<_> = world.outlets().await[members]
        .iter()
        .map(|outlet| outlet.assume())
        .collect();
    let manager = OutletGroupManager::well_known(&world.agent);
    manager
        .create_group("row", &outlets)
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_group_is_one_call_when_all_members_differ() {
    for firmware in Firmware::ALL {
        let world = world(firmware);
        let group = group(&world, 4..7).await;
        let switching = Switching::of(&world.agent);
        let reports = switching.switch_group(&group, false).await.unwrap();
        assert_eq!(changes(&reports), [Change::Sent; 3], "{firmware}");
        assert_eq!(
            world.device.calls().of("setAllOutletPowerStates").count(),
            1
        );
        assert_eq!(world.orders(), 1, "{firmware}");
        // One member is on by now: the two others are switched, and it is not.
        switching.switch(&reports[0].outlet, true).await.unwrap();
        let reports = switching.switch_group(&group, true).await.unwrap();
        assert_eq!(
            changes(&reports),
            [Change::Already, Change::Sent, Change::Sent]
        );
        assert_eq!(
            world.device.calls().of("setAllOutletPowerStates").count(),
            1
        );
        assert!((4..7).all(|outlet| world.is_on(outlet)), "{firmware}");

        let before = world.orders();
        let reports = switching.cycle_group(&group).await.unwrap();
        assert_eq!(changes(&reports), [Change::Sent; 3], "{firmware}");
        assert_eq!(world.orders(), before + 1, "{firmware}");
        assert!((4..7).all(|outlet| world.is_on(outlet)), "{firmware}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cycle_of_a_group_leaves_members_off_that_are_off() {
    let world = world(Firmware::V4_4_1);
    let group = group(&world, 0..3).await;
    let outlets = world.outlets().await;
    let switching = Switching::of(&world.agent);
    switching.switch(&outlets[1], false).await.unwrap();
    let reports = switching.cycle_group(&group).await.unwrap();
    let is_not_on = |report: &Report| matches!(report.result, Err(SwitchError::NotOn));
    assert_eq!(
        reports.iter().map(is_not_on).collect::<Vec<_>>(),
        [false, true, false]
    );
    assert_eq!(
        [0, 1, 2].map(|outlet| world.is_on(outlet)),
        [true, false, true]
    );
    assert_eq!(world.device.calls().of("cyclePowerState").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_sequence_is_one_call_and_is_waited_for() {
    for firmware in Firmware::ALL {
        let world = world(firmware);
        let pdu = Pdu::well_known(&world.agent, 0);
        let mut settings = pdu.get_settings().await.unwrap();
        settings.in_rush_guard_delay = 2000;
        pdu.set_settings(&settings).await.unwrap();
        let switching = Switching::of(&world.agent);
        let numbers: Vec<u32> = (0..6).collect();
        let reports = switching
            .switch_in_sequence(0, &numbers[..5], false)
            .await
            .unwrap();
        assert_eq!(changes(&reports), [Change::Sent; 5]);
        assert_eq!(world.orders(), 1, "{firmware}");
        let begun = Instant::now();
        let reports = switching
            .switch_in_sequence(0, &numbers, true)
            .await
            .unwrap();
        let (last, others) = reports.split_last().unwrap();
        assert_eq!(changes(others), [Change::Sent; 5]);
        assert_eq!(changes(std::slice::from_ref(last)), [Change::Already]);
        assert!(
            begun.elapsed() >= Duration::from_secs(8),
            "{:?}",
            begun.elapsed()
        );
        assert_eq!(
            world
                .device
                .calls()
                .of("setMultipleOutletPowerStates")
                .count(),
            2
        );
        let reports = switching.cycle_in_sequence(0, &[2, 0]).await.unwrap();
        assert_eq!(changes(&reports), [Change::Sent; 2]);
        assert_eq!(world.orders(), 3, "{firmware}");

        let error = switching
            .switch_in_sequence(0, &[0, 99], false)
            .await
            .unwrap_err();
        assert!(matches!(error, SwitchError::NoOutlet(99)), "{error}");
        assert_eq!((error.outcome(), world.orders()), (Outcome::NotExecuted, 3));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_sequence_is_an_error_of_each_outlet_that_was_not_switched() {
    let world = world(Firmware::V4_4_1);
    let pdu = Pdu::well_known(&world.agent, 0);
    let mut settings = pdu.get_settings().await.unwrap();
    settings.inhibit_relay_control = true;
    pdu.set_settings(&settings).await.unwrap();
    let switching = Switching::of(&world.agent);
    let begun = Instant::now();
    let reports = switching
        .switch_in_sequence(0, &[0, 1], false)
        .await
        .unwrap();
    for report in reports {
        let error = report.result.unwrap_err();
        assert!(matches!(error, SwitchError::Refused(_)), "{error}");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(world.orders(), 1);
}
