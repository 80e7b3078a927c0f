//! The vendor's table against itself and against the models of two firmwares.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use xerus_idl::model::{Model, TypeKind, TypeRef};

use super::vendor::{self, Row};
use crate::options::Options;
use crate::{input, paths};

/// The rows with the wire ids that they tell of.
fn rows() -> Vec<(Row, String)> {
    let rows = vendor::read(include_str!("vendor.txt")).unwrap_or_else(|fault| panic!("{fault}"));
    rows.into_iter()
        .map(|(row, version)| {
            let id = format!("{}:{version}", row.returned);
            (row, id)
        })
        .collect()
}

fn model(firmware: &str) -> Model {
    let mut options = Options::default();
    let idl = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl");
    options.idl_dir.push(idl.join(firmware));
    let input = input::read(&options, &[]).finish();
    input.unwrap_or_else(|error| panic!("{error}")).model
}

/// Wire ids of the interfaces of a model by path without version.
fn interfaces(model: &Model) -> BTreeMap<String, String> {
    model
        .types()
        .filter(|(_, ty)| matches!(ty.kind, TypeKind::Interface(_)))
        .map(|(_, ty)| (paths::plain(model, ty), ty.wire_id.clone()))
        .collect()
}

#[test]
fn names_and_templates_are_unique() {
    let (mut names, mut objects, mut templates) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut shared = Vec::new();
    let rows = rows();
    for (row, id) in &rows {
        let (template, name) = (row.template.text(), &row.constructor);
        assert!(names.insert((&row.owner, name)), "{} {name}", row.owner);
        assert!(objects.insert((template, id)), "{template} {id}");
        if !templates.insert(template) {
            shared.push(template);
        }
    }
    // The only place where there is one of two sensors.
    assert_eq!(shared, ["/model/pdu/{unit}/inlet/{inlet}/residualCurrent"]);
}

#[test]
fn an_interface_with_children_has_a_constructor_of_its_own() {
    let rows = rows();
    let owners: BTreeSet<_> = rows.iter().map(|(row, _)| row.owner.as_str()).collect();
    for owner in owners {
        let own: Vec<_> = rows
            .iter()
            .map(|(row, _)| row)
            .filter(|row| row.owner == owner && row.constructor == "well_known")
            .collect();
        assert!(
            matches!(own.as_slice(), [one] if one.returned == owner),
            "{owner}"
        );
        for (row, _) in rows
            .iter()
            .filter(|(row, _)| row.owner == owner && row.returned != owner)
        {
            let place = own.iter().map(|own| own.template.text());
            for place in place {
                assert!(
                    row.template.text().starts_with(place),
                    "{}",
                    row.template.text()
                );
            }
        }
    }
}

