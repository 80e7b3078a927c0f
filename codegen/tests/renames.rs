//! Names that fall together in Rust: what is told, and what the option `rename` makes of it.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use std::path::Path;

use xerus_codegen::error::Kind;
use xerus_codegen::{Builder, Error, Options, RustNames, codes, lint};
use xerus_idl::Idl;
use xerus_idl::diagnostic::Level;

const SCALE: &str = "module lab {
    structure Scale { float mW; float MW; };
    interface Meter { Scale read(); int getUrl(); int getURL(); };
}";

fn generate(text: &str, options: &Options) -> Result<String, Error> {
    Builder::with_options(options.clone())
        .text("Lab.idl", text)
        .generate_string()
}

/// The renames that the reports of an error advise, as the command line has them.
fn advised(error: &Error) -> Vec<String> {
    let Kind::Idl(diagnostics) = error.kind() else {
        panic!("{error}");
    };
    let helps = diagnostics.items.iter().filter_map(|item| {
        let named = [codes::COLLISION, codes::NO_LETTER].contains(&item.code);
        named.then(|| item.help.as_deref().unwrap())
    });
    let flags = helps.map(|help| {
        let (_, flag) = help.split_once("--rename ").unwrap();
        flag.split('`').next().unwrap().to_owned()
    });
    flags.collect()
}

/// Does what the reports advise until nothing is left to be told; the options then.
fn follow(text: &str, options: &Options) -> Options {
    let mut options = options.clone();
    for _ in 0..5 {
        let Err(error) = generate(text, &options) else {
            return options;
        };
        for flag in advised(&error) {
            options.apply_flag("rename", Some(&flag)).unwrap();
        }
    }
    panic!("advice leads nowhere: {options:?}");
}

#[test]
fn advice_can_be_pasted() {
    let options = follow(SCALE, &Options::default());
    assert_eq!(
        options.to_toml().lines().skip(2).collect::<Vec<_>>(),
        ["[rename]", "\"lab.Meter.getURL\" = \"get_url2\""]
    );
    let code = generate(SCALE, &options).unwrap();
    for line in [
        "pub m_w: f32,",
        "pub mw: f32,",
        "members: &[\"mW\", \"MW\"],",
        "pub fn get_url(&self)",
        "pub fn get_url2(&self)",
        "name: \"getURL\",",
        "name: \"getUrl\",",
        "\"getURL\" => target.get_url2(",
    ] {
        assert!(code.contains(line), "{line}");
    }
    // The TOML file and the macro read the same.
    let help = "rename = { \"lab.Meter.getURL\" = \"get_url2\" }";
    let toml = Options::from_toml(help).unwrap();
    assert!(generate(SCALE, &toml).is_ok());
}

#[test]
fn every_collision_of_the_corpus_has_advice_that_leads_out() {
    if repository::is_missing() {
        return;
    }
    let errors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/errors");
    for name in ["fields", "methods", "types", "nameless"] {
        let text = std::fs::read_to_string(errors.join(name).with_extension("idl")).unwrap();
        let options = follow(&text, &Options::default());
        assert!(!options.rename.is_empty(), "{name}");
    }
    let own = "module acme { interface Lamp { void wellKnown(); void wellKnown2(); }; }";
    let mut options = Options::default();
    options
        .apply_flag("well-known", Some("acme.Lamp=/lamp"))
        .unwrap();
    let code = generate(own, &follow(own, &options)).unwrap();
    assert!(code.contains("pub fn well_known3(&self)"));
}

#[test]
fn no_help_sends_people_to_the_contract() {
    let error = generate(SCALE, &Options::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("help: "), "{error}");
    assert!(!error.contains("in the IDL"), "{error}");
}

/// What the option `rename` with these entries is refused for.
fn refusal(renames: &[(&str, &str)]) -> Vec<String> {
    let mut options = Options::default();
    for (path, name) in renames {
        let flag = format!("{path}={name}");
        options.apply_flag("rename", Some(&flag)).unwrap();
    }
    let text = "module lab {
        enumeration Colour { RED };
        structure Scale { int x; };
        interface Meter { constant int MOST = 1; void read(in int unit, out int a, out int b); void reset(); };
    }";
    generate(text, &options).unwrap_err().lines()
}

