//! All that the crate does, with a device of each published firmware.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt};
use serde_json::Value;
use xerus_api::REGISTRY;
use xerus_api::idl::Event;
use xerus_api::pdumodel::outlet::{PowerState, StateChangedEvent};
use xerus_api::pdumodel::{OutletGroupManager, Pdu};
use xerus_device::admin::{AccessRules, AdminError, Clock, Network};
use xerus_device::events::Item;
use xerus_device::files::{BulkConfig, FilesError, RawConfig};
use xerus_device::{Events, Log, Switching, Topology};
use xerus_rpc::rt::Reader;

use super::synthetic::Synthetic;
use crate::api::Api;
use crate::files::Files;

/// Modules all of whose calls are made here.
const MODULES: [&str; 4] = ["events", "logs", "sensors", "switching"];

#[tokio::test(start_paused = true)]
async fn every_published_firmware_is_walked_read_switched_and_listened_to() {
    let files = Files::new();
    let history = files.history().unwrap();
    let newest = Api::of(&history.facts_of(history.firmwares.len() - 1)).unwrap();
    let mut made = BTreeSet::new();
    for (at, firmware) in history.firmwares.iter().enumerate() {
        let device = Synthetic::new(Api::of(&history.facts_of(at)).unwrap());
        sensors(&device, firmware).await;
        outlets(&device, firmware).await;
        logs(&device, firmware).await;
        events(&device, &newest, firmware).await;
        configurations(&device, firmware).await;
        administration(&device, firmware).await;
        assert!(
            device.misfits().is_empty(),
            "{firmware}: {:#?}",
            device.misfits()
        );
        made.extend(device.calls());
    }
    let calls = files.calls().unwrap();
    let ours = calls.methods().filter(|(interface, method)| {
        let mut files = calls.files(interface, method);
        files.any(|file| MODULES.iter().any(|module| file.starts_with(module)))
    });
    // A sensor that says nothing of its type is asked; here each does. `tests/sensors/newer.rs` has others.
    let left_out: Vec<_> = ours
        .filter(|(interface, method)| {
            let mut made = made.iter();
            !made.any(|(of, name)| name == method && of == interface)
        })
        .collect();
    assert!(
        left_out
            .iter()
            .all(|call| *call == ("sensors.Sensor", "getTypeSpec")),
        "{left_out:?}"
    );
}

/// What refers to sensors; the device has one part of each kind.
const WITH_SENSORS: [(&str, &str); 10] = [
    ("pdumodel.Pdu", "getSensors"),
    ("pdumodel.Inlet", "getSensors"),
    ("pdumodel.Inlet", "getPoles"),
    ("pdumodel.Inlet", "getLinePairs"),
    ("pdumodel.Outlet", "getSensors"),
    ("pdumodel.OverCurrentProtector", "getSensors"),
    ("pdumodel.OverCurrentProtector", "getPoles"),
    ("pdumodel.TransferSwitch", "getSensors"),
    ("pdumodel.OutletGroup", "getSensors"),
    ("peripheral.DeviceSlot", "getDevice"),
];

/// How many references to sensors a value of a type has.
fn sensors_in(api: &Api, ty: &str) -> usize {
    let ty = ty.trim_start_matches("vector<").trim_end_matches('>');
    if api.lineage(ty).any(|base| base == "sensors.Sensor") {
        return 1;
    }
    let members = api.members(ty);
    members.values().map(|ty| sensors_in(api, ty)).sum()
}

async fn sensors(device: &std::sync::Arc<Synthetic>, firmware: &str) {
    let topology = Topology::walk(&device.agent()).await.unwrap();
    for missing in topology.missing() {
        assert!(missing.is_not_there(), "{firmware}: {missing}");
        assert!(
            matches!(missing.what.as_str(), "getLinePairs" | "getAllGroups"),
            "{firmware}: {missing}"
        );
    }
    // Every reference to a sensor that the structures of this firmware have.
    let expected: usize = WITH_SENSORS
        .iter()
        .filter_map(|(interface, method)| device.api().method(interface, method))
        .flat_map(|signature| signature.outs.values())
        .map(|ty| sensors_in(device.api(), ty))
        .sum();
    assert_eq!(topology.sensors().len(), expected, "{firmware}");
    assert!(expected > 70, "{firmware}");
    for (sensor, reading) in topology.read().await.unwrap().iter() {
        assert!(
            reading.value.is_some() && reading.error.is_none(),
            "{firmware}: {sensor}: {reading:?}"
        );
    }
}

async fn outlets(device: &std::sync::Arc<Synthetic>, firmware: &str) {
    let agent = device.agent();
    let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    let switching = Switching::of(&agent);
    let switched = switching.switch(&outlets[0], false).await.unwrap();
    assert_eq!(switched.state.power_state, PowerState::PsOff, "{firmware}");
    for report in switching.switch_all(&outlets, true).await {
        report.result.unwrap();
    }
    switching.cycle(&outlets[0]).await.unwrap();
    for on in [false, true] {
        switching.switch_in_sequence(0, &[0], on).await.unwrap();
    }
    switching.cycle_in_sequence(0, &[0]).await.unwrap();
    match OutletGroupManager::well_known(&agent)
        .get_all_groups()
        .await
    {
        Ok(groups) => {
            for group in groups.values() {
                for on in [false, true] {
                    switching.switch_group(group, on).await.unwrap();
                }
                switching.cycle_group(group).await.unwrap();
            }
            assert_eq!(groups.len(), 1, "{firmware}");
        }
        Err(error) => assert!(error.is_object_not_found(), "{firmware}: {error}"),
    }
}