/// Places of the documentation, picked by hand from every one of its tables.
#[test]
fn the_documented_places_are_there() {
    let rows = rows();
    for (template, id) in [
        ("/model/pdu/{unit}", "pdumodel.Pdu:6.5.7"),
        ("/model/inlet/{inlet}", "pdumodel.Inlet:3.0.4"),
        ("/model/ocp/{ocp}", "pdumodel.OverCurrentProtector:4.0.4"),
        ("/model/outlet/{outlet}", "pdumodel.Outlet:3.0.4"),
        (
            "/model/pdu/{unit}/inlet/{inlet}/unbalancedLineLineVoltage",
            "sensors.NumericSensor:4.0.9",
        ),
        (
            "/model/pdu/{unit}/inlet/{inlet}/pole/{pole}/voltageLN",
            "sensors.NumericSensor:4.0.9",
        ),
        (
            "/model/pdu/{unit}/inlet/{inlet}/linepair/{line_pair}/activeEnergy",
            "sensors.AccumulatingNumericSensor:2.0.10",
        ),
        (
            "/model/pdu/{unit}/ocp/{ocp}/trip",
            "pdumodel.OverCurrentProtectorTripSensor:1.1.14",
        ),
        (
            "/model/pdu/{unit}/outlet/{outlet}/inrushCurrent",
            "sensors.NumericSensor:4.0.9",
        ),
        (
            "/model/pdu/{unit}/outlet/{outlet}/outletState",
            "sensors.StateSensor:4.0.8",
        ),
        (
            "/model/outletgroup/{group}/activeEnergy",
            "sensors.NumericSensor:4.0.9",
        ),
        (
            "/model/peripheraldeviceslot/{slot}/device",
            "sensors.Sensor:4.0.8",
        ),
        ("/auth/currentUser", "usermgmt.User:2.0.0"),
        ("/auth/role/{name:str}", "usermgmt.Role:1.0.0"),
        ("/serial/{name:str}", "serial.SerialPort:3.0.1"),
        ("/usb", "usb.Usb:1.0.4"),
        ("/test/Usb", "usb.Usb:1.0.4"),
        ("/server_ssl_cert", "cert.ServerSSLCert:4.0.1"),
        (
            "/cgi-bin/fwupdate_progress.cgi",
            "firmware.FirmwareUpdateStatus:1.0.0",
        ),
        ("/model/core", "tfw.CoreCtrl:1.0.0"),
        ("/cfg", "cfg.Cfg:1.0.1"),
    ] {
        let found = rows
            .iter()
            .any(|(row, other)| row.template.text() == template && other == id);
        assert!(found, "{template} {id}");
    }
    let count = |start: &str| {
        let inside = |row: &Row| {
            row.template
                .text()
                .strip_prefix(start)
                .is_some_and(|rest| !rest.contains('/'))
        };
        rows.iter().filter(|(row, _)| inside(row)).count()
    };
    assert_eq!(count("/model/pdu/{unit}/inlet/{inlet}/"), 24);
    assert_eq!(
        count("/model/pdu/{unit}/inlet/{inlet}/linepair/{line_pair}/"),
        14
    );
    assert_eq!(count("/model/pdu/{unit}/inlet/{inlet}/pole/{pole}/"), 15);
    assert_eq!(count("/model/pdu/{unit}/ocp/{ocp}/"), 14);
    assert_eq!(count("/model/pdu/{unit}/outlet/{outlet}/"), 19);
    let places = rows
        .iter()
        .filter(|(row, _)| row.owner == row.returned)
        .count();
    assert_eq!(places, 83);
    assert_eq!(rows.len(), 83 + 24 + 14 + 15 + 14 + 19 + 3);
}

#[test]
fn the_newest_firmware_has_every_row_in_the_version_told() {
    if crate::repository::is_missing() {
        return;
    }
    let known = interfaces(&model("xerus-4.4.1"));
    for (row, id) in rows() {
        if DROPPED.contains(&row.template.text()) {
            assert!(!known.contains_key(&row.owner), "{}", row.owner);
            continue;
        }
        assert!(known.contains_key(&row.owner), "{}", row.owner);
        assert_eq!(
            known.get(&row.returned),
            Some(&id),
            "{}",
            row.template.text()
        );
    }
}

/// Objects of interfaces that firmware 4.4.1 has no more.
const DROPPED: [&str; 6] = [
    "/energywise",
    "/lhx",
    "/model/ade/{ade}",
    "/model/bcm",
    "/security/serviceauthorization",
    "/test/Ethernet",
];

#[test]
fn firmware_3_6_80_has_the_rows_that_were_dropped_in_the_version_told() {
    if crate::repository::is_missing() {
        return;
    }
    let known = interfaces(&model("xerus-3.6.80"));
    let old: Vec<_> = rows()
        .into_iter()
        .filter(|(row, _)| DROPPED.contains(&row.template.text()))
        .collect();
    assert_eq!(old.len(), DROPPED.len());
    for (row, id) in old {
        assert_eq!(known.get(&row.owner), Some(&id), "{}", row.template.text());
        assert_eq!(row.owner, row.returned);
    }
}

#[test]
fn an_older_firmware_lacks_some_rows() {
    if crate::repository::is_missing() {
        return;
    }
    let known = interfaces(&model("xerus-4.0.20"));
    let missing: BTreeSet<_> = rows()
        .into_iter()
        .filter(|(row, _)| !known.contains_key(&row.owner) || !known.contains_key(&row.returned))
        .map(|(row, _)| row.template.text().to_owned())
        .collect();
    let newer = ["/cfg", "/model/core", "/portForwardingAutoSetup"];
    let dropped = DROPPED.into_iter().filter(|one| *one != "/model/ade/{ade}");
    let expected: BTreeSet<_> = newer.into_iter().chain(dropped).collect();
    assert_eq!(
        missing.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        expected
    );
}

