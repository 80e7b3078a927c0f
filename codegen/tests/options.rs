//! Options survive every notation.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use proc_macro2::TokenStream;
use syn::parse::Parser;
use xerus_codegen::options::{Kind, OptionError, SPECS, Value};
use xerus_codegen::{Builder, EnumeratorPrefix, Layout, Options};

/// Options in which everything differs from the default.
fn everything() -> Options {
    Builder::new()
        .idl_dir("idl")
        .idl_dir("more idl")
        .idl_file("a=b.idl")
        .include_dir("../include")
        .root("pdumodel.Outlet")
        .root("pdumodel.Inlet:3.0.0")
        .derived_events(false)
        .derive(".", "PartialOrd")
        .derive("sensors", "Eq, Hash")
        .derive(".", "::serde::Serialize")
        .attribute("a.B", "#[doc(alias = \"b = \\\"c\\\"\")]")
        .attribute("a.B", "#[cfg(feature = 'x')]\n#[y]")
        .extern_path("idl", "::base::idl")
        .runtime_path("crate::rpc")
        .rename("lab.Meter.getURL", "get_url2")
        .rename("lab.Meter.read.a", "first")
        .cargo_features(true)
        .well_known("acme.Lamp", "/lamp/{lamp}")
        .well_known("acme.Lamp", "spare /lamps/{name:str}")
        .vendor_rids(false)
        .mark("acme.Lamp.getLevel", "@noidempotent")
        .mark("acme.Lamp.getLevel", "@error 1 Too=Bright")
        .client_only(true)
        .docs(false)
        .format(false)
        .layout(Layout::Files)
        .enumerator_prefix(EnumeratorPrefix::Strip)
        .out("\u{fc}-\u{1}.rs")
        .options()
        .clone()
}

fn samples() -> Vec<Options> {
    let full = everything();
    let mut samples = vec![Options::default(), full.clone()];
    // Each option on its own, too.
    for spec in SPECS {
        let mut one = Options::default();
        one.set(spec.key, full.get(spec.key).unwrap()).unwrap();
        assert_ne!(one, Options::default(), "{} is not tested", spec.key);
        samples.push(one);
    }
    samples
}

#[test]
fn through_toml() {
    for options in samples() {
        let toml = options.to_toml();
        assert_eq!(Options::from_toml(&toml).as_ref(), Ok(&options), "{toml}");
    }
}

/// Flags and values that make these options out of the defaults.
fn flags(options: &Options) -> Vec<(&'static str, Option<String>)> {
    let mut flags = Vec::new();
    for spec in SPECS {
        let value = options.get(spec.key).unwrap();
        if Some(&value) == Options::default().get(spec.key).as_ref() {
            continue;
        }
        let texts = |value| match value {
            Value::Text(text) => vec![text],
            Value::List(list) => list
                .into_iter()
                .map(|item| match item {
                    Value::Text(text) => text,
                    other => panic!("{other:?}"),
                })
                .collect(),
            other => panic!("{other:?}"),
        };
        match value {
            Value::Bool(on) => flags.push((spec.flag, Some(on.to_string()))),
            Value::Table(entries) => {
                for (path, value) in entries {
                    let pairs = texts(value)
                        .into_iter()
                        .map(|text| format!("{path}={text}"));
                    flags.extend(pairs.map(|pair| (spec.flag, Some(pair))));
                }
            }
            value => flags.extend(texts(value).into_iter().map(|text| (spec.flag, Some(text)))),
        }
    }
    flags
}

#[test]
fn through_command_lines() {
    for options in samples() {
        let mut read = Options::default();
        for (flag, value) in flags(&options) {
            read.apply_flag(flag, value.as_deref()).unwrap();
        }
        assert_eq!(read, options);
    }
}

/// These options as input of the macro.
fn macro_input(options: &Options) -> String {
    let mut out = String::new();
    for spec in SPECS {
        let value = options.get(spec.key).unwrap();
        if Some(&value) != Options::default().get(spec.key).as_ref() {
            out.push_str(&format!("{} = {},\n", spec.key, written(&value)));
        }
    }
    out
}

