//! Events of users, roles, groups, links, strips and sequences.

use serde_json::{Value, json};
use tokio::net::TcpStream;
use xerus_sim::model::{LinkStatus, LinkUnit, Mounted, Tag};
use xerus_sim::{Clock, Profile};

use crate::support::{Client, builder};

/// The types and values of all events that wait in a channel.
async fn events(client: &mut Client<TcpStream>, channel: &str) -> Vec<(String, Value)> {
    let polled = client.result(channel, "pollEventsNb", json!({})).await;
    let events = polled["events"].as_array().unwrap().iter();
    events
        .map(|event| {
            let name = event["type"].as_str().unwrap();
            let name = name.rsplit('.').nth(2).unwrap();
            let name = name.split(':').next().unwrap();
            (name.to_owned(), event["value"].clone())
        })
        .collect()
}

fn names(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().map(|(name, _)| name.as_str()).collect()
}

async fn listening(profile: Profile) -> (xerus_sim::Running, Client<TcpStream>, String) {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().profile(profile).clock(clock);
    let device = device.start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let created = client
        .result("/eventservice", "createChannel", json!({}))
        .await;
    let channel = created["_ret_"]["rid"].as_str().unwrap().to_owned();
    let every = json!({"type": "idl.Event:1.0.0"});
    client.result(&channel, "demandEventType", every).await;
    (device, client, channel)
}

#[tokio::test]
async fn users_roles_and_groups_are_told() {
    let (_device, mut client, channel) = listening(Profile::Px3ThreePhase).await;
    let privileges = json!([{"name": "viewLog", "args": []}]);
    let info = |text: &str| json!({"description": text, "locked": false, "privileges": privileges});
    let outlet = json!({"rid": "/model/outlet/4", "type": "pdumodel.Outlet:3.0.4"});
    let account = json!({"username": "bob", "password": "bob's password"});
    for (rid, method, params) in [
        ("/auth/user", "createAccount", account),
        (
            "/auth/user/bob",
            "setAccountPassword",
            json!({"password": "another one"}),
        ),
        (
            "/auth/user",
            "renameAccount",
            json!({"username": "bob", "newUsername": "rob"}),
        ),
        ("/auth/user", "deleteAccount", json!({"username": "rob"})),
        (
            "/auth/role",
            "createRoleFull",
            json!({"name": "lab", "info": info("a")}),
        ),
        ("/auth/role/lab", "updateFull", json!({"info": info("b")})),
        ("/auth/role", "deleteRole", json!({"name": "lab"})),
        (
            "/model/outletgroup",
            "createGroup",
            json!({"name": "g", "members": [outlet]}),
        ),
        (
            "/model/outletgroup/1",
            "cycleAllOutletPowerStates",
            json!({}),
        ),
        ("/model/outletgroup", "deleteGroup", json!({"id": 1})),
    ] {
        let result = client.result(rid, method, params).await;
        assert_eq!(result["_ret_"], 0, "{method}");
    }
    let events = events(&mut client, &channel).await;
    assert_eq!(
        names(&events),
        [
            "AccountAdded",
            "PasswordChanged",
            "AccountRenamed",
            "AccountRemoved",
            "RoleAdded",
            "RoleChanged",
            "RoleRemoved",
            "GroupCreatedEvent",
            "PowerControlEvent",
            "PowerControlEvent",
            "StateChangedEvent",
            "StateChangedEvent",
            "OutletSequenceStateChangedEvent",
            "GroupDeletedEvent",
        ]
    );
    assert_eq!(events[2].1["username"], "bob");
    assert_eq!(events[2].1["newUsername"], "rob");
    assert_eq!(events[5].1["oldSettings"]["description"], "a");
    assert_eq!(
        events[7].1["settings"]["members"][0]["rid"],
        "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.4"
    );
    assert_eq!(events[8].1["actUserName"], "admin");
}

#[tokio::test]
async fn links_and_strips_are_told() {
    let (device, mut client, channel) = listening(Profile::Gateway).await;
    let handle = device.device();
    assert!(handle.add_link_unit(2, LinkUnit::new("192.0.2.7", "4.4.1.5-53217")));
    assert!(handle.set_link_status(2, LinkStatus::AccessDenied));
    assert!(handle.mount(0, 3, Some(Mounted::Tag(Tag::new("0000000000A1")))));
    assert!(handle.mount(0, 3, None));
    assert!(handle.attach_strip(0, false));
    let events = events(&mut client, &channel).await;
    assert_eq!(
        names(&events),
        [
            "RoleChangedEvent",
            "LinkUnitAddedEvent",
            "LinkUnitStatusChangedEvent",
            "RackUnitChangedEvent",
            "TagAddedEvent",
            "RackUnitChangedEvent",
            "TagRemovedEvent",
            "StateChangedEvent",
        ]
    );
    assert_eq!(events[2].1["newStatus"], 3);
    assert_eq!(events[4].1["tags"][0]["tag"]["rawId"], "0000000000A1");
    assert_eq!(events[4].1["tags"][0]["info"]["rackUnitPosition"], 4);
    assert_eq!(events[6].1["allTags"], json!([]));
    assert_eq!(events[7].1["newState"], 0);
}
