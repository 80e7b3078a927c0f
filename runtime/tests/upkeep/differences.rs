//! Differences of values of every type.

use xerus_rpc::rt::{Decode, ReaderOptions, decode};
use xerus_rpc::update::Difference;
use xerus_rpc::value::Encode;
use xerus_rpc::{Call, update};

use crate::device::{Device, ret};
use crate::support::misc::{Hub, Kitchen, Node};
use crate::support::pdumodel::Outlet;

fn read<T: Decode>(text: &str) -> T {
    decode(text.as_bytes(), &ReaderOptions::default()).unwrap()
}

/// The difference from one value to another.
async fn difference<T: Encode + Decode + Clone + 'static>(before: &str, after: &str) -> Difference {
    let (_device, agent) = Device::new(|_| ret(0));
    let value: T = read(before);
    let new: T = read(after);
    let read = xerus_rpc::rt::encode(&value).unwrap();
    let (_source, from) = Device::new(move |_| ret(&read));
    let outlet = Outlet::at(&from, "/x");
    static GET: xerus_rpc::rt::Method = xerus_rpc::rt::Method {
        name: "get",
        results: &["_ret_"],
        ..xerus_rpc::rt::Method::PLAIN
    };
    let call: Call<T> = xerus_rpc::rt::single(&outlet, &GET, &[]);
    let set = |value: T| {
        let args = format!(r#"{{"v":{}}}"#, xerus_rpc::rt::encode(&value).unwrap());
        agent.call("/x", "set", args.parse().unwrap())
    };
    let updated = update(call, move |value| *value = new.clone(), set)
        .dry_run()
        .allow_defaults()
        .await;
    updated.unwrap().changed
}

#[tokio::test]
async fn every_type_is_shown() {
    let before = r#"{"flag":false,"small":1,"number":1,"long":1,"ratio":0.5,"value":0.5,"text":"a","time":0,
        "code":"a.B:1.0.0","state":0,"list":["a","b"],"map":[{"key":1,"value":"x"},{"key":2,"value":"y"}],
        "object":null,"outlet":{"rid":"/o/1","type":"pdumodel.Outlet:3.0.1"},"event":null,"blob":{"a":[1,{"b":2}],"token":"t"}}"#;
    let after = r#"{"flag":true,"small":2,"number":2,"long":2,"ratio":1.5,"value":1.5,"text":"b\n\u202e","time":1700000123,
        "code":"a.C:1.0.0","state":7,"list":["a","c","d"],"map":[{"key":2,"value":"z"},{"key":3,"value":"w"}],
        "object":{"rid":"/o/2","type":"a.B:1.0.0"},"outlet":{"rid":"/o/3","type":"pdumodel.Outlet:3.0.1"},"event":null,
        "blob":{"a":[1,{"b":3}],"token":"u"}}"#;
    let shown = difference::<Kitchen>(before, after).await.to_string();
    assert_eq!(
        shown.lines().collect::<Vec<_>>(),
        [
            "flag: false -> true",
            "small: 1 -> 2",
            "number: 1 -> 2",
            "long: 1 -> 2",
            "ratio: 0.5 -> 1.5",
            "value: 0.5 -> 1.5",
            r#"text: "a" -> "b\n ""#,
            "time: 1970-01-01T00:00:00Z -> 2023-11-14T22:15:23Z",
            "code: a.B:1.0.0 -> a.C:1.0.0",
            "state: PS_OFF -> 7",
            r#"list[1]: "b" -> "c""#,
            r#"list[2]: absent -> "d""#,
            r#"map[1]: "x" -> absent"#,
            r#"map[2]: "y" -> "z""#,
            r#"map[3]: absent -> "w""#,
            "object: absent -> /o/2",
            "outlet: /o/1 -> /o/3",
            "blob.a[1].b: 2 -> 3",
            "blob.token: (hidden) -> (hidden)",
        ]
    );
}

