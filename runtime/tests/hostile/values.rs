//! Answers whose results are not what the bindings say, over the wire: the place, the kind, and that the call was executed.

use std::collections::BTreeMap;

use xerus_rpc::rt::{self, Decode, Marks, Method};
use xerus_rpc::{Error, Json, Object, Outcome, Polymorphic, Time, WireId};

use crate::bindings::idl::Event;
use crate::bindings::misc::Kitchen;
use crate::bindings::pdumodel::outlet::{PowerState, State};
use crate::bindings::pdumodel::{Inlet, Outlet};
use crate::device::{Asked, Device, http, in_time, raw};
use crate::verdict::Faults;

static READ: Method = Method {
    interface: "misc.Kitchen:1.0.0",
    name: "getAll",
    results: &["_ret_"],
    marks: &Marks::REPEATABLE,
    ..Method::PLAIN
};

/// What comes of a call that returns a `T`, when the device answers with this result.
async fn reading<T: Decode + Send + 'static>(strict: bool, result: String) -> Result<T, Error> {
    let device =
        Device::http(move |asked: &Asked| raw(http(200, "", asked.document(&result)))).await;
    let agent = device.agent().strict(strict).build().expect("valid");
    let object = Object::at(&agent, "/o");
    let value = in_time(rt::single::<T>(&object, &READ, &[])).await;
    assert_eq!(device.requests(), 1);
    value
}

