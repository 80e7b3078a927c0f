//! How the interface description becomes Rust: references, modules, proxies, arguments, results.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use xerus_api::WELL_KNOWN;
use xerus_api::datetime::DateTime;
use xerus_api::firmware::Firmware;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_api::session::SessionManager;
use xerus_rpc::{Object, Time};

use crate::{at_work, sent};

#[tokio::test]
async fn the_first_example_prints_metadata() {
    let (_device, agent) = at_work().await;
    let metadata = Pdu::at(&agent, "/model/pdu/0")
        .get_meta_data()
        .await
        .unwrap();
    assert_eq!(metadata.nameplate.manufacturer, "xerus-sim");
    assert!(metadata.has_switchable_outlets);
}

/// What the list of well-known ids says of an object, the device says of it, too.
#[tokio::test]
async fn well_known_references_are_documented_with_their_interface() {
    let (_device, agent) = at_work().await;
    let zero: &dyn xerus_rpc::well_known::RidPart = &0_u32;
    let mut interfaces = BTreeMap::<String, BTreeSet<&str>>::new();
    let mut objects = BTreeMap::new();
    for entry in WELL_KNOWN {
        if entry.placeholders().any(|placeholder| placeholder.is_text) {
            continue;
        }
        let zeros = vec![zero; entry.placeholders().count()];
        let object = entry.object(&agent, &zeros).unwrap();
        let rid = object.rid().to_owned();
        interfaces
            .entry(rid.clone())
            .or_default()
            .insert(entry.wire_id);
        objects.insert(rid, object);
    }
    let calls = objects.values().map(Object::get_type_info);
    let answers = agent.bulk(calls).await.unwrap();
    let mut found = 0;
    for (rid, answer) in objects.keys().zip(answers) {
        let info = match answer {
            Ok(info) => info,
            // This model does not have it.
            Err(error) => {
                assert!(error.is_object_not_found(), "{rid}: {error}");
                continue;
            }
        };
        found += 1;
        let documented = interfaces[rid].iter();
        let fits = documented.clone().any(|id| info.is_a(&id.parse().unwrap()));
        assert!(fits, "{rid}: {:?}, documented {documented:?}", info.chain());
    }
    assert!(found > 40, "only {found}");
}

/// They are there without having been asked for, and lead to the same object as the reference that a method gives.
#[tokio::test]
async fn well_known_references_are_always_there() {
    let (_device, agent) = at_work().await;
    let by_method = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    let first = Outlet::at(&agent, "/model/outlet/0");
    first.set_power_state(PowerState::PsOff).await.unwrap();
    let state = by_method[0].get_state().await.unwrap();
    assert_eq!(state.power_state, PowerState::PsOff);
}

#[test]
fn modules_are_modules_of_one_crate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut modules = BTreeSet::new();
    for file in fs::read_dir(root.join("idl/xerus-4.4.1")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix("module "));
        modules.extend(names.map(|name| name.trim_end_matches(['{', ' ']).to_owned()));
    }
    assert!(modules.len() > 30, "{modules:?}");
    for module in modules {
        let file = root.join(format!("bindings/src/api/{module}.rs"));
        assert!(file.exists(), "{module}");
    }
}

#[tokio::test]
async fn a_proxy_calls_the_object_across_the_network() {
    let (device, agent) = at_work().await;
    let call = Pdu::at(&agent, "/model/pdu/0").get_nameplate();
    assert_eq!(
        device.calls().of("getNameplate").count(),
        0,
        "nothing is sent yet"
    );
    call.await.unwrap();
    let called = device.calls().of("getNameplate").on("/model/pdu/0");
    assert_eq!(called.count(), 1);
    assert!(called.iter().all(|call| call.peer.is_some()));
}

#[tokio::test]
async fn arguments_stand_in_the_order_of_the_idl() {
    let (device, agent) = at_work().await;
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    let switched = pdu.set_multiple_outlet_power_states(&[1, 3], PowerState::PsOff, true);
    switched.await.unwrap();
    let body = sent(&device);
    assert!(
        body.contains(r#""params":{"outletNumbers":[1,3],"state":0,"respectSequence":true}"#),
        "{body}"
    );
    let on = |outlet| device.device().outlet_state(outlet).unwrap().power.is_on();
    assert_eq!([0, 1, 2, 3].map(on), [true, false, true, false]);
}

#[tokio::test]
async fn several_results_are_a_tuple_with_the_return_value_first() {
    let (_device, agent) = at_work().await;
    let manager = SessionManager::well_known(&agent);
    let (code, session, token) = manager.new_session().code().await.unwrap();
    assert_eq!(code, 0);
    assert_eq!(
        (session.username.as_str(), token.is_empty()),
        ("admin", false)
    );
    // A return code that says nothing but success is left out.
    let (session, token) = manager.new_session().await.unwrap();
    assert_eq!(
        (session.username.as_str(), token.is_empty()),
        ("admin", false)
    );
}

#[tokio::test]
async fn without_a_return_value_the_out_parameters_are_the_tuple() {
    let (_device, agent) = at_work().await;
    let clock = DateTime::well_known(&agent);
    let (zone, _daylight_saving, offset, now) = clock.get_time(true).await.unwrap();
    assert!(!zone.name.is_empty() && offset.abs() < 24 * 60 * 60);
    assert_eq!(now, Time::from_unix_seconds(1_700_000_000));
}

#[tokio::test]
async fn a_single_result_is_a_value_without_a_tuple() {
    let (_device, agent) = at_work().await;
    // A return value alone, a single out-parameter, and neither.
    let version: String = Firmware::well_known(&agent).get_version().await.unwrap();
    assert_eq!(version, "4.4.1.5-53217");
    let outlets: Vec<Outlet> = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    assert_eq!(outlets.len(), 4);
    let nothing: () = outlets[0].set_power_state(PowerState::PsOn).await.unwrap();
    assert_eq!(nothing, ());
}

#[test]
fn a_proxy_knows_its_interface() {
    assert_eq!(Pdu::TYPE_ID, "pdumodel.Pdu:6.5.7");
}
