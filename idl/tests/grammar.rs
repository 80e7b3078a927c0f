//! The committed parser is the one that the grammar yields.

use std::path::Path;

const HEADER: &str = "\
// @generated from `xerus.pest`; to write it anew: XERUS_BLESS=1 cargo test -p xerus-idl --test grammar

/// The parser that pest made.
pub struct Grammar;

";

fn generate() -> String {
    let grammar = include_str!("../src/xerus.pest");
    let tokens = pest_generator::derive_parser(
        quote::quote! {
            #[grammar_inline = #grammar]
            pub struct Grammar;
        },
        false,
    );
    let file = syn::parse2(tokens).expect("the generator yields items");
    format!("{HEADER}{}", prettyplease::unparse(&file))
}

#[test]
fn the_committed_parser_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/grammar.rs");
    let fresh = generate();
    assert_eq!(fresh, generate(), "two runs differ");
    if std::env::var_os("XERUS_BLESS").is_some() {
        std::fs::write(&path, &fresh).expect("src/grammar.rs can be written");
    }
    let committed = std::fs::read_to_string(&path).expect("src/grammar.rs can be read");
    assert!(
        committed == fresh,
        "src/grammar.rs is stale: run XERUS_BLESS=1 cargo test -p xerus-idl --test grammar"
    );
}
