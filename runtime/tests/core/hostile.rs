//! Documents made to hurt: each must end soon, within bounds, with a typed error.

use std::time::{Duration, Instant};

use xerus_rpc::rt::{ReaderOptions, decode};
use xerus_rpc::{DecodeError, Json};

use crate::aids::{fault, lenient};
use crate::support::idl::Event;
use crate::support::misc::{Node, Wide};
use crate::support::pdumodel::outlet::State;

/// Far more than an unoptimised build on a busy machine needs.
const SOON: Duration = Duration::from_secs(60);

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let start = Instant::now();
    let levels = 200_000;
    for (open, close) in [
        ("[", "]"),
        (r#"{"a":"#, "}"),
        (r#"[{"name":"x","children":"#, "}]"),
    ] {
        let text = format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert_eq!(fault(lenient::<Json>(&text)).0, "Json.DepthExceeded");
        assert_eq!(fault(lenient::<Vec<Node>>(&text)).0, "Json.DepthExceeded");
        assert_eq!(fault(lenient::<State>(&text)).0, "Json.DepthExceeded");
        // Unclosed, it is still the depth that is seen first.
        assert_eq!(
            fault(lenient::<Json>(&open.repeat(levels))).0,
            "Json.DepthExceeded"
        );
    }
    assert!(start.elapsed() < SOON);
}

#[test]
fn the_depth_limit_is_exact_and_can_be_set() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let read = |levels: usize, max_depth: usize| {
        let mut options = ReaderOptions::default();
        options.max_depth = max_depth;
        decode::<Json>(nested(levels).as_bytes(), &options).map(|_| ())
    };
    assert!(read(64, 64).is_ok());
    assert_eq!(fault(read(65, 64)).0, "Json.DepthExceeded");
    assert!(read(1, 1).is_ok());
    assert!(read(512, usize::MAX).is_ok());
    assert_eq!(fault(read(513, usize::MAX)).0, "Json.DepthExceeded");
    // Closing gives the level back.
    let flat = format!("[{}]", vec![nested(63); 100].join(","));
    assert!(lenient::<Json>(&flat).is_ok());
}

