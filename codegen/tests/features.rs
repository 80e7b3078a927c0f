//! What each cargo feature brings, in all forms of the output, and how a `Cargo.toml` declares them.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use std::path::Path;

use xerus_codegen::features::{FULL, Feature, MARKERS, NoMarkers, manifest};
use xerus_codegen::{Builder, Layout};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn fixture() -> Builder {
    Builder::new()
        .idl_file(root().join("tests/corpus/features.idl"))
        .cargo_features(true)
}

fn list(builder: &Builder) -> Vec<Feature> {
    builder.features().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_module_at_the_root_is_a_feature() {
    if repository::is_missing() {
        return;
    }
    let features: Vec<_> = list(&fixture())
        .into_iter()
        .map(|feature| (feature.name, feature.docs, feature.parts.join(" ")))
        .collect();
    let expected = [
        (
            "base",
            "What others build on. Its lamp is only reached from here.",
            "type",
        ),
        ("full_", "Has a name that cargo features cannot have", ""),
        ("shop", "Module `shop`.", "base full_ staff type"),
        ("staff", "Module `staff`.", ""),
        ("type", "Module `type`.", ""),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(features, expected);
}

#[test]
fn only_what_the_roots_reach_is_a_feature() {
    if repository::is_missing() {
        return;
    }
    let names = |builder: &Builder| -> Vec<String> {
        list(builder)
            .into_iter()
            .map(|feature| feature.name)
            .collect()
    };
    assert_eq!(names(&fixture().root("staff")), ["staff"]);
    assert_eq!(names(&fixture().root("base")), ["base", "type"]);
    assert_eq!(names(&fixture().root("full.Till_2_0_0")), ["full_"]);
    let elsewhere = fixture()
        .root("base")
        .extern_path("type", "::other::r#type");
    assert_eq!(names(&elsewhere), ["base"]);
}

/// The lines of generated code that are more than white space, comments included.
fn lines(text: &str) -> Vec<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn tokens_and_text_say_the_same() {
    if repository::is_missing() {
        return;
    }
    let text = fixture().generate_string().unwrap();
    let tokens = fixture().generate_tokens().unwrap();
    let formatted = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    let code = lines(&text);
    let code = &code[code
        .iter()
        .position(|line| !line.starts_with("//"))
        .unwrap()..];
    assert_eq!(code, lines(&formatted));
    let plain = fixture().format(false).generate_string().unwrap();
    let plain = prettyplease::unparse(&syn::parse_file(&plain).unwrap());
    assert_eq!(lines(&plain), lines(&formatted));
}

#[test]
fn without_the_option_nothing_is_conditional() {
    if repository::is_missing() {
        return;
    }
    let builder = fixture().cargo_features(false);
    let text = builder.generate_string().unwrap();
    assert!(!text.contains("cfg("), "{text}");
    assert_eq!(list(&builder), list(&fixture()));
}

#[test]
fn what_only_a_module_itself_needs_has_a_file_that_others_do_not_read() {
    if repository::is_missing() {
        return;
    }
    let count = |text: &str| text.matches("#[cfg(").count();
    let single = fixture().generate_string().unwrap();
    let files = fixture().layout(Layout::Files).generate_files().unwrap();
    let files = files.files();
    let own: Vec<_> = files
        .iter()
        .filter(|file| file.path.ends_with("own_.rs"))
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(own, ["base/own_.rs", "full/own_.rs", "staff/own_.rs"]);
    let all: usize = files.iter().map(|file| count(&file.text)).sum();
    let absent = |text: &str| text.matches("#[cfg(not(").count();
    let absent: usize = files.iter().map(|file| absent(&file.text)).sum();
    assert_eq!(
        all - 2 * absent,
        count(&single) + own.len(),
        "an include for each of them"
    );
    let text = |path: &str| &files.iter().find(|file| file.path == path).unwrap().text;
    let (base, own) = (text("base.rs"), text("base/own_.rs"));
    assert!(base.contains("#[cfg(feature = \"base\")]\n::core::include!(\"base/own_.rs\");\n"));
    assert!(!base.contains("pub struct Lamp(") && own.contains("pub struct Lamp("));
    // For the compiler, which then knows what brings it.
    let named = "#[cfg(not(feature = \"base\"))]\n#[cfg(feature = \"base\")]\npub struct Lamp;\n";
    assert!(base.contains(named), "{base}");
    assert!(base.contains("pub mod sparse_") && !own.contains("pub mod sparse_"));
    assert!(text("").contains("#[cfg(feature = \"server\")]"));
}

/// Every reference that an item makes is there whenever the item is: the sets of the whole API, which
/// are compiled one by one elsewhere, hold what they should.
#[test]
fn a_feature_of_the_whole_api_brings_a_small_part_of_the_others() {
    if repository::is_missing() {
        return;
    }
    let api = Builder::new().idl_dir(root().join("idl/xerus-4.4.1"));
    let features = list(&api);
    let parts = |name: &str| {
        let feature = features
            .iter()
            .find(|feature| feature.name == name)
            .unwrap();
        feature.parts.join(" ")
    };
    assert_eq!(features.len(), 43);
    assert_eq!(
        parts("pdumodel"),
        "event hmi idl peripheral portsmodel sensors"
    );
    assert_eq!(parts("idl"), "");
    assert_eq!(parts("sensors"), "event idl peripheral");
}

fn template(middle: &str, end: &str) -> String {
    let [first, last] = MARKERS;
    format!("[features]{end}default = []{end}{first}{end}{middle}{last}{end}{end}[lib]{end}")
}

#[test]
fn a_manifest_is_changed_between_the_markers_only() {
    if repository::is_missing() {
        return;
    }
    let features = list(&fixture());
    for end in ["\n", "\r\n"] {
        let old = template(&format!("gone = []{end}"), end);
        let made = manifest(&old, &features, true).unwrap();
        assert!(!made.fresh);
        let middle = "\
## All modules; without `server`.
full = [
    \"base\", \"full_\", \"shop\", \"staff\", \"type\",
]
## The server side of the modules whose features are on.
server = []
## What others build on. Its lamp is only reached from here. With what it needs of `type`.
base = []
## Has a name that cargo features cannot have
full_ = []
## Module `shop`. With what it needs of `base`, `full_`, `staff`, `type`.
shop = []
## Module `staff`.
staff = []
## Module `type`.
type = []
";
        assert_eq!(made.text, template(&middle.replace('\n', end), end));
        let again = manifest(&made.text, &features, true).unwrap();
        assert!(again.fresh);
        assert_eq!(again.text, made.text);
        let table = toml::de::DeTable::parse(&made.text).unwrap();
        let declared = table.get_ref()["features"].get_ref().as_table().unwrap();
        let all = declared[FULL].get_ref().as_array().unwrap();
        for name in all {
            let name = name.get_ref().as_str().unwrap();
            assert!(declared.contains_key(name), "{name}");
        }
        assert_eq!((all.len(), declared.len()), (5, 8));
        let client = manifest(&old, &features, false).unwrap();
        assert!(!client.text.contains("server = "), "{}", client.text);
    }
}

#[test]
fn a_manifest_without_a_place_says_what_to_add() {
    let [first, last] = MARKERS;
    let refused = |old: &str| manifest(old, &[], true).unwrap_err();
    for old in ["", "[package]\n", first, last] {
        assert_eq!(refused(old), NoMarkers::Missing, "{old}");
    }
    assert!(refused("").to_string().contains(first));
    assert!(refused("").to_string().contains(last));
    for old in [
        format!("{last}\n{first}\n"),
        format!("{first}\n{first}\n{last}\n"),
        format!("{first}\n{last}\n{last}\n"),
    ] {
        assert_eq!(refused(&old), NoMarkers::Misplaced, "{old}");
    }
}
