//! Random values come back as they went out.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use xerus_rpc::rt::{ReaderOptions, decode, encode};
use xerus_rpc::{Enumeration, Json, Object, Polymorphic, Time, WireId};

use crate::support::event::UserEvent;
use crate::support::idl::Event;
use crate::support::misc::{Kitchen, Node};
use crate::support::pdumodel::Outlet;
use crate::support::pdumodel::outlet::PowerState;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,12}",
        Just("\u{0}\u{1f}\"\\/\u{2028}😀".to_owned())
    ]
}

fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(serde_json::json!(true)),
        any::<i64>().prop_map(Into::into),
        (-1e6..1e6).prop_map(|value: f64| serde_json::json!(value)),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            btree_map(text(), inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
    .prop_map(|value| value.to_string().parse().expect("JSON"))
}

/// What JSON is made of, and what it is nearly made of.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "0",
        "-1",
        "1.5",
        "-0",
        "2e3",
        "01",
        "1.",
        ".5",
        "+1",
        "NaN",
        "true",
        "null",
        "tru",
        "\"a\"",
        "\"\\u0041\"",
        "\"\\x\"",
        "\"",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        "\"k\":",
        " ",
        "\t",
        "\u{a0}",
        "[]",
        "{}",
        "[1,2]",
        "[1,]",
        "{\"a\":1}",
        "{\"a\":{\"b\":[null]}}",
        "{a:1}",
        "//",
    ])
}

fn wire_id() -> impl Strategy<Value = WireId> {
    (
        "[a-z]{1,8}",
        "[A-Z][a-zA-Z0-9]{0,10}",
        any::<(u16, u8, u8)>(),
    )
        .prop_map(|(module, name, (major, submajor, minor))| {
            format!("{module}.{name}:{major}.{submajor}.{minor}")
                .parse()
                .unwrap()
        })
}

fn rid() -> impl Strategy<Value = String> {
    "/[a-zA-Z0-9_:äö %?#]{0,20}"
}

fn object() -> impl Strategy<Value = Object> {
    (rid(), wire_id()).prop_map(|(rid, wire_id)| Object::detached(&rid, wire_id))
}

fn event() -> impl Strategy<Value = Polymorphic<Event>> {
    (proptest::option::of(object()), text(), text()).prop_map(
        |(source, act_user_name, act_ip_addr)| {
            Polymorphic::new(&UserEvent {
                source,
                act_user_name,
                act_ip_addr,
                ..Default::default()
            })
        },
    )
}

fn finite() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite", |value| value.is_finite())
}

fn kitchen() -> impl Strategy<Value = Kitchen> {
    let numbers = (
        any::<bool>(),
        any::<u8>(),
        any::<i32>(),
        any::<i64>(),
        any::<f32>(),
        finite(),
    );
    let small = (
        text(),
        any::<i64>(),
        wire_id(),
        (i32::MIN + 1)..=i32::MAX,
        vec(text(), 0..4),
    );
    let large = (
        btree_map(any::<i32>(), text(), 0..4),
        proptest::option::of(object()),
        proptest::option::of(rid()),
        proptest::option::of(event()),
        json(),
        btree_map("[a-zé\"\\\\\n]{1,6}_", json(), 0..3),
    );
    (numbers, small, large)
        .prop_filter("finite", |value| value.0.4.is_finite())
        .prop_map(
            |(
                (flag, small, number, long, ratio, value),
                (text, time, code, state, list),
                (map, object, outlet, event, blob, unknown),
            )| {
                let mut kitchen = Kitchen {
                    flag,
                    small,
                    number,
                    long,
                    ratio,
                    value,
                    text,
                    time: Time::from_unix_seconds(time),
                    code,
                    state: PowerState::from_index(state),
                    list,
                    map,
                    object,
                    outlet: outlet.map(|rid| {
                        xerus_rpc::Interface::from_object(Object::detached(
                            &rid,
                            Outlet::TYPE_ID.parse().unwrap(),
                        ))
                    }),
                    event,
                    blob,
                    extra_: Default::default(),
                };
                for (name, value) in &unknown {
                    kitchen.extra_.set(name, value.clone());
                }
                kitchen
            },
        )
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = text().prop_map(|name| Node {
        name,
        ..Default::default()
    });
    leaf.prop_recursive(12, 40, 4, |inner| {
        (text(), vec(inner, 0..4)).prop_map(|(name, children)| Node {
            name,
            children,
            ..Default::default()
        })
    })
}