#[test]
fn renames_that_cannot_be_followed_say_the_way_out() {
    const TAKEN: &str =
        "is what generated code calls something of its own; choose another name [X0607]";
    for (path, name, expected) in [
        (
            "lab.Meter.raed",
            "x",
            "`rename` names `lab.Meter.raed`, which is nothing in the input; did you mean \
          `lab.Meter.read`? [X0602]",
        ),
        (
            "lab.Meter.read.a",
            "x",
            "`rename` names `lab.Meter.read.a`, which is a result: it has no name in Rust, leave \
          it out [X0602]",
        ),
        (
            "lab.Meter.read",
            "a-b",
            "`rename` for `lab.Meter.read`: `a-b` is no Rust identifier; write letters, digits \
          and `_`, no digit first [X0607]",
        ),
        (
            "lab.Meter.read",
            "2nd",
            "`rename` for `lab.Meter.read`: `2nd` is no Rust identifier; write letters, digits \
          and `_`, no digit first [X0607]",
        ),
        (
            "lab.Meter.read",
            "match",
            "`rename` for `lab.Meter.read`: `match` is a word of Rust itself; write `r#match` \
          or `match_` [X0607]",
        ),
        (
            "lab.Meter",
            "meter",
            "`rename` for `lab.Meter`: `meter` cannot be told from the module of the type; begin \
          with a capital letter [X0607]",
        ),
        (
            "lab.Meter.read",
            "clone",
            &format!("`rename` for `lab.Meter.read`: `clone` {TAKEN}"),
        ),
        (
            "lab.Scale.x",
            "extra_",
            &format!("`rename` for `lab.Scale.x`: `extra_` {TAKEN}"),
        ),
        (
            "lab.Colour.RED",
            "Unknown_",
            &format!("`rename` for `lab.Colour.RED`: `Unknown_` {TAKEN}"),
        ),
        (
            "lab.Meter.MOST",
            "VERSION",
            &format!("`rename` for `lab.Meter.MOST`: `VERSION` {TAKEN}"),
        ),
        (
            "lab.Meter.MOST",
            "at",
            &format!("`rename` for `lab.Meter.MOST`: `at` {TAKEN}"),
        ),
        (
            "lab.Meter.MOST",
            "CODES_",
            &format!("`rename` for `lab.Meter.MOST`: `CODES_` {TAKEN}"),
        ),
        (
            "lab.Meter.read",
            "CODES_2_",
            &format!("`rename` for `lab.Meter.read`: `CODES_2_` {TAKEN}"),
        ),
        (
            "lab.Meter.read",
            "TYPE_ID",
            &format!("`rename` for `lab.Meter.read`: `TYPE_ID` {TAKEN}"),
        ),
        (
            "lab.Meter.read.unit",
            "context_",
            &format!("`rename` for `lab.Meter.read.unit`: `context_` {TAKEN}"),
        ),
        (
            "lab",
            "server",
            &format!("`rename` for `lab`: `server` {TAKEN}"),
        ),
    ] {
        assert_eq!(refusal(&[(path, name)]), [expected]);
    }
    assert_eq!(
        refusal(&[("lab.Meter.read", "a"), ("lab.Meter.read", "b")]),
        ["`rename` gives `lab.Meter.read` several names: `a`, `b`; leave one of them [X0607]"]
    );
    assert_eq!(
        refusal(&[("lab.Meter.read", "a"), ("lab.Meter:1.0.0.read", "b")]),
        [
            "`rename` for `lab.Meter:1.0.0.read`: another path of the option has named it `a` already; leave one of \
             them [X0607]"
        ]
    );
}

