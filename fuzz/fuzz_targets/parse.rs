//! Any bytes as IDL: reading, parsing, explaining, resolving, linting, showing and formatting never panic or hang,
//! and formatting keeps what a file says.
//!
//! The bytes are cut at each 0xFF into files `0.idl`, `1.idl` and so on, so that they can include each other.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xerus_idl::source::SourceMap;
use xerus_idl::{Idl, lex, print};

fuzz_target!(|data: &[u8]| {
    let files = data.split(|byte| *byte == 0xff);
    let idl = files.enumerate().fold(Idl::new(), |idl, (at, bytes)| {
        idl.bytes(format!("{at}.idl"), bytes.to_vec())
    });
    match idl.load() {
        Ok(loaded) => {
            assert_eq!(loaded.files.len(), loaded.sources.files().len());
            for file in &loaded.files {
                let text = loaded.sources.file(file.id).text();
                let once = print::print(&loaded.sources, file);
                let twice = print::format("once.idl", &once).expect("what was printed can be read");
                assert_eq!(once, twice, "formatting twice");
                assert_eq!(words(text), words(&once), "formatting changed the tokens");
            }
        }
        Err(report) => {
            assert!(report.has_errors());
            let shown = report.to_plain().len() + report.to_json().len() + report.to_short().len();
            assert!(shown > 0);
        }
    }
});

/// The tokens of a text that are not directives.
fn words(text: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let id = sources.add("words.idl", None, text);
    lex::tokens(&sources, id)
        .into_iter()
        .filter(|token| token.kind != lex::TokenKind::Directive)
        .map(|token| sources.text(token.span).to_owned())
        .collect()
}
