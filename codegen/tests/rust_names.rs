//! The names that a comparison tells callers.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use xerus_codegen::RustNames;
use xerus_idl::Idl;
use xerus_idl::diff::compare;
use xerus_idl::model::Model;

fn model(text: &str) -> Model {
    let loaded = Idl::new().text("All.idl", text).load();
    loaded.map_err(|found| found.to_short()).unwrap().model
}

const OLD: &str = "
module server { opaque Raw; }
module auth { module ldapsrv { structure ServerSettings_3_0_0 { int type; }; } }
module m {
    enumeration PowerState { PS_OFF, PS_ON };
    interface Base { constant int ERR_NONE = 0; void getIOP(); void clone(); };
    interface Lamp extends Base {
        typedef map<int, int> Table;
        valueobject MovedEvent { int imageMD5; };
        structure Inner { enumeration Low_Level { A }; int x; };
        void setPowerState(in int powerState);
    };
    interface Lamp_2_0_0 { structure Settings { string self; }; void f(); };
}";

#[test]
fn every_kind_of_item_has_its_name() {
    let model = model(OLD);
    let names = RustNames::new(&model);
    for (path, member, expected) in [
        ("server", "", Some("server_")),
        ("server.Raw", "", Some("server_::Raw")),
        ("auth.ldapsrv", "", Some("auth::ldapsrv")),
        (
            "auth.ldapsrv.ServerSettings",
            "type",
            Some("auth::ldapsrv::ServerSettings::r#type"),
        ),
        ("m.PowerState", "PS_OFF", Some("m::PowerState::PsOff")),
        ("m.Base", "ERR_NONE", Some("m::Base::ERR_NONE")),
        ("m.Base", "getIOP", Some("m::Base::get_iop")),
        ("m.Base", "clone", Some("m::Base::clone_")),
        // The newest version has the plain names; nothing else is meant by a path without versions.
        ("m.Lamp", "", Some("m::Lamp")),
        ("m.Lamp", "f", Some("m::Lamp::f")),
        ("m.Lamp", "setPowerState", None),
        ("m.Lamp.Settings", "self", Some("m::lamp::Settings::self_")),
        // Only an older version has it, under its own name.
        (
            "m.Lamp.Inner.Low_Level",
            "A",
            Some("m::lamp_1_0_0::inner::LowLevel::A"),
        ),
        (
            "m.Lamp.MovedEvent",
            "imageMD5",
            Some("m::lamp_1_0_0::MovedEvent::image_md5"),
        ),
        ("m.Lamp.Table", "", Some("m::lamp_1_0_0::Table")),
        ("m.Missing", "", None),
        ("m", "member", None),
    ] {
        assert_eq!(
            names.get(path, member).as_deref(),
            expected,
            "{path} {member}"
        );
    }
}

#[test]
fn members_of_bases_are_reached_through_the_type() {
    let model = model(
        "module m { interface B { void g(); }; interface A extends B { void f(in int a); }; }",
    );
    let names = RustNames::new(&model);
    assert_eq!(names.get("m.A", "g").as_deref(), Some("m::A::g"));
    assert_eq!(names.get("m.A", "f(a)").as_deref(), Some("m::A::f"));
    assert_eq!(names.get("m.B", "f"), None);
}

#[test]
fn each_change_names_the_item_of_the_side_that_has_it() {
    let old = model(
        "module m { interface A { constant int K = 1; void f(in int a); void gone(); }; enumeration E { ON, OFF }; \
         opaque O; }",
    );
    let new = model(
        "module m { interface A { constant int K = 2; void f(in long a); void newOne(); }; enumeration E { ON, OUT }; \
         structure S { int x; }; }",
    );
    let names = (RustNames::new(&old), RustNames::new(&new));
    let comparison = compare(&old, &new).with_rust_names(&names.0, &names.1);
    let found: Vec<_> = comparison
        .changes()
        .map(|change| {
            let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
            let (old, new) = (name(&change.rust.old), name(&change.rust.new));
            format!(
                "{} {old} {new} {}",
                change.item.word(),
                change.effect.word()
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "type m::O - breaking",
            "type - m::S source-compatible",
            "constant m::A::K m::A::K recompile",
            "parameter m::A::f m::A::f breaking",
            "method m::A::gone - breaking",
            "method - m::A::new_one source-compatible",
            "enumerator m::E::Off m::E::Out breaking",
        ]
    );
}

/// Between real firmwares no change is without a name.
#[test]
fn every_change_between_two_firmwares_is_named() {
    if repository::is_missing() {
        return;
    }
    let firmware = |name: &str| {
        let directory = format!("{}/../idl/{name}", env!("CARGO_MANIFEST_DIR"));
        let loaded = Idl::new().directory(directory).load();
        loaded.map_err(|found| found.to_short()).unwrap().model
    };
    let (old, new) = (firmware("xerus-4.0.20"), firmware("xerus-4.4.1"));
    let names = (RustNames::new(&old), RustNames::new(&new));
    let comparison = compare(&old, &new).with_rust_names(&names.0, &names.1);
    assert!(comparison.changes().count() > 100);
    for change in comparison.changes() {
        assert!(change.rust.name().is_some(), "{change:?}");
        let is_there = |text: &Option<String>| text.is_some();
        let (old, new) = (is_there(&change.old), is_there(&change.new));
        if old && new {
            assert!(
                change.rust.old.is_some() && change.rust.new.is_some(),
                "{change:?}"
            );
        }
    }
    for ty in &comparison.types {
        assert!(
            ty.rust.old.is_some() && ty.rust.new.is_some(),
            "{}",
            ty.path
        );
    }
}