#[test]
fn a_rename_that_collides_again_is_told() {
    let mut options = Options::default();
    options
        .apply_flag("rename", Some("lab.Meter.getURL=read"))
        .unwrap();
    let error = generate(SCALE, &options).unwrap_err().to_string();
    assert!(
        error.contains("method `getURL` of `lab.Meter` and method `read` of `lab.Meter` both become `read` in Rust"),
        "{error}"
    );
    assert!(
        error.contains(
            "help: give `lab.Meter.getURL` another name in the option `rename`, such as `read2`"
        ),
        "{error}"
    );
}

#[test]
fn comparisons_follow_renames() {
    let loaded = Idl::new().text("Lab.idl", SCALE).load();
    let model = loaded.map_err(|found| found.to_short()).unwrap().model;
    let mut options = Options::default();
    for flag in [
        "lab.Meter=Gauge",
        "lab.Meter.getURL=url",
        "lab.Scale.MW=mega",
        "lab.Gone=X",
    ] {
        options.apply_flag("rename", Some(flag)).unwrap();
    }
    let names = RustNames::with_options(&model, &options);
    for (path, member, expected) in [
        ("lab.Meter", "", "lab::Gauge"),
        ("lab.Meter", "getURL", "lab::Gauge::url"),
        ("lab.Meter", "getUrl", "lab::Gauge::get_url"),
        ("lab.Scale", "MW", "lab::Scale::mega"),
    ] {
        assert_eq!(names.get(path, member).as_deref(), Some(expected));
    }
}

#[test]
fn what_is_refused_is_warned_of_before() {
    let texts = [
        SCALE.to_owned(),
        "module m { structure __ { int x; }; }".to_owned(),
        format!(
            "module lab {{ interface Meter {{ int read({}); }}; }}",
            ('a'..='l')
                .map(|c| format!("out int {c}"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        "module pdumodel { interface Outlet { void wellKnown(); }; }".to_owned(),
        // Whoever calls `on` would switch off.
        "module pdumodel { interface Relay { /** @wire off */ void on(); void off(); }; }"
            .to_owned(),
        "module pdumodel { interface Base { void off(); }; \
         interface Relay extends Base { /** @wire off */ void on(); }; }"
            .to_owned(),
        "module sensors { structure NumericSensor { int x; }; } \
         module pdumodel { interface Outlet { sensors.NumericSensor f(); }; }"
            .to_owned(),
    ];
    for text in texts {
        let error = generate(&text, &Options::default()).unwrap_err();
        let Kind::Idl(refused) = error.kind() else {
            panic!("{error}");
        };
        let loaded = Idl::new().text("Lab.idl", &text).load();
        let model = loaded.map_err(|found| found.to_short()).unwrap().model;
        let mut warned = lint(&model, &Options::default());
        warned.sort_by_key(|item| item.span);
        assert_eq!(warned.len(), refused.items.len(), "{text}");
        for (warned, refused) in warned.iter().zip(&refused.items) {
            assert_eq!(warned.level, Level::Warning);
            assert_eq!(
                (warned.code, &warned.message),
                (refused.code, &refused.message)
            );
            assert!(warned.help.is_some(), "{warned:?}");
        }
    }
}

#[test]
fn methods_with_too_many_results_need_not_be_generated() {
    let outs = ('a'..='l')
        .map(|c| format!("out int {c}"))
        .collect::<Vec<_>>()
        .join(", ");
    let text = format!(
        "module lab {{ interface Meter {{ int read({outs}); }}; interface Lamp {{ void f(); }}; }}"
    );
    let error = generate(&text, &Options::default()).unwrap_err();
    assert_eq!(
        error.lines(),
        [
            "Lab.idl:1:36: method `read` of `lab.Meter` has 13 results, and a tuple in Rust at most 12 [X0605]; help: take the \
             method out of the IDL, which changes nothing for the others, and call it by its name with `Agent::call`; or \
             generate without this interface: the option `root` names what is wanted instead"
        ]
    );
    let mut options = Options::default();
    options.apply_flag("root", Some("lab.Lamp")).unwrap();
    assert!(
        generate(&text, &options)
            .unwrap()
            .contains("pub struct Lamp")
    );
}
