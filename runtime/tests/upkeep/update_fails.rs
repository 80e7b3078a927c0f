//! Updates that fail, and what the device has done then.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xerus_rpc::update::UpdateError;
use xerus_rpc::{Agent, Error, ErrorKind, Outcome, update};

use crate::device::{Answer, Ask, Device, ret};
use crate::support::pdumodel::Outlet;

/// Answers by the number of the request.
fn numbered(
    answer: impl Fn(usize, &Ask) -> Answer + Send + Sync + 'static,
) -> (Arc<Device>, Agent, Outlet) {
    let number = AtomicUsize::new(0);
    let (device, agent) =
        Device::new(move |ask| answer(number.fetch_add(1, Ordering::SeqCst), ask));
    let outlet = Outlet::at(&agent, "/outlet/0");
    (device, agent, outlet)
}

fn settings(name: &str, delay: i32) -> Answer {
    ret(format!(
        r#"{{"name":"{name}","startupState":1,"cycleDelay":{delay}}}"#
    ))
}

async fn rename(
    outlet: &Outlet,
) -> Result<xerus_rpc::update::Updated<crate::support::pdumodel::outlet::Settings>, Error> {
    update(
        outlet.get_settings(),
        |settings| settings.name = "db".into(),
        |settings| outlet.set_settings(settings),
    )
    .verify()
    .await
}

fn reason(error: &Error) -> &UpdateError {
    match error.kind() {
        ErrorKind::Update(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_concurrent_change_is_found_and_nothing_is_written() {
    let (device, _agent, outlet) = numbered(|number, _| settings("web", 10 + number as i32));
    let error = rename(&outlet).await.unwrap_err();
    assert_eq!(error.code(), "Update.Conflict");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    let UpdateError::Conflict { ours, theirs } = reason(&error) else {
        panic!("{error}");
    };
    assert_eq!(ours.to_string(), r#"name: "web" -> "db""#);
    assert_eq!(theirs.to_string(), "cycleDelay: 10 -> 11");
    assert!(
        error.to_string().contains("changed cycleDelay since"),
        "{error}"
    );
    assert_eq!(error.rid(), Some("/outlet/0"));
    assert_eq!(device.methods(), ["getSettings", "getSettings"]);
}

#[tokio::test]
async fn what_the_device_does_not_keep_is_told() {
    let (_device, _agent, outlet) = numbered(|number, _| match number {
        0 | 1 => settings("web", 10),
        2 => ret(0),
        _ => settings("DB", 10),
    });
    let error = rename(&outlet).await.unwrap_err();
    assert_eq!(error.code(), "Update.NotKept");
    assert_eq!(error.outcome(), Outcome::Executed);
    let UpdateError::NotKept { ours, found } = reason(&error) else {
        panic!("{error}");
    };
    assert_eq!(ours.to_string(), r#"name: "web" -> "db""#);
    assert_eq!(found.to_string(), r#"name: "db" -> "DB""#);
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn secrets_that_are_not_given_back_are_no_fault() {
    let (_device, _agent, outlet) = numbered(|number, _| match number {
        2 => ret(0),
        _ => ret(
            r#"{"name":"web","startupState":1,"cycleDelay":10,"snmp":{"authPassphrase":"","port":161}}"#,
        ),
    });
    let updated = update(
        outlet.get_settings(),
        |settings| {
            let snmp = r#"{"authPassphrase":"s3cret-phrase","port":161}"#;
            settings.extra_.set("snmp", snmp.parse().unwrap());
        },
        |settings| outlet.set_settings(settings),
    )
    .verify()
    .await
    .unwrap();
    assert!(updated.verified);
    assert_eq!(
        updated.changed.to_string(),
        "snmp.authPassphrase: (hidden) -> (hidden)"
    );
    assert!(!format!("{updated:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_refusal_is_an_error_with_its_code() {
    let (device, _agent, outlet) = numbered(|number, _| match number {
        0 | 1 => settings("web", 10),
        _ => ret(2),
    });
    let error = rename(&outlet).await.unwrap_err();
    assert_eq!(error.return_code(), Some(2));
    assert_eq!(error.outcome(), Outcome::Executed);
    assert!(
        error.to_string().contains("ERR_LOAD_SHEDDING_ACTIVE"),
        "{error}"
    );
    assert_eq!(device.methods().len(), 3);
}

#[tokio::test]
async fn the_outcome_is_that_of_the_update() {
    let lost = |sent| Error::from(ErrorKind::ConnectionLost).with_sent(sent, true);
    // What was lost, whether it was sent; what became of the update, whether it may be done again.
    for (at, sent, outcome, again) in [
        (0, true, Outcome::NotExecuted, true),
        (1, true, Outcome::NotExecuted, true),
        (2, false, Outcome::NotExecuted, true),
        (2, true, Outcome::Unknown, false),
        (3, true, Outcome::Executed, false),
        (3, false, Outcome::Executed, false),
    ] {
        let (device, _agent, outlet) = numbered(move |number, _| match number {
            _ if number == at => Answer::Fail(lost(sent)),
            2 => ret(0),
            _ => settings("web", 10),
        });
        let error = rename(&outlet).await.unwrap_err();
        assert_eq!(
            (error.outcome(), error.is_retryable()),
            (outcome, again),
            "{at} {sent}"
        );
        assert_eq!(device.methods().len(), at + 1, "nothing is repeated");
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_sent_ends_it() {
    let (device, _agent, outlet) = numbered(|_, _| settings("web", 10));
    let error = update(
        outlet.get_settings(),
        |settings| settings.startup_state = Default::default(),
        |settings| outlet.set_settings(settings),
    )
    .await
    .unwrap_err();
    assert_eq!(error.code(), "Encode.Unset");
    assert_eq!(error.path().as_deref(), Some("settings.startupState"));
    assert_eq!(device.methods().len(), 1);
}
