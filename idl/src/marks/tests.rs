use std::time::Duration;

use super::scan::{Oddity, oddities};
use super::words::WORDS;
use super::*;

fn refused(text: &str) -> String {
    Marks::parse(text).unwrap_err().to_string()
}

#[test]
fn every_mark() {
    let marks = Marks::parse(
        "@wire com.example.add \\idempotent @longpoll @oneway @timeout 30s\n\
         @progress map < string, vector<m.Step> >\n\
         @action check=save_reconnect poll=PollInit @stream stop=ping_stop poll=ping_poll\n\
         @root @error 7 NoSuchUser\n@error com.example.locked Locked @role Tech @noremote @code @nullable _ret_ x",
    )
    .unwrap();
    let text = |text: &str| Some(text.to_owned());
    let pair = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    assert_eq!(
        marks,
        Marks {
            wire: text("com.example.add"),
            repeatable: Some(true),
            long_poll: Some(true),
            one_way: Some(true),
            timeout: Some(Duration::from_secs(30)),
            progress: text("map<string,vector<m.Step>>"),
            action: Some(Action {
                check: "save_reconnect".to_owned(),
                poll: text("PollInit"),
            }),
            stream: Some(Stream {
                poll: "ping_poll".to_owned(),
                stop: "ping_stop".to_owned(),
            }),
            root: Some(true),
            errors: vec![
                pair("7", "NoSuchUser"),
                pair("com.example.locked", "Locked")
            ],
            role: text("Tech"),
            local: Some(true),
            code: Some(true),
            nullable: vec![RETURNED.to_owned(), "x".to_owned()],
        }
    );
    assert_eq!(Marks::parse(&marks.to_string()).as_ref(), Ok(&marks));
}

#[test]
fn the_examples_of_the_table_are_right() {
    for (name, word, example) in WORDS {
        let marks = Marks::parse(example).unwrap();
        assert!(!marks.is_empty(), "{name}");
        assert!(example.starts_with(&format!("@{name}")), "{name}");
        assert_eq!(
            Marks::parse(&marks.to_string()).as_ref(),
            Ok(&marks),
            "{word:?}"
        );
    }
}

#[test]
fn the_later_beats_the_earlier_mark_by_mark() {
    let parse = |text| Marks::parse(text).unwrap();
    let mut marks = parse("@idempotent @timeout 5s @error 1 A @error 2 B @code @nullable");
    marks.merge(&parse(
        "@noidempotent @longpoll @error 2 C @error 3 D @value @nullable x",
    ));
    assert_eq!(
        marks,
        parse(
            "@noidempotent @longpoll @timeout 5s @error 1 A @error 2 C @error 3 D @value @nullable x"
        )
    );
    let before = marks.clone();
    marks.merge(&Marks::default());
    assert_eq!(marks, before);
}

#[test]
fn nothing_is_no_mark() {
    for text in ["", "  \n \n"] {
        assert!(Marks::parse(text).unwrap().is_empty(), "{text:?}");
    }
}

#[test]
fn refusals_say_the_way_out() {
    for (text, expected) in [
        (
            "@timeout",
            "`@timeout` without a time: write it on its own line, as in `@timeout 500ms`",
        ),
        (
            "@timeout 5",
            "`5` is no time: a whole number of `ms`, `s` or `min`: write it on its own line, as in `@timeout 500ms`",
        ),
        (
            "@timeout 500 ms",
            "`@timeout` takes one argument, found `ms` behind it: write it on its own line, as in `@timeout 500ms`",
        ),
        (
            "@idempotent yes",
            "`@idempotent` takes no arguments, found `yes`: write it on its own line, as in `@idempotent`",
        ),
        (
            "@stream poll=a",
            "`@stream` without `stop=…`: write it on its own line, as in `@stream poll=ping_poll stop=ping_stop`",
        ),
        (
            "@action check=a pol=b",
            "`@action` takes `check=…` and `poll=…`, found `pol=b`: write it on its own line, as in \
             `@action check=getProgress poll=Progress`",
        ),
        (
            "@error 7",
            "`@error` takes a code and a name: write it on its own line, as in \
             `@error com.example.no_such_user NoSuchUser`",
        ),
        ("@oneway @oneway", "`@oneway` given twice: keep one of them"),
        (
            "@idempotent @noidempotent",
            "`@noidempotent` contradicts `@idempotent` before it: keep one of them",
        ),
        (
            "@code @value",
            "`@value` contradicts `@code` before it: keep one of them",
        ),
        (
            "@Idempotent",
            "unknown mark `@Idempotent`: did you mean `@idempotent`?",
        ),
        (
            "idempotent",
            "expected a mark, found `idempotent`: did you mean `@idempotent`?",
        ),
    ] {
        assert_eq!(refused(text), expected, "{text}");
    }
    for (text, part) in [
        ("@timeout 1.5s", "`1.5s` is no time"),
        ("@timeout ms", "the number is missing"),
        ("@timeout 0s", "would refuse every call"),
        (
            "@timeout 99999999999999999999s",
            "longer than 4294967295 ms",
        ),
        ("@timeout 50d", "`50d` is no time"),
        ("@timeout=5s", "`=5s` is no time"),
        ("@progress", "without a type"),
        ("@progress int int", "`int int` is no type"),
        ("@progress vector<int", "is no type"),
        ("@progress list<int>", "is no type"),
        ("@action poll=b", "without `check=…`"),
        ("@action check=a check=b", "`check` given twice"),
        ("@action check=", "found `check=`"),
        ("@action check=a.b", "no name of a method"),
        ("@error 7 no-user", "no name for an error"),
        ("@error 7 m.", "no name for an error"),
        ("@error 7 A @error 7 B", "has a name already"),
        ("@code 7", "expected a mark"),
        ("@return 0 if OK", "marks are `@wire`, "),
        ("reads it @idempotent", "expected a mark, found `reads`"),
    ] {
        let refusal = refused(text);
        assert!(refusal.contains(part), "{text}: {refusal}");
    }
}

