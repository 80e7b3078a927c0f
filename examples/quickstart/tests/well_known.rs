//! Well-known resource ids against a simulated device.

#![allow(clippy::unwrap_used)] // helpers of tests

use quickstart::xerus::WELL_KNOWN;
use quickstart::xerus::event::Service;
use quickstart::xerus::pdumodel::{Inlet, Outlet, OverCurrentProtector, Pdu};
use xerus_rpc::server::Router;
use xerus_rpc::well_known::RidPart;
use xerus_rpc::{Agent, Object, WellKnown, WireId};
use xerus_sim::{Firmware, Running, Simulator};

async fn device() -> (Running, Agent) {
    let device = Simulator::builder()
        .firmware(Firmware::V4_0_20)
        .user("admin", "pass")
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url()).basic_auth("admin", "pass");
    let agent = agent.build().unwrap();
    (device, agent)
}

/// What an inventory does: every id is asked what is there, all in few requests.
#[tokio::test]
async fn the_list_finds_what_a_device_has() {
    let (_device, agent) = device().await;
    let objects: Vec<(&WellKnown, Object)> = WELL_KNOWN
        .iter()
        .map(|entry| {
            let zeros: Vec<_> = entry
                .placeholders()
                .map(|_| &0u32 as &dyn RidPart)
                .collect();
            (entry, entry.object(&agent, &zeros).unwrap())
        })
        .collect();
    let answers = agent
        .bulk(objects.iter().map(|(_, object)| object.get_type_info()))
        .await
        .unwrap();
    let mut found = Vec::new();
    for ((entry, object), answer) in objects.iter().zip(answers) {
        match answer {
            Ok(info) => {
                let told = WireId::new(entry.wire_id).unwrap().version_free_name();
                let kinds = info.chain().iter().map(WireId::version_free_name);
                let kinds: Vec<_> = kinds.collect();
                assert!(kinds.contains(&told), "{object:?} is a {kinds:?}");
                found.push((entry.template, told));
            }
            Err(error) => assert!(error.to_string().contains(object.rid()), "{error}"),
        }
    }
    for expected in [
        ("/eventservice", "event.Service"),
        ("/model/pdu/{unit}", "pdumodel.Pdu"),
        ("/model/pdu/{unit}/inlet/{inlet}", "pdumodel.Inlet"),
        (
            "/model/pdu/{unit}/inlet/{inlet}/voltage",
            "sensors.NumericSensor",
        ),
        (
            "/model/pdu/{unit}/ocp/{ocp}",
            "pdumodel.OverCurrentProtector",
        ),
        ("/model/pdu/{unit}/outlet/{outlet}", "pdumodel.Outlet"),
    ] {
        assert!(
            found
                .iter()
                .any(|(template, name)| (*template, name.as_str()) == expected),
            "{expected:?} is not in {found:?}"
        );
    }
    assert!(found.len() < WELL_KNOWN.len(), "no device has all of them");
}

#[tokio::test]
async fn constructors_lead_to_the_objects() {
    let (_device, agent) = device().await;
    let pdu = Pdu::well_known(&agent, 0);
    let outlets = pdu.get_outlets().await.unwrap();
    let third = Outlet::well_known(&agent, 0, 2);
    let (by_list, by_id) = (outlets[2].get_meta_data(), third.get_meta_data());
    assert_eq!(by_list.await.unwrap().label, by_id.await.unwrap().label);

    let sensor = third.get_sensors().await.unwrap().voltage.unwrap();
    let known = Outlet::well_known_voltage(&agent, 0, 2);
    let (one, other) = (sensor.get_meta_data(), known.get_meta_data());
    assert_eq!(one.await.unwrap().range, other.await.unwrap().range);
    assert!(
        Service::well_known(&agent)
            .create_channel()
            .await
            .unwrap()
            .is_some()
    );

    let absent = Outlet::well_known(&agent, 0, 1000);
    assert_eq!(
        absent.get_state().await.unwrap_err().code(),
        "HttpStatus.NotFound"
    );
}

#[test]
fn ids_are_those_of_the_documentation() {
    let agent = Agent::builder("https://pdu.example.com").build().unwrap();
    let rids = [
        Pdu::well_known(&agent, 2).rid().to_owned(),
        Inlet::well_known_primary(&agent, 1).rid().to_owned(),
        Inlet::well_known_pole_voltage_ln(&agent, 0, 1, 2)
            .rid()
            .to_owned(),
        Inlet::well_known_line_pair_active_power(&agent, 0, 1, 2)
            .rid()
            .to_owned(),
        OverCurrentProtector::well_known_current(&agent, 0, 5)
            .rid()
            .to_owned(),
        Outlet::well_known_outlet_state(&agent, 8, 41)
            .rid()
            .to_owned(),
    ];
    assert_eq!(
        rids,
        [
            "/model/pdu/2",
            "/model/inlet/1",
            "/model/pdu/0/inlet/1/pole/2/voltageLN",
            "/model/pdu/0/inlet/1/linepair/2/activePower",
            "/model/pdu/0/ocp/5/current",
            "/model/pdu/8/outlet/41/outletState",
        ]
    );
    let far: Pdu = Pdu::well_known(&agent, 0).through_link(3).unwrap();
    assert_eq!(far.rid(), "/link/3/model/pdu/0");
}

/// Names arrive as they are, in a single request and in bulk, or are not sent at all.
#[tokio::test]
async fn names_reach_the_device_unchanged() {
    let device = xerus_sim::serve(Router::new())
        .user("admin", "pass")
        .record(100)
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url()).basic_auth("admin", "pass");
    let agent = agent.build().unwrap();
    let user = WellKnown::new("/auth/user/{name:str}", "usermgmt.User:2.0.0");
    let names = [
        "admin",
        "50%",
        "%2e%2e",
        "a?b#c",
        "DOMAIN\\user",
        "ä €",
        "...",
    ];
    for name in names {
        let object = user.object(&agent, &[&name]).unwrap();
        let error = object.get_type_info().await.unwrap_err();
        assert_eq!(error.code(), "HttpStatus.NotFound", "{name}");
    }
    for name in ["..", "a/b", "../role", "", "a\nb"] {
        assert_eq!(
            user.object(&agent, &[&name]).unwrap_err().code(),
            "Config.BadRid"
        );
        let object: Pdu = xerus_rpc::rt::well_known(&agent, user.template, &[&name]);
        let error = object.get_nameplate().await.unwrap_err();
        assert_eq!(error.code(), "Config.BadRid", "{name:?}");
    }
    let arrived: Vec<_> = device
        .requests()
        .into_iter()
        .map(|request| request.rid)
        .collect();
    let expected: Vec<_> = names
        .iter()
        .map(|name| format!("/auth/user/{name}"))
        .collect();
    assert_eq!(arrived, expected);
}
