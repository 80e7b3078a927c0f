//! Text to syntax tree.
//!
//! A text goes through [`lex`], then through the parser that pest made of `xerus.pest`. When that
//! refuses it, the reasons come from `explain`, never from pest.

mod build;

use pest::Parser;
use pest::error::InputLocation;

use crate::check;
use crate::diagnostic::{Diagnostic, codes, limit};
use crate::explain;
use crate::grammar::{Grammar, Rule};
use crate::lex::{self, Lexer, MAX_FILE_SIZE, Preamble, TokenKind};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::{Comment, File};

/// Parses one file of a source map and appends what was found wrong with it, sorted by place.
///
/// The tree is `None` if there is an error of syntax. A tree may come with errors nevertheless: of values that
/// do not fit their types.
#[must_use]
pub fn parse(sources: &SourceMap, id: FileId, found: &mut Vec<Diagnostic>) -> Option<File> {
    let text = sources.file(id).text();
    if text.len() > MAX_FILE_SIZE {
        found.push(too_long(id));
        return None;
    }
    let mut lexer = Lexer::new(sources, id);
    while lexer.token().kind != TokenKind::End {}
    let preamble = lex::preamble(&mut lexer);
    let halted = lexer.halted();
    let mut here = std::mem::take(&mut lexer.found);
    let mut file = None;
    if !here.iter().any(Diagnostic::is_error) {
        let comments = std::mem::take(&mut lexer.comments);
        match tree(id, text, preamble, comments) {
            Ok(tree) => {
                check::file(&tree, &mut here);
                file = Some(tree);
            }
            Err(at) => {
                here.extend(explain::explain(sources, id));
                if !here.iter().any(Diagnostic::is_error) {
                    here.push(unexplained(sources, id, at));
                }
            }
        }
    } else if !halted {
        here.extend(explain::explain(sources, id));
    }
    here.sort_by_key(|item| (item.span, item.code));
    if file.is_none() {
        // The reading stopped somewhere behind the limit: how much more is wrong is not known.
        here = limit::cut_file(here, true);
    }
    found.append(&mut here);
    file
}

/// The tree of a text that the lexer accepts; otherwise the place up to which pest understands it.
pub(crate) fn tree(
    id: FileId,
    text: &str,
    preamble: Preamble,
    comments: Vec<Comment>,
) -> Result<File, usize> {
    match Grammar::parse(Rule::file, text) {
        Ok(pairs) => build::file(id, pairs, preamble, comments).ok_or(0),
        Err(refusal) => {
            let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = refusal.location;
            Err(at)
        }
    }
}

/// The error for a text beyond [`MAX_FILE_SIZE`].
pub(crate) fn too_long(id: FileId) -> Diagnostic {
    Diagnostic::error(
        codes::TOO_LONG,
        Span::new(id, 0, 0),
        format!("file too long: more than {} MiB", MAX_FILE_SIZE >> 20),
    )
}

/// The last resort: pest refused a text and nothing else did.
fn unexplained(sources: &SourceMap, id: FileId, at: usize) -> Diagnostic {
    let mut lexer = Lexer::new(sources, id);
    let token = loop {
        let token = lexer.token_or_directive();
        if token.kind == TokenKind::End || token.span.end as usize > at {
            break token;
        }
    };
    let shown = explain::describe(token, sources.text(token.span));
    Diagnostic::error(
        codes::UNEXPECTED_TOKEN,
        token.span,
        format!("unexpected {shown}, expected something else here"),
    )
}
