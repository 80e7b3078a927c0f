//! Updates that end otherwise, each as what it is.

use xerus_device::firmware::UpdateError;
use xerus_rpc::Outcome;
use xerus_sim::{FaultRule, Running, UpdateEnding};

use crate::world::{
    NEW, agent, device, image, milliseconds, paced, quick, resume, starts, told, update,
};

const OLD: &str = "4.0.20.5-49038";

fn fault(device: &Running, rule: &str) {
    device.faults().inject(rule.parse::<FaultRule>().unwrap());
}

#[tokio::test]
async fn a_failure_has_the_words_of_the_device() {
    let device = device(quick().ending(UpdateEnding::FailsAt { percent: 40 })).await;
    let (names, end) = told(update(&agent(&device), image())).await;
    let error = end.unwrap_err();
    let UpdateError::Failed {
        message,
        version,
        record,
    } = &error
    else {
        panic!("{error}: {names:?}");
    };
    assert!(message.contains("writing the firmware failed"), "{message}");
    assert_eq!((version.as_str(), starts(&device)), (OLD, 1));
    assert_eq!(record.as_ref().unwrap().image_version, NEW);
    assert_eq!(error.outcome(), Outcome::Executed);
    assert!(error.ticket().is_none());
}

#[tokio::test]
async fn a_device_can_come_back_as_it_was() {
    let device = device(quick().ending(UpdateEnding::OldVersion)).await;
    let error = update(&agent(&device), image()).await.unwrap_err();
    let UpdateError::OldVersion { version, record } = &error else {
        panic!("{error}");
    };
    assert_eq!((version.as_str(), starts(&device)), (OLD, 1));
    assert!(record.is_some());
    assert!(error.to_string().contains("the old version"), "{error}");
}

