//! What is in a message.

use bytes::Bytes;
use futures_util::StreamExt;
use http::{Method, Request};
use http_body_util::Full;
use tower_service::Service;
use xerus_device::push::{DeviceKind, Message, Receiver};
use xerus_rpc::Time;

async fn message(text: &str) -> Message {
    let (mut receiver, mut messages) = Receiver::open_to_everybody().build();
    let body = Full::new(Bytes::copy_from_slice(text.as_bytes()));
    let request = Request::builder().method(Method::POST).body(body).unwrap();
    assert_eq!(receiver.call(request).await.unwrap().status(), 200);
    messages.next().await.unwrap()
}

const LOG: &str = r#"{
    "sensors": [
        {"device": {"type": 4, "label": "12", "line": 0}, "id": "activePower", "readingtype": 0, "metadata": {
            "type": {"readingtype": 0, "type": 3, "unit": 3}, "decdigits": 1, "accuracy": 1.5, "resolution": 0.1, "tolerance": 0,
            "noiseThreshold": 0, "range": {"lower": 0, "upper": 5000}, "thresholdCaps": {}, "new": true}},
        {"device": {"type": 77, "label": "x"}, "id": "contact", "readingtype": "state"}
    ],
    "rows": [
        {"timestamp": 1700000000, "records": [
            {"available": true, "takenValidSamples": 60, "state": 4, "minValue": 1.5, "avgValue": 2.5, "maxValue": 4},
            {"available": false, "takenValidSamples": 0, "state": 1}]},
        {"timestamp": 1700000060, "records": [{"available": true, "minValue": null}, {"available": true, "state": 0}]}
    ]
}"#;

#[tokio::test]
async fn a_log_of_sensors_has_its_readings() {
    let log = message(LOG).await.sensor_log().unwrap().unwrap();
    let (power, contact) = (&log.sensors[0], &log.sensors[1]);
    assert_eq!(
        (power.device.kind, power.device.label.as_str()),
        (DeviceKind::Outlet, "12")
    );
    assert_eq!(
        (power.id.as_str(), power.reading_type.as_str()),
        ("activePower", "0")
    );
    let metadata = power.metadata.as_ref().unwrap();
    assert_eq!((metadata.decdigits, metadata.range.upper), (1, 5000.0));
    assert_eq!(
        (contact.device.kind, contact.device.line),
        (DeviceKind::Other(77), None)
    );
    assert!(contact.metadata.is_none());
    let readings: Vec<_> = log.readings().collect();
    assert_eq!(readings.len(), 4);
    let (time, sensor, record) = readings[0];
    assert_eq!(
        (time, &sensor.id),
        (Time::from_unix_seconds(1_700_000_000), &power.id)
    );
    assert_eq!(
        (record.minimum, record.average, record.maximum),
        (Some(1.5), Some(2.5), Some(4.0))
    );
    assert_eq!((record.valid_samples, record.state), (60, Some(4)));
    assert!(!readings[1].2.available);
    assert_eq!(readings[2].2.minimum, None);
    assert_eq!(readings[3].0, Time::from_unix_seconds(1_700_000_060));
}

#[tokio::test]
async fn anything_else_keeps_its_text() {
    for text in [
        "{}",
        "[]",
        "17",
        r#"{"sensors": []}"#,
        r#"{"strips": [{"id": 1}]}"#,
    ] {
        let message = message(text).await;
        assert_eq!((message.sensor_log(), message.text()), (Ok(None), text));
    }
}

#[tokio::test]
async fn what_does_not_fit_is_named_with_its_place() {
    for (from, to, path) in [
        (
            r#""available": false, "#,
            "",
            "rows[0].records[1].available",
        ),
        ("1700000060", "\"now\"", "rows[1].timestamp"),
        (
            r#", {"available": true, "state": 0}"#,
            "",
            "rows[1].records",
        ),
        (r#""type": 77"#, r#""type": "?""#, "sensors[1].device.type"),
        (
            r#"{"available": true, "minValue": null}"#,
            "17",
            "rows[1].records[0]",
        ),
    ] {
        assert!(LOG.contains(from), "{from}");
        let error = message(&LOG.replace(from, to))
            .await
            .sensor_log()
            .unwrap_err();
        assert_eq!(error.path(), path);
        assert!(error.to_string().starts_with(path), "{error}");
    }
}

#[tokio::test]
async fn deep_nesting_is_an_error_and_no_overflow() {
    // What is not read is not looked into.
    let deep = message(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))).await;
    let error = deep.sensor_log().unwrap_err();
    assert!(error.to_string().contains("nested"), "{error}");
}