/// The interface that each member of a structure leads to, by the member's name.
fn members(model: &Model, path: &str) -> BTreeMap<String, String> {
    let ty = model
        .types()
        .map(|(_, ty)| ty)
        .find(|ty| paths::plain(model, ty) == path);
    let fields = ty.map_or(&[][..], |ty| ty.fields());
    let leads_to = |ty: &TypeRef| match ty {
        TypeRef::Named(index) => {
            let ty = model.ty(*index);
            matches!(ty.kind, TypeKind::Interface(_)).then(|| paths::plain(model, ty))
        }
        _ => None,
    };
    fields
        .iter()
        .filter_map(|field| Some((field.name.clone(), leads_to(&field.ty)?)))
        .collect()
}

/// Whether an interface is, or extends, another.
fn extends(model: &Model, path: &str, base: &str) -> bool {
    let (index, _) = model
        .types()
        .find(|(_, ty)| paths::plain(model, ty) == path)
        .unwrap_or_else(|| panic!("no {path}"));
    path == base
        || model
            .bases(index)
            .any(|at| paths::plain(model, model.ty(at)) == base)
}

#[test]
fn sensors_of_a_place_are_those_that_its_structure_names() {
    let model = model("xerus-4.4.1");
    let rows = rows();
    let (mut only_ids, mut only_members) = (Vec::new(), Vec::new());
    let mut both = 0;
    for (place, structure) in [
        (
            "/model/pdu/{unit}/outlet/{outlet}/",
            "pdumodel.Outlet.Sensors",
        ),
        ("/model/pdu/{unit}/inlet/{inlet}/", "pdumodel.Inlet.Sensors"),
        (
            "/model/pdu/{unit}/inlet/{inlet}/pole/{pole}/",
            "pdumodel.Pole",
        ),
        (
            "/model/pdu/{unit}/ocp/{ocp}/",
            "pdumodel.OverCurrentProtector.Sensors",
        ),
        (
            "/model/outletgroup/{group}/",
            "pdumodel.OutletGroup.Sensors",
        ),
    ] {
        let members = members(&model, structure);
        let words: BTreeMap<_, _> = rows
            .iter()
            .filter_map(|(row, _)| Some((row.template.text().strip_prefix(place)?, &row.returned)))
            .filter(|(word, _)| !word.contains('/'))
            .collect();
        for (word, returned) in &words {
            match members.get(*word) {
                // Energies are declared as what they extend, or the other way round.
                Some(member) => {
                    let kin =
                        extends(&model, member, returned) || extends(&model, returned, member);
                    assert!(kin, "{structure} {word}: {member}, {returned}");
                    both += 1;
                }
                None => only_ids.push(format!("{structure} {word}")),
            }
        }
        let missing = members
            .keys()
            .filter(|name| !words.contains_key(name.as_str()));
        only_members.extend(missing.map(|name| format!("{structure} {name}")));
    }
    assert!(only_ids.is_empty(), "{only_ids:?}");
    assert_eq!(both, 73);
    // Sensors that the vendor documents no id for.
    assert_eq!(
        only_members,
        [
            "pdumodel.Outlet.Sensors unbalancedVoltage",
            "pdumodel.Inlet.Sensors residualACCurrent",
            "pdumodel.Inlet.Sensors residualDCCurrent",
            "pdumodel.Pole residualACCurrent",
            "pdumodel.Pole residualCurrent",
            "pdumodel.Pole residualCurrentStatus",
            "pdumodel.Pole residualDCCurrent",
            "pdumodel.OverCurrentProtector.Sensors crestFactor",
            "pdumodel.OverCurrentProtector.Sensors residualACCurrent",
            "pdumodel.OverCurrentProtector.Sensors residualCurrent",
            "pdumodel.OverCurrentProtector.Sensors residualCurrentStatus",
            "pdumodel.OverCurrentProtector.Sensors residualDCCurrent",
            "pdumodel.OutletGroup.Sensors apparentEnergy",
            "pdumodel.OutletGroup.Sensors apparentPower",
        ]
    );
}