async fn returned<T: Decode + Send + 'static>(value: &str) -> Result<T, Error> {
    reading(false, format!(r#"{{"_ret_":{value}}}"#)).await
}

fn executed(code: &str) -> (&str, Outcome) {
    (code, Outcome::Executed)
}

#[tokio::test]
async fn results_without_a_return_value() {
    let mut faults = Faults::default();
    for (result, code) in [
        ("null", "Decode.NullNotAllowed"),
        ("[]", "Decode.WrongType"),
        ("\"x\"", "Decode.WrongType"),
        ("7", "Decode.WrongType"),
        ("{}", "Decode.MissingField"),
        (r#"{"ret":7}"#, "Decode.MissingField"),
        (r#"{"_ret_":null}"#, "Decode.NullNotAllowed"),
    ] {
        let answer = reading::<i32>(false, result.into()).await;
        if let Err(error) = &answer {
            let path = error.path().unwrap_or_default();
            let place = if result.starts_with('{') {
                "_ret_"
            } else {
                "result"
            };
            assert_eq!(path, place, "{result}: {error:?}");
        }
        faults.expect(result, answer, executed(code));
    }
    faults.assert_none();
}

/// Every JSON type once.
const TYPES: [(&str, &str); 7] = [
    ("null", "null"),
    ("boolean", "true"),
    ("integer", "7"),
    ("fraction", "7.5"),
    ("string", "\"seven\""),
    ("array", "[7]"),
    ("object", r#"{"seven":7}"#),
];

/// Every JSON type but these is refused with the path of the value.
async fn refuses<T: Decode + Send + std::fmt::Debug + 'static>(name: &str, fits: &[&str]) {
    let mut faults = Faults::default();
    for (kind, text) in TYPES {
        if fits.contains(&kind) {
            continue;
        }
        let answer = returned::<T>(text).await;
        if let Err(error) = &answer {
            assert_eq!(
                error.path().as_deref(),
                Some("_ret_"),
                "{name} {kind}: {error:?}"
            );
        }
        let code = if kind == "null" {
            "Decode.NullNotAllowed"
        } else {
            "Decode.WrongType"
        };
        faults.expect((name, kind), answer, executed(code));
    }
    faults.assert_none();
}

#[tokio::test]
async fn every_scalar_with_every_wrong_type() {
    refuses::<bool>("boolean", &["boolean"]).await;
    refuses::<u8>("byte", &["integer"]).await;
    refuses::<i32>("int", &["integer"]).await;
    refuses::<i64>("long", &["integer"]).await;
    refuses::<f32>("float", &["integer", "fraction"]).await;
    refuses::<f64>("double", &["integer", "fraction"]).await;
    refuses::<String>("string", &["string"]).await;
    refuses::<Time>("time", &["integer"]).await;
    refuses::<PowerState>("enumeration", &["integer"]).await;
    refuses::<Vec<i32>>("vector", &["array"]).await;
    refuses::<State>("structure", &["object"]).await;
}

#[tokio::test]
async fn numbers_outside_their_range() {
    let mut faults = Faults::default();
    let code = executed("Decode.OutOfRange");
    for text in ["2147483648", "-2147483649", "99999999999999999999"] {
        faults.expect(text, returned::<i32>(text).await, code);
    }
    for text in ["256", "-1"] {
        faults.expect(text, returned::<u8>(text).await, code);
    }
    for text in ["9223372036854775808", "-9223372036854775809"] {
        faults.expect(text, returned::<i64>(text).await, code);
        faults.expect(text, returned::<Time>(text).await, code);
    }
    for text in ["1e300", "-1e300", "3.5e38"] {
        faults.expect(text, returned::<f32>(text).await, code);
    }
    for text in ["1e999999999", "-1e999", "1e400"] {
        let answer = returned::<f64>(text).await;
        faults.expect(text, answer, executed("Json.NumberRange"));
    }
    faults.assert_none();
    assert_eq!(returned::<i64>("-0").await.expect("zero"), 0);
    assert_eq!(
        returned::<f32>("0.0010000000474974513")
            .await
            .expect("a float"),
        0.001
    );
    for text in ["9000000000000000000", "-9000000000000000000"] {
        let time = returned::<Time>(text).await.expect("a time far away");
        let shown = format!("{time:?}");
        assert!(!shown.is_empty());
    }
}

#[tokio::test]
async fn enumerators_that_nobody_knows() {
    for index in [2, 99, -1, i32::MIN, i32::MAX] {
        let state: PowerState = returned(&index.to_string()).await.expect("kept");
        assert_eq!(state, PowerState::Unknown_(index));
        let strict: Result<PowerState, _> = reading(true, format!(r#"{{"_ret_":{index}}}"#)).await;
        let error = strict.expect_err("strict");
        assert_eq!(
            (error.code(), error.outcome()),
            executed("Decode.UnknownEnum")
        );
    }
}

#[tokio::test]
async fn members_that_are_missing_wrong_or_new() {
    let good = r#""available":true,"powerState":1,"lastPowerStateChange":7,"isSuspended":false"#;
    let state: State = returned(&format!(r#"{{{good},"new":{{"a":[1]}}}}"#))
        .await
        .expect("a new member");
    assert!(state.available);
    let mut faults = Faults::default();
    for (from, to, code) in [
        ("true", "null", "Decode.NullNotAllowed"),
        ("true", "1", "Decode.WrongType"),
        ("7", "\"7\"", "Decode.WrongType"),
    ] {
        let text = format!("{{{}}}", good.replacen(from, to, 1));
        let answer = returned::<State>(&text).await;
        if let Err(error) = &answer {
            let path = error.path().unwrap_or_default();
            assert!(path.starts_with("_ret_."), "{path}");
        }
        faults.expect(to, answer, executed(code));
    }
    let less = r#"{"available":true}"#;
    assert!(
        returned::<State>(less).await.is_ok(),
        "older firmware has fewer members"
    );
    let strict = reading::<State>(true, format!(r#"{{"_ret_":{less}}}"#)).await;
    faults.expect("missing", strict, executed("Decode.MissingField"));
    faults.assert_none();
}

#[tokio::test]
async fn faults_deep_inside_have_their_path() {
    let inner = (0..8).fold("7".to_owned(), |inner, _| {
        format!(r#"{{"name":"x","children":[{{"name":"y","children":[]}},{inner}]}}"#)
    });
    let error = returned::<crate::bindings::misc::Node>(&inner)
        .await
        .expect_err("a number");
    let path = format!("_ret_{}", ".children[1]".repeat(8));
    assert_eq!(
        (error.code(), error.path()),
        ("Decode.WrongType", Some(path))
    );
    assert_eq!(error.outcome(), Outcome::Executed);
}

#[tokio::test]
async fn maps_that_are_none() {
    type Map = BTreeMap<i32, String>;
    let good: Map = returned(r#"[{"key":1,"value":"a"},{"value":"b","key":2}]"#)
        .await
        .expect("a map");
    assert_eq!(good.len(), 2);
    let mut faults = Faults::default();
    for (text, code) in [
        (r#"{"1":"a"}"#, "Decode.WrongType"),
        (r#"[{"value":"a"}]"#, "Decode.MissingField"),
        (r#"[{"key":1}]"#, "Decode.MissingField"),
        (r#"[{"key":"1","value":"a"}]"#, "Decode.WrongType"),
        (
            r#"[{"key":1,"value":"a"},{"key":1,"value":"b"}]"#,
            "Decode.DuplicateMapKey",
        ),
        (r#"[[1,"a"]]"#, "Decode.WrongType"),
        ("[null]", "Decode.NullNotAllowed"),
    ] {
        let answer = returned::<Map>(text).await;
        // An entry that is null may be called a wrong type as well.
        let null = text == "[null]";
        match &answer {
            Err(error) if null && error.code() == "Decode.WrongType" => {}
            _ => faults.expect(text, answer, executed(code)),
        }
    }
    faults.assert_none();
}

#[tokio::test]
async fn references_that_lead_nowhere_or_elsewhere() {
    let reference = |rid: &str, id: &str| format!(r#"{{"rid":{rid},"type":{id}}}"#);
    let outlet = r#""pdumodel.Outlet:3.0.1""#;
    let long = format!("\"/{}\"", "x".repeat(1 << 20));
    let mut faults = Faults::default();
    for (rid, id, code) in [
        ("7", outlet, "Decode.WrongType"),
        ("null", outlet, "Decode.NullNotAllowed"),
        ("\"\"", outlet, "Decode.BadRid"),
        ("\"//other.example/x\"", outlet, "Decode.BadRid"),
        ("\"http://other.example/x\"", outlet, "Decode.BadRid"),
        (r#""/a\r\nX: y""#, outlet, "Decode.BadRid"),
        ("\"/model/../auth\"", outlet, "Decode.BadRid"),
        ("\"/o\"", "\"pdumodel.Outlet\"", "Decode.BadTypeCode"),
        ("\"/o\"", "\"pdumodel.Outlet:x.y\"", "Decode.BadTypeCode"),
        ("\"/o\"", "7", "Decode.WrongType"),
        (
            "\"/o\"",
            "\"sensors.Sensor:4.0.1\"",
            "Decode.IncompatibleType",
        ),
        (
            "\"/o\"",
            "\"pdumodel.Inlet:3.0.0\"",
            "Decode.IncompatibleType",
        ),
        (
            "\"/o\"",
            "\"std::process::Command:1.0.0\"",
            "Decode.BadTypeCode",
        ),
        ("\"/o\"", "\"__import__('os'):1.0.0\"", "Decode.BadTypeCode"),
    ] {
        let answer = returned::<Option<Outlet>>(&reference(rid, id)).await;
        if let Err(error) = &answer {
            assert!(
                error.path().is_some_and(|path| path.starts_with("_ret_")),
                "{error:?}"
            );
        }
        faults.expect((rid, id), answer, executed(code));
    }
    faults.assert_none();
    // A type that nobody knows is kept; a very long id is refused or kept, and shown in short.
    let unknown = reference("\"/o\"", "\"some.Thing:9.9.9\"");
    let object: Option<Object> = returned(&unknown).await.expect("kept");
    assert_eq!(object.expect("there").rid(), "/o");
    match returned::<Option<Object>>(&reference(&long, outlet)).await {
        Ok(object) => assert!(format!("{object:?}").len() < 2 << 20),
        Err(error) => {
            assert_eq!((error.code(), error.outcome()), executed("Decode.BadRid"));
            assert!(error.to_string().len() < 1000);
        }
    }
    assert!(
        returned::<Option<Inlet>>("null")
            .await
            .expect("no inlet")
            .is_none()
    );
}

/// What becomes of the good elements around a bad one.
const BAD_ELEMENTS: [&str; 12] = [
    "null",
    "7",
    "\"x\"",
    "[]",
    "{}",
    r#"{"type":"idl.Event:1.0.0"}"#,
    r#"{"value":{"source":null}}"#,
    r#"{"type":7,"value":{}}"#,
    r#"{"type":"no version","value":{}}"#,
    r#"{"type":"idl.Event:1.0.0","value":null}"#,
    r#"{"type":"idl.Event:1.0.0","value":{},"value":{}}"#,
    r#"{"type":"idl.Event:1.0.0","value":{"source":7}}"#,
];

#[tokio::test]
async fn one_bad_element_of_a_list_of_value_objects_costs_one_element() {
    type AnyEvent = Polymorphic<Event>;
    let good = r#"{"type":"idl.Event:1.0.0","value":{"source":null}}"#;
    for bad in BAD_ELEMENTS {
        let list = format!("[{good},{bad},{good}]");
        let events: Vec<AnyEvent> = returned(&list)
            .await
            .unwrap_or_else(|e| panic!("{bad}: {e:?}"));
        assert_eq!(events.len(), 3, "{bad}");
        assert!(
            events[0].base().is_some() && events[2].base().is_some(),
            "{bad}"
        );
        assert!(events[1].downcast::<Event>().is_none(), "{bad}");
        if bad.contains("\"source\":7") {
            // What is inside is read when somebody asks for it.
            assert!(events[1].base_error().is_some());
            continue;
        }
        let strict: Result<Vec<AnyEvent>, _> =
            reading(true, format!(r#"{{"_ret_":{list}}}"#)).await;
        let error = strict.expect_err(bad);
        assert_eq!(error.outcome(), Outcome::Executed, "{bad}: {error:?}");
        assert!(
            error
                .path()
                .is_some_and(|path| path.starts_with("_ret_[1]")),
            "{bad}: {error:?}"
        );
    }
    // A type that nobody knows keeps its text and its base.
    let unknown = r#"{"type":"some.Event:1.0.0","value":{"source":null,"more":[1]}}"#;
    let events: Vec<AnyEvent> = returned(&format!("[{unknown}]")).await.expect("kept");
    assert!(events[0].raw().get().contains("\"more\""));
    // On its own there is nothing that the rest could be saved for.
    for bad in ["7", "\"x\"", "[]", "{}"] {
        let alone: Result<AnyEvent, _> = returned(bad).await;
        let error = alone.expect_err(bad);
        assert_eq!(error.outcome(), Outcome::Executed, "{bad}: {error:?}");
    }
}

#[tokio::test]
async fn value_objects_in_value_objects_meet_the_depth() {
    let nested = (0..50).fold("null".to_owned(), |inner, _| {
        format!(r#"{{"type":"x.Y:1.0.0","value":{{"source":null,"e":{inner}}}}}"#)
    });
    let error = returned::<Polymorphic<Event>>(&nested)
        .await
        .expect_err("too deep");
    assert_eq!(error.code(), "Json.DepthExceeded", "{error:?}");
}

#[tokio::test]
async fn one_bad_member_of_a_wide_structure_is_named() {
    let error = returned::<Kitchen>(r#"{"flag":true,"small":1,"list":["a",7]}"#)
        .await
        .expect_err("7");
    assert_eq!(
        (error.code(), error.path().as_deref(), error.outcome()),
        ("Decode.WrongType", Some("_ret_.list[1]"), Outcome::Executed)
    );
}

#[tokio::test]
async fn type_codes_that_are_none() {
    for text in [
        "\"\"",
        "\"a\"",
        "\"a:b\"",
        "\"a.B:99999999999.0.0\"",
        "\"A B:1.0.0\"",
    ] {
        let error = returned::<WireId>(text).await.expect_err(text);
        assert_eq!(
            (error.code(), error.outcome()),
            executed("Decode.BadTypeCode"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn numbers_with_a_million_digits() {
    let mut faults = Faults::default();
    let digits = "7".repeat(1_000_000);
    for text in [
        digits.clone(),
        format!("0.{digits}"),
        format!("1e{digits}"),
        format!("-{digits}"),
    ] {
        for typed in [true, false] {
            let answer = if typed {
                returned::<f64>(&text).await.map(|_| ())
            } else {
                returned::<Json>(&text).await.map(|_| ())
            };
            let what = format!("{text:.20} {typed}");
            match &answer {
                Err(error) => {
                    assert_eq!(error.code(), "Json.NumberRange", "{what}: {error:?}");
                    assert!(error.to_string().len() < 1000);
                }
                Ok(()) => faults.expect(what, answer, executed("Json.NumberRange")),
            }
        }
    }
    faults.assert_none();
}
