//! Grammar and explanation accept the same texts.

use proptest::prelude::*;

use super::explain;
use crate::diagnostic::Diagnostic;
use crate::lex::{self, Lexer, TokenKind};
use crate::parse;
use crate::source::SourceMap;
use crate::syntax::KEYWORDS;

/// Every construct of the language.
const SAMPLE: &str = r#"
#ifndef GARDEN_IDL
#define GARDEN_IDL
#include <Base.idl>
/** Garden control */
module garden {
    [unknown_fallback("OTHER")] enumeration Soil_2_0_0 { SANDY, /* a */ CLAY, [x] OTHER };
    opaque Blob;
    typedef map<string, vector<long>> Table;
    structure Bed { string label; Soil_2_0_0 soil; vector<Bed> parts; structure In { int x; }; };
    interface Valve_3_1_4 extends base.Thing_1_0_2 {
        constant int ERR_STUCK = 1; constant int UNSET = -1; constant int MASK = 0x0F;
        typedef map<int, Blob> Registers;
        valueobject Moved extends base.Happening { Position position; };
        valueobject Jammed {};
        [deprecated] [since(4, "x", y)] Position getPosition();
        int move(in Position target, out Position previous, in int timeoutMs); // c
        void stop();
        enumeration Position { SHUT, };
    };
    module inner { opaque Other; }
};
module other { }
#endif
"#;

/// What the two say: whether there is a tree, and the errors of the explanation. `None` if the text does not
/// get as far as that.
fn verdicts(text: &str) -> Option<(bool, Vec<String>)> {
    let mut sources = SourceMap::default();
    let id = sources.add("a.idl", None, text);
    let mut lexer = Lexer::new(&sources, id);
    while lexer.token().kind != TokenKind::End {}
    let preamble = lex::preamble(&mut lexer);
    if lexer.found.iter().any(Diagnostic::is_error) {
        return None;
    }
    let text = sources.file(id).text();
    let accepts = parse::tree(id, text, preamble, Vec::new()).is_ok();
    let errors = explain(&sources, id)
        .into_iter()
        // A value that does not fit is no matter of grammar.
        .filter(|d| d.is_error() && d.code != crate::diagnostic::codes::CONSTANT_RANGE)
        .map(|d| d.message)
        .collect();
    Some((accepts, errors))
}

fn agree(text: &str) -> Result<(), TestCaseError> {
    if let Some((accepts, errors)) = verdicts(text) {
        prop_assert_eq!(accepts, errors.is_empty(), "{} {:?}", text, errors);
    }
    Ok(())
}

/// The tokens of the sample as text, directives left out.
fn sample_tokens() -> Vec<String> {
    let mut sources = SourceMap::default();
    let id = sources.add("a.idl", None, SAMPLE);
    lex::tokens(&sources, id)
        .into_iter()
        .filter(|token| token.kind != TokenKind::Directive)
        .map(|token| sources.text(token.span).to_owned())
        .collect()
}

fn any_token() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(KEYWORDS.to_vec()).prop_map(str::to_owned),
        4 => prop::sample::select("{}()[]<>,;=.-".chars().map(String::from).collect::<Vec<_>>()),
        2 => prop::sample::select(vec!["a", "B_1_0_0", "structre", "inout", "modul"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["1", "0x1F", "0x", "2nd", "007", "99999999999999999999"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["\"s\"", "@", "+", ":", "/* c */", "// c\n", "\u{a0}", "\r\n"]).prop_map(str::to_owned),
    ]
}

#[derive(Clone, Debug)]
enum Edit {
    Delete,
    Double,
    Swap,
    Replace(String),
    Insert(String),
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Delete),
        Just(Edit::Double),
        Just(Edit::Swap),
        any_token().prop_map(Edit::Replace),
        any_token().prop_map(Edit::Insert),
    ]
}

fn apply(tokens: &mut Vec<String>, at: usize, edit: Edit) {
    let at = at % tokens.len().max(1);
    if tokens.is_empty() {
        return;
    }
    match edit {
        Edit::Delete => {
            tokens.remove(at);
        }
        Edit::Double => tokens.insert(at, tokens[at].clone()),
        Edit::Swap => {
            let other = (at + 1) % tokens.len();
            tokens.swap(at, other);
        }
        Edit::Replace(token) => tokens[at] = token,
        Edit::Insert(token) => tokens.insert(at, token),
    }
}

#[test]
fn the_sample_is_accepted() {
    assert_eq!(verdicts(SAMPLE), Some((true, Vec::new())));
    assert_eq!(
        verdicts(&sample_tokens().join(" ")),
        Some((true, Vec::new()))
    );
    assert_eq!(verdicts(""), Some((true, Vec::new())));
}

#[test]
fn every_single_edit_of_the_sample() {
    let tokens = sample_tokens();
    for at in 0..tokens.len() {
        for edit in [Edit::Delete, Edit::Double, Edit::Swap] {
            let mut edited = tokens.clone();
            apply(&mut edited, at, edit);
            agree(&edited.join(" ")).unwrap();
        }
        for token in KEYWORDS
            .iter()
            .chain(&["a", "1", "\"s\"", "@", "{", "}", "(", ")", ";", ","])
        {
            for edit in [
                Edit::Replace((*token).to_owned()),
                Edit::Insert((*token).to_owned()),
            ] {
                let mut edited = tokens.clone();
                apply(&mut edited, at, edit);
                agree(&edited.join("\n")).unwrap();
            }
        }
    }
}

#[test]
fn every_beginning_of_the_sample() {
    for (end, _) in SAMPLE.char_indices() {
        agree(&SAMPLE[..end]).unwrap();
        agree(&SAMPLE[end..]).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn edited_samples(edits in prop::collection::vec((any::<prop::sample::Index>(), any_edit()), 1..6)) {
        let mut tokens = sample_tokens();
        for (at, edit) in edits {
            let at = at.index(tokens.len().max(1));
            apply(&mut tokens, at, edit);
        }
        agree(&tokens.join(" "))?;
    }

    #[test]
    fn heaps_of_tokens(tokens in prop::collection::vec(any_token(), 0..60)) {
        agree(&tokens.join(" "))?;
        agree(&format!("module m {{ {} }}", tokens.join(" ")))?;
        agree(&format!("module m {{ interface I {{ {} }}; }}", tokens.join(" ")))?;
    }

    #[test]
    fn heaps_of_characters(text in "[a-c{}()<>;,=.\\[\\]\"/* \n#_0x-]{0,80}") {
        agree(&text)?;
    }
}
