//! The recording of a device with firmware 4.0.10 says what that firmware's package says, member by member.

use std::collections::BTreeSet;

use serde_json::Value;
use xerus_rpc::recording::Recording;

use crate::api::Api;
use crate::facts::free;
use crate::files::Files;
use crate::history::short;

const WELL_KNOWN: [(&str, &str); 3] = [
    ("/model/outletgroup", "pdumodel.OutletGroupManager"),
    ("/model/pdu/0", "pdumodel.Pdu"),
    ("/model/peripheraldevicemanager", "peripheral.DeviceManager"),
];

/// The interface of an object: the id of an opaque one names it.
fn interface(rid: &str) -> String {
    let known = WELL_KNOWN.iter().find(|(known, _)| *known == rid);
    match known {
        Some((_, interface)) => (*interface).to_owned(),
        None => free(rid.split('/').nth(2).unwrap()),
    }
}

/// What is wrong with a value of a type.
pub(super) fn faults(api: &Api, ty: &str, value: &Value, place: &str, found: &mut Vec<String>) {
    let mut wrong = |what: &str| found.push(format!("{place}: {what}: {value}"));
    if let Some(element) = ty
        .strip_prefix("vector<")
        .and_then(|ty| ty.strip_suffix('>'))
    {
        match value.as_array() {
            Some(all) => all
                .iter()
                .for_each(|value| faults(api, element, value, place, found)),
            None => wrong("no list"),
        }
        return;
    }
    let is_right = match (ty, api.get(ty).map(|ty| ty.kind.as_str())) {
        ("boolean", _) => value.is_boolean(),
        ("byte" | "int" | "long" | "time", _) => value.is_i64(),
        // A device writes a point, also behind whole numbers.
        ("float" | "double", _) => value.is_f64(),
        ("string" | "typecode", _) => value.is_string(),
        (map, _) if map.starts_with("map<") => value.is_array(),
        ("Object", _) => value.is_null() || (value["rid"].is_string() && value["type"].is_string()),
        (_, Some("enumeration")) => value
            .as_i64()
            .is_some_and(|value| api.get(ty).unwrap().enumerators.contains_key(&value)),
        (_, Some("interface")) => {
            let reference = value["type"].as_str().map(free);
            let is_one = |name: &String| api.lineage(name).any(|base| base == ty);
            value.is_null() || reference.as_ref().is_some_and(is_one)
        }
        (_, Some("valueobject")) => {
            let Some(id) = value["type"].as_str() else {
                if !value.is_null() {
                    wrong("no type");
                }
                return;
            };
            if api.get(&free(id)).is_none_or(|ty| ty.id != id) {
                wrong("another version");
            }
            members(api, &free(id), &value["value"], place, found);
            return;
        }
        (_, Some("structure")) => {
            members(api, ty, value, place, found);
            return;
        }
        _ => false,
    };
    if !is_right {
        wrong(ty);
    }
}

fn members(api: &Api, ty: &str, value: &Value, place: &str, found: &mut Vec<String>) {
    let known = api.members(ty);
    let Some(sent) = value.as_object() else {
        found.push(format!("{place}: no object: {value}"));
        return;
    };
    let names: BTreeSet<&str> = sent.keys().map(String::as_str).collect();
    if names != known.keys().copied().collect() {
        found.push(format!("{place}: {ty} has other members: {names:?}"));
    }
    for (name, ty) in known {
        faults(api, ty, &value[name], &format!("{place} {name}"), found);
    }
}

#[test]
fn the_recorded_device_answers_as_the_package_of_its_firmware_says() {
    let files = Files::new();
    let history = files.history().unwrap();
    let at = history
        .firmwares
        .iter()
        .position(|firmware| short(firmware) == "4.0.10");
    let api = Api::of(&history.facts_of(at.unwrap())).unwrap();
    let path = files
        .root
        .join("device/tests/firmwares/recordings/firmware-4.0.10.txt");
    let recording = Recording::read(path).unwrap();
    let mut found = Vec::new();
    for entry in recording.entries() {
        let (rid, method) = (entry.target(), entry.method().unwrap());
        let place = format!("{rid} {method}");
        let interface = interface(rid);
        let Some(signature) = api.method(&interface, method) else {
            found.push(format!("{place}: {interface} has no such method"));
            continue;
        };
        // References carry the version that the firmware has.
        if let Some(id) = rid.strip_prefix("/tfwopaque/") {
            let version = id.split('/').next().and_then(|id| id.split(':').nth(1));
            if api.get(&interface).map(|ty| ty.version.as_str()) != version {
                found.push(format!("{place}: another version of {interface}"));
            }
        }
        let result: Value = serde_json::from_str(entry.result().unwrap().get()).unwrap();
        faults(
            &api,
            &signature.outs["_ret_"],
            &result["_ret_"],
            &place,
            &mut found,
        );
    }
    assert!(
        found.is_empty(),
        "{} faults: {:#?}",
        found.len(),
        &found[..found.len().min(20)]
    );
    assert!(recording.entries().len() > 1_000);
}
