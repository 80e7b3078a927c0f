use xerus_rpc::rt::encode;
use xerus_rpc::{Enumeration, Extra, Json, Time};

use crate::aids::{fault, lenient, strict};
use crate::support::misc::{Node, Wide};
use crate::support::pdumodel::outlet::{LinkStatus, PowerState, Settings, State, sparse_};
use crate::support::sensors::numeric_sensor::Reading;

const READING: &str = r#"{"timestamp":1700000123,"available":true,"status":{"aboveUpperCritical":false,"aboveUpperWarning":true,"belowLowerWarning":false,"belowLowerCritical":false},"valid":true,"value":401.25370000000004}"#;

#[test]
fn a_structure_as_devices_send_it() {
    let reading: Reading = lenient(READING).unwrap();
    assert_eq!(reading.timestamp, Time::from_unix_seconds(1_700_000_123));
    assert!(reading.available && reading.valid && reading.status.above_upper_warning);
    assert_eq!(reading.value, 401.253_700_000_000_04);
    assert!(reading.extra_.is_empty());
    assert_eq!(encode(&reading).unwrap().get(), READING);
}

#[test]
fn members_come_in_any_order() {
    let text = r#"{ "value" : 1.5 , "valid":false,
        "status":{"belowLowerCritical":true,"belowLowerWarning":false,"aboveUpperWarning":false,"aboveUpperCritical":false},
        "available":true,"timestamp":5}"#;
    let reading: Reading = strict(text).unwrap();
    assert!(reading.status.below_lower_critical && reading.value == 1.5);
    assert!(reading.extra_.is_empty());
}

#[test]
fn member_names_may_be_escaped() {
    let state: State = strict(
        r#"{"\u0061vailable":true,"powerState":1,"lastPowerStateChange":0,"isSuspended":false}"#,
    )
    .unwrap();
    assert!(state.available);
}

#[test]
fn a_missing_member_is_default_and_noted_or_an_error() {
    let text = r#"{"available":true,"powerState":1,"lastPowerStateChange":5}"#;
    let state: State = lenient(text).unwrap();
    assert_eq!(
        (state.power_state, state.is_suspended),
        (PowerState::PsOn, false)
    );
    assert_eq!(state.extra_.missing(), ["isSuspended"]);
    assert_eq!(
        fault(strict::<State>(text)),
        ("Decode.MissingField", "isSuspended".into())
    );
    assert_eq!(
        fault(strict::<Reading>(
            r#"{"timestamp":1,"available":true,"status":{},"valid":true,"value":1.0}"#
        )),
        ("Decode.MissingField", "status.aboveUpperCritical".into())
    );
    let none: State = lenient("{}").unwrap();
    assert_eq!(none.extra_.missing().len(), 4);
    assert!(!none.power_state.is_known());
}

#[test]
fn faults_are_named_by_their_path() {
    for (text, code, path) in [
        (
            READING.replace("401.25370000000004", "null"),
            "Decode.NullNotAllowed",
            "value",
        ),
        (
            READING.replace("\"valid\":true", "\"valid\":1"),
            "Decode.WrongType",
            "valid",
        ),
        (
            READING.replace("\"aboveUpperWarning\":true", "\"aboveUpperWarning\":null"),
            "Decode.NullNotAllowed",
            "status.aboveUpperWarning",
        ),
        (
            READING.replace("true}", "true,\"valid\":true}"),
            "Json.Syntax",
            "",
        ),
        (
            READING.replace("\"value\":", "\"valid\":true,\"value\":"),
            "Json.DuplicateKey",
            "valid",
        ),
        (
            READING.replace("\"value\":", "\"x\":1,\"x\":2,\"value\":"),
            "Json.DuplicateKey",
            "x",
        ),
        ("null".into(), "Decode.NullNotAllowed", ""),
        ("[]".into(), "Decode.WrongType", ""),
    ] {
        if code != "Json.Syntax" {
            assert_eq!(
                fault(lenient::<Reading>(&text)),
                (code, path.into()),
                "{text}"
            );
        }
    }
    let error =
        lenient::<Reading>(&READING.replace("\"valid\":true", "\"valid\":\"yes\"")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "valid: expected true or false, found a string"
    );
    let text = r#"[{"name":"a","children":[{"name":"b","children":[{"name":7}]}]}]"#;
    assert_eq!(
        fault(lenient::<Vec<Node>>(text)),
        (
            "Decode.WrongType",
            "[0].children[0].children[0].name".into()
        )
    );
}

#[test]
fn cut_and_broken_objects_are_syntax_errors() {
    for end in 1..READING.len() {
        let code = fault(lenient::<Reading>(&READING[..end])).0;
        assert_eq!(code, "Json.Syntax", "cut at {end}");
    }
    for text in [
        "{,}",
        "{\"a\"}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{/*c*/}",
    ] {
        assert_eq!(fault(lenient::<Reading>(text)).0, "Json.Syntax", "{text}");
    }
}

