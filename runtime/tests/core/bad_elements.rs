//! One bad element of a list or map costs one element.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xerus_rpc::rt::{self, Method, ReaderOptions, decode, encode};
use xerus_rpc::server::{Context, Router};
use xerus_rpc::value::Encode as _;
use xerus_rpc::{
    Agent, Call, CastError, Interface as _, Members as _, Object, Outcome, Polymorphic,
};

use crate::aids::{agent, answering, answering_strict, call_fault, fault, lenient, strict};
use crate::bulk::{entry, ids, outer};
use crate::support::event::UserEvent;
use crate::support::idl::Event;
use crate::support::misc::{Hub, Kitchen};
use crate::support::pdumodel::{EDevice, Inlet, Outlet};

type AnyEvent = Polymorphic<Event>;

const OUTLET: &str = r#"{"rid":"/o/1","type":"pdumodel.Outlet:3.0.1"}"#;
const EVENT: &str = r#"{"type":"idl.Event:1.0.0","value":{"source":null}}"#;

/// No references, and what is wrong with each.
const NO_REFERENCES: [(&str, &str); 15] = [
    ("null", "Decode.NullNotAllowed"),
    ("7", "Decode.WrongType"),
    ("1e999", "Decode.WrongType"),
    ("false", "Decode.WrongType"),
    (r#""/o/2""#, "Decode.WrongType"),
    (r#"[ "/o/2" ]"#, "Decode.WrongType"),
    ("{}", "Decode.MissingField"),
    (r#"{"rid":"/o/2"}"#, "Decode.MissingField"),
    (r#"{"type":"pdumodel.Outlet:3.0.1"}"#, "Decode.MissingField"),
    (
        r#"{"rid":null,"type":"pdumodel.Outlet:3.0.1"}"#,
        "Decode.NullNotAllowed",
    ),
    (
        r#"{"rid":"//x","type":"pdumodel.Outlet:3.0.1"}"#,
        "Decode.BadRid",
    ),
    (r#"{"rid":"/o/2","type":"Outlet"}"#, "Decode.BadTypeCode"),
    (r#"{"rid":"/o/2","type":7}"#, "Decode.WrongType"),
    (
        r#"{"rid":"/o/2","type":"sensors.Sensor:4.0.1"}"#,
        "Decode.IncompatibleType",
    ),
    (
        r#"{"rid":"/o/2","rid":"/o/3","type":"pdumodel.Outlet:3.0.1"}"#,
        "Json.DuplicateKey",
    ),
];

/// No value objects, and what is wrong with each.
const NO_VALUE_OBJECTS: [(&str, &str); 16] = [
    ("null", "Decode.NullNotAllowed"),
    ("-0.50", "Decode.WrongType"),
    ("true", "Decode.WrongType"),
    (r#""x""#, "Decode.WrongType"),
    ("[[], {}]", "Decode.WrongType"),
    ("{}", "Decode.MissingField"),
    (r#"{"type":"idl.Event:1.0.0"}"#, "Decode.MissingField"),
    (r#"{"value":{"source":null}}"#, "Decode.MissingField"),
    (r#"{"type":null,"value":{}}"#, "Decode.NullNotAllowed"),
    (r#"{"type":7,"value":{}}"#, "Decode.WrongType"),
    (r#"{"type":"idl.Event","value":{}}"#, "Decode.BadTypeCode"),
    (
        r#"{"type":"idl.Event:1.0.0","value":null}"#,
        "Decode.NullNotAllowed",
    ),
    (
        r#"{"type":"idl.Event:1.0.0","value":[]}"#,
        "Decode.WrongType",
    ),
    (
        r#"{"type":"idl.Event:1.0.0", "value":{"a":1} ,"value":{}}"#,
        "Json.DuplicateKey",
    ),
    (
        r#"{"type":"idl.Event:1.0.0","type":"a.B:1.0.0","value":{}}"#,
        "Json.DuplicateKey",
    ),
    (
        r#"{"\u0074ype":"idl.Event:1.0.0","type":"a.B:1.0.0","value":{}}"#,
        "Json.DuplicateKey",
    ),
];

#[test]
fn what_is_no_reference_keeps_its_place_and_its_text() {
    for (bad, code) in NO_REFERENCES {
        let text = format!("[{OUTLET},{bad},{OUTLET}]");
        let outlets: Vec<Outlet> = lenient(&text).unwrap();
        let rids: Vec<&str> = outlets.iter().map(|outlet| outlet.rid()).collect();
        assert_eq!(rids, ["/o/1", "", "/o/1"], "{bad}");
        let element = outlets[1].unreadable().expect(bad);
        assert_eq!(element.raw().get(), bad);
        assert_eq!(element.error().kind().code(), code, "{bad}");
        assert!(outlets[0].unreadable().is_none());
        assert_eq!(encode(&outlets).unwrap().get(), text);
        assert_eq!(
            format!("{:?}", outlets[1].as_object()),
            format!("unreadable({bad})")
        );
        let (refused, path) = fault(strict::<Vec<Outlet>>(&text));
        assert_eq!(refused, code, "{bad}");
        assert!(path.starts_with("[1]"), "{bad}: {path}");
    }
    let spaced: Vec<Outlet> = lenient(&format!("[\n null ,\t{OUTLET} , 7\r\n]")).unwrap();
    let raw = |at: usize| Some(spaced[at].unreadable()?.raw().get());
    assert_eq!([raw(0), raw(1), raw(2)], [Some("null"), None, Some("7")]);
}

#[test]
fn what_is_no_value_object_keeps_its_place_and_its_text() {
    for (bad, code) in NO_VALUE_OBJECTS {
        let text = format!("[{EVENT},{bad},{EVENT}]");
        let events: Vec<AnyEvent> = lenient(&text).unwrap();
        let read: Vec<bool> = events.iter().map(|event| event.base().is_some()).collect();
        assert_eq!(read, [true, false, true], "{bad}");
        let element = events[1].unreadable().expect(bad);
        assert_eq!((element.raw().get(), events[1].raw().get()), (bad, bad));
        assert_eq!(element.error().kind().code(), code, "{bad}");
        assert_eq!(events[1].base_error(), Some(element.error()));
        assert!(!events[1].is::<Event>() && events[1].downcast::<UserEvent>().is_none());
        let error = events[1].try_downcast::<Event>().unwrap_err();
        assert_eq!(error.kind().code(), code);
        assert!(events[0].unreadable().is_none());
        assert_eq!(encode(&events).unwrap().get(), text);
        assert_eq!(format!("{:?}", events[1]), format!("unreadable({bad})"));
        assert_eq!(
            (&events[1], events[1] == events[0]),
            (&events[1].clone(), false)
        );
        let (refused, path) = fault(strict::<Vec<AnyEvent>>(&text));
        assert_eq!(refused, code, "{bad}");
        assert!(path.starts_with("[1]"), "{bad}: {path}");
    }
    // The type, where the device named one; otherwise one that no value object has.
    let events: Vec<AnyEvent> =
        lenient(r#"[{"type":"event.UserEvent:1.0.0","value":null},5]"#).unwrap();
    let types: Vec<&str> = events
        .iter()
        .map(|event| event.wire_id().as_str())
        .collect();
    assert_eq!(types, ["event.UserEvent:1.0.0", "idl.Object:1.0.0"]);
}

const HUB: &str = r#"{"outlets":[null,{"rid":"/o/1","type":"pdumodel.Outlet:3.0.1"}],"ports":[{"key":"a","value":{"rid":"/o/1","type":"pdumodel.Outlet:3.0.1"}},{"key":"b","value":{"rid":7}}],"events":[{"type":"idl.Event:1.0.0","value":{"source":null}},null],"grid":[[],[{"rid":"/x","type":"a.B:1.0.0"},false]],"hubs":[{"outlets":[3],"ports":[],"events":[],"grid":[],"hubs":[]}]}"#;

#[test]
fn lists_and_maps_anywhere_keep_what_they_cannot_read() {
    let hub: Hub = lenient(HUB).unwrap();
    let found: Vec<(String, &str)> = hub
        .unreadable()
        .map(|(place, element)| (place.into_owned(), element.raw().get()))
        .collect();
    let expected = [
        ("outlets[0]", "null"),
        (r#"ports["b"]"#, r#"{"rid":7}"#),
        ("events[1]", "null"),
        ("grid[1][1]", "false"),
        ("hubs[0].outlets[0]", "3"),
    ];
    assert_eq!(found, expected.map(|(place, raw)| (place.to_owned(), raw)));
    assert_eq!(hub.as_value().unreadable().len(), 5);
    let rids: Vec<String> = hub
        .references()
        .map(|(_, object)| object.rid().to_owned())
        .collect();
    assert_eq!(rids, ["/o/1", "/o/1", "/x"]);
    assert_eq!(encode(&hub).unwrap().get(), HUB);
    assert_eq!(
        fault(strict::<Hub>(HUB)),
        ("Decode.NullNotAllowed", "outlets[0]".into())
    );
    // Optional elements are absent, not unreadable.
    let optional: Vec<Option<Outlet>> = lenient(&format!("[null,{OUTLET},5]")).unwrap();
    assert!(optional[0].is_none());
    assert!(optional[2].as_ref().unwrap().unreadable().is_some());
    let map: BTreeMap<i32, AnyEvent> = lenient(r#"[{"value":null,"key":3}]"#).unwrap();
    assert!(map[&3].unreadable().is_some());
}

#[cfg(feature = "serde")]
#[test]
fn data_formats_take_them_there_and_back() {
    let hub: Hub = lenient(HUB).unwrap();
    let text = serde_json::to_string(&hub).unwrap();
    assert!(
        text.starts_with(r#"{"outlets":[{"unreadable":"null"},{"rid""#),
        "{text}"
    );
    assert!(
        text.contains(r#""b":{"unreadable":"{\"rid\":7}"}"#),
        "{text}"
    );
    let back: Hub = serde_json::from_str(&text).unwrap();
    assert_eq!(back.unreadable().len(), 5);
    assert_eq!(encode(&back).unwrap().get(), HUB);
    // In the form of the wire, too.
    let wire: Hub = serde_json::from_str(HUB).unwrap();
    assert_eq!(encode(&wire).unwrap().get(), HUB);
    for (bad, code) in NO_VALUE_OBJECTS {
        let events: Vec<AnyEvent> = lenient(&format!("[{bad}]")).unwrap();
        let text = serde_json::to_string(&events).unwrap();
        let back: Vec<AnyEvent> = serde_json::from_str(&text).unwrap();
        assert_eq!(back, events, "{bad}");
        assert_eq!(
            back[0].unreadable().unwrap().error().kind().code(),
            code,
            "{bad}"
        );
    }
    for (bad, code) in NO_REFERENCES {
        let outlets: Vec<Outlet> = lenient(&format!("[{bad}]")).unwrap();
        let text = serde_json::to_string(&outlets[0]).unwrap();
        let back: Outlet = serde_json::from_str(&text).unwrap();
        assert_eq!(back.unreadable().unwrap().raw().get(), bad);
        assert_eq!(
            back.unreadable().unwrap().error().kind().code(),
            code,
            "{bad}"
        );
    }
    // What nobody wrote so.
    for text in [
        "5".to_owned(),
        r#"{"unreadable":5}"#.to_owned(),
        r#"{"unreadable":"nul"}"#.to_owned(),
        r#"{"unreadable":"5","more":1}"#.to_owned(),
        format!(
            r#"{{"unreadable":{}}}"#,
            serde_json::to_string(OUTLET).unwrap()
        ),
    ] {
        serde_json::from_str::<Outlet>(&text).unwrap_err();
    }
    // A device that sends such a thing sends what cannot be read.
    let sent = r#"{"unreadable":"null"}"#;
    assert_eq!(fault(lenient::<Outlet>(sent)).0, "Decode.MissingField");
    let outlets: Vec<Outlet> = lenient(&format!("[{sent}]")).unwrap();
    assert_eq!(outlets[0].unreadable().unwrap().raw().get(), sent);
}

#[test]
fn nothing_but_an_element_is_kept() {
    for (text, code, path) in [
        // Lists, maps and structures in place of others; plain values.
        (
            HUB.replace(r#"[[],["#, r#"[null,["#),
            "Decode.NullNotAllowed",
            "grid[0]",
        ),
        (
            HUB.replace(r#""hubs":[{"#, r#""hubs":[null,{"#),
            "Decode.NullNotAllowed",
            "hubs[0]",
        ),
        (
            HUB.replace(r#""key":"a""#, r#""key":null"#),
            "Decode.NullNotAllowed",
            "ports[0].key",
        ),
        (
            HUB.replace(r#","value":{"rid":7}"#, ""),
            "Decode.MissingField",
            "ports[1].value",
        ),
        // Text that is no JSON, be it in such an element.
        (HUB.replace("false]", "fals]"), "Json.Syntax", "grid[1][1]"),
        (
            HUB.replace("{\"rid\":7}", "{\"rid\":7,}"),
            "Json.Syntax",
            "ports[1].value",
        ),
        (
            HUB.replace("{\"rid\":7}", "{\"rid\":7"),
            "Json.Syntax",
            "ports[1]",
        ),
        (
            HUB.replace("false]", &format!("{}{}]", "[".repeat(80), "]".repeat(80))),
            "Json.DepthExceeded",
            "grid[1][1]",
        ),
    ] {
        assert_ne!(text, HUB);
        assert_eq!(fault(lenient::<Hub>(&text)), (code, path.into()), "{text}");
    }
    // One value that stands for itself, also at the beginning of a list.
    for text in ["5", "{}"] {
        fault(lenient::<Outlet>(text));
        fault(lenient::<AnyEvent>(text));
    }
    let kitchen = r#"[{"outlet":5}]"#;
    assert_eq!(
        fault(lenient::<Vec<Kitchen>>(kitchen)),
        ("Decode.WrongType", "[0].outlet".into())
    );
    let kitchen = r#"[{"event":{"type":"x"}}]"#;
    assert_eq!(
        fault(lenient::<Vec<Kitchen>>(kitchen)),
        ("Decode.BadTypeCode", "[0].event.type".into())
    );
}

#[test]
fn they_are_charged_with_all_that_they_hold() {
    let mut options = ReaderOptions::default();
    options.max_memory = 1 << 20;
    for bad in ["null", "[1,2,3]"] {
        let many = |count: usize| format!("[{}]", vec![bad; count].join(","));
        let few = many(1000);
        assert_eq!(
            decode::<Vec<Outlet>>(few.as_bytes(), &options)
                .unwrap()
                .len(),
            1000
        );
        assert_eq!(
            decode::<Vec<AnyEvent>>(few.as_bytes(), &options)
                .unwrap()
                .len(),
            1000
        );
        let inline = 5000 * size_of::<AnyEvent>().max(size_of::<Outlet>());
        assert!(inline < 1 << 20, "{inline}");
        for code in [
            fault(decode::<Vec<Outlet>>(many(5000).as_bytes(), &options)).0,
            fault(decode::<Vec<AnyEvent>>(many(5000).as_bytes(), &options)).0,
        ] {
            assert_eq!(code, "Decode.LimitExceeded", "{bad}");
        }
    }
}

#[tokio::test]
async fn an_object_that_is_none_cannot_be_called() {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let agent = agent(move |request, id| {
        count.fetch_add(1, Ordering::Relaxed);
        if request.name() == "performBulk" {
            return outer(id, &entry(ids(request)[0], "\"a\""));
        }
        let inlet = r#"{"rid":"/i","type":"pdumodel.Inlet:3.0.0"}"#;
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{{"_ret_":[{inlet},null]}},"id":{id}}}"#
        ))
    });
    let (parents, meta) = Outlet::at(&agent, "/o")
        .get_parents()
        .with_meta()
        .await
        .unwrap();
    assert_eq!(parents.len(), 2);
    assert_eq!(
        meta.warnings,
        [
            "1 element of lists or maps could not be read and is kept as JSON text; the first at byte 79: \
          the value: expected a reference, found null"
        ]
    );
    let none: &EDevice = &parents[1];
    assert!(none.agent().ptr_eq(&agent));
    assert_eq!((none.rid(), none.wire_id()), ("", None));
    let unsent = |error: &xerus_rpc::Error| {
        assert_eq!(
            (error.code(), error.outcome()),
            ("Config.Unsupported", Outcome::NotExecuted)
        );
        assert!(
            error.to_string().contains("sent no usable reference"),
            "{error}"
        );
    };
    unsent(&none.probe().await.unwrap_err());
    unsent(&none.get_type_info().await.unwrap_err());
    let assumed: Outlet = none.assume();
    unsent(&assumed.get_label().await.unwrap_err());
    unsent(&assumed.with_agent(&agent).probe().await.unwrap_err());
    let cast = none.cast::<Inlet>().unwrap_err();
    assert!(matches!(&cast, CastError::Unreadable(error) if error.found() == "null"));
    assert_eq!(
        none.choose().when(|_: Outlet| ()).finish().unwrap_err(),
        cast
    );
    unsent(&cast.into());
    assert_eq!(
        none.through_link::<Outlet>(2).unwrap_err().code(),
        "Config.BadRid"
    );
    // By its id, which is none.
    let by_id = Outlet::at(&agent, none.rid())
        .get_label()
        .await
        .unwrap_err();
    assert_eq!(by_id.code(), "Config.BadRid");
    assert_eq!(sent.load(Ordering::Relaxed), 1);
    // In a bulk it costs its own call.
    let good: Outlet = parents[0].assume();
    let results = agent
        .bulk([good.get_label(), assumed.get_label()])
        .await
        .unwrap();
    assert_eq!(results[0].as_ref().unwrap(), "a");
    unsent(results[1].as_ref().unwrap_err());
    // Two are the same when they were the same.
    let others: Vec<Object> = lenient("[null,7,null]").unwrap();
    assert_eq!(others[0], others[2]);
    assert_ne!(others[0], others[1]);
}

/// `pollEvents`, without its interface.
fn poll(agent: &Agent) -> Call<(bool, Vec<AnyEvent>)> {
    static POLL: Method = Method::new(
        "event.Channel:1.0.1",
        "pollEvents",
        &[],
        &["_ret_", "events"],
    );
    rt::tuple(&Object::at(agent, "/ch"), &POLL, &[])
}

#[tokio::test]
async fn a_batch_of_events_loses_none_to_another() {
    for (bad, code) in NO_VALUE_OBJECTS {
        let result = format!(r#"{{"_ret_":false,"events":[{EVENT},{bad},{EVENT},{bad}]}}"#);
        let (more, events) = poll(&answering(&result)).await.unwrap();
        assert!(!more);
        let kept: Vec<bool> = events
            .iter()
            .map(|event| event.unreadable().is_some())
            .collect();
        assert_eq!(kept, [false, true, false, true], "{bad}");
        let (_, meta) = poll(&answering(&result)).with_meta().await.unwrap();
        assert_eq!(meta.warnings.len(), 1);
        assert!(
            meta.warnings[0].starts_with("2 elements of lists or maps"),
            "{:?}",
            meta.warnings
        );
        let (refused, path) = call_fault(poll(&answering_strict(&result)).await);
        assert_eq!(refused, code);
        assert!(path.starts_with("events[1]"), "{path}");
    }
    let (_, meta) = poll(&answering(r#"{"_ret_":false,"events":[]}"#))
        .with_meta()
        .await
        .unwrap();
    assert_eq!(meta.warnings, [""; 0]);
    // Counted once, also where an answer has to be looked at twice.
    let twice = agent(|_, id| {
        let result = format!(r#"{{"_ret_":false,"events":[null,{EVENT}]}}"#);
        Ok(format!(
            r#"{{"jsonrpc":"2.0","result":{result},"more":1,"id":{id}}}"#
        ))
    });
    let (_, meta) = poll(&twice).with_meta().await.unwrap();
    assert!(
        meta.warnings[0].starts_with("1 element of lists or maps"),
        "{:?}",
        meta.warnings
    );
    // Not the beginning of the list stands alone: a result that is no list is no result.
    let error = call_fault(poll(&answering(r#"{"_ret_":false,"events":null}"#)).await);
    assert_eq!(error, ("Decode.NullNotAllowed", "events".into()));
}

#[tokio::test]
async fn a_servant_understands_all_of_its_arguments_or_refuses() {
    use xerus_rpc::server::{Fault, Incoming};

    fn count(call: &Incoming<'_>) -> Result<usize, Fault> {
        call.argument::<Vec<Object>>(0, "objects")
            .map(|objects| objects.len())
    }
    let context = Context::default();
    for (objects, taken) in [
        (format!("[{OUTLET}]"), true),
        (format!("[{OUTLET},null]"), false),
    ] {
        let text = format!(r#"{{"objects":{objects}}}"#);
        let arguments = xerus_rpc::wire::Arguments::parse(&text).unwrap();
        let call = Incoming::new("count", &arguments, &context);
        assert_eq!(count(&call).is_ok(), taken, "{objects}");
    }
    assert!(Router::new().rids().is_empty());
}