#[test]
fn problems_have_places() {
    let text = "@root\n  @timeout 5x @code";
    let refused = Marks::parse(text).unwrap_err();
    let [problem] = refused.problems() else {
        panic!("{refused}");
    };
    assert_eq!(&text[problem.place.clone()], "5x");
}

#[test]
fn prose_stays_and_marks_go() {
    for (text, prose, marks) in [
        ("Reads it.", Some("Reads it."), ""),
        ("@idempotent", None, "@idempotent"),
        (
            "Reads it.\n\n@idempotent\n@timeout 5s\n\n@return it",
            Some("Reads it.\n\n@return it"),
            "@idempotent @timeout 5000ms",
        ),
        ("@idempotent @return it", Some("@return it"), "@idempotent"),
        ("Reads it.\n@value\n", Some("Reads it."), "@value"),
        (
            "As in\n@code\n@idempotent\n@endcode\n@oneway",
            Some("As in\n@code\n@idempotent\n@endcode"),
            "@oneway",
        ),
        ("@code{.py}\nx", Some("@code{.py}\nx"), ""),
        ("@code\nx", Some("x"), "@code"),
        ("```\n@root\n```", Some("```\n@root\n```"), ""),
        ("Reads it, @idempotent", Some("Reads it, @idempotent"), ""),
        ("@idempotently", Some("@idempotently"), ""),
    ] {
        let taken = take(text);
        assert_eq!(taken.text.as_deref(), prose, "{text}");
        assert_eq!(taken.marks.to_string(), marks, "{text}");
        assert!(taken.problems.is_empty(), "{text}");
    }
}

#[test]
fn oddities_are_few() {
    let names = |text: &str| -> Vec<String> {
        let all = oddities(text).into_iter().map(|odd| match odd {
            Oddity::Unknown { name, near, .. } => match near {
                Some(near) => format!("{name} ~ {near}"),
                None => format!("{name}?"),
            },
            Oddity::AmidText { name, .. } => format!("amid {name}"),
            Oddity::Known { name, .. } => name,
        });
        all.collect()
    };
    for (text, expected) in [
        ("plain", &[][..]),
        ("@brief Text with \\c code, mail@wire and @@wire", &[]),
        ("@param[in] a\n@return b\n\\li c\n@see d", &[]),
        ("@idempotant", &["idempotant ~ idempotent"]),
        ("@retrun 0", &["retrun ~ return"]),
        ("@one-way", &["one ~ oneway"]),
        ("@long-poll", &["long ~ longpoll"]),
        ("@zonk", &["zonk?"]),
        ("Reads it. @idempotent", &["amid idempotent"]),
        ("Reads it. @idempotant", &["idempotant ~ idempotent"]),
        ("Ask @admin, or \\c @wire or `see @wire there`", &[]),
        ("A path \\server\\wire", &[]),
        ("@idempotent @zonk @root", &["idempotent", "zonk?", "root"]),
        ("@verbatim\n@zonk\n@endverbatim", &[]),
        ("@return it @oneway", &["amid oneway"]),
    ] {
        assert_eq!(names(text), expected, "{text}");
    }
}

#[test]
fn any_text_is_taken_apart_without_loss_of_words() {
    let pieces = [
        "@",
        "\\",
        "code",
        "wire",
        "idempotent",
        " ",
        "\n",
        "`",
        "é",
        "=",
        "endcode",
        "x",
        "\r\n",
        "<",
        "```",
    ];
    let mut state = 7_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let at = usize::try_from(state >> 33).unwrap() % pieces.len();
            text.push_str(pieces[at]);
        }
        let taken = take(&text);
        for problem in taken.problems {
            assert!(text.get(problem.place).is_some(), "{text:?}");
        }
        for odd in oddities(&text) {
            assert!(
                text[odd.place().clone()].starts_with(['@', '\\']),
                "{text:?}"
            );
        }
        let _ = Marks::parse(&text)
            .map(|marks| assert_eq!(Marks::parse(&marks.to_string()), Ok(marks)));
    }
}
