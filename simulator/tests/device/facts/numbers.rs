//! How numbers are written, and what they mean.

use serde_json::{Value, json};
use xerus_sim::Clock;

use super::{PDU, bulk, recorded, recorded_by, returned, text};

#[tokio::test]
async fn whole_numbers_are_digits_and_may_be_negative() {
    let (_device, mut client) = recorded().await;
    let slot = "/model/peripheraldeviceslot/0";
    let device = text(&mut client, slot, "getDevice").await;
    assert!(device.contains("\"channel\":-1}"), "{device}");
    let outlet = text(&mut client, &format!("{PDU}/outlet/0"), "getMetaData").await;
    assert!(outlet.contains("\"current\":10,"), "{outlet}");
}

#[tokio::test]
async fn other_numbers_always_have_a_decimal_point() {
    let (_device, mut client) = recorded().await;
    let sensor = format!("{PDU}/outlet/0/voltage");
    let facts = text(&mut client, &sensor, "getMetaData").await;
    for member in [
        "accuracy",
        "resolution",
        "tolerance",
        "noiseThreshold",
        "lower",
        "upper",
    ] {
        let (_, rest) = facts.split_once(&format!("\"{member}\":")).unwrap();
        let number = rest.split([',', '}']).next().unwrap();
        assert!(number.contains('.'), "{member}: {number}");
        assert!(!number.contains(['e', 'E']), "{member}: {number}");
    }
}

#[tokio::test]
async fn a_short_float_is_widened_before_it_is_written() {
    let (_device, mut client) = recorded().await;
    let sensor = format!("{PDU}/outlet/0/current");
    let facts = text(&mut client, &sensor, "getMetaData").await;
    let (_, rest) = facts.split_once("\"resolution\":").unwrap();
    let resolution: f64 = rest.split(',').next().unwrap().parse().unwrap();
    assert_eq!(resolution, f64::from(0.001_f32), "{facts}");
}

#[tokio::test]
async fn big_numbers_have_no_exponent() {
    let (_device, mut client) = recorded().await;
    let sensor = format!("{PDU}/outlet/0/activeEnergy");
    let facts = text(&mut client, &sensor, "getMetaData").await;
    let upper = facts.split("\"upper\":").nth(1).unwrap();
    let upper = upper.split(['}', ',']).next().unwrap();
    assert!(
        upper
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.'),
        "{upper}"
    );
}

#[tokio::test]
async fn all_readings_of_a_batch_are_of_one_second() {
    // No second ends meanwhile.
    let (_device, mut client) = recorded_by(Clock::frozen_at(1_700_000_000)).await;
    let rids: Vec<String> = (0..36)
        .map(|outlet| format!("{PDU}/outlet/{outlet}/current"))
        .collect();
    let calls: Vec<(&str, &str, Value)> = rids
        .iter()
        .map(|rid| (rid.as_str(), "getReading", json!(1)))
        .collect();
    let answer: Value = serde_json::from_str(&bulk(&mut client, &calls).await).unwrap();
    let times: Vec<i64> = answer["result"]["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            item["json"]["result"]["_ret_"]["timestamp"]
                .as_i64()
                .unwrap()
        })
        .collect();
    assert_eq!(times.len(), 36);
    assert!(
        times
            .iter()
            .all(|time| *time == times[0] && *time > 1_000_000_000),
        "{times:?}"
    );
}

#[tokio::test]
async fn sensors_tell_kind_and_unit_by_number() {
    let (_device, mut client) = recorded().await;
    for (sensor, kind, unit) in [
        ("voltage", 1, 1),
        ("current", 2, 2),
        ("activePower", 4, 3),
        ("apparentPower", 4, 4),
        ("powerFactor", 5, 0),
        ("activeEnergy", 6, 5),
    ] {
        let rid = format!("{PDU}/outlet/0/{sensor}");
        let facts = returned(&mut client, &rid, "getMetaData").await;
        assert_eq!(
            facts["type"],
            json!({"readingtype": 0, "type": kind, "unit": unit}),
            "{sensor}"
        );
    }
    for (slot, kind, unit) in [(0, 8, 7), (1, 9, 9)] {
        let rid = format!("/model/peripheraldeviceslot/{slot}/device");
        let facts = returned(&mut client, &rid, "getMetaData").await;
        assert_eq!(
            (&facts["type"]["type"], &facts["type"]["unit"]),
            (&json!(kind), &json!(unit))
        );
    }
}
