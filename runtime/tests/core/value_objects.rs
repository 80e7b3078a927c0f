use xerus_rpc::rt::encode;
use xerus_rpc::{Object, Polymorphic};

use crate::aids::{fault, lenient, strict};
use crate::support::event::UserEvent;
use crate::support::idl::Event;
use crate::support::misc::Kitchen;
use crate::support::pdumodel::outlet::{PowerEvent, PowerState};

type AnyEvent = Polymorphic<Event>;

const SOURCE: &str = r#""source":{"rid":"/o","type":"pdumodel.Outlet:3.0.1"}"#;

fn power_event(wire_id: &str) -> String {
    format!(
        r#"{{"type":"{wire_id}","value":{{{SOURCE},"actUserName":"admin","actIpAddr":"","state":1,"cycle":false}}}}"#
    )
}

#[test]
fn a_known_type_is_read_at_every_level() {
    let event: AnyEvent = lenient(&power_event("pdumodel.Outlet_3_0_1.PowerEvent:1.0.0")).unwrap();
    assert_eq!(
        event.base().unwrap().source.as_ref().map(Object::rid),
        Some("/o")
    );
    assert!(event.is::<Event>() && event.is::<UserEvent>() && event.is::<PowerEvent>());
    assert_eq!(
        event.downcast::<UserEvent>().unwrap().act_user_name,
        "admin"
    );
    assert_eq!(
        event.downcast::<PowerEvent>().unwrap().state,
        PowerState::PsOn
    );
    // What the base does not know is kept there.
    assert_eq!(event.base().unwrap().extra_.unknown().len(), 4);
}

#[test]
fn versions_do_not_matter_for_reading() {
    let event: AnyEvent = lenient(&power_event("pdumodel.Outlet_9_0_0.PowerEvent:2.0.0")).unwrap();
    assert_eq!(
        event.wire_id().as_str(),
        "pdumodel.Outlet_9_0_0.PowerEvent:2.0.0"
    );
    assert_eq!(
        event.downcast::<PowerEvent>().unwrap().act_user_name,
        "admin"
    );
}

#[test]
fn an_unknown_type_keeps_its_base_and_its_text() {
    let text = format!(r#"{{"type":"x.Y:1.0.0","value":{{{SOURCE}, "more":[1]}}}}"#);
    let event: AnyEvent = lenient(&text).unwrap();
    assert_eq!(event.wire_id().as_str(), "x.Y:1.0.0");
    assert_eq!(event.raw().get(), format!(r#"{{{SOURCE}, "more":[1]}}"#));
    assert!(event.base().is_some());
    assert!(!event.is::<Event>() && event.downcast::<UserEvent>().is_none());
    assert_eq!(encode(&event).unwrap().get(), text);
}

#[test]
fn one_unreadable_value_leaves_the_list_intact() {
    let list = format!(
        r#"[{},{{"type":"x.Y:1.0.0","value":{{}}}},{{"type":"event.UserEvent:1.0.0","value":{{"source":7}}}},{}]"#,
        power_event("event.UserEvent:1.0.0"),
        power_event("pdumodel.Outlet_3_0_1.PowerEvent:1.0.0"),
    );
    let events: Vec<AnyEvent> = lenient(&list).unwrap();
    assert_eq!(
        events
            .iter()
            .map(|event| event.base().is_some())
            .collect::<Vec<_>>(),
        [true, false, false, true]
    );
    assert_eq!(events[1].base_error().unwrap().path(), "source");
    assert_eq!(events[1].raw().get(), "{}");
    let error = events[2].try_downcast::<UserEvent>().unwrap_err();
    assert_eq!(
        (error.kind().code(), error.path()),
        ("Decode.WrongType", "source".into())
    );
    assert!(!events[0].is::<PowerEvent>());
    // A known type of the family may leave members out, as older firmware does.
    let short: AnyEvent = lenient(r#"{"type":"event.UserEvent:1.0.0","value":{}}"#).unwrap();
    assert_eq!(short.base().unwrap().extra_.missing(), ["source"]);
    let short: AnyEvent = strict(r#"{"type":"event.UserEvent:1.0.0","value":{}}"#).unwrap();
    assert_eq!(
        short.base_error().unwrap().kind().code(),
        "Decode.MissingField"
    );
}

#[test]
fn only_a_malformed_frame_is_an_error() {
    for (text, code, path) in [
        (
            r#"{"type":"idl.Event:1.0.0"}"#,
            "Decode.MissingField",
            "value",
        ),
        (r#"{"value":{}}"#, "Decode.MissingField", "type"),
        ("{}", "Decode.MissingField", "type"),
        (
            r#"{"type":"idl.Event","value":{}}"#,
            "Decode.BadTypeCode",
            "type",
        ),
        (
            r#"{"type":"idl.Event:1.0.0","value":null}"#,
            "Decode.NullNotAllowed",
            "value",
        ),
        (
            r#"{"type":"idl.Event:1.0.0","value":[]}"#,
            "Decode.WrongType",
            "value",
        ),
        (
            r#"{"type":"idl.Event:1.0.0","value":{},"value":{}}"#,
            "Json.DuplicateKey",
            "value",
        ),
        (
            r#"{"type":"idl.Event:1.0.0","value":{"source":}}"#,
            "Json.Syntax",
            "value",
        ),
        ("null", "Decode.NullNotAllowed", ""),
        ("[]", "Decode.WrongType", ""),
    ] {
        assert_eq!(
            fault(lenient::<AnyEvent>(text)),
            (code, path.into()),
            "{text}"
        );
    }
    assert_eq!(lenient::<Option<AnyEvent>>("null").unwrap(), None);
}

#[test]
fn values_to_be_sent() {
    let power = PowerEvent {
        source: Some(Object::detached(
            "/o",
            "pdumodel.Outlet:3.0.1".parse().unwrap(),
        )),
        act_user_name: "admin".into(),
        state: PowerState::PsOn,
        ..Default::default()
    };
    let event = AnyEvent::new(&power);
    assert_eq!(
        encode(&event).unwrap().get(),
        power_event("pdumodel.Outlet_3_0_1.PowerEvent:1.0.0")
    );
    assert_eq!(event.downcast::<PowerEvent>().unwrap(), power);
    assert_eq!(event, event.clone());

    let unset = AnyEvent::new(&PowerEvent::default());
    let kitchen = Kitchen {
        event: Some(unset),
        state: PowerState::PsOff,
        ..Default::default()
    };
    let error = encode(&kitchen).unwrap_err();
    assert_eq!(
        (error.kind().code(), error.path()),
        ("Encode.Unset", "event.state".into())
    );
}
