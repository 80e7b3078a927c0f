//! Default values that nobody set are not sent.

use xerus_rpc::rt::encode;
use xerus_rpc::update::UpdateError;
use xerus_rpc::{Agent, Call, Error, ErrorKind, Json, update};

use crate::device::{Device, ret};
use crate::support::pdumodel::Outlet;
use crate::support::sensors::{NumericSensor, numeric_sensor::Reading};

const BARE: &str = r#"{"timestamp":5,"available":true,"valid":true,"value":1.5}"#;

fn set(agent: &Agent, reading: &Reading) -> Call<Json> {
    let args = format!(r#"{{"reading":{}}}"#, encode(reading).unwrap());
    agent.call("/sensor", "setReading", args.parse().unwrap())
}

fn missing(error: &Error) -> &[String] {
    match error.kind() {
        ErrorKind::Update(UpdateError::Incomplete(places)) => places,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_structure_that_was_left_out_and_set_in_part() {
    let (device, agent) = Device::new(|_| ret(BARE));
    let sensor = NumericSensor::at(&agent, "/sensor");
    let part = || {
        update(
            sensor.get_reading(),
            |reading| reading.status.above_upper_critical = true,
            |reading| set(&agent, &reading),
        )
    };
    let error = part().await.unwrap_err();
    assert_eq!(error.code(), "Update.Incomplete");
    assert_eq!(
        missing(&error),
        [
            "status.aboveUpperWarning",
            "status.belowLowerWarning",
            "status.belowLowerCritical"
        ]
    );
    assert!(error.to_string().contains("allow_defaults"), "{error}");
    assert_eq!(device.methods(), ["getReading"]);
    let updated = part().allow_defaults().await.unwrap();
    assert!(updated.sent);
    let sent = device.requests().pop().unwrap()[0].json();
    assert_eq!(sent["reading"]["status"]["belowLowerWarning"], false);
}

#[tokio::test]
async fn a_structure_that_was_left_out_and_left_alone() {
    let (device, agent) = Device::new(|_| ret(BARE));
    let sensor = NumericSensor::at(&agent, "/sensor");
    let updated = update(
        sensor.get_reading(),
        |reading| reading.value = 2.5,
        |reading| set(&agent, &reading),
    )
    .await
    .unwrap();
    assert!(updated.sent);
    assert_eq!(
        device.requests().pop().unwrap()[0].args,
        r#"{"reading":{"timestamp":5,"available":true,"valid":true,"value":2.5}}"#
    );
}

#[tokio::test]
async fn a_call_that_takes_the_members_one_by_one() {
    let (device, agent) = Device::new(|_| ret(r#"{"name":"web","startupState":1}"#));
    let outlet = Outlet::at(&agent, "/outlet/0");
    let change = |name: &'static str| {
        update(
            outlet.get_settings(),
            move |settings| settings.name = name.into(),
            |settings| {
                let args = format!(
                    r#"{{"n":"{}","d":{}}}"#,
                    settings.name, settings.cycle_delay
                );
                agent.call("/outlet/0", "setNameAndDelay", args.parse().unwrap())
            },
        )
    };
    let error = change("db").await.unwrap_err();
    assert_eq!(missing(&error), ["cycleDelay"]);
    assert_eq!(device.methods(), ["getSettings"]);
    assert!(change("db").allow_defaults().await.unwrap().sent);
}

#[tokio::test]
async fn a_change_that_the_call_does_not_carry() {
    let (device, agent) =
        Device::new(|_| ret(r#"{"name":"web","startupState":1,"cycleDelay":10}"#));
    let outlet = Outlet::at(&agent, "/outlet/0");
    let error = update(
        outlet.get_settings(),
        |settings| settings.cycle_delay = 3,
        |settings| {
            let args = format!(r#"{{"n":"{}"}}"#, settings.name);
            agent.call("/outlet/0", "setName", args.parse().unwrap())
        },
    )
    .await
    .unwrap_err();
    assert_eq!(error.code(), "Update.NotTaken");
    assert!(error.to_string().contains("cycleDelay"), "{error}");
    assert_eq!(device.methods(), ["getSettings"]);
}