#[tokio::test]
async fn what_comes_as_a_whole_is_shown_by_its_parts() {
    let changed = difference::<Node>(
        r#"{"name":"a","children":[]}"#,
        r#"{"name":"a","children":[{"name":"b","children":[{"name":"c","children":[]}]}]}"#,
    )
    .await;
    assert_eq!(
        changed.to_string(),
        "children[0].name: absent -> \"b\"\nchildren[0].children[0].name: absent -> \"c\"\n\
         children[0].children[0].children: absent -> []"
    );
    let changed = difference::<Hub>(
        r#"{"outlets":[{"rid":"/a","type":"x.Y:1.0.0"}],"ports":[],"events":[],"grid":[],"hubs":[]}"#,
        r#"{"outlets":[null],"ports":[],"events":[],"grid":[[]],"hubs":[]}"#,
    )
    .await;
    assert_eq!(
        changed.to_string(),
        "outlets[0]: /a -> null\ngrid[0]: absent -> []"
    );
    let changed = difference::<Kitchen>(r#"{"blob":{"a":[1]}}"#, r#"{"blob":{"a":{"b":1}}}"#).await;
    assert_eq!(
        changed.to_string(),
        "blob.a[0]: 1 -> absent\nblob.a.b: absent -> 1"
    );
}

#[tokio::test]
async fn secrets_are_hidden_wherever_they_stand() {
    for (before, after) in [
        (r#"{"password":"AAA"}"#, r#"{"password":"BBB"}"#),
        (
            r#"{"list":[{"snmpCommunity":"AAA"}]}"#,
            r#"{"list":[{"snmpCommunity":"BBB"}]}"#,
        ),
        (
            r#"{"privateKey":["AAA"]}"#,
            r#"{"privateKey":["BBB","BBB"]}"#,
        ),
        (r#"{"secret":{"any":"AAA"}}"#, r#"{"secret":{"any":"BBB"}}"#),
        (r#"{"psk":[65,66,67]}"#, r#"{"psk":[77,88,99]}"#),
        (
            r#"{"password":"AAA"}"#,
            r#"{"password":null,"token":"BBB"}"#,
        ),
    ] {
        let wrap = |text: &str| format!(r#"{{"blob":{text}}}"#);
        let changed = difference::<Kitchen>(&wrap(before), &wrap(after)).await;
        assert!(changed.iter().any(xerus_rpc::update::Change::is_hidden));
        let serialised = serde_form(&changed);
        for shown in [changed.to_string(), format!("{changed:?}"), serialised] {
            for secret in ["AAA", "BBB", "65", "77", "88"] {
                assert!(!shown.contains(secret), "{shown}");
            }
            assert!(shown.contains("(hidden)"), "{shown}");
        }
    }
    let changed = difference::<Kitchen>(
        r#"{"blob":{"minPasswordLength":8,"forcePasswordChange":true}}"#,
        r#"{"blob":{"minPasswordLength":12,"forcePasswordChange":false}}"#,
    )
    .await;
    assert_eq!(
        changed.to_string(),
        "blob.minPasswordLength: 8 -> 12\nblob.forcePasswordChange: true -> false"
    );
}

#[cfg(feature = "serde")]
fn serde_form(changed: &Difference) -> String {
    serde_json::to_string(changed).unwrap()
}

#[cfg(not(feature = "serde"))]
fn serde_form(changed: &Difference) -> String {
    changed.to_string()
}

#[cfg(feature = "serde")]
#[tokio::test]
async fn a_difference_is_data() {
    let changed = difference::<Kitchen>(
        r#"{"number":1,"state":0,"text":"a","list":[]}"#,
        r#"{"number":2,"state":1,"text":"b","list":["x"],"blob":{"password":"p"}}"#,
    )
    .await;
    assert_eq!(
        serde_json::to_value(&changed).unwrap(),
        serde_json::json!([
            {"path": "number", "before": 1, "after": 2},
            {"path": "text", "before": "a", "after": "b"},
            {"path": "state", "before": "PS_OFF", "after": "PS_ON"},
            {"path": "list[0]", "after": "x"},
            {"path": "blob.password", "after": "(hidden)"},
        ])
    );
}