#[test]
fn fifty_nested_value_objects() {
    type AnyEvent = xerus_rpc::Polymorphic<Event>;
    let nested = (0..50).fold("1".to_owned(), |inner, _| {
        format!(r#"{{"type":"x.Y:1.0.0","value":{{"source":null,"e":{inner}}}}}"#)
    });
    assert_eq!(fault(lenient::<AnyEvent>(&nested)).0, "Json.DepthExceeded");
    let fewer = (0..30).fold("1".to_owned(), |inner, _| {
        format!(r#"{{"type":"x.Y:1.0.0","value":{{"source":null,"e":{inner}}}}}"#)
    });
    assert!(lenient::<AnyEvent>(&fewer).unwrap().base().is_some());
}

#[test]
fn a_number_with_a_million_digits() {
    let start = Instant::now();
    let digits = "7".repeat(1_000_000);
    for text in [
        digits.clone(),
        format!("0.{digits}"),
        format!("1e{digits}"),
        format!("-{digits}.5"),
    ] {
        assert_eq!(fault(lenient::<i32>(&text)).0, "Json.NumberRange");
        assert_eq!(fault(lenient::<f64>(&text)).0, "Json.NumberRange");
        let error = lenient::<State>(&format!(r#"{{"x":{text}}}"#)).unwrap_err();
        assert_eq!(error.kind().code(), "Json.NumberRange");
        assert!(error.to_string().len() < 300);
    }
    assert!(start.elapsed() < SOON);
}

#[test]
fn ten_million_keys_end_at_a_limit() {
    let start = Instant::now();
    let mut text = String::from("{");
    for key in 0..10_000_000u32 {
        text.push('"');
        // Short keys keep the document within the size of a real answer.
        text.push(char::from_digit(key % 36, 36).unwrap());
        text.push_str("\":0,");
    }
    text.pop();
    text.push('}');
    // In an envelope they are walked over; in a structure there is an end to it.
    assert_eq!(fault(lenient::<State>(&text)).0, "Decode.LimitExceeded");
    let unique: String = (0..4097).map(|key| format!(",\"k{key}\":0")).collect();
    assert_eq!(
        fault(lenient::<State>(&format!("{{{}}}", &unique[1..]))).0,
        "Decode.LimitExceeded"
    );
    assert!(start.elapsed() < SOON);
}

#[test]
fn thousands_of_unknown_members_are_compared_quickly() {
    let start = Instant::now();
    let members: Vec<String> = (0..4096).map(|key| format!("\"k{key}\":0")).collect();
    let one = format!("{{{}}}", members.join(","));
    let list = format!("[{}]", vec![one; 20].join(","));
    let states: Vec<State> = lenient(&list).unwrap();
    assert!(
        states
            .iter()
            .all(|state| state.extra_.unknown().len() == 4096)
    );
    assert!(start.elapsed() < SOON);
}

#[test]
fn a_small_text_does_not_become_a_huge_value() {
    let mut options = ReaderOptions::default();
    options.max_memory = 10 << 20;
    let read = |text: &str| -> Result<(), DecodeError> {
        decode::<Vec<Wide>>(text.as_bytes(), &options).map(|_| ())
    };
    // Each `{}` stands for a structure whose seventy members are all missing.
    let text = format!("[{}]", vec!["{}"; 1_000_000].join(","));
    let error = read(&text).unwrap_err();
    assert_eq!(error.kind().code(), "Decode.LimitExceeded");
    assert!(read(&format!("[{}]", vec!["{}"; 1000].join(","))).is_ok());
    let bytes = format!("[{}]", vec!["0"; 11 << 20].join(","));
    assert_eq!(
        fault(decode::<Vec<u8>>(bytes.as_bytes(), &options)).0,
        "Decode.LimitExceeded"
    );
}

#[test]
fn value_objects_are_charged_with_all_that_they_hold() {
    type AnyEvent = xerus_rpc::Polymorphic<Event>;
    let mut options = ReaderOptions::default();
    options.max_memory = 1 << 20;
    let count = 5000;
    let read = |value: &str| {
        let one = format!(r#"{{"type":"idl.Event:1.0.0","value":{value}}}"#);
        let text = format!("[{}]", vec![one; count].join(","));
        let inline = count * (size_of::<AnyEvent>() + value.len());
        (
            inline,
            decode::<Vec<AnyEvent>>(text.as_bytes(), &options).map(|list| list.len()),
        )
    };
    // Neither the structure behind the pointer nor the error in its place is free.
    for value in [r#"{"source":null}"#, r#"{"source":7}"#] {
        let (inline, result) = read(value);
        assert!(inline < 1 << 20, "{inline}");
        let boxed = (1 << 20) - inline;
        assert!(boxed < count * size_of::<Event>(), "{boxed}");
        assert_eq!(fault(result).0, "Decode.LimitExceeded", "{value}");
    }
}

#[test]
fn a_string_of_thirty_megabytes() {
    let start = Instant::now();
    let long = "x".repeat(30 << 20);
    assert_eq!(
        lenient::<String>(&format!("\"{long}\"")).unwrap().len(),
        long.len()
    );
    assert_eq!(
        fault(lenient::<String>(&format!("\"{long}"))).0,
        "Json.Syntax"
    );
    let error = lenient::<State>(&format!(r#"{{"available":"{long}"}}"#)).unwrap_err();
    assert!(error.to_string().len() < 300);
    let error = lenient::<State>(&format!(r#"{{"{long}":x}}"#)).unwrap_err();
    assert!(error.to_string().len() < 300, "{}", error.to_string().len());
    assert!(start.elapsed() < SOON);
}

#[test]
fn errors_deep_inside_are_found_once_per_level() {
    let start = Instant::now();
    // A fault at the bottom of many value objects: every level falls back to its text.
    type AnyEvent = xerus_rpc::Polymorphic<Event>;
    let filler = "y".repeat(1 << 20);
    let text = format!(
        r#"[{{"type":"x.Y:1.0.0","value":{{"source":{{"rid":"//x","type":"{filler}"}}}}}}]"#
    );
    let events: Vec<AnyEvent> = lenient(&text).unwrap();
    assert_eq!(
        events[0].base_error().unwrap().kind().code(),
        "Decode.BadRid"
    );
    assert!(start.elapsed() < SOON);
}
