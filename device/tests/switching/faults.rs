//! Answers that are lost.

use std::time::Duration;

use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_device::switching::{Change, SwitchError, Switching};
use xerus_rpc::{Agent, Outcome};
use xerus_sim::{Fault, FaultRule, Firmware, Power, Running, Simulator};

async fn device(firmware: Firmware) -> (Running, Agent, Vec<Outlet>) {
    let device = Simulator::builder()
        .outlets(6)
        .firmware(firmware)
        .record(10_000)
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url())
        .timeout(Duration::from_millis(500))
        .build()
        .unwrap();
    let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    (device, agent, outlets)
}

fn switching(agent: &Agent) -> Switching {
    Switching::of(agent).pause(Duration::from_millis(20))
}

fn is_on(device: &Running, outlet: usize) -> bool {
    device.device().outlet_state(outlet).unwrap().power.is_on()
}

/// All that lose an answer after the device has executed the call.
const LOST: [Fault; 5] = [
    Fault::CloseAfterExecution,
    Fault::TruncateBody,
    Fault::HtmlPage,
    Fault::EmptyBody,
    Fault::WrongId,
];

#[tokio::test]
async fn a_call_whose_answer_is_lost_is_not_sent_again_and_the_state_says_what_became_of_it() {
    for firmware in Firmware::ALL {
        for fault in LOST {
            let (device, agent, outlets) = device(firmware).await;
            let rule = FaultRule::new(fault.clone())
                .method("setPowerState")
                .times(1);
            device.faults().inject(rule);
            let switched = switching(&agent).switch(&outlets[2], false).await;
            let switched =
                switched.unwrap_or_else(|error| panic!("{firmware}, {fault:?}: {error}"));
            assert_eq!(switched.change, Change::Sent, "{fault:?}");
            assert_ne!(switched.outcome, Outcome::NotExecuted, "{fault:?}");
            assert!(!is_on(&device, 2), "{fault:?}");
            assert_eq!(
                device.calls().of("setPowerState").count(),
                1,
                "{firmware}, {fault:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_call_that_may_not_have_arrived_is_not_sent_again() {
    let (device, agent, outlets) = device(Firmware::V4_4_1).await;
    let rule = FaultRule::new(Fault::CloseUnanswered)
        .method("setPowerState")
        .times(1);
    device.faults().inject(rule);
    let switching = switching(&agent).deadline(Duration::from_millis(200));
    let error = switching.switch(&outlets[0], false).await.unwrap_err();
    let SwitchError::NotSettled { outcome, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(*outcome, Outcome::Unknown);
    assert!(error.to_string().contains("not known"), "{error}");
    assert_eq!(device.calls().of("setPowerState").count(), 0);
    // Who wants it, calls again.
    switching.switch(&outlets[0], false).await.unwrap();
    assert_eq!(device.calls().of("setPowerState").count(), 1);
}

#[tokio::test]
async fn a_bulk_whose_answer_is_lost_switches_nothing_twice() {
    for firmware in Firmware::ALL {
        let (device, agent, outlets) = device(firmware).await;
        // The first bulk reads, the second one switches.
        let rule = FaultRule::new(Fault::CloseAfterExecution)
            .on("/bulk")
            .after(1)
            .times(1);
        device.faults().inject(rule);
        let reports = switching(&agent).switch_all(&outlets, false).await;
        for (index, report) in reports.iter().enumerate() {
            let switched = report.result.as_ref().unwrap();
            assert_eq!(switched.outcome, Outcome::Unknown, "{firmware}");
            assert!(!is_on(&device, index), "{firmware}");
        }
        assert_eq!(
            device.calls().of("setPowerState").count(),
            6,
            "{firmware}: each once"
        );
    }
}

#[tokio::test]
async fn a_cycle_whose_answer_is_lost_is_followed_and_not_repeated() {
    let (device, agent, outlets) = device(Firmware::V4_4_1).await;
    let mut settings = outlets[1].get_settings().await.unwrap();
    (settings.use_pdu_cycle_delay, settings.cycle_delay) = (false, 1);
    outlets[1].set_settings(&settings).await.unwrap();
    let rule = FaultRule::new(Fault::CloseAfterExecution)
        .method("cyclePowerState")
        .times(1);
    device.faults().inject(rule);
    let cycled = switching(&agent).cycle(&outlets[1]).await.unwrap();
    assert_eq!(
        (cycled.change, cycled.outcome),
        (Change::Sent, Outcome::Unknown)
    );
    assert!(is_on(&device, 1));
    assert_eq!(device.calls().of("cyclePowerState").count(), 1);
}

#[tokio::test]
async fn a_device_that_is_away_for_a_moment_is_asked_again_for_the_state() {
    let (device, agent, outlets) = device(Firmware::V4_4_1).await;
    // The first look is answered, then looks fail for a while.
    let rule = FaultRule::new(Fault::CloseUnanswered)
        .method("getState")
        .after(1)
        .times(3);
    device.faults().inject(rule);
    switching(&agent).switch(&outlets[0], false).await.unwrap();
    assert_eq!(device.calls().of("setPowerState").count(), 1);
}

#[tokio::test]
async fn a_device_that_stays_away_is_an_error_that_says_what_was_sent() {
    let (device, agent, outlets) = device(Firmware::V4_4_1).await;
    let switching = switching(&agent).deadline(Duration::from_millis(300));
    let rule = FaultRule::new(Fault::CloseUnanswered)
        .method("getState")
        .after(1);
    device.faults().inject(rule);
    let error = switching.switch(&outlets[0], false).await.unwrap_err();
    assert_eq!(error.code(), "Switching.Unread");
    assert_eq!(error.outcome(), Outcome::Executed);
    device.faults().clear();

    // Without a look at the state, nothing is sent.
    device
        .faults()
        .inject(FaultRule::new(Fault::CloseUnanswered).method("getState"));
    let before = device.calls().of("setPowerState").count();
    let error = switching.switch(&outlets[1], false).await.unwrap_err();
    assert!(matches!(error, SwitchError::Call(_)), "{error}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(device.calls().of("setPowerState").count(), before);
    device.faults().clear();
    // Somebody else has done it.
    device.device().switch_outlet(1, Power::Off).unwrap();
    let switched = switching.switch(&outlets[1], false).await.unwrap();
    assert_eq!(switched.change, Change::Already);
}
