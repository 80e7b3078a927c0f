use std::collections::HashSet;

use xerus_rpc::rt::{ReaderOptions, decode, encode};
use xerus_rpc::{Agent, CastError, Compatibility, Error, Interface, Object, Outcome, WireId};

use crate::aids::{answering, call_fault, fault, lenient, strict};
use crate::support::pdumodel::{EDevice, Inlet, Outlet};
use crate::support::sensors::NumericSensor;

fn reference(wire_id: &str) -> String {
    format!(r#"{{"rid":"/r","type":"{wire_id}"}}"#)
}

#[test]
fn a_reference_keeps_what_the_device_said() {
    let text =
        r#"{"rid":"/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0","type":"pdumodel.Outlet:3.0.4"}"#;
    let outlet: Outlet = lenient(text).unwrap();
    assert_eq!(outlet.rid(), "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0");
    assert_eq!(outlet.wire_id().unwrap().as_str(), "pdumodel.Outlet:3.0.4");
    assert_eq!(encode(&outlet).unwrap().get(), text);
    assert_eq!(
        format!("{:?}", outlet.as_object()),
        "pdumodel.Outlet:3.0.4(/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0)"
    );

    assert_eq!(lenient::<Option<Outlet>>("null").unwrap(), None);
    assert_eq!(encode(&None::<Outlet>).unwrap().get(), "null");
    let reordered: Outlet =
        lenient(r#"{ "type" : "pdumodel.Outlet:3.0.4", "x":1, "rid" : "this" }"#).unwrap();
    assert_eq!(reordered.rid(), "this");
}

#[test]
fn the_reported_version_tells_the_compatibility() {
    for (wire_id, compatibility) in [
        ("pdumodel.Outlet:3.0.1", Compatibility::Compatible),
        ("pdumodel.Outlet:3.9.7", Compatibility::Compatible),
        ("pdumodel.Outlet:3.0.0", Compatibility::OlderMinor),
        ("pdumodel.Outlet:3.0", Compatibility::OlderMinor),
        ("pdumodel.Outlet:9.0.0", Compatibility::MajorMismatch),
        ("pdumodel.Rocket:1.0.0", Compatibility::UnknownType),
    ] {
        let outlet: Outlet = lenient(&reference(wire_id)).unwrap();
        assert_eq!(outlet.compatibility(), compatibility, "{wire_id}");
    }
    for (wire_id, compatibility) in [
        ("pdumodel.EDevice:1.0.1", Compatibility::Compatible),
        ("pdumodel.Outlet:3.0.1", Compatibility::Compatible),
        ("pdumodel.Inlet:2.0.0", Compatibility::MajorMismatch),
    ] {
        let device: EDevice = lenient(&reference(wire_id)).unwrap();
        assert_eq!(device.compatibility(), compatibility, "{wire_id}");
    }
    let object: Object = lenient(&reference("TypeInfo.importlib.import_module:1.0.0")).unwrap();
    assert_eq!(object.compatibility(), Compatibility::Unchecked);
}

#[test]
fn bad_references_are_refused() {
    for (text, code, path) in [
        (
            reference("pdumodel.Inlet:3.0.4"),
            "Decode.IncompatibleType",
            "",
        ),
        (
            reference("pdumodel.EDevice:1.0.1"),
            "Decode.IncompatibleType",
            "",
        ),
        (reference("pdumodel.Outlet"), "Decode.BadTypeCode", "type"),
        (
            reference("pdumodel.Outlet_3_0_4"),
            "Decode.BadTypeCode",
            "type",
        ),
        (
            r#"{"rid":"/r","type":7}"#.into(),
            "Decode.WrongType",
            "type",
        ),
        (
            r#"{"rid":"/r","type":null}"#.into(),
            "Decode.NullNotAllowed",
            "type",
        ),
        (
            r#"{"type":"pdumodel.Outlet:3.0.4"}"#.into(),
            "Decode.MissingField",
            "rid",
        ),
        (r#"{"rid":"/r"}"#.into(), "Decode.MissingField", "type"),
        ("{}".into(), "Decode.MissingField", "rid"),
        ("\"/r\"".into(), "Decode.WrongType", ""),
        ("null".into(), "Decode.NullNotAllowed", ""),
        (
            r#"{"rid":5,"type":"pdumodel.Outlet:3.0.4"}"#.into(),
            "Decode.WrongType",
            "rid",
        ),
        (
            r#"{"rid":"/r","rid":"/r","type":"pdumodel.Outlet:3.0.4"}"#.into(),
            "Json.DuplicateKey",
            "rid",
        ),
        (
            r#"{"rid":"/r","type":"a.B:1.0.0","type":"a.B:1.0.0"}"#.into(),
            "Json.DuplicateKey",
            "type",
        ),
    ] {
        assert_eq!(
            fault(lenient::<Outlet>(&text)),
            (code, path.into()),
            "{text}"
        );
    }
    let long = "x".repeat(1_000_000);
    for rid in [
        "",
        "//evil.example/x",
        "http://evil.example/",
        "/r\\r\\nX: y",
        "/a/../b",
        &long,
    ] {
        let text = format!(r#"{{"rid":"{rid}","type":"pdumodel.Outlet:3.0.4"}}"#);
        assert_eq!(
            fault(lenient::<Outlet>(&text)),
            ("Decode.BadRid", "rid".into())
        );
    }
    let list = format!("[{},null]", reference("pdumodel.Outlet:3.0.1"));
    assert_eq!(
        fault(strict::<Vec<Outlet>>(&list)),
        ("Decode.NullNotAllowed", "[1]".into())
    );
}

#[test]
fn casts_are_checked_against_the_reported_type() {
    let device: EDevice = lenient(&reference("pdumodel.Outlet:3.0.0")).unwrap();
    let outlet: Outlet = device.cast().unwrap();
    assert_eq!(outlet.compatibility(), Compatibility::OlderMinor);
    assert_eq!(outlet.cast::<EDevice>().unwrap(), device);
    assert!(matches!(
        device.cast::<Inlet>(),
        Err(CastError::Unrelated(_, "pdumodel.Inlet:3.0.0"))
    ));

    let object: Object = lenient(&reference("pdumodel.Outlet:4.0.0")).unwrap();
    let error = object.cast::<Outlet>().unwrap_err();
    let line = "the object is a pdumodel.Outlet:4.0.0, the bindings are made for pdumodel.Outlet:3.0.1: cast it";
    assert!(error.to_string().starts_with(line), "{error}");
    assert_eq!(
        object.assume::<Outlet>().compatibility(),
        Compatibility::Unchecked
    );

    let unknown: Object = lenient(&reference("x.Y:1.0.0")).unwrap();
    assert!(matches!(
        unknown.cast::<Outlet>(),
        Err(CastError::UnknownType(_))
    ));
    let made = Outlet::at(&answering("null"), "/r");
    assert_eq!(made.cast::<Outlet>().unwrap_err(), CastError::NotReported);
}

#[test]
fn failed_casts_are_errors_of_calls_that_were_not_made() {
    fn cast(wire_id: &str) -> Result<Outlet, Error> {
        let object: Object = lenient(&reference(wire_id))?;
        Ok(object.cast()?)
    }
    assert!(cast("pdumodel.Outlet:3.0.1").is_ok());
    let made = Outlet::at(&answering("null"), "/r").cast::<Outlet>();
    for (error, code, line) in [
        (
            cast("pdumodel.Inlet:3.0.0").unwrap_err(),
            "Decode.IncompatibleType",
            "expected a kind of pdumodel.Outlet:3.0.1, found pdumodel.Inlet:3.0.0",
        ),
        (
            cast("x.Y:1.0.0").unwrap_err(),
            "Decode.IncompatibleType",
            "expected a type that the bindings know, found x.Y:1.0.0",
        ),
        (
            cast("pdumodel.Outlet:4.0.0").unwrap_err(),
            "Config.MajorMismatch",
            "the object is a pdumodel.Outlet:4.0.0, the bindings are made for pdumodel.Outlet:3.0.1: cast it",
        ),
        (
            made.unwrap_err().into(),
            "Config.Unsupported",
            "the device has not reported the type of this object",
        ),
    ] {
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(line), "{error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        assert!(!error.is_retryable());
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.is::<CastError>());
    }
}

#[tokio::test]
async fn another_major_version_is_not_called_unless_forced() {
    let agent = answering(r#"{"_ret_":0}"#);
    let read = |wire_id: &str| -> Outlet {
        let options = ReaderOptions::for_agent(&agent);
        decode(reference(wire_id).as_bytes(), &options).unwrap()
    };
    let outlet = read("pdumodel.Outlet:9.0.0");
    let error = outlet.get_label().await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.MajorMismatch", xerus_rpc::Outcome::NotExecuted)
    );
    assert!(
        error.to_string().contains("pdumodel.Outlet:9.0.0"),
        "{error}"
    );
    let forced: Outlet = outlet.assume();
    let switch = forced.set_power_state(crate::support::pdumodel::outlet::PowerState::PsOn);
    switch.clone().await.unwrap();
    assert_eq!(switch.code().await.unwrap(), 0);
    // An unknown type and an older one are called.
    for wire_id in ["pdumodel.Rocket:1.0.0", "pdumodel.Outlet:3.0.0"] {
        assert!(
            read(wire_id)
                .set_power_state(crate::support::pdumodel::outlet::PowerState::PsOn)
                .await
                .is_ok()
        );
    }
}

#[tokio::test]
async fn references_made_from_a_resource_id() {
    let agent = answering(r#"{"_ret_":"web"}"#);
    let outlet = Outlet::at(&agent, "/model/pdu/0/outlet/3");
    assert_eq!(
        format!("{:?}", outlet.as_object()),
        "pdumodel.Outlet:3.0.1(/model/pdu/0/outlet/3)"
    );
    assert_eq!(
        encode(&outlet).unwrap().get(),
        r#"{"rid":"/model/pdu/0/outlet/3","type":"pdumodel.Outlet:3.0.1"}"#
    );
    assert_eq!(outlet.get_label().await.unwrap(), "web");
    let bad = Outlet::at(&agent, "//evil.example/x");
    assert_eq!(call_fault(bad.get_label().await).0, "Config.BadRid");
}

#[tokio::test]
async fn detached_references_can_be_sent_but_not_called() {
    let object = Object::detached("/r", "pdumodel.Outlet:3.0.1".parse().unwrap());
    let outlet = Outlet::from_object(object);
    assert_eq!(
        encode(&outlet).unwrap().get(),
        r#"{"rid":"/r","type":"pdumodel.Outlet:3.0.1"}"#
    );
    let error = outlet.get_label().await.unwrap_err();
    assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
}

#[test]
fn equality_is_by_resource_id_and_origin() {
    let (one, other) = (answering("null"), answering("null"));
    let at = |agent: &Agent, rid: &str| Outlet::at(agent, rid);
    // Two agents of one device: the origin counts, not the handle.
    assert_eq!(at(&one, "/a"), at(&other, "/a"));
    assert_ne!(at(&one, "/a"), at(&one, "/b"));
    assert_ne!(
        at(&one, "/a").as_object(),
        &Object::detached("/a", WireId::default())
    );
    let set: HashSet<Outlet> = [at(&one, "/a"), at(&other, "/a"), at(&one, "/b")].into();
    assert_eq!(set.len(), 2);
}

#[tokio::test]
async fn type_information_is_read_along_base_or_parent() {
    let chain = r#"{"id":"sensors.NumericSensor:4.0.9","base":{"parent":{"base":null,"id":"idl.Object:1.0.0"},"id":"sensors.Sensor:4.0.1"}}"#;
    let sensor = NumericSensor::at(&answering(&format!(r#"{{"_ret_":{chain}}}"#)), "/s");
    let info = sensor.get_type_info().await.unwrap();
    assert_eq!(info.wire_id().as_str(), "sensors.NumericSensor:4.0.9");
    let names: Vec<&str> = info.chain().iter().map(WireId::as_str).collect();
    assert_eq!(
        names,
        [
            "sensors.NumericSensor:4.0.9",
            "sensors.Sensor:4.0.1",
            "idl.Object:1.0.0"
        ]
    );
    assert!(info.is_a(&"sensors.Sensor:9.0.0".parse().unwrap()));

    let deep = (0..40).fold("null".to_owned(), |inner, n| {
        format!(r#"{{"id":"a.B{n}:1.0.0","base":{inner}}}"#)
    });
    let sensor = NumericSensor::at(&answering(&format!(r#"{{"_ret_":{deep}}}"#)), "/s");
    assert_eq!(
        call_fault(sensor.get_type_info().await).0,
        "Decode.LimitExceeded"
    );
}

#[tokio::test]
async fn objects_of_link_units() {
    let agent = answering(r#"{"_ret_":"web"}"#);
    let outlet = Outlet::at(&agent, "/model/pdu/0/outlet/3");
    let far: Outlet = outlet.through_link(2).unwrap();
    assert_eq!(far.rid(), "/link/2/model/pdu/0/outlet/3");
    assert_eq!(far.compatibility(), Compatibility::Unchecked);
    assert_eq!(far.get_label().await.unwrap(), "web");
    assert_eq!(
        Outlet::at(&agent, "x")
            .through_link::<Outlet>(8)
            .unwrap()
            .rid(),
        "/link/8/x"
    );
    // Names that only start alike are no links.
    assert!(
        Outlet::at(&agent, "/linked")
            .through_link::<Outlet>(2)
            .is_ok()
    );

    for unit in [0, 1, 9, u32::MAX] {
        let error = outlet.through_link::<Outlet>(unit).unwrap_err();
        assert_eq!(error.code(), "Config.OutOfRange", "{unit}");
        assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
    }
    for rid in [
        "/link/2/firmware",
        "link/3/x",
        "/link",
        "",
        "//evil.example/x",
        "/a/../b",
    ] {
        let error = Outlet::at(&agent, rid)
            .through_link::<Outlet>(2)
            .unwrap_err();
        assert_eq!(error.code(), "Config.BadRid", "{rid}");
    }
    let long = format!("/{}", "a".repeat(4095));
    assert!(Outlet::at(&agent, &long).through_link::<Outlet>(2).is_err());
    assert_eq!(
        outlet.through_link::<NumericSensor>(2).unwrap_err().code(),
        "Decode.IncompatibleType"
    );
    let twice = far.through_link::<Outlet>(3).unwrap_err();
    assert_eq!(twice.code(), "Config.BadRid");
}

#[test]
fn objects_of_link_units_are_not_taken_for_what_the_near_device_reported() {
    for wire_id in ["pdumodel.Outlet:3.0.1", "pdumodel.Outlet:4.0.0"] {
        let object = Object::detached("/r", wire_id.parse().unwrap());
        let far: Outlet = object.through_link(2).unwrap();
        assert_eq!(far.compatibility(), Compatibility::Unchecked, "{wire_id}");
        assert_eq!(far.wire_id(), None, "{wire_id}");
        assert_eq!(
            far.cast::<Outlet>(),
            Err(CastError::NotReported),
            "{wire_id}"
        );
    }
    let sensor = Object::detached("/r", "sensors.NumericSensor:4.0.9".parse().unwrap());
    assert_eq!(
        sensor.through_link::<Outlet>(2).unwrap_err().code(),
        "Decode.IncompatibleType"
    );
}

#[tokio::test]
async fn names_in_well_known_ids_cannot_lead_elsewhere() {
    let agent = answering(r#"{"_ret_":"web"}"#);
    let named = |name: &str| -> Outlet {
        xerus_rpc::rt::well_known(&agent, "/auth/user/{name:str}", &[&name])
    };
    assert_eq!(named("50% ?#\\").rid(), "/auth/user/50% ?#\\");
    assert_eq!(named("admin").get_label().await.unwrap(), "web");
    for name in ["", ".", "..", "a/b", "/", "../role/x", "a\nb"] {
        let error = named(name).get_label().await.unwrap_err();
        assert_eq!(error.code(), "Config.BadRid", "{name:?}");
        assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
    }
    let entry = xerus_rpc::WellKnown::new("/auth/user/{name:str}", "m.User:1.0.0");
    assert_eq!(
        entry.object(&agent, &[&"admin"]).unwrap().rid(),
        "/auth/user/admin"
    );
    for values in [
        &[] as &[&dyn xerus_rpc::well_known::RidPart],
        &[&"a", &"b"],
        &[&"a/b"],
    ] {
        assert_eq!(
            entry.object(&agent, values).unwrap_err().code(),
            "Config.BadRid"
        );
    }
}
