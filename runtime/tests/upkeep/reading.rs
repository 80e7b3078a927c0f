//! A set that is read again and again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::reading::{ReadSet, Readings};
use xerus_rpc::{Agent, Error, ErrorKind, Json};

use crate::device::{Answer, Ask, Device, ret};
use crate::support::sensors::{NumericSensor, numeric_sensor::Reading};

const SECOND: Duration = Duration::from_secs(1);

pub fn lost() -> Answer {
    Answer::Fail(Error::from(ErrorKind::ConnectionLost).with_sent(true, true))
}

/// A reading as text.
pub fn reading(value: f64, available: bool) -> Answer {
    ret(format!(
        r#"{{"timestamp":1,"available":{available},"status":{{"aboveUpperCritical":false,"aboveUpperWarning":false,"belowLowerWarning":false,"belowLowerCritical":false}},"valid":{available},"value":{value:?}}}"#
    ))
}

/// Sensors of these numbers.
pub fn sensors(agent: &Agent, numbers: impl IntoIterator<Item = usize>) -> ReadSet<usize, Reading> {
    let sensor = |number: usize| NumericSensor::at(agent, &format!("/s/{number}"));
    numbers
        .into_iter()
        .map(|number| (number, sensor(number).get_reading()))
        .collect()
}

pub fn number(ask: &Ask) -> usize {
    ask.rid.rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn many_calls_go_in_few_requests_and_one_bad_item_spoils_nothing() {
    let (device, agent) = Device::new(|ask| match number(ask) {
        7 => Answer::Status(500),
        8 => ret(r#""no reading""#),
        number => reading(number as f64, true),
    });
    let mut readings = Readings::new(&agent, sensors(&agent, 0..150));
    let latest = readings.latest();
    assert_eq!(latest.snapshot().rows().len(), 150);
    assert!(
        device.requests().is_empty(),
        "nothing is sent before it is polled"
    );
    let round = readings.next().await.unwrap();
    assert_eq!(device.sizes(), [100, 50]);
    assert_eq!(
        (round.number, round.read, round.failed, round.stale),
        (1, 148, 2, 0)
    );
    assert!(round.error.is_none() && !round.refreshed);
    let snapshot = latest.snapshot();
    assert!(snapshot.device().error.is_none());
    for (index, row) in snapshot.rows().iter().enumerate() {
        assert_eq!(*row.key(), index);
        match index {
            7 => assert_eq!(row.error().unwrap().http_status(), Some(500)),
            8 => assert_eq!(row.error().unwrap().code(), "Decode.WrongType"),
            _ => assert_eq!(row.value().unwrap().value, index as f64),
        }
        assert_eq!(row.value().is_none(), row.error().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn values_stay_with_their_age_and_the_last_error() {
    let calls = Mutex::new(0);
    let (_device, agent) = Device::new(move |ask| {
        let mut calls = calls.lock().unwrap();
        *calls += 1;
        match (*calls - 1) / 2 {
            0 | 3 => reading(1.0, true),
            1 if number(ask) == 1 => Answer::Status(500),
            1 => reading(2.0, true),
            _ => lost(),
        }
    });
    let mut readings = Readings::new(&agent, sensors(&agent, 0..2))
        .interval(10 * SECOND)
        .jitter(0.0);
    let latest = readings.latest();
    let row = |key: usize| latest.get(&key).unwrap();
    assert_eq!((row(0).age(), row(0).value().is_none()), (None, true));
    readings.next().await.unwrap();
    tokio::time::advance(4 * SECOND).await;
    assert_eq!(row(0).age(), Some(4 * SECOND));
    assert!(row(0).value_within(4 * SECOND).is_some());
    assert!(row(0).value_within(3 * SECOND).is_none());

    readings.next().await.unwrap();
    assert_eq!(
        (row(0).age(), row(1).age()),
        (Some(Duration::ZERO), Some(10 * SECOND))
    );
    assert_eq!(
        (row(0).value().unwrap().value, row(1).value().unwrap().value),
        (2.0, 1.0)
    );
    assert!(row(0).error().is_none() && row(1).error().is_some());

    let round = readings.next().await.unwrap();
    assert_eq!(round.error.as_ref().unwrap().code(), "ConnectionLost");
    let snapshot = latest.snapshot();
    for row in snapshot.rows() {
        assert_eq!(row.error().unwrap().code(), "ConnectionLost");
        assert!(row.value().is_some());
    }
    assert_eq!(snapshot.device().failures, 1);
    assert_eq!(snapshot.device().age, Some(10 * SECOND));
    assert_eq!(
        snapshot.device().error.as_ref().unwrap().code(),
        "ConnectionLost"
    );
}

#[tokio::test(start_paused = true)]
async fn absent_sensors_are_no_errors() {
    let (device, agent) = Device::new(|_| reading(1.0, true));
    let sensor = NumericSensor::at(&agent, "/s/1");
    let mut set: ReadSet<_, Reading> = ReadSet::new();
    set.add("power", sensor.get_reading());
    set.add(
        "humidity",
        None::<NumericSensor>.map(|sensor| sensor.get_reading()),
    );
    let mut readings = Readings::new(&agent, set);
    let round = readings.next().await.unwrap();
    assert_eq!((round.read, round.failed), (1, 0));
    let snapshot = readings.latest().snapshot();
    let humidity = &snapshot.rows()[1];
    assert!(!humidity.is_present() && humidity.value().is_none() && humidity.error().is_none());
    assert!(snapshot.rows()[0].is_present());
    assert_eq!(device.sizes(), [1]);

    let empty: ReadSet<u8, Reading> = ReadSet::new();
    let round = Readings::new(&agent, empty).next().await.unwrap();
    assert!(round.error.is_none());
    assert_eq!(device.requests().len(), 1, "no calls are no request");
}

#[tokio::test(start_paused = true)]
async fn calls_of_several_types_are_read_as_one() {
    #[derive(Debug, PartialEq)]
    enum Value {
        Number(f64),
        Text(String),
    }
    let (device, agent) = Device::new(|ask| match &*ask.method {
        "getReading" => reading(1.5, true),
        _ => ret(r#""4.3.14""#),
    });
    let mut set = ReadSet::new();
    let sensor = NumericSensor::at(&agent, "/s/1");
    set.add_with("power", sensor.get_reading(), |reading| {
        Value::Number(reading.value)
    });
    set.add_with(
        "firmware",
        agent.call("/firmware", "getVersion", Json::EMPTY_OBJECT),
        |json| Value::Text(json.get().to_owned()),
    );
    // A key that is there is replaced.
    set.add_with("power", sensor.get_reading(), |reading| {
        Value::Number(reading.value * 2.0)
    });
    assert_eq!((set.len(), set.calls()), (2, 2));
    let mut readings = Readings::new(&agent, set);
    readings.next().await.unwrap();
    let latest = readings.latest();
    assert_eq!(
        latest.get(&"power").unwrap().value(),
        Some(&Value::Number(3.0))
    );
    assert_eq!(
        latest.get(&"firmware").unwrap().value(),
        Some(&Value::Text(r#"{"_ret_":"4.3.14"}"#.into()))
    );
    assert!(latest.get(&"nothing").is_none());
    assert_eq!(device.sizes(), [2]);
}

#[tokio::test(start_paused = true)]
async fn other_tasks_look_while_a_round_is_under_way() {
    let (device, agent) = Device::new(|ask| reading(number(ask) as f64, true));
    *device.delay.lock().unwrap() = 5 * SECOND;
    let mut readings = Readings::new(&agent, sensors(&agent, 0..3)).interval(10 * SECOND);
    let latest = readings.latest();
    let looking = tokio::spawn(async move {
        let mut seen = BTreeMap::new();
        for second in 0..8 {
            let snapshot = latest.snapshot();
            let values = snapshot.rows().iter().filter(|row| row.value().is_some());
            seen.insert(second, values.count());
            tokio::time::sleep(SECOND).await;
        }
        seen
    });
    tokio::time::timeout(20 * SECOND, readings.run())
        .await
        .unwrap_err();
    let seen = looking.await.unwrap();
    assert_eq!((seen[&4], seen[&6]), (0, 3), "{seen:?}");
    assert_eq!(device.most_under_way(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_away_at_first() {
    let up = Arc::new(Mutex::new(false));
    let inner = Arc::clone(&up);
    let (device, agent) = Device::new(move |ask| match &*ask.method {
        _ if !*inner.lock().unwrap() => lost(),
        "getSensors" => ret(3),
        _ => reading(1.0, true),
    });
    let mut readings = Readings::from_device(&agent, |agent| async move {
        let count = agent
            .call("/outlet/0", "getSensors", Json::EMPTY_OBJECT)
            .await?;
        assert_eq!(count.get(), r#"{"_ret_":3}"#);
        Ok(sensors(&agent, 0..3))
    })
    .interval(10 * SECOND)
    .jitter(0.0);
    let latest = readings.latest();
    for failures in 1..=2 {
        let round = readings.next().await.unwrap();
        assert!(round.error.is_some());
        assert_eq!(latest.device().failures, failures);
        assert!(latest.snapshot().rows().is_empty());
    }
    *up.lock().unwrap() = true;
    let round = readings.next().await.unwrap();
    assert!(round.refreshed && round.error.is_none());
    assert_eq!(latest.snapshot().rows().len(), 3);
    let status = latest.device();
    assert_eq!(
        (status.refreshes, status.rounds, status.failures),
        (1, 3, 0)
    );
    readings.next().await.unwrap();
    assert_eq!(
        device.methods(),
        [
            "getSensors",
            "getSensors",
            "getSensors",
            "getReading getReading getReading",
            "getReading getReading getReading"
        ]
    );
    // Two pauses of 10 and 20 s, then the interval.
    assert_eq!(device.times(), [0, 10, 30, 30, 40]);
}
