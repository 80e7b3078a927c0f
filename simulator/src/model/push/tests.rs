use serde_json::{Value, json};

use super::*;

const NOW: Duration = Duration::from_secs(1_000);

fn settings(url: &str) -> PushSettings {
    PushSettings {
        url: url.to_owned(),
        password: "secret".to_owned(),
        ..PushSettings::default()
    }
}

fn sensors() -> Vec<PushSensor> {
    let numeric = PushSensor {
        kind: SensorKind::InletPole,
        label: "I\"1\"\n".to_owned(),
        line: 2,
        id: "current".to_owned(),
        reading_type: 0,
        meta_data: Some(SensorMetaData {
            quantity: 2,
            unit: 2,
            digits: 3,
            resolution: 0.001,
            range: (0.0, 32.0),
            thresholds: [true, true, false, false],
            ..SensorMetaData::default()
        }),
    };
    let state = PushSensor {
        kind: SensorKind::Outlet,
        label: "1".to_owned(),
        line: 0,
        id: "outletState".to_owned(),
        reading_type: 1,
        meta_data: None,
    };
    vec![numeric, state]
}

#[test]
fn a_message_is_json_with_records_in_the_order_of_sensors() {
    let row = PushRow {
        timestamp: 60,
        records: vec![
            Record {
                available: true,
                samples: 60,
                state: 0,
                min: 1.0,
                average: 1.5,
                max: f64::NAN,
            },
            Record::default(),
        ],
    };
    let log: Value = serde_json::from_str(&sensor_log(&sensors(), &[row.clone(), row])).unwrap();
    assert_eq!(
        log["sensors"][0]["device"],
        json!({"type": 1, "label": "I\"1\"\n", "line": 2})
    );
    assert_eq!(log["sensors"][0]["id"], "current");
    let meta = &log["sensors"][0]["metadata"];
    assert_eq!(
        meta["type"],
        json!({"readingtype": 0, "type": 2, "unit": 2})
    );
    assert_eq!(meta["range"], json!({"lower": 0.0, "upper": 32.0}));
    assert_eq!(meta["thresholdCaps"]["hasUpperWarning"], true);
    assert_eq!(log["sensors"][1].get("metadata"), None);
    assert_eq!(log["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        log["rows"][1]["records"][0],
        json!({"available": true, "takenValidSamples": 60, "state": 0, "minValue": 1.0, "avgValue": 1.5, "maxValue": 0.0})
    );
    let list: Value = serde_json::from_str(&sensor_list(&sensors())).unwrap();
    assert_eq!(list["sensors"], log["sensors"]);
    assert_eq!(list.get("rows"), None);
}

#[test]
fn entries_have_the_lowest_free_number() {
    let mut push = DataPush::default();
    for id in 1..=64 {
        assert_eq!(push.add(settings("http://a/")), Ok(id));
    }
    assert_eq!(push.add(settings("http://a/")), Err(PushError::MaxEntries));
    assert_eq!(push.delete(7), Ok(()));
    assert_eq!(push.delete(7), Err(PushError::NoSuchId));
    assert_eq!(push.add(settings("https://b")), Ok(7));
    assert_eq!(push.get(7).unwrap().url, "https://b");
    assert_eq!(push.list().count(), 64);
}

#[test]
fn an_empty_password_keeps_the_old_one() {
    let mut push = DataPush::default();
    let id = push.add(settings("http://a/")).unwrap();
    let mut new = settings("http://b/");
    new.password.clear();
    let old = push.modify(id, new).unwrap();
    assert_eq!(old.url, "http://a/");
    let now = push.get(id).unwrap();
    assert_eq!((&*now.url, &*now.password), ("http://b/", "secret"));
    assert!(!format!("{push:?}").contains("secret"));
    assert_eq!(
        push.modify(9, settings("http://b/")),
        Err(PushError::NoSuchId)
    );
}

#[test]
fn settings_that_lead_nowhere_are_refused() {
    let mut push = DataPush::default();
    let mut prefix = settings("mqtt://a/");
    prefix.topic_prefix = "no/slash".to_owned();
    let mut nobody = settings("http://a/");
    nobody.use_auth = true;
    for bad in [
        settings(""),
        settings("ftp://a/"),
        settings("http://"),
        settings("http:///path"),
        settings("http://a b/"),
        settings("http://a/\r\nX: y"),
        prefix,
        nobody,
    ] {
        assert_eq!(
            push.add(bad.clone()),
            Err(PushError::InvalidParams),
            "{bad:?}"
        );
    }
}

#[test]
fn an_entry_is_sent_once_at_a_time() {
    let mut push = DataPush::default();
    let id = push.add(settings("http://a/")).unwrap();
    assert_eq!(push.push(NOW, 9), Err(PushError::NoSuchId));
    assert_eq!(push.push(NOW, id), Ok(true));
    assert_eq!(push.push(NOW, id), Ok(false));
    let later = NOW + Duration::from_secs(5);
    let status = push.status(id).unwrap();
    assert!(status.busy && status.rescheduled);
    assert_eq!(
        (status.last_attempt, status.last_success),
        (Some(NOW), None)
    );
    assert!(push.pushed(later, id, false));
    assert!(!push.pushed(later, id, true));
    let status = push.status(id).unwrap();
    assert!(!status.busy && !status.rescheduled);
    assert_eq!(
        (status.last_attempt, status.last_success),
        (Some(later), Some(later))
    );
    assert_eq!(push.push(later, id), Ok(true));
    push.cancel(id);
    assert!(!push.status(id).unwrap().busy);
    assert!(!push.pushed(later, id, true));
}
