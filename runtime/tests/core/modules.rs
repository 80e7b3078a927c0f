//! How the modules of the runtime stand to each other, read from the sources: whoever moves a line sees here what it ties
//! together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Which modules at the root name which others.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn arrows() -> Arrows {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let root = code(&src.join("lib.rs"));
    let homes = homes(&root);
    let mut arrows = Arrows::new();
    for module in declared(&root) {
        let named = arrows.entry(module.clone()).or_default();
        add_file(&src.join(format!("{module}.rs")), &homes, named);
        add_folder(&src.join(&module), &homes, named);
        named.remove(&module);
    }
    arrows
}

fn add_folder(folder: &Path, homes: &BTreeMap<String, String>, named: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_folder(&path, homes, named);
        } else if !path.ends_with("tests.rs") {
            add_file(&path, homes, named);
        }
    }
}

/// Adds the modules that a file names, be it by their own name or by that of a thing that the root has of them.
fn add_file(path: &Path, homes: &BTreeMap<String, String>, named: &mut BTreeSet<String>) {
    for rest in code(path).split("crate::").skip(1) {
        assert!(!rest.starts_with('{'), "{}: one path each", path.display());
        let name = word(rest);
        named.insert(homes.get(name).map_or(name, String::as_str).to_owned());
    }
}

/// A file without comments and unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines()
        .map(|line| line.split("//").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| c != '_' && !c.is_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

/// The modules that the root declares, those aside that only give names to what is elsewhere.
fn declared(root: &str) -> Vec<String> {
    root.lines()
        .filter(|line| line.trim_end().ends_with(';'))
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .map(|rest| word(rest).to_owned())
        .collect()
}

/// The modules of the names that the root exports, and of the macros, which stand at the root of every crate.
fn homes(root: &str) -> BTreeMap<String, String> {
    let mut homes: BTreeMap<_, _> = ["__form", "__make", "__serde"]
        .map(|name| (name.to_owned(), "rt".to_owned()))
        .into();
    for statement in root.split("pub use ").skip(1) {
        let (path, _) = statement.split_once(';').unwrap();
        let path = path.trim_start_matches("crate::");
        let (module, names) = path.split_once("::").unwrap();
        for name in names.split(|c: char| c != '_' && !c.is_alphanumeric()) {
            homes.insert(name.to_owned(), module.to_owned());
        }
    }
    homes
}

/// All that a module stands on.
fn below(arrows: &Arrows, module: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![module];
    while let Some(module) = next.pop() {
        for name in arrows.get(module).into_iter().flatten() {
            if found.insert(name.clone()) {
                next.push(name);
            }
        }
    }
    found
}

#[test]
fn no_module_is_in_a_circle() {
    let arrows = arrows();
    // Else nothing was read.
    assert!(below(&arrows, "object").contains("codec"), "{arrows:?}");
    assert!(below(&arrows, "rt").contains("json"), "{arrows:?}");
    let tied: Vec<_> = arrows
        .keys()
        .filter(|module| below(&arrows, module).contains(*module))
        .collect();
    assert!(tied.is_empty(), "in circles: {tied:?} of {arrows:?}");
}

#[test]
fn nobody_names_a_transport() {
    let arrows = arrows();
    for transport in ["http", "memory", "netstring", "ripex2", "wamp"] {
        assert!(arrows.contains_key(transport));
        let naming: Vec<_> = arrows
            .iter()
            .filter(|(_, named)| named.contains(transport))
            // That wire is documents over HTTP.
            .filter(|(module, _)| (module.as_str(), transport) != ("ripex2", "http"))
            .collect();
        assert!(naming.is_empty(), "{transport} is named by {naming:?}");
    }
}
