//! The objects of the device: names, references, readings, switching.

use std::time::Duration;

use crate::support::{Client, builder, device};
use serde_json::{Value, json};
use xerus_sim::{
    Clock, Connection, Line, LinePair, MakeUp, Place, Power, Quantity, Reported, SensorId,
    StateSensorId,
};

/// All references in a JSON value.
fn references(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            if let (Some(Value::String(rid)), Some(Value::String(id))) =
                (members.get("rid"), members.get("type"))
            {
                found.push((rid.clone(), id.clone()));
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_reference_leads_to_an_object_of_its_type() {
    let make_up = MakeUp::default();
    let three_phase = {
        let mut make_up = make_up.clone();
        (
            make_up.three_phase,
            make_up.inlets,
            make_up.overcurrent_protectors,
        ) = (true, 2, 6);
        make_up
    };
    let connected = |connection| {
        let mut make_up = three_phase.clone();
        make_up.connection = connection;
        make_up
    };
    let (delta, mixed) = (connected(Connection::Delta), connected(Connection::Mixed));
    for make_up in [make_up, three_phase, delta, mixed] {
        let device = builder().make_up(make_up).start().await.unwrap();
        let mut client = Client::connect(device.address()).await;
        let mut waiting = vec![("/model/pdu/0".to_owned(), "pdumodel.Pdu:6.5.7".to_owned())];
        let mut seen = Vec::new();
        while let Some((rid, id)) = waiting.pop() {
            if seen.contains(&rid) {
                continue;
            }
            seen.push(rid.clone());
            let info = client.result(&rid, "getTypeInfo", json!({})).await;
            assert_eq!(info["_ret_"]["id"], id.as_str(), "{rid}");
            for method in [
                "getSensors",
                "getOutlets",
                "getInlets",
                "getOverCurrentProtectors",
                "getPeripheralDeviceManager",
                "getDeviceSlots",
                "getDevice",
                "getPoles",
                "getLinePairs",
                "getIOP",
                "getParents",
                "getChildren",
                "getInlet",
            ] {
                let answer = client.call(&rid, method, json!({})).await;
                references(&answer["result"], &mut waiting);
            }
        }
        // Whatever the device measures is found, and nothing else.
        let sensors = seen.iter().filter(|rid| rid.contains("NumericSensor:"));
        let device = device.device();
        let measured = |places: &mut dyn Iterator<Item = Place>| -> usize {
            places.map(|place| device.measured(place).len()).sum()
        };
        let lines = [Line::L1, Line::L2, Line::L3, Line::Neutral];
        let inlets = measured(&mut (0..2).flat_map(|inlet| {
            let poles = lines.map(|line| Place::Pole(inlet, line));
            let pairs = LinePair::ALL.map(|pair| Place::LinePair(inlet, pair));
            [Place::Inlet(inlet)].into_iter().chain(poles).chain(pairs)
        }));
        let expected = measured(&mut [Place::Pdu].into_iter())
            + measured(&mut (0..8).map(Place::Outlet))
            + measured(&mut (0..6).map(Place::Ocp))
            + measured(&mut (0..4).map(Place::Slot))
            + inlets;
        assert_eq!(sensors.count(), expected);
        // Pdu, 8 outlets with 10 sensors each, 2 power supplies and more.
        assert!(seen.len() > 100, "{}", seen.len());
        assert!(
            seen[1..].iter().all(|rid| rid.starts_with("/tfwopaque/")),
            "{seen:?}"
        );
    }
}

#[tokio::test]
async fn type_information_goes_up_to_the_root() {
    let (_device, mut client) = device().await;
    let info = client
        .result(
            "/model/pdu/0/inlet/0/activeEnergy",
            "getTypeInfo",
            json!({}),
        )
        .await;
    assert_eq!(
        info["_ret_"],
        json!({"id": "sensors.AccumulatingNumericSensor:2.0.10", "base": {"id": "sensors.NumericSensor:4.0.9",
            "base": {"id": "sensors.Sensor:4.0.8", "base": null}}})
    );
}

#[tokio::test]
async fn the_name_service_knows_both_kinds_of_names() {
    let (_device, mut client) = device().await;
    let opaque = "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.4";
    for name in ["/model/pdu/0/outlet/4", opaque] {
        let found = client.result("/ns", "lookup", json!({"name": name})).await;
        assert_eq!(
            found,
            json!({"_ret_": {"rid": opaque, "type": "pdumodel.Outlet:3.0.4"}})
        );
    }
    assert_eq!(
        client.result("/ns", "lookup", json!({"name": "/x"})).await,
        json!({"_ret_": null})
    );
}

#[tokio::test]
async fn readings_are_plausible_and_move_with_time_and_load() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock.clone()).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let value = |answer: Value| answer["_ret_"]["value"].as_f64().unwrap();
    let voltage = client
        .result("/model/pdu/0/outlet/0/voltage", "getReading", json!({}))
        .await;
    assert_eq!(voltage["_ret_"]["timestamp"], 1_700_000_000);
    assert!((227.0..233.0).contains(&value(voltage)));

    device.device().set_load(0, 460.0, 1.0);
    let current = value(
        client
            .result("/model/pdu/0/outlet/0/current", "getReading", json!({}))
            .await,
    );
    assert!((1.9..2.1).contains(&current), "{current}");

    let energy = "/model/pdu/0/outlet/0/activeEnergy";
    let before = value(client.result(energy, "getReading", json!({})).await);
    clock.advance(Duration::from_secs(3_600));
    let after = value(client.result(energy, "getReading", json!({})).await);
    assert!((after - before - 460.0).abs() < 1e-6, "{before} {after}");
    assert_eq!(
        client.result(energy, "getLastResetTime", json!({})).await,
        json!({"_ret_": 0})
    );
    assert_eq!(
        client.result(energy, "resetValue", json!({})).await,
        Value::Null
    );
    assert_eq!(
        client.result(energy, "getLastResetTime", json!({})).await,
        json!({"_ret_": clock.unix_seconds()})
    );
    assert_eq!(
        value(client.result(energy, "getReading", json!({})).await),
        0.0
    );
}

