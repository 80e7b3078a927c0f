//! Structures, enumerations, vectors and maps.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Inlet, Outlet, Pdu};
use xerus_api::sensors::numeric_sensor::Thresholds;
use xerus_api::servermon::ServerMonitor;
use xerus_api::servermon::server_monitor::{
    Server, ServerPowerCheckMethod, ServerPowerSettings, ServerReachability, ServerSettings,
};
use xerus_rpc::{Enumeration as _, Json};

use crate::{at_work, sent};

fn members(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

/// What is sent has the members that the device sends, which are those of the IDL.
#[tokio::test]
async fn a_structure_has_all_elements_of_the_idl() {
    let (device, agent) = at_work().await;
    let sensor = Inlet::at(&agent, "/model/inlet/0")
        .get_sensors()
        .await
        .unwrap();
    let sensor = sensor.current.unwrap();
    let rid = "/model/inlet/0/current";
    let raw = agent.call(rid, "getThresholds", Json::EMPTY_OBJECT).await;
    let raw: Value = serde_json::from_str(raw.unwrap().get()).unwrap();
    let thresholds: Thresholds = sensor.get_thresholds().await.unwrap();
    sensor.set_thresholds(&thresholds).await.unwrap();
    let request: Value = serde_json::from_str(&sent(&device)).unwrap();
    let sent = members(&request["params"]["thresh"]);
    assert_eq!(sent, members(&raw["_ret_"]));
    assert!(sent.len() > 8, "{sent:?}");
}

/// A literal names every element.
#[tokio::test]
async fn a_structure_is_made_with_all_its_elements() {
    let (_device, agent) = at_work().await;
    let settings = ServerSettings {
        host: "web.example.com".to_owned(),
        enabled: true,
        ping_interval: 10,
        retry_interval: 5,
        activation_count: 1,
        failure_count: 3,
        resume_delay: 60,
        resume_count: 2,
        power_settings: ServerPowerSettings {
            enabled: false,
            target: None,
            power_check: ServerPowerCheckMethod::Timer,
            power_threshold: 0.0,
            timeout: 60,
            shutdown_cmd: String::new(),
            username: String::new(),
            password: String::new(),
            ssh_port: 22,
            extra_: Default::default(),
        },
        extra_: Default::default(),
    };
    let monitor = ServerMonitor::well_known(&agent);
    let id = monitor.add_server(settings.clone()).await.unwrap();
    let kept = monitor.get_server(id).await.unwrap();
    assert_eq!(kept.settings, settings);
}

#[tokio::test]
async fn a_threshold_is_enabled() {
    let (device, agent) = at_work().await;
    let sensors = Inlet::at(&agent, "/model/inlet/0")
        .get_sensors()
        .await
        .unwrap();
    let sensor = sensors.current.unwrap();
    let mut thresholds = sensor.get_thresholds().await.unwrap();
    assert!(!thresholds.upper_critical_active);
    thresholds.upper_critical_active = true;
    thresholds.upper_critical = 15.0;
    sensor.set_thresholds(&thresholds).await.unwrap();
    let kept = sensor.get_thresholds().await.unwrap();
    assert!(kept.upper_critical_active);
    assert_eq!(kept.upper_critical, 15.0);
    assert_eq!(device.calls().of("setThresholds").accepted().count(), 1);
}

#[test]
fn an_enumeration_has_an_element_for_each_value() {
    assert_eq!(PowerState::NAMES, ["PS_OFF", "PS_ON"]);
    for (index, name) in (0..).zip(PowerState::NAMES) {
        let value = PowerState::from_index(index);
        assert_eq!((value.index(), value.name()), (index, Some(*name)));
    }
    // One that is newer than these bindings is kept.
    let newer = PowerState::from_index(7);
    assert_eq!((newer.index(), newer.name()), (7, None));
}

/// `PowerState` is of the interface `Outlet`, `PS_OFF` is one of its values.
#[test]
fn a_value_is_named_by_enumeration_and_enumerator() {
    let off = xerus_api::pdumodel::outlet::PowerState::PsOff;
    assert_eq!(off.name(), Some("PS_OFF"));
    assert_eq!(
        PowerState::TYPE_ID,
        "pdumodel.Outlet_3_0_4.PowerState:1.0.0"
    );
}

#[tokio::test]
async fn an_outlet_is_switched() {
    let (device, agent) = at_work().await;
    let outlet = Outlet::at(&agent, "/model/outlet/2");
    outlet.set_power_state(PowerState::PsOff).await.unwrap();
    assert!(sent(&device).contains(r#""params":{"pstate":0}"#));
    let state = outlet.get_state().await.unwrap();
    assert_eq!(state.power_state, PowerState::PsOff);
    assert!(!device.device().outlet_state(2).unwrap().power.is_on());
}

#[tokio::test]
async fn a_vector_is_a_list_to_loop_over() {
    let (_device, agent) = at_work().await;
    let outlets: Vec<Outlet> = Pdu::at(&agent, "/model/pdu/0").get_outlets().await.unwrap();
    let mut labels = Vec::new();
    for outlet in &outlets {
        labels.push(outlet.get_meta_data().await.unwrap().label);
    }
    assert_eq!(labels, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn a_map_is_a_dictionary_from_id_to_entry() {
    let (device, agent) = at_work().await;
    let monitor = ServerMonitor::at(&agent, "/servermon");
    for host in ["web", "mail"] {
        let settings = xerus_api::servermon::server_monitor::sparse_::ServerSettings {
            host: Some(host.to_owned()),
            ..Default::default()
        };
        monitor.add_server(settings).await.unwrap();
    }
    assert!(device.device().set_server_answers("mail", false));
    device.device().clock().advance(Duration::from_secs(20));
    let servers: BTreeMap<i32, Server> = monitor.list_servers().await.unwrap();
    let told: Vec<_> = servers
        .iter()
        .map(|(id, server)| (*id, server.settings.host.as_str(), server.status.reachable))
        .collect();
    assert_eq!(
        told,
        [
            (1, "web", ServerReachability::Reachable),
            (2, "mail", ServerReachability::Unreachable),
        ]
    );
}