fn written(value: &Value) -> String {
    match value {
        Value::Bool(on) => on.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::List(list) => {
            let list: Vec<_> = list.iter().map(written).collect();
            format!("[{}]", list.join(", "))
        }
        Value::Table(entries) => {
            let entries = entries.iter();
            let entries: Vec<_> = entries
                .map(|(path, value)| format!("{path:?} = {}", written(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn through_macro_input() {
    for options in samples() {
        let text = macro_input(&options);
        let tokens: TokenStream = text.parse().unwrap();
        let read = Options::parse_tokens
            .parse2(tokens)
            .unwrap_or_else(|e| panic!("{e}: {text}"));
        assert_eq!(read, options, "{text}");
    }
}

#[test]
fn through_the_builder() {
    for options in samples() {
        assert_eq!(*Builder::with_options(options.clone()).options(), options);
    }
}

#[test]
fn every_option_has_a_key_a_flag_and_help() {
    for spec in SPECS {
        assert!(
            !spec.help.is_empty() && !spec.help.ends_with('.'),
            "{}",
            spec.key
        );
        assert!(
            spec.flag
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{}",
            spec.flag
        );
        if let Kind::Choice { values } = spec.kind {
            let default = Options::default().get(spec.key);
            let first = values.first().map(|name| Value::Text((*name).to_owned()));
            assert_eq!(first, default, "{}", spec.key);
            for value in values {
                Options::default()
                    .apply_flag(spec.flag, Some(value))
                    .unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
}

#[test]
fn an_option_is_spelled_the_same_everywhere() {
    // Every option has a value here that is not its default, and each is set by the method of its name.
    let this = include_str!("options.rs");
    let start = this.find("fn everything()").unwrap();
    let calls = &this[start..start + this[start..].find(".options()").unwrap()];
    let full = everything();
    for spec in SPECS {
        let key = spec.key;
        assert!(
            calls.contains(&format!(".{key}(")),
            "no builder method {key}"
        );
        assert_eq!(spec.flag, key.replace('_', "-"), "the flag of {key}");
        let mut one = Options::default();
        one.set(key, full.get(key).unwrap()).unwrap();
        let toml = one.to_toml();
        assert!(
            toml.lines()
                .any(|line| line.starts_with(&format!("{key} = ")) || line == format!("[{key}]")),
            "{toml}"
        );
        let tokens: TokenStream = macro_input(&one).parse().unwrap();
        assert!(tokens.to_string().starts_with(&format!("{key} =")));
        // No other spelling is taken.
        let plural = format!("{key}s");
        assert!(matches!(
            one.set(&plural, Value::Bool(true)),
            Err(OptionError::UnknownKey { nearest: Some(near), .. }) if near == key
        ));
        assert!(one.apply_flag(&format!("no-{}", spec.flag), None).is_err());
    }
}

#[test]
fn toml_errors_have_a_place() {
    let wrong = |text: &str| Options::from_toml(text).unwrap_err().to_string();
    assert_eq!(
        wrong("docs = false\nrot = 'x'"),
        "2:1: there is no option `rot`; did you mean `root`?"
    );
    assert_eq!(wrong("docs = 1"), "1:1: `docs` takes no number and no date");
    assert_eq!(wrong("docs = 'yes'"), "1:1: `docs` takes `true` or `false`");
    assert_eq!(
        wrong("[derive]\na = true"),
        "1:2: `derive` takes a table from paths to strings or lists of strings"
    );
    let no_toml = "this is no TOML; write `key = \"text\"`, `key = true` or `key = [\"text\"]`, and tables below a line `[key]`";
    assert_eq!(wrong("a = 'b'\ndocs = yes\n"), format!("2:8: {no_toml}"));
    let error = Options::from_toml("docs = true\nrot = true").unwrap_err();
    assert_eq!((error.line, error.column), (2, 1));
    assert!(matches!(
        error.cause,
        OptionError::UnknownKey {
            nearest: Some("root"),
            ..
        }
    ));
}

#[test]
fn flag_errors_say_what_is_missing() {
    let wrong = |flag, value| {
        let mut options = Options::default();
        let error = options.apply_flag(flag, value).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        wrong("rot", Some("x")),
        "there is no flag `--rot`; did you mean `--root`?"
    );
    assert_eq!(
        wrong("something", None),
        "there is no flag `--something`; `xerus generate --help` lists them"
    );
    assert_eq!(wrong("root", None), "`--root` needs a value: TYPE");
    assert_eq!(
        wrong("docs", Some("1")),
        "`--docs` takes no value, or `=true`, or `=false`"
    );
    assert_eq!(
        wrong("derive", Some("Eq")),
        "`--derive` needs the form PATH=DERIVES"
    );
    assert_eq!(
        wrong("layout", Some("file")),
        "`layout` takes `single` or `files`"
    );
}

#[test]
fn macro_errors_are_told() {
    let wrong = |text: &str| {
        let tokens: TokenStream = text.parse().unwrap();
        Options::parse_tokens
            .parse2(tokens)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        wrong("rooot = []"),
        "there is no option `rooot`; did you mean `root`?"
    );
    assert_eq!(wrong("docs = true, docs = false"), "`docs` is given twice");
    assert_eq!(
        wrong("docs = 1"),
        "expected a string, `true`, `false`, `[…]` or `{…}`"
    );
    assert_eq!(
        wrong("root = [true]"),
        "`root` takes a string or a list of strings"
    );
    assert_eq!(wrong("root = \"a\" docs = true"), "expected `,`");
}

#[test]
fn setting_replaces_and_adding_adds() {
    let mut options = everything();
    options.set("root", Value::Text("x.Y".to_owned())).unwrap();
    assert_eq!(options.root, ["x.Y"]);
    options.add("root", Value::Text("x.Z".to_owned())).unwrap();
    assert_eq!(options.root, ["x.Y", "x.Z"]);
}

#[test]
fn switches_go_both_ways_on_the_command_line() {
    let mut options = Options::default();
    for (value, expected) in [(None, true), (Some("false"), false), (Some("true"), true)] {
        for flag in ["docs", "client-only"] {
            options.apply_flag(flag, value).unwrap();
        }
        assert_eq!(
            (options.docs, options.client_only),
            (expected, expected),
            "{value:?}"
        );
    }
}

#[test]
fn a_number_is_refused_for_what_is_wrong_with_it() {
    let refused = |text| Options::from_toml(text).unwrap_err().to_string();
    assert!(refused("rot = 1\n").contains("did you mean `root`?"));
    assert_eq!(
        refused("root = 3\n"),
        "1:1: `root` takes no number and no date"
    );
}
