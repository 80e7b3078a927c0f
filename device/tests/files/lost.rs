//! Answers that are lost, devices that restart, processes that end.

use std::time::Duration;

use xerus_api::firmware::Firmware as FirmwareObject;
use xerus_device::files::{BulkConfig, RawConfig, Status};
use xerus_rpc::Outcome;
use xerus_rpc::action::{ActionEvent, Ticket};
use xerus_rpc::files::{BulkConfigRestore, BulkConfigSave};
use xerus_sim::{Fault, FaultRule, Firmware};

use crate::scripted::{Script, scripted};
use crate::world::world;

const FAST: Duration = Duration::from_millis(100);

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_not_repeated_and_its_end_is_found() {
    let world = world(Firmware::V4_4_1).await;
    let lost = FaultRule::new(Fault::CloseAfterExecution).on("/cgi-bin/raw_config_update.cgi");
    let lost = world.device.faults().inject(lost);
    let text = "#!raw-config 1\noutlet[1].name=once\n";
    let apply = RawConfig::of(&world.agent).upload(text).interval(FAST);
    let applied = apply.await.unwrap();
    // This one, or somebody else's.
    assert_eq!(applied.outcome, Outcome::Unknown);
    assert_eq!(world.name(1).await, "once");
    assert_eq!(lost.hits(), 1);
}

#[tokio::test]
async fn an_upload_that_did_not_arrive_is_not_claimed() {
    let world = world(Firmware::V4_4_1).await;
    let lost = FaultRule::new(Fault::CloseUnanswered).on("/cgi-bin/raw_config_update.cgi");
    world.device.faults().inject(lost);
    let text = "#!raw-config 1\noutlet[1].name=never\n";
    let apply = RawConfig::of(&world.agent).upload(text);
    let apply = apply.interval(FAST).deadline(Duration::from_secs(1));
    let error = apply.await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    assert_eq!(error.code(), "Files.NotInForce");
    assert!(error.ticket().is_some());
    assert_eq!(world.name(1).await, "");
}

#[tokio::test]
async fn another_process_asks_on_with_the_ticket() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    script.say(&[(3, 7), (2, 20)]);
    let how = BulkConfigRestore::new().password("secret");
    let restore = BulkConfig::of(&agent).restore("x", how).interval(FAST);
    let mut restoring = restore.begin().await.unwrap();
    loop {
        if let Some(ActionEvent::Progress(_)) = restoring.next().await {
            break;
        }
    }
    let text = restoring.into_ticket().to_string();
    assert!(!text.contains("secret"), "{text}");
    let ticket: Ticket = text.parse().unwrap();
    // What was in force before is not its end, also for who has not seen it begin.
    script.say(&[(3, 7), (3, 7), (3, 21)]);
    let error = RawConfig::of(&agent).resume(ticket.clone()).unwrap_err();
    assert!(error.to_string().contains("bulk configuration"), "{error}");
    let applied = BulkConfig::of(&agent).resume(ticket).unwrap().await;
    assert_eq!(applied.unwrap().at.unix_seconds(), 21);
    assert_eq!(script.uploads.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_device_that_is_away_meanwhile_is_asked_when_it_is_back() {
    let world = world(Firmware::V4_4_1).await;
    let config = BulkConfig::of(&world.agent);
    let file = config.save(BulkConfigSave::new()).bytes().await.unwrap();
    let restore = config
        .restore(file, BulkConfigRestore::new())
        .interval(FAST);
    let mut restoring = restore.begin().await.unwrap();
    let away = FaultRule::new(Fault::CloseUnanswered)
        .method("getStatus")
        .times(3);
    world.device.faults().inject(away);
    let (mut gone, mut back) = (0, 0);
    let end = loop {
        match restoring.next().await.unwrap() {
            ActionEvent::Away { .. } => gone += 1,
            ActionEvent::Back { .. } => back += 1,
            ActionEvent::End(end) => break end,
            _ => {}
        }
    };
    end.unwrap();
    assert!(gone >= 1 && back == 1, "{gone} {back}");
    assert_eq!(config.status().await.unwrap().status, Status::InForce);
}

#[tokio::test]
async fn a_device_that_restarts_meanwhile_is_waited_for() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        world.rename(5, "kept").await;
        let config = BulkConfig::of(&world.agent);
        let save = BulkConfigSave::new().backup(true);
        let file = config.save(save).bytes().await.unwrap();
        world.rename(5, "lost").await;
        let how = BulkConfigRestore::new().backup(true);
        let restore = config.restore(file, how).interval(FAST);
        let mut restoring = restore.begin().await.unwrap();
        let _ = FirmwareObject::well_known(&world.agent).reboot().await;
        let (mut gone, mut back) = (0, 0);
        let end = loop {
            match restoring.next().await.unwrap() {
                ActionEvent::Away { .. } => gone += 1,
                ActionEvent::Back { .. } => back += 1,
                ActionEvent::End(end) => break end,
                _ => {}
            }
        };
        end.unwrap();
        assert!(gone >= 1 && back == 1, "{firmware}: {gone} {back}");
        assert_eq!(world.name(5).await, "kept", "{firmware}");
    }
}

#[tokio::test]
async fn a_device_that_has_forgotten_the_configuration_is_no_success() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    script.say(&[(3, 7), (2, 20), (0, 0)]);
    let apply = RawConfig::of(&agent).upload("x").interval(FAST);
    let error = apply.deadline(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.ticket().is_some(), "{error}");
}

#[tokio::test]
async fn a_password_that_the_configuration_changed_is_said_and_the_ticket_kept() {
    let (script, serving, agent) = scripted(Script::default()).await;
    script.say(&[(0, 0), (2, 20)]);
    let apply = RawConfig::of(&agent).upload("x").interval(FAST);
    let mut applying = apply.begin().await.unwrap();
    let refused = Fault::Status {
        code: 401,
        body: String::new(),
    };
    serving.faults().inject(FaultRule::new(refused));
    let error = applying.wait().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    let ticket = error.ticket().unwrap().clone();
    serving.faults().clear();
    script.say(&[(3, 30)]);
    let applied = RawConfig::of(&agent).resume(ticket).unwrap().await;
    assert_eq!(applied.unwrap().at.unix_seconds(), 30);
}
