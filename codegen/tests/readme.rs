//! The table of options in the README is what the options say of themselves.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use xerus_codegen::options::{Kind, SPECS, Spec};

/// How an option is written in a build script.
fn method(spec: &Spec) -> String {
    let Spec {
        key, placeholder, ..
    } = spec;
    match spec.kind {
        Kind::Switch { default } => format!("`.{key}({})`", !default),
        Kind::Table => format!("`.{key}({})` …", placeholder.replace('=', ", ")),
        Kind::List => format!("`.{key}({placeholder})` …"),
        _ => format!("`.{key}({placeholder})`"),
    }
}

/// The text with a small first letter.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

fn table() -> String {
    let mut table = String::from("| `Builder` | does |\n|---|---|\n");
    for spec in SPECS {
        let help = spec.help.replace('|', "\\|");
        let help = match spec.kind {
            Kind::Switch { default: true } => {
                format!("Switches off what is on by default: {}", lower(&help))
            }
            _ => help,
        };
        writeln!(table, "| {} | {help} |", method(spec)).expect("a string takes all");
    }
    table
}

#[test]
fn the_table_of_options_is_complete() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("the README");
    let start = readme.find("| `Builder` |").expect("the table");
    let end = readme[start..]
        .find("\n\n")
        .map_or(readme.len(), |end| start + end + 1);
    let expected = table();
    if std::env::var_os("XERUS_BLESS").is_some() {
        let blessed = format!("{}{expected}{}", &readme[..start], &readme[end..]);
        fs::write(&path, blessed).expect("the README");
        return;
    }
    assert_eq!(
        &readme[start..end],
        expected,
        "write it with XERUS_BLESS=1 cargo test -p xerus-codegen --test readme"
    );
}
