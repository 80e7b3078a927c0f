//! The formatter: what it writes, and what it never changes.

#[path = "support/repository.rs"]
mod repository;

#[path = "print/trees.rs"]
mod trees;

use std::path::Path;

use proptest::prelude::*;
use xerus_idl::lex::{self, TokenKind};
use xerus_idl::parse::parse;
use xerus_idl::print::{format, print_tree};
use xerus_idl::source::SourceMap;
use xerus_idl::syntax::{CommentKind, File};

const MESSY: &str = include_str!("print/messy.idl");

fn formatted(text: &str) -> String {
    format("a.idl", text).unwrap_or_else(|report| panic!("{report}\n{text}"))
}

fn parsed(text: &str) -> (SourceMap, File) {
    let mut sources = SourceMap::default();
    let id = sources.add("a.idl", None, text);
    let mut found = Vec::new();
    let file = parse(&sources, id, &mut found).unwrap_or_else(|| panic!("{found:?}\n{text}"));
    (sources, file)
}

/// The tokens of a text; directives without the blanks in them.
fn tokens(text: &str) -> Vec<String> {
    let mut sources = SourceMap::default();
    let id = sources.add("a.idl", None, text);
    lex::tokens(&sources, id)
        .into_iter()
        .map(|token| match token.kind {
            TokenKind::Directive => directive(sources.text(token.span)),
            _ => sources.text(token.span).to_owned(),
        })
        .collect()
}

/// A directive without blanks and comments.
fn directive(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(start) = text.find("/*") {
        let end = text[start..]
            .find("*/")
            .map_or(text.len(), |end| start + end + 2);
        text.replace_range(start..end, "");
    }
    text.split_whitespace().collect()
}

/// The comments of a text with their forms, lines trimmed.
fn comments(text: &str) -> Vec<(CommentKind, Vec<String>)> {
    let (sources, file) = parsed(text);
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect();
    file.comments
        .iter()
        .map(|one| (one.kind, lines(sources.text(one.span))))
        .collect()
}

/// A tree without places.
fn shape(file: &File) -> String {
    let text = format!("{:?}", (&file.guard, &file.includes, &file.modules));
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find("Span {") {
        out.push_str(&rest[..start]);
        let end = rest[start..].find('}').expect("a closing brace");
        rest = &rest[start + end + 1..];
    }
    out + rest
}

fn check(text: &str) -> Result<String, TestCaseError> {
    let once = formatted(text);
    prop_assert_eq!(tokens(text), tokens(&once), "tokens of\n{}\n{}", text, once);
    prop_assert_eq!(
        comments(text),
        comments(&once),
        "comments of\n{}\n{}",
        text,
        once
    );
    prop_assert_eq!(shape(&parsed(text).1), shape(&parsed(&once).1));
    let twice = formatted(&once);
    prop_assert_eq!(&once, &twice, "not stable\n{}", text);
    for line in once.lines() {
        prop_assert!(
            line.trim_end() == line || line.contains('"'),
            "blanks at the end: {:?}",
            line
        );
    }
    Ok(once)
}

#[test]
fn the_messy_one() {
    let text = check(MESSY).unwrap();
    insta::assert_snapshot!("messy", text);
}

#[test]
fn carriage_returns_go() {
    let with = MESSY.replace('\n', "\r\n");
    assert_eq!(formatted(&with), formatted(MESSY));
}

#[test]
fn the_api_is_kept_in_canonical_form() {
    if repository::is_missing() {
        return;
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("xerus-4.0.20");
    let mut count = 0;
    for entry in directory.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let canonical = check(&text).unwrap();
        if std::env::var_os("XERUS_BLESS").is_some() {
            std::fs::write(&path, &canonical).unwrap();
        } else {
            assert!(
                text == canonical,
                "not in canonical form: {}",
                path.display()
            );
        }
        count += 1;
    }
    assert_eq!(count, 118);
}

#[test]
fn lists_of_parameters_are_wrapped() {
    let text = "module m { interface I { int aMethodWithAName(in vector<string> first, in map<int, Other> \
                second, out Result third, out boolean fourth); }; }";
    assert_eq!(
        formatted(text),
        "module m {
    interface I {
        int aMethodWithAName(in vector<string> first, in map<int, Other> second, out Result third,
                             out boolean fourth);
    };
}
"
    );
}

#[test]
fn nothing_stays_nothing() {
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("\n\n// a\n\n\n\n// b\n\n"), "// a\n\n// b\n");
}

#[test]
fn a_refused_text_is_reported() {
    let report = format("a.idl", "module m { opaque; }").unwrap_err();
    assert_eq!(
        report.to_short(),
        "a.idl:1:18: error: expected an opaque type name, found `;`\n"
    );
}

/// What may stand between two tokens.
fn filler() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        6 => prop::sample::select(vec![" ", "\n", "\t", "\n\n\n", "\r\n", "    "]),
        2 => prop::sample::select(vec![
            "/* a */", "/** a */", "/**< a */", "// a\n", "/// a\n", "///< a\n", "//< a\r\n", "/**/",
        ]),
        1 => prop::sample::select(vec![
            "/* a\n   b */", "/** a\n * b\n\t* c\n */", "/* a\n\n  b\t\n\tc */", "/**< a\n\t\tb */",
            "// a  \n", "//\ta\tb\n", "/* a\tb\n\t\t c */", "/* a\r\n * b */",
        ]),
    ];
    prop::collection::vec(one, 0..4).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn blanks_and_comments_anywhere(fillers in prop::collection::vec(filler(), 1..300)) {
        let mut text = String::new();
        let mut fillers = fillers.iter().cycle();
        let mut previous = String::new();
        for token in tokens(MESSY).iter().filter(|token| !token.starts_with('#')) {
            let filler = fillers.next().unwrap();
            let word = |text: &str| text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            text.push_str(filler);
            if filler.is_empty() && word(&previous) && word(token) {
                text.push(' ');
            }
            text.push_str(token);
            previous.clone_from(token);
        }
        text.push_str(fillers.next().unwrap());
        check(&text)?;
    }

    #[test]
    fn trees_survive(file in trees::file()) {
        let text = print_tree(&file);
        let back = parsed(&text).1;
        prop_assert_eq!(shape(&file), shape(&back), "{}", text);
        prop_assert_eq!(&text, &formatted(&text));
    }
}