#[tokio::test]
async fn thresholds_extremes_and_readings_by_hand() {
    let (device, mut client) = device().await;
    let rid = "/model/pdu/0/inlet/0/voltage";
    let mut thresholds = client.result(rid, "getThresholds", json!({})).await["_ret_"].take();
    thresholds["upperWarningActive"] = json!(true);
    thresholds["upperWarning"] = json!(240.0);
    let set = client
        .result(rid, "setThresholds", json!({"thresh": thresholds}))
        .await;
    assert_eq!(set, json!({"_ret_": 0}));
    assert_eq!(
        client.result(rid, "getThresholds", json!({})).await["_ret_"],
        thresholds
    );

    let id = SensorId::new(Place::Inlet(0), Quantity::Voltage);
    client.result(rid, "resetMinMax", json!({})).await;
    device
        .device()
        .set_reading(id, Some(Reported::Value(250.0)));
    let reading = client.result(rid, "getReading", json!({})).await;
    assert_eq!(
        (
            &reading["_ret_"]["value"],
            &reading["_ret_"]["status"]["aboveUpperWarning"]
        ),
        (&json!(250.0), &json!(true))
    );
    assert_eq!(
        client.result(rid, "getMinMax", json!({})).await["_ret_"]["maxReading"],
        250.0
    );
    device.device().set_reading(id, Some(Reported::Unavailable));
    let reading = client.result(rid, "getReading", json!({})).await;
    assert_eq!(
        (&reading["_ret_"]["available"], &reading["_ret_"]["valid"]),
        (&json!(false), &json!(false))
    );
    device.device().set_reading(id, None);
    assert!(device.device().reading(id).value < 240.0);
}

