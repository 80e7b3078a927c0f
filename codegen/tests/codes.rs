//! The codes of the generator and the page that lists them. `XERUS_BLESS=1` rewrites the page.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use std::path::Path;
use std::{env, fs};

use xerus_codegen::codes;

/// The manual page, from the table.
fn manual() -> String {
    let mut text = String::from(
        "# Diagnostics of the generator\n\n\
         What the generator refuses although the IDL itself is right: options that cannot be followed and names\n\
         that cannot be told apart in Rust. A code never changes its meaning; the texts may change. The codes of\n\
         IDL are in [diagnostics](diagnostics.md).\n\n\
         `xerus check` warns of what the IDL alone brings about (X0601, X0604, X0605, X0609, X0611 to X0613), so that IDL without a\n\
         warning can be generated. Two names that become one are told apart by the option `rename`, which changes the name in Rust and\n\
         never the one on the wire; the help of the diagnostic has it ready to paste:\n\n\
         ```toml\n[rename]\n\"lab.Meter.getURL\" = \"get_url2\"\n```\n\n\
         A method with more than twelve results (X0605) has no form in Rust: longer tuples cannot be shown, compared or made\n\
         by default. Take the method out of the IDL that code is generated from. Methods go over the wire by name, so nothing\n\
         changes for the others, nor for the wire id of the interface. The method itself is called without bindings, with JSON\n\
         for arguments and results: `agent.call(rid, \"read\", params)`. A root that does not reach the interface, if it is not\n\
         needed at all, does as well. In IDL of one's own, one structure takes any number of values.\n\n\
         This page is written by `XERUS_BLESS=1 cargo test -p xerus-codegen --test codes` from the table in\n\
         `codegen/src/codes.rs`.\n\n\
         | code | about |\n|---|---|\n",
    );
    for (code, title) in codes::ALL {
        text.push_str(&format!("| {} | {title} |\n", code.0));
    }
    text
}

#[test]
fn the_manual_lists_all_codes() {
    if repository::is_missing() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics-generator.md");
    let fresh = manual();
    if env::var_os("XERUS_BLESS").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(
        committed == fresh,
        "docs/diagnostics-generator.md is stale: run with XERUS_BLESS=1"
    );
}

#[test]
fn codes_are_in_order_and_apart_from_those_of_idl() {
    let codes: Vec<_> = codes::ALL.iter().map(|(code, _)| code.0).collect();
    assert_eq!(codes.first(), Some(&"X0601"));
    for pair in codes.windows(2) {
        assert!(pair[0] < pair[1], "{pair:?}");
    }
    for code in codes {
        let idl = xerus_idl::diagnostic::codes::ALL;
        assert!(idl.iter().all(|(other, _)| other.0 != code), "{code}");
    }
}