/// Shuffles the members of all objects, and puts blanks between all tokens.
fn rearranged(text: &str) -> String {
    fn walk(value: &serde_json::Value, out: &mut String) {
        match value {
            serde_json::Value::Array(elements) => {
                out.push_str(" [ ");
                for (index, element) in elements.iter().enumerate() {
                    out.push_str(if index > 0 { " , " } else { "" });
                    walk(element, out);
                }
                out.push_str("\t]\r\n");
            }
            serde_json::Value::Object(members) => {
                out.push_str(" { ");
                for (index, (name, member)) in members.iter().rev().enumerate() {
                    out.push_str(if index > 0 { " , " } else { "" });
                    out.push_str(&serde_json::to_string(name).unwrap());
                    out.push_str(" : ");
                    walk(member, out);
                }
                out.push_str("\n}");
            }
            other => out.push_str(&other.to_string()),
        }
    }
    let mut out = String::new();
    walk(&serde_json::from_str(text).unwrap(), &mut out);
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_type(value in kitchen()) {
        let text = encode(&value).unwrap();
        let options = ReaderOptions::default().with_strict(value.state.is_known());
        let back: Kitchen = decode(text.get().as_bytes(), &options).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(encode(&back).unwrap(), text);
    }

    #[test]
    fn every_type_in_another_layout(value in kitchen()) {
        // A tree of values orders its members, so opaque text is compared by what it means.
        let value = Kitchen { blob: Json::EMPTY_OBJECT, event: None, extra_: Default::default(), ..value };
        let text = rearranged(encode(&value).unwrap().get());
        let back: Kitchen = decode(text.as_bytes(), &ReaderOptions::default()).unwrap();
        let back = Kitchen { blob: Json::EMPTY_OBJECT, ..back };
        prop_assert_eq!(back, value);
    }

    #[test]
    fn trees(value in node()) {
        let text = encode(&value).unwrap();
        prop_assert_eq!(decode::<Node>(text.get().as_bytes(), &ReaderOptions::default()).unwrap(), value);
    }

    #[test]
    fn floats_to_the_last_bit(value in finite(), narrow in any::<f32>()) {
        let options = ReaderOptions::default();
        let back: f64 = decode(encode(&value).unwrap().get().as_bytes(), &options).unwrap();
        prop_assert_eq!(back.to_bits(), value.to_bits());
        // As devices print them: seventeen digits.
        let device = format!("{value:.17e}");
        prop_assert_eq!(decode::<f64>(device.as_bytes(), &options).unwrap().to_bits(), value.to_bits());
        if narrow.is_finite() {
            let back: f32 = decode(encode(&narrow).unwrap().get().as_bytes(), &options).unwrap();
            prop_assert_eq!(back.to_bits(), narrow.to_bits());
            let widened = encode(&f64::from(narrow)).unwrap();
            prop_assert_eq!(decode::<f32>(widened.get().as_bytes(), &options).unwrap().to_bits(), narrow.to_bits());
        }
    }

    #[test]
    fn maps(value in btree_map(text(), btree_map(any::<i64>(), any::<bool>(), 0..5), 0..5)) {
        let text = encode(&value).unwrap();
        type Map = BTreeMap<String, BTreeMap<i64, bool>>;
        prop_assert_eq!(decode::<Map>(text.get().as_bytes(), &ReaderOptions::default()).unwrap(), value);
    }

    #[test]
    fn our_text_means_the_same_to_others(value in kitchen()) {
        let text = encode(&value).unwrap();
        let tree: serde_json::Value = serde_json::from_str(text.get()).unwrap();
        prop_assert_eq!(tree["text"].as_str(), Some(value.text.as_str()));
        prop_assert_eq!(tree["value"].as_f64(), Some(value.value));
        prop_assert_eq!(tree["long"].as_i64(), Some(value.long));
    }

    #[test]
    fn any_bytes_end_in_a_value_or_an_error(bytes in vec(any::<u8>(), 0..200)) {
        let options = ReaderOptions::default();
        let ours = decode::<Option<Json>>(&bytes, &options);
        let theirs = serde_json::from_slice::<&serde_json::value::RawValue>(&bytes);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?} {:?}", ours, theirs);
        let _ = decode::<Kitchen>(&bytes, &options);
    }

    /// Random bytes are hardly ever JSON; pieces of it are every now and then.
    #[test]
    fn pieces_of_json_end_in_what_they_mean(pieces in vec(piece(), 1..6)) {
        let text = pieces.concat();
        let ours = decode::<Option<Json>>(text.as_bytes(), &ReaderOptions::default());
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}: {:?} {:?}", text, ours, theirs);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            let ours = ours.map_or_else(|| "null".to_owned(), |json| json.to_string());
            let again: serde_json::Value = serde_json::from_str(&ours).unwrap();
            prop_assert_eq!(again, theirs, "{}", text);
        }
    }

    #[test]
    fn damaged_documents_end_in_a_value_or_an_error(value in kitchen(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = encode(&value).unwrap().get().as_bytes().to_vec();
        let index = at.index(bytes.len());
        bytes[index] = byte;
        let options = ReaderOptions::default();
        let ours = decode::<Json>(&bytes, &options);
        let theirs = serde_json::from_slice::<serde_json::Value>(&bytes);
        // The other parser must agree on what is JSON, ranges of numbers aside.
        if theirs.is_ok() {
            prop_assert!(ours.is_ok(), "{:?}", ours);
        }
        let _ = decode::<Kitchen>(&bytes, &options);
    }
}
