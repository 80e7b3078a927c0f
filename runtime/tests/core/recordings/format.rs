//! The text of a recording.

use proptest::prelude::*;
use xerus_rpc::recording::{Entry, Recording};

use super::device::json;

const GOOD: &str = "xerus recording 1\norigin: https://<host-1>\n\ncall 1\nat: 0.5 ms\nto: /x\nmethod: get\nparams: {}\n\
                    took: 1 ms\nresult: {\n  \"_ret_\": 1\n}\n";

#[test]
fn people_may_edit_it() {
    let edited = "\u{feff}xerus recording 1\r\n# of the lab\r\norigin: https://<host-1>\r\n\r\n\r\ncall 7\r\n  to: /x\r\n\
                  method:get\r\n# changed\r\nresult:\r\n  {\"_ret_\":\r\n 1}  \r\ntook:   0.25ms";
    let recording = Recording::parse(edited).unwrap();
    let entry = &recording.entries()[0];
    assert_eq!(
        (entry.number(), entry.line(), entry.took().as_micros()),
        (7, 6, 250)
    );
    assert_eq!(entry.result(), Some(json(r#"{"_ret_":1}"#)));
    assert_eq!(entry.params(), Some(json("{}")));
    assert_eq!(
        (recording.origin(), recording.began()),
        ("https://<host-1>", None)
    );
}

#[test]
fn faults_are_named_with_their_line() {
    for (change, line, words) in [
        (("xerus recording 1", "xerus recording 2"), 1, "later form"),
        (("xerus recording 1", "hello"), 1, "begins with the line"),
        (("origin: ", "origine: "), 2, "`origine` is not known here"),
        (
            ("origin: https://<host-1>\n", ""),
            3,
            "`origin: …` is missing",
        ),
        (("call 1", "cal 1"), 4, "expected `key: value`"),
        (("call 1", "call x"), 4, "expected `key: value`"),
        (
            ("call 1", "call 99999999999999999999"),
            4,
            "expected `key: value`",
        ),
        (("at: 0.5 ms", "at: soon"), 5, "expected a time"),
        (("at: 0.5 ms", "at: 0.1234 ms"), 5, "expected a time"),
        (
            ("at: 0.5 ms", "at: 99999999999999999999 ms"),
            5,
            "expected a time",
        ),
        (("to: /x", "to: \"/x"), 6, "one JSON string"),
        (("to: /x", "too: /x"), 6, "`too` is not known in an entry"),
        (("params: {}", "params: {]"), 8, "no JSON"),
        (("params: {}", "params: {} {}"), 8, "something follows"),
        (
            ("params: {}", "params: \"\\ud800\""),
            8,
            "stands for no character",
        ),
        (
            ("took: 1 ms", "took: 1 ms\ntook: 2 ms"),
            10,
            "a second `took`",
        ),
        (("took: 1 ms", "ended: maybe"), 9, "expected `given up`"),
        (("took: 1 ms", "bulk: -1"), 9, "a whole number"),
        (("  \"_ret_\": 1", "  \"_ret_\": 1,,"), 11, "no JSON"),
    ] {
        // Something follows, so that the entry counts as one that was written to its end.
        let text = format!(
            "{}\n{}",
            GOOD.replacen(change.0, change.1, 1),
            &GOOD[GOOD.find("call 1").unwrap()..]
        );
        let error = Recording::parse(&text).unwrap_err();
        assert_eq!(error.line(), line, "{change:?}: {error}");
        assert!(error.to_string().contains(words), "{change:?}: {error}");
        assert!(
            error.to_string().starts_with(&format!("line {line}")),
            "{error}"
        );
    }
    for (cut, words) in [("to: /x\n", "`to: …`"), ("method: get\n", "`method: …`")] {
        let text = format!(
            "{}\ncall 2\nto: /y\nmethod: get\nresult: 1\n",
            GOOD.replacen(cut, "", 1)
        );
        let error = Recording::parse(&text).unwrap_err();
        assert_eq!(error.line(), 4);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(Recording::parse("").unwrap_err().line(), 1);
}

#[test]
fn an_entry_that_was_not_written_to_its_end_is_left_out() {
    let second = "\ncall 2\nat: 1 ms\nto: /y\nmethod: get\nparams: {\"a\": \"b\"}\ntook: 1 ms\nresult: {\n  \"_ret_\": true\n}\n";
    let whole = format!("{GOOD}{second}");
    let start = GOOD.len() + 1;
    for end in start..=whole.len() {
        let cut = &whole[..end];
        let recording = Recording::parse(cut).unwrap_or_else(|error| panic!("{error}: {cut}"));
        let complete = end >= whole.len() - 1;
        let entries = if complete { 2 } else { 1 };
        // Of the first line alone nobody can tell.
        if end > start {
            assert_eq!(recording.entries().len(), entries, "{cut}");
            assert_eq!(recording.cut_at(), (!complete).then_some(14), "{cut}");
        }
    }
    // Anywhere: an error with a line, or less of it; never a panic.
    for end in 0..whole.len() {
        if let Err(error) = Recording::parse(&whole[..end]) {
            assert!(error.line() <= 3, "{error}");
        }
    }
}

#[test]
fn hostile_texts_are_refused() {
    let deep = "[".repeat(100_000);
    let nested = format!("{GOOD}\ncall 2\nto: /x\nmethod: get\nresult: {deep}\n\ncall 3\n");
    let error = Recording::parse(&nested).unwrap_err();
    assert_eq!(error.line(), 17);
    assert!(error.to_string().contains("nested too deeply"), "{error}");
    let long = format!("xerus recording 1\norigin: x\n{}\n", "y".repeat(1 << 20));
    let error = Recording::parse(&long).unwrap_err();
    assert!(error.to_string().len() < 1000);
    let odd = "xerus recording 1\norigin: x\n\u{202e}\u{1b}[31m: 1\n";
    let shown = Recording::parse(odd).unwrap_err().to_string();
    assert!(
        !shown.contains('\u{1b}') && !shown.contains('\u{202e}'),
        "{shown}"
    );
}

#[test]
fn other_programs_make_recordings() {
    let mut recording = Recording::new("a \"b\"\n");
    recording
        .push(Entry::answered("/x", "get", &json("{}"), &json("{\"_ret_\":[1,2]}")).with_bulk(1));
    recording.push(Entry::refused(
        "",
        " get",
        &json("null"),
        &json("{\"code\":1}"),
    ));
    recording.push(Entry::turned_away("/x", "get", &json("{}"), 401, false));
    recording.push(Entry::turned_away("/x", "get", &json("{}"), 403, true));
    let text = recording.to_string();
    assert!(text.contains("\norigin: \"a \\\"b\\\"\\n\"\n"), "{text}");
    assert!(
        text.contains("\nto: \"\"\nmethod: \" get\"\nparams: null\n"),
        "{text}"
    );
    assert!(
        text.contains("\"Auth.Unauthorized\", \"status\": 401"),
        "{text}"
    );
    assert!(
        text.contains("\"SubHttpStatus\", \"status\": 403"),
        "{text}"
    );
    let read = Recording::parse(&text).unwrap();
    assert_eq!(read.to_string(), text);
    let numbers: Vec<_> = read.entries().iter().map(Entry::number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

/// JSON as devices may send it.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_and_written_again(
        origin: String,
        calls in prop::collection::vec((any::<String>(), any::<String>(), any_json(), any_json(), any::<u32>()), 0..5),
    ) {
        let mut recording = Recording::new(origin.clone());
        for (target, method, params, result, time) in &calls {
            let (params, result) = (json(&params.to_string()), json(&result.to_string()));
            let time = std::time::Duration::from_micros(u64::from(*time));
            let entry = Entry::answered(target, method, &params, &result).with_at(time).with_took(time);
            recording.push(entry);
        }
        let text = recording.to_string();
        let read = Recording::parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&read.to_string(), &text);
        prop_assert_eq!(read.cut_at(), None);
        prop_assert_eq!(read.origin(), origin);
        for (entry, (target, method, params, result, _)) in read.entries().iter().zip(&calls) {
            prop_assert_eq!(entry.target(), target);
            prop_assert_eq!(entry.method(), Some(&**method));
            let same = |json: Option<xerus_rpc::Json>, value: &serde_json::Value| {
                json.and_then(|json| serde_json::from_str::<serde_json::Value>(json.get()).ok()).as_ref() == Some(value)
            };
            prop_assert!(same(entry.params(), params) && same(entry.result(), result));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text: String, at: prop::sample::Index) {
        let _ = Recording::parse(&text);
        let mut changed = GOOD.to_owned();
        let mut place = at.index(changed.len());
        while !changed.is_char_boundary(place) {
            place -= 1;
        }
        changed.insert_str(place, &text);
        if let Err(error) = Recording::parse(&changed) {
            prop_assert!(error.line() >= 1);
        }
    }
}