#[test]
fn members_unknown_to_the_bindings_are_kept_and_written_back() {
    let text =
        r#"{"name":"web","newInFuture":{"a": [1.50]},"startupState":1,"cycleDelay":10,"ä\n":null}"#;
    let mut settings: Settings = lenient(text).unwrap();
    let unknown: Vec<_> = settings
        .extra_
        .unknown()
        .map(|(name, value)| (name.to_owned(), value.get().to_owned()))
        .collect();
    assert_eq!(
        unknown,
        [
            ("newInFuture".into(), r#"{"a": [1.50]}"#.into()),
            ("ä\n".into(), "null".to_owned())
        ]
    );
    settings.name = "db".into();
    assert_eq!(
        encode(&settings).unwrap().get(),
        r#"{"name":"db","startupState":1,"cycleDelay":10,"newInFuture":{"a": [1.50]},"ä\n":null}"#
    );
    settings.extra_.set("newInFuture", "7".parse().unwrap());
    settings.extra_.set("other", Json::NULL);
    assert_eq!(settings.extra_.get("newInFuture").map(Json::get), Some("7"));
    assert_eq!(settings.extra_.unknown().len(), 3);
}

#[test]
fn a_member_left_out_is_left_out_again_until_it_is_set() {
    let mut settings: Settings = lenient(r#"{"name":"web"}"#).unwrap();
    // The enumeration was never set; that is no error, since it does not go out.
    assert_eq!(encode(&settings).unwrap().get(), r#"{"name":"web"}"#);
    settings.cycle_delay = 5;
    assert_eq!(
        encode(&settings).unwrap().get(),
        r#"{"name":"web","cycleDelay":5}"#
    );
    settings.startup_state = PowerState::PsOff;
    assert_eq!(
        encode(&settings).unwrap().get(),
        r#"{"name":"web","startupState":0,"cycleDelay":5}"#
    );
}

#[test]
fn sparse_forms_send_what_is_set() {
    let sparse = sparse_::Settings {
        name: Some("rack 7".into()),
        ..Default::default()
    };
    assert_eq!(encode(&sparse).unwrap().get(), r#"{"name":"rack 7"}"#);
    assert_eq!(encode(&sparse_::Settings::default()).unwrap().get(), "{}");
    let last = sparse_::Settings {
        cycle_delay: Some(1),
        ..Default::default()
    };
    assert_eq!(encode(&last).unwrap().get(), r#"{"cycleDelay":1}"#);

    let full: Settings = lenient(r#"{"name":"a","future":1}"#).unwrap();
    assert_eq!(
        encode(&sparse_::Settings::from(full)).unwrap().get(),
        r#"{"name":"a","future":1}"#
    );

    // Reading one notes nothing as missing, not even strictly.
    let read: sparse_::Settings = strict(r#"{"cycleDelay":3}"#).unwrap();
    assert_eq!((read.name, read.cycle_delay), (None, Some(3)));
    assert_eq!(read.extra_, Extra::default());
}

#[test]
fn more_members_than_a_word_has_bits() {
    let text = |skip: usize, twice: bool| {
        let mut members: Vec<String> = (0..Wide::COUNT)
            .rev()
            .filter(|index| *index != skip)
            .map(|index| format!("\"m{index}\":{index}"))
            .collect();
        if twice {
            members.push("\"m69\":1".into());
        }
        format!("{{{}}}", members.join(","))
    };
    let wide: Wide = strict(&text(usize::MAX, false)).unwrap();
    assert_eq!(wide.values, (0..70).collect::<Vec<_>>());
    assert_eq!(
        lenient::<Wide>(&text(68, false)).unwrap().extra_.missing(),
        ["m68"]
    );
    assert_eq!(
        lenient::<Wide>(&text(3, false)).unwrap().extra_.missing(),
        ["m3"]
    );
    assert_eq!(
        fault(lenient::<Wide>(&text(usize::MAX, true))),
        ("Json.DuplicateKey", "m69".into())
    );
    assert_eq!(
        lenient::<Wide>(&encode(&wide).unwrap().to_string()).unwrap(),
        wide
    );
}

#[test]
fn enumerations_are_open() {
    assert_eq!(lenient::<PowerState>("1").unwrap(), PowerState::PsOn);
    for index in [2, 9, -1, i32::MAX] {
        let state: PowerState = lenient(&index.to_string()).unwrap();
        assert_eq!((state, state.name()), (PowerState::Unknown_(index), None));
        assert_eq!(encode(&state).unwrap().get(), index.to_string());
        assert_eq!(
            fault(strict::<PowerState>(&index.to_string())).0,
            "Decode.UnknownEnum"
        );
    }
    for text in ["\"1\"", "true", "1.5", "{}"] {
        assert_eq!(fault(lenient::<PowerState>(text)).0, "Decode.WrongType");
    }
    assert_eq!(
        fault(lenient::<PowerState>("null")).0,
        "Decode.NullNotAllowed"
    );
    assert_eq!(
        fault(lenient::<PowerState>("2147483648")).0,
        "Decode.OutOfRange"
    );

    let unknown: LinkStatus = lenient("99").unwrap();
    assert_eq!(
        (unknown.index(), unknown.fallback()),
        (99, LinkStatus::Unknown)
    );
    assert_eq!(LinkStatus::Ok.fallback(), LinkStatus::Ok);
    assert_eq!(PowerState::Unknown_(5).fallback(), PowerState::Unknown_(5));
    assert_eq!(PowerState::PsOff.name(), Some("PS_OFF"));
}

#[test]
fn a_forgotten_enumeration_is_not_sent_as_the_first_enumerator() {
    let error = encode(&Settings {
        name: "a".into(),
        ..Default::default()
    })
    .unwrap_err();
    assert_eq!(
        (error.kind().code(), error.path()),
        ("Encode.Unset", "startupState".into())
    );
    assert_eq!(
        error.to_string(),
        "startupState was never set to an enumerator"
    );
}