async fn logs(device: &std::sync::Arc<Synthetic>, firmware: &str) {
    let agent = device.agent();
    for log in [Log::event(&agent), Log::debug(&agent), Log::wlan(&agent)] {
        let forward: Vec<_> = log.clone().oldest_first().try_collect().await.unwrap();
        let backward: Vec<_> = log.newest_first().try_collect().await.unwrap();
        assert_eq!((forward.len(), backward.len()), (1, 1), "{firmware}");
    }
}

async fn events(device: &std::sync::Arc<Synthetic>, newest: &Api, firmware: &str) {
    let agent = device.agent();
    let outlets = Pdu::well_known(&agent, 0).get_outlets().await.unwrap();
    let mut stream = Events::of(&agent)
        .demand::<Event>()
        .demand_from::<StateChangedEvent>(&outlets[0])
        .stream();
    assert!(matches!(stream.next().await, Some(Ok(Item::Started))));
    let mut read = 0;
    for name in device.events() {
        let item = stream.next().await.unwrap().unwrap();
        let event = item.event().unwrap();
        assert_eq!(event.wire_id().version_free_name(), name, "{firmware}");
        let base = event.base();
        let base = base.unwrap_or_else(|| panic!("{firmware}: {:?}", event.base_error()));
        assert!(
            name == "idl.Event" || base.source.is_some(),
            "{firmware}: {name}"
        );
        // One that the newest firmware does not have is kept as it came.
        let is_known = newest.get(name).is_some();
        assert_eq!(as_its_type(event, firmware), is_known, "{firmware}: {name}");
        read += usize::from(is_known);
    }
    assert!(read > 70, "{firmware}: {read}");
    stream.close().await.unwrap();
}

/// Reads every member as the type of the newest bindings, if they know the event.
fn as_its_type(event: &xerus_device::events::Event, firmware: &str) -> bool {
    let Some(make) = REGISTRY
        .lookup(event.wire_id())
        .and_then(|entry| entry.make)
    else {
        return false;
    };
    let mut record = make();
    let members = record.info().members;
    let sent: Value = serde_json::from_str(event.raw().get()).unwrap();
    for (name, value) in sent.as_object().unwrap() {
        let Some(at) = members.iter().position(|member| member == name) else {
            continue;
        };
        let text = value.to_string();
        let outcome = record.read(at, &mut Reader::new(&text));
        assert!(
            outcome.is_ok(),
            "{firmware}: {} {name}: {outcome:?}: {text}",
            event.wire_id()
        );
    }
    true
}

async fn configurations(device: &std::sync::Arc<Synthetic>, firmware: &str) {
    let agent = device.agent();
    BulkConfig::of(&agent).status().await.unwrap();
    let there = |what: &str, outcome: Option<FilesError>| {
        let (interface, method) = what.rsplit_once('.').unwrap();
        match outcome {
            None => assert!(
                device.api().method(interface, method).is_some(),
                "{firmware}"
            ),
            Some(error) => {
                assert_eq!(error.code(), "Files.NotThere", "{firmware}: {error}");
                assert!(
                    device.api().method(interface, method).is_none(),
                    "{firmware}"
                );
            }
        }
    };
    there(
        "bulkcfg.BulkConfiguration.getSettings",
        BulkConfig::of(&agent).profiles().await.err(),
    );
    there(
        "rawcfg.RawConfiguration.getStatus",
        RawConfig::of(&agent).status().await.err(),
    );
}

/// What is changed goes to the device in its own form: one that does not fit is counted among the misfits.
async fn administration(device: &std::sync::Arc<Synthetic>, firmware: &str) {
    let agent = device.agent();
    let rules = AccessRules::of(&agent);
    assert_eq!(rules.lock_out().await.unwrap().failures, 0, "{firmware}");
    assert!(
        rules
            .change_lock_out(|rules| rules.failures = 7)
            .await
            .unwrap(),
        "{firmware}"
    );
    let clock = Clock::of(&agent);
    clock.read().await.unwrap();
    let usable = clock.check_ntp_server("ntp.example.com").await;
    assert!(
        matches!(usable, Ok(()) | Err(AdminError::NtpUnusable(_))),
        "{firmware}: {usable:?}"
    );
    may_be_unknown(clock.use_ntp(["ntp.example.com"]).await.err(), firmware);
    let network = Network::of(&agent);
    let is_there = device.api().method("net.Net", "getSettings").is_some();
    match network.read().await {
        Ok(_) => assert!(is_there, "{firmware}"),
        Err(error) => {
            assert_eq!(error.code(), "Admin.NotThere", "{firmware}: {error}");
            assert!(!is_there, "{firmware}");
            return;
        }
    }
    let router = Some(std::net::Ipv4Addr::new(192, 0, 2, 1));
    let address = std::net::Ipv4Addr::new(192, 0, 2, 7);
    let set = network.set_static_ipv4("x", address, 24, router).await;
    may_be_unknown(set.err(), firmware);
}

/// Nothing is changed in a version that the crate does not know.
fn may_be_unknown(error: Option<AdminError>, firmware: &str) {
    if let Some(error) = error {
        assert!(
            matches!(error, AdminError::UnknownVersion(_)),
            "{firmware}: {error}"
        );
    }
}
