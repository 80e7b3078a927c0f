//! Event channels (`docs/protocol/events.md`).

use std::time::Duration;

use crate::support::{Client, builder, device};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use xerus_sim::{Clock, Firmware, Limits, Power};

const STATE_CHANGED: &str = "pdumodel.Outlet_3_0_4.StateChangedEvent:1.0.0";
const POWER_CONTROL: &str = "pdumodel.Outlet_3_0_4.PowerControlEvent:1.0.0";

async fn channel(client: &mut Client<TcpStream>) -> String {
    let created = client
        .result("/eventservice", "createChannel", json!({}))
        .await;
    assert_eq!(created["_ret_"]["type"], "event.Channel:1.0.1");
    created["_ret_"]["rid"].as_str().unwrap().to_owned()
}

/// The types of the events that wait in a channel.
async fn waiting(client: &mut Client<TcpStream>, channel: &str) -> Vec<String> {
    let polled = client.result(channel, "pollEventsNb", json!({})).await;
    assert_eq!(polled["_ret_"], false);
    polled["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn switching_raises_events_with_all_their_members() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let channel = channel(&mut client).await;
    client
        .result(
            &channel,
            "demandEventTypes",
            json!({"types": [STATE_CHANGED, POWER_CONTROL]}),
        )
        .await;
    client
        .result(
            "/model/pdu/0/outlet/2",
            "setPowerState",
            json!({"pstate": 0}),
        )
        .await;
    let polled = client.result(&channel, "pollEvents", json!({})).await;
    let source = json!({"rid": "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.2", "type": "pdumodel.Outlet:3.0.4"});
    assert_eq!(
        polled["events"][0],
        json!({"type": POWER_CONTROL, "value": {"source": source, "actUserName": "admin", "actIpAddr": "127.0.0.1",
            "state": 0, "cycle": false}})
    );
    let changed = &polled["events"][1];
    assert_eq!(
        (&changed["type"], &changed["value"]["source"]),
        (&json!(STATE_CHANGED), &source)
    );
    assert_eq!(changed["value"]["oldState"]["powerState"], 1);
    assert_eq!(changed["value"]["newState"]["powerState"], 0);
    assert_eq!(polled["events"].as_array().unwrap().len(), 2);
    // Switching to the state that is there is an act, but no change.
    client
        .result(
            "/model/pdu/0/outlet/2",
            "setPowerState",
            json!({"pstate": 0}),
        )
        .await;
    assert_eq!(waiting(&mut client, &channel).await, [POWER_CONTROL]);
}

#[tokio::test]
async fn demands_match_names_without_versions_and_bases() {
    const SENSED: &str = "sensors.StateSensor_4_0_8.StateChangedEvent:1.0.0";
    let (device, mut client) = device().await;
    for (demanded, delivered) in [
        (
            "pdumodel.Outlet_9_9_9.StateChangedEvent:7.0.0",
            [STATE_CHANGED].as_slice(),
        ),
        ("pdumodel.Outlet.StateChangedEvent:1.0.0", &[STATE_CHANGED]),
        ("event.UserEvent:1.0.0", &[POWER_CONTROL]),
        ("idl.Event:1.0.0", &[POWER_CONTROL, SENSED, STATE_CHANGED]),
        (SENSED, &[SENSED]),
        ("pdumodel.Inlet_3_0_4.SettingsChangedEvent:1.0.0", &[]),
    ] {
        device.device().switch_outlet(0, Power::On).unwrap();
        let channel = channel(&mut client).await;
        let params = json!({"type": demanded});
        client
            .result(&channel, "demandEventType", params.clone())
            .await;
        device.device().switch_outlet(0, Power::Off).unwrap();
        assert_eq!(
            waiting(&mut client, &channel).await,
            delivered,
            "{demanded}"
        );
        client.result(&channel, "cancelEventType", params).await;
        device.device().switch_outlet(0, Power::On).unwrap();
        assert_eq!(waiting(&mut client, &channel).await, [""; 0], "{demanded}");
        let reference = json!({"channel": {"rid": channel, "type": "event.Channel:1.0.1"}});
        client
            .result("/eventservice", "destroyChannel", reference)
            .await;
    }
}

#[tokio::test]
async fn demands_for_one_source_accept_both_its_names() {
    let (device, mut client) = device().await;
    for rid in [
        "/model/pdu/0/outlet/5",
        "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.5",
    ] {
        let channel = channel(&mut client).await;
        let source = json!({"rid": rid, "type": "pdumodel.Outlet:3.0.4"});
        let select = json!({"events": [{"type": STATE_CHANGED, "src": source}]});
        client
            .result(&channel, "demandEvents", select.clone())
            .await;
        for outlet in [4, 5, 6] {
            device.device().switch_outlet(outlet, Power::Off).unwrap();
        }
        assert_eq!(waiting(&mut client, &channel).await, [STATE_CHANGED]);
        client.result(&channel, "cancelEvents", select).await;
        for outlet in [4, 5, 6] {
            device.device().switch_outlet(outlet, Power::On).unwrap();
        }
        assert_eq!(waiting(&mut client, &channel).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_null_source_means_any() {
    let (device, mut client) = device().await;
    let channel = channel(&mut client).await;
    client
        .result(
            &channel,
            "demandEvent",
            json!({"type": STATE_CHANGED, "src": null}),
        )
        .await;
    device.device().switch_outlet(7, Power::Off).unwrap();
    assert_eq!(waiting(&mut client, &channel).await, [STATE_CHANGED]);
}

#[tokio::test]
async fn a_poll_waits_for_an_event_and_no_longer_than_its_time() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock.clone()).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let channel = channel(&mut client).await;
    client
        .result(&channel, "demandEventType", json!({"type": STATE_CHANGED}))
        .await;
    let poll = |mut client: Client, channel: String| {
        tokio::spawn(async move {
            (
                client.result(&channel, "pollEvents", json!({})).await,
                client,
            )
        })
    };

    let polling = poll(client, channel.clone());
    settle().await;
    assert!(!polling.is_finished());
    device.device().switch_outlet(0, Power::Off).unwrap();
    let (polled, client) = polling.await.unwrap();
    assert_eq!(polled["events"].as_array().unwrap().len(), 1);

    let polling = poll(client, channel.clone());
    settle().await;
    clock.advance(Duration::from_secs(29));
    settle().await;
    assert!(!polling.is_finished());
    clock.advance(Duration::from_secs(1));
    let (polled, _client) = polling.await.unwrap();
    assert_eq!(polled, json!({"_ret_": false, "events": []}));
}

/// Lets the other tasks come to rest.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn channels_die_when_nobody_uses_them() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock.clone()).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let channel = channel(&mut client).await;
    for _ in 0..3 {
        settle().await;
        clock.advance(Duration::from_secs(29));
        settle().await;
        assert_eq!(waiting(&mut client, &channel).await, [""; 0]);
    }
    settle().await;
    clock.advance(Duration::from_secs(30));
    settle().await;
    let body = r#"{"method":"pollEventsNb","id":1}"#;
    assert_eq!(
        client
            .post(&channel, &[&crate::support::admin()], body)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn channels_are_few_and_can_be_given_back() {
    let mut limits = Limits::default();
    (limits.channels, limits.queued_events) = (2, 150);
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let first = channel(&mut client).await;
    let second = channel(&mut client).await;
    assert_ne!(first, second);
    assert_eq!(
        client
            .result("/eventservice", "createChannel", json!({}))
            .await,
        json!({"_ret_": null})
    );
    let destroy = json!({"channel": {"rid": first, "type": "event.Channel:1.0.1"}});
    for code in [0, 1] {
        assert_eq!(
            client
                .result("/eventservice", "destroyChannel", destroy.clone())
                .await["_ret_"],
            code
        );
    }
    channel(&mut client).await;

    // A full queue forgets the oldest, and comes in bounded batches.
    client
        .result(&second, "demandEventType", json!({"type": POWER_CONTROL}))
        .await;
    for index in 0..200 {
        device
            .device()
            .switch_outlet(index % 8, Power::Off)
            .unwrap();
    }
    let polled: Value = client.result(&second, "pollEvents", json!({})).await;
    assert_eq!(
        (polled["events"].as_array().unwrap().len(), &polled["_ret_"]),
        (100, &json!(true))
    );
    let polled = client.result(&second, "pollEvents", json!({})).await;
    assert_eq!(
        (polled["events"].as_array().unwrap().len(), &polled["_ret_"]),
        (50, &json!(false))
    );
}

/// Nobody touches the sensors: what they read follows the load, and whoever demands it is told.
#[tokio::test]
async fn readings_that_change_are_told_to_those_who_demand_it() {
    for firmware in Firmware::ALL {
        let clock = Clock::frozen_at(1_700_000_000);
        let device = builder().firmware(firmware).clock(clock.clone());
        let device = device.start().await.unwrap();
        let mut client = Client::connect(device.address()).await;
        let channel = client
            .result("/eventservice", "createChannel", json!({}))
            .await;
        let channel = channel["_ret_"]["rid"].as_str().unwrap().to_owned();
        let demand = json!({"type": "sensors.NumericSensor_4_0_0.ReadingChangedEvent:1.0.0"});
        client.result(&channel, "demandEventType", demand).await;
        tick(&clock).await;
        device.device().set_load(3, 1_000.0, 1.0);
        tick(&clock).await;
        let polled = client.result(&channel, "pollEventsNb", json!({})).await;
        let events = polled["events"].as_array().unwrap();
        let told = events.iter().find(|event| {
            let source = event["value"]["source"]["rid"].as_str();
            source.is_some_and(|rid| rid.ends_with("/O3ActivePower"))
        });
        let told = told.unwrap_or_else(|| panic!("{firmware}: {polled}"));
        assert_eq!(told["value"]["newReading"]["value"], 1_000.0);
    }
}

/// A second passes, and what happens in it.
async fn tick(clock: &Clock) {
    clock.advance(Duration::from_secs(1));
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_poll_in_a_bulk_with_a_time_limit_ends_with_it() {
    // The device's time stands still: only the caller's limit can end the poll.
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let channel = channel(&mut client).await;
    let call = |rid: &str, method: &str, id: u32| json!({"rid": rid, "json": {"jsonrpc": "2.0", "method": method, "params": {}, "id": id}});
    let requests = [
        call(&channel, "pollEvents", 1),
        call("/firmware", "getVersion", 2),
    ];
    let parameters = json!({"requests": requests, "timeoutMs": 50});
    let result = client
        .result("/bulk", "performBulkTimeout", parameters)
        .await;
    // The poll was executed and found nothing; what comes after it was not begun.
    let responses = result["responses"].as_array().unwrap();
    assert_eq!(responses.len(), 1, "{result}");
    assert_eq!(
        responses[0]["json"]["result"],
        json!({"_ret_": false, "events": []})
    );
}