#[tokio::test]
async fn switching_cycling_and_load_shedding() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock.clone()).start().await.unwrap();
    let handle = device.device();
    let mut client = Client::connect(device.address()).await;
    let outlet = "/model/pdu/0/outlet/3";
    let state = || handle.outlet_state(3).unwrap();

    clock.advance(Duration::from_secs(60));
    assert_eq!(
        client
            .result(outlet, "setPowerState", json!({"pstate": 0}))
            .await["_ret_"],
        0
    );
    assert_eq!(
        (state().power, state().last_change),
        (Power::Off, 1_700_000_060)
    );
    assert_eq!(
        client
            .result(outlet, "setPowerState", json!({"pstate": 1}))
            .await["_ret_"],
        0
    );

    assert_eq!(
        client.result(outlet, "cyclePowerState", json!({})).await["_ret_"],
        0
    );
    assert_eq!(
        (state().power, state().cycle_in_progress),
        (Power::Off, true)
    );
    clock.advance(Duration::from_secs(10));
    tokio::time::timeout(Duration::from_secs(10), async {
        while state().power != Power::On {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
    assert!(!state().cycle_in_progress);

    let mut settings = client.result(outlet, "getSettings", json!({})).await["_ret_"].take();
    settings["nonCritical"] = json!(true);
    assert_eq!(
        client
            .result(outlet, "setSettings", json!({"settings": settings}))
            .await["_ret_"],
        0
    );
    client
        .result(
            "/model/pdu/0",
            "setLoadSheddingActive",
            json!({"active": true}),
        )
        .await;
    assert!(state().is_load_shed);
    assert_eq!(
        client
            .result(outlet, "setPowerState", json!({"pstate": 1}))
            .await["_ret_"],
        2
    );
    client
        .result(
            "/model/pdu/0",
            "setLoadSheddingActive",
            json!({"active": false}),
        )
        .await;
    assert_eq!(state().power, Power::On);
}

#[tokio::test]
async fn many_outlets_at_once() {
    let (device, mut client) = device().await;
    let on =
        || (0..8).filter(|&index| device.device().outlet_state(index).unwrap().power == Power::On);
    let params = json!({"outletNumbers": [1, 2, 5], "state": 0, "respectSequence": false});
    assert_eq!(
        client
            .result("/model/pdu/0", "setMultipleOutletPowerStates", params)
            .await["_ret_"],
        0
    );
    assert_eq!(on().collect::<Vec<_>>(), [0, 3, 4, 6, 7]);
    let params = json!({"outletNumbers": [0, 8], "state": 0, "respectSequence": false});
    assert_eq!(
        client
            .result("/model/pdu/0", "setMultipleOutletPowerStates", params)
            .await["_ret_"],
        1
    );
    assert_eq!(on().count(), 5);
    client
        .result(
            "/model/pdu/0",
            "setAllOutletPowerStates",
            json!({"pstate": 0}),
        )
        .await;
    assert_eq!(on().count(), 0);
}

#[tokio::test]
async fn sparse_settings_change_only_what_is_sent() {
    let (device, mut client) = device().await;
    let before = device.device().pdu_settings();
    let sent = json!({"settings": {"name": "rack 7"}});
    assert_eq!(
        client.result("/model/pdu/0", "setSettings", sent).await["_ret_"],
        0
    );
    let after = device.device().pdu_settings();
    assert_eq!(
        (after.name.as_str(), after.cycle_delay),
        ("rack 7", before.cycle_delay)
    );
    let sent = json!({"settings": {"outletPowerStateSequence": [0, 0, 0]}});
    assert_eq!(
        client.result("/model/pdu/0", "setSettings", sent).await["_ret_"],
        1
    );
    assert_eq!(device.device().pdu_settings(), after);
}

#[tokio::test]
async fn state_sensors() {
    let (device, mut client) = device().await;
    // `TRIP_SENSOR` counts as `OpenClosedState`: a protector that carries current is closed.
    let trip = "/model/pdu/0/ocp/0/trip";
    assert_eq!(
        client.result(trip, "getState", json!({})).await["_ret_"]["value"],
        1
    );
    device.device().set_tripped(0, true);
    assert_eq!(
        client.result(trip, "getState", json!({})).await["_ret_"]["value"],
        0
    );
    device
        .device()
        .set_sensed_state(StateSensorId::ResidualCurrent(0), Some(2));
    let residual = client
        .result(
            "/model/pdu/0/inlet/0/residualCurrentStatus",
            "getState",
            json!({}),
        )
        .await;
    assert_eq!(residual["_ret_"]["value"], 2);
}