#[tokio::test]
async fn a_device_that_stays_away_leaves_a_ticket() {
    let device = device(quick().ending(UpdateEnding::StaysAway)).await;
    let agent = agent(&device);
    let short = update(&agent, image()).deadline(milliseconds(2_500));
    let error = short.await.unwrap_err();
    let UpdateError::Overdue {
        ticket,
        error: Some(_),
        ..
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(error.outcome(), Outcome::Unknown);
    // Somebody switches it on again: the old version runs, and that is found out with the ticket.
    assert!(device.device().rescue());
    let more = (**ticket).clone().with_rest(milliseconds(20_000));
    let error = resume(&agent, &more).await.unwrap_err();
    assert_eq!(error.code(), "Firmware.OldVersion");
    assert_eq!(starts(&device), 1);
}

#[tokio::test]
async fn an_absence_can_be_too_long() {
    let device = device(quick().absence(milliseconds(4_000))).await;
    let agent = agent(&device);
    let update = update(&agent, image()).longest_absence(milliseconds(700));
    let error = update.await.unwrap_err();
    let UpdateError::Away { since, ticket, .. } = &error else {
        panic!("{error:?}");
    };
    assert!(
        *since >= milliseconds(700) && *since < milliseconds(3_000),
        "{since:?}"
    );
    assert_eq!((error.outcome(), starts(&device)), (Outcome::Unknown, 1));
    // It is still away for a while; nobody gives up for good.
    let mut end = resume(&agent, ticket).await;
    while let Err(UpdateError::Away { ticket, .. }) = &end {
        end = resume(&agent, ticket).await;
    }
    assert_eq!((end.unwrap().version.as_str(), starts(&device)), (NEW, 1));
}

#[tokio::test]
async fn an_update_without_an_end_is_overdue() {
    let device = device(quick().ending(UpdateEnding::NeverEnds)).await;
    let update = update(&agent(&device), image()).deadline(milliseconds(2_000));
    let error = update.await.unwrap_err();
    let UpdateError::Overdue {
        last: Some(last),
        error: None,
        ..
    } = &error
    else {
        panic!("{error:?}");
    };
    assert_eq!(last.phase.to_string(), "UPDATE");
}

#[tokio::test]
async fn what_does_not_fit_together_is_told_as_that() {
    let progress = "rid=/cgi-bin/fwupdate_progress.cgi";
    let cases = [
        (
            format!("rewrite,from=\"NONE\",to=\"FAIL\",{progress}"),
            UpdateEnding::Succeeds,
            "the progress that it failed",
        ),
        (
            "rewrite,from=\"status\":0,to=\"status\":1,method=getUpdateHistory".to_owned(),
            UpdateEnding::Succeeds,
            "did not succeed",
        ),
        (
            "rewrite,from=\"status\":1,to=\"status\":0,method=getUpdateHistory".to_owned(),
            UpdateEnding::OldVersion,
            "the old version runs",
        ),
    ];
    let all = cases.map(|(rule, ending, what)| async move {
        let device = device(quick().ending(ending)).await;
        fault(&device, &rule);
        let error = update(&agent(&device), image()).await.unwrap_err();
        assert_eq!(error.code(), "Firmware.Contradiction", "{error}");
        assert!(error.to_string().contains(what), "{error}");
        assert_eq!((error.outcome(), starts(&device)), (Outcome::Unknown, 1));
    });
    futures_util::future::join_all(all).await;
}

#[tokio::test]
async fn a_third_version_is_not_taken_for_success() {
    let device = device(quick()).await;
    fault(
        &device,
        "rewrite,from=4.4.1.9-60000,to=4.3.0.5-1,method=getVersion",
    );
    let error = update(&agent(&device), image()).await.unwrap_err();
    let UpdateError::OtherVersion {
        version, expected, ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((version.as_str(), expected.as_str()), ("4.3.0.5-1", NEW));
}

#[tokio::test]
async fn a_device_that_never_begins_is_not_told_twice() {
    let device = device(quick()).await;
    let agent = agent(&device);
    // The call gets lost on its way, before the device has executed it.
    fault(&device, "close-unanswered,method=startUpdate,times=1");
    let error = update(&agent, image()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Firmware.NotBegun", Outcome::Unknown)
    );
    assert_eq!(starts(&device), 0);
    assert!(
        error.to_string().contains("(startUpdate met with: "),
        "{error}"
    );
    // Whoever resumes it decides anew.
    let ticket = error.ticket().unwrap();
    let updated = resume(&agent, ticket).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}

#[tokio::test]
async fn an_update_that_begins_late_is_not_taken_for_that_of_somebody_else() {
    let device = device(quick()).await;
    let agent = agent(&device);
    fault(&device, "close-unanswered,method=startUpdate,times=1");
    let error = update(&agent, image()).await.unwrap_err();
    assert_eq!(error.code(), "Firmware.NotBegun");
    // The call arrives after all.
    let late = xerus_api::firmware::Firmware::at(&device.agent(), "/firmware");
    late.start_update(&[]).await.unwrap();
    let updated = resume(&agent, error.ticket().unwrap()).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
    // The same when it has ended meanwhile.
    let updated = resume(&agent, error.ticket().unwrap()).await.unwrap();
    assert_eq!((updated.version.as_str(), starts(&device)), (NEW, 1));
}

#[tokio::test]
async fn a_device_that_is_at_something_else_is_left_alone() {
    let device = device(quick().ending(UpdateEnding::NeverEnds)).await;
    let agent = agent(&device);
    let overdue = update(&agent, image()).deadline(milliseconds(500)).await;
    assert_eq!(overdue.unwrap_err().code(), "Firmware.Overdue");
    let error = update(&agent, image()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Firmware.Busy", Outcome::NotExecuted)
    );
    assert_eq!(starts(&device), 1);
}

#[tokio::test]
async fn an_answer_that_confirms_nothing_stands_in_the_end() {
    let device = device(quick()).await;
    fault(&device, "status=500,method=startUpdate,times=1");
    let error = update(&agent(&device), image()).await.unwrap_err();
    assert_eq!(error.code(), "Firmware.NotBegun");
    assert_eq!(
        error.as_call().unwrap().code(),
        "HttpStatus.Server",
        "{error}"
    );
}

#[tokio::test]
async fn a_device_that_is_going_to_restart_is_left_alone() {
    let device = device(quick()).await;
    let rid = "/cgi-bin/fwupdate_progress.cgi";
    fault(
        &device,
        &format!("rewrite,from=\"NONE\",to=\"SUCCESS\",rid={rid}"),
    );
    let error = update(&agent(&device), image()).await.unwrap_err();
    assert_eq!((error.code(), starts(&device)), ("Firmware.Busy", 0));
    assert!(error.to_string().contains("SUCCESS"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_changes_nothing() {
    let device = device(quick()).await;
    let pin = device.certificate_sha256().unwrap().to_string();
    let agent = xerus_rpc::Agent::builder(device.url())
        .basic_auth("admin", "wrong")
        .pin_certificate_sha256(&pin)
        .build()
        .unwrap();
    let error = update(&agent, image()).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Firmware.Call", Outcome::NotExecuted)
    );
    assert!(!format!("{error} {error:?}").contains("wrong\""));
}

#[tokio::test]
async fn link_units_are_reached_through_their_prefix() {
    let device = device(quick()).await;
    let agent = agent(&device);
    // This device has no link units; what was asked shows in the error.
    let linked = paced(xerus_device::firmware::FirmwareUpdate::of(&agent, image()));
    let error = linked.unit(2).unwrap().await.unwrap_err();
    assert_eq!(error.code(), "Firmware.Call");
    assert_eq!(error.as_call().unwrap().rid(), Some("/link/2/firmware"));
    assert_eq!(error.ticket().unwrap().target(), "/link/2/firmware");
    let refused = update(&agent, image()).unit(9).unwrap_err();
    assert_eq!(refused.code(), "Config.OutOfRange");
}
