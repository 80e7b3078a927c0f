//! One outlet.

use std::time::Duration;

use tokio::time::Instant;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_device::switching::{Change, SwitchError, Switching};
use xerus_rpc::Outcome;
use xerus_sim::model::MakeUp;
use xerus_sim::{Firmware, Simulator};

use super::world::world;

#[tokio::test(start_paused = true)]
async fn an_outlet_is_switched_once_and_not_when_it_is_as_wanted() {
    for firmware in Firmware::ALL {
        let world = world(firmware);
        let outlets = world.outlets().await;
        let switching = Switching::of(&world.agent);
        let switched = switching.switch(&outlets[3], false).await.unwrap();
        assert_eq!(
            (switched.change, switched.outcome),
            (Change::Sent, Outcome::Executed)
        );
        assert_eq!(switched.state.power_state, PowerState::PsOff);
        assert!(!world.is_on(3), "{firmware}");
        let again = switching.switch(&outlets[3], false).await.unwrap();
        assert_eq!(
            (again.change, again.outcome),
            (Change::Already, Outcome::NotExecuted)
        );
        assert_eq!(world.orders(), 1, "{firmware}");
        switching.switch(&outlets[3], true).await.unwrap();
        assert!(world.is_on(3), "{firmware}");
        assert_eq!(world.orders(), 2, "{firmware}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cycle_is_followed_until_the_outlet_is_on_again() {
    for firmware in Firmware::ALL {
        let world = world(firmware);
        let outlets = world.outlets().await;
        let begun = Instant::now();
        let cycled = Switching::of(&world.agent)
            .cycle(&outlets[0])
            .await
            .unwrap();
        assert_eq!(
            (cycled.change, cycled.outcome),
            (Change::Sent, Outcome::Executed)
        );
        assert_eq!(cycled.state.power_state, PowerState::PsOn);
        assert!(
            begun.elapsed() >= Duration::from_secs(9),
            "{firmware}: {:?}",
            begun.elapsed()
        );
        assert!(world.is_on(0) && world.orders() == 1, "{firmware}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outlet_in_a_cycle_is_waited_for_or_kept_off() {
    let world = world(Firmware::V4_4_1);
    let outlets = world.outlets().await;
    let switching = Switching::of(&world.agent);
    outlets[0].cycle_power_state().await.unwrap();
    outlets[1].cycle_power_state().await.unwrap();
    outlets[2].cycle_power_state().await.unwrap();
    let (on, off, cycled) = tokio::join!(
        switching.switch(&outlets[0], true),
        switching.switch(&outlets[1], false),
        switching.cycle(&outlets[2]),
    );
    assert_eq!(on.unwrap().change, Change::UnderWay);
    assert_eq!(off.unwrap().change, Change::Sent);
    assert_eq!(cycled.unwrap().change, Change::UnderWay);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(
        [0, 1, 2].map(|outlet| world.is_on(outlet)),
        [true, false, true]
    );
    assert_eq!(world.device.calls().of("cyclePowerState").count(), 3);
    assert_eq!(world.device.calls().of("setPowerState").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_outlet_that_is_off_is_not_cycled() {
    let world = world(Firmware::V4_0_20);
    let outlets = world.outlets().await;
    let switching = Switching::of(&world.agent);
    switching.switch(&outlets[5], false).await.unwrap();
    let error = switching.cycle(&outlets[5]).await.unwrap_err();
    assert!(matches!(error, SwitchError::NotOn), "{error}");
    assert_eq!(
        (error.code(), error.outcome()),
        ("Switching.NotOn", Outcome::NotExecuted)
    );
    assert!(!world.is_on(5));
    assert_eq!(world.orders(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_an_error_with_its_name() {
    // Older firmware has no such setting.
    let world = world(Firmware::V4_4_1);
    let pdu = Pdu::well_known(&world.agent, 0);
    let mut settings = pdu.get_settings().await.unwrap();
    settings.inhibit_relay_control = true;
    pdu.set_settings(&settings).await.unwrap();
    let outlets = world.outlets().await;
    let switching = Switching::of(&world.agent);
    let error = switching.switch(&outlets[0], false).await.unwrap_err();
    assert_eq!(error.names(), ["ERR_RELAY_CONTROL_DISABLED"]);
    let error = switching.cycle(&outlets[0]).await.unwrap_err();
    assert_eq!(error.names(), ["ERR_RELAY_CONTROL_DISABLED"]);
    // As it is already: nothing to refuse.
    switching.switch(&outlets[0], true).await.unwrap();
    assert!(world.is_on(0));
    for firmware in Firmware::ALL {
        let mut make_up = MakeUp::default();
        make_up.switchable = false;
        let device = Simulator::builder()
            .make_up(make_up)
            .firmware(firmware)
            .in_process();
        let agent = device.agent();
        let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
        let error = Switching::of(&agent).switch(&outlets[0], false).await;
        let names = error.unwrap_err().names();
        assert!(
            names.contains(&"ERR_OUTLET_NOT_SWITCHABLE"),
            "{firmware}: {names:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_outlet_that_does_not_settle_is_an_error_at_the_deadline() {
    let world = world(Firmware::V4_4_1);
    let outlets = world.outlets().await;
    let begun = Instant::now();
    let switching = Switching::of(&world.agent).deadline(Duration::from_secs(4));
    let error = switching.cycle(&outlets[0]).await.unwrap_err();
    let SwitchError::NotSettled { outcome, state } = &error else {
        panic!("{error}")
    };
    assert_eq!(*outcome, Outcome::Executed);
    assert!(state.cycle_in_progress && state.power_state == PowerState::PsOff);
    assert!(
        (4..6).contains(&begun.elapsed().as_secs()),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        error.to_string().contains("read its state later"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_outlet_of_a_version_that_nobody_knows_is_not_switched() {
    let world = world(Firmware::V4_4_1);
    let rid = world.outlets().await[0].rid().to_owned();
    let id = "pdumodel.Outlet:9.0.0".parse().unwrap();
    let strange = xerus_rpc::Object::detached(&rid, id).with_agent(&world.agent);
    let strange: Outlet = xerus_rpc::Interface::from_object(strange);
    let error = Switching::of(&world.agent)
        .switch(&strange, false)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.MajorMismatch", Outcome::NotExecuted)
    );
    assert_eq!(world.orders(), 0);
}

#[tokio::test(start_paused = true)]
async fn switching_can_be_spawned() {
    let world = world(Firmware::V3_6_80);
    let outlets = world.outlets().await;
    let switching = Switching::of(&world.agent);
    let cycled = tokio::spawn(async move { switching.cycle_all(&outlets[..2]).await });
    assert!(
        cycled
            .await
            .unwrap()
            .iter()
            .all(|report| report.result.is_ok())
    );
}
