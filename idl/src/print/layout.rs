//! Tokens and comments to lines.

use super::align::{self, Line, LineKind};
use super::comment::Comment;
use super::items::{Item, ItemKind, items};
use super::logical::Logical;
use crate::lex::{DirectiveKind, TokenKind};
use crate::source::{FileId, SourceMap};

/// Blanks per level.
const STEP: usize = 4;

/// The canonical text of a file.
pub(super) fn layout(sources: &SourceMap, file: FileId) -> String {
    let mut layout = Layout {
        source: sources.file(file).text(),
        lines: Vec::new(),
        bodies: Vec::new(),
        logical: Logical::default(),
        blank_before: false,
        at_line_end: false,
    };
    for item in items(sources, file) {
        match item.kind {
            ItemKind::Token(kind) => layout.token(&item, kind),
            ItemKind::Directive(kind) => layout.directive(&item, kind),
            ItemKind::Comment(_) => layout.comment(&item),
        }
    }
    layout.flush(LineKind::Other);
    align::write(&layout.lines)
}

struct Layout<'a> {
    source: &'a str,
    lines: Vec<Line<'a>>,
    /// Open bodies: whether each is that of an enumeration.
    bodies: Vec<bool>,
    logical: Logical<'a>,
    /// Whether the author had a blank line before what is in `logical`.
    blank_before: bool,
    /// Whether the last line is still that of the last token, so that a comment may stand behind it.
    at_line_end: bool,
}

impl<'a> Layout<'a> {
    fn indent(&self) -> usize {
        self.bodies.len() * STEP
    }

    fn in_enumeration(&self) -> bool {
        self.bodies.last().copied().unwrap_or(false)
    }

    /// Ends the logical line.
    fn flush(&mut self, kind: LineKind) {
        if self.logical.is_empty() {
            return;
        }
        let logical = std::mem::take(&mut self.logical);
        let indent = self.indent();
        let text = logical.text(indent);
        self.push(kind, text, indent, self.blank_before);
        self.at_line_end = true;
    }

    fn push(&mut self, kind: LineKind, text: String, indent: usize, blank_before: bool) {
        self.lines.push(Line {
            kind,
            blank_before,
            indent,
            text,
            trailing: Vec::new(),
        });
    }

    fn directive(&mut self, item: &Item<'a>, kind: DirectiveKind) {
        self.flush(LineKind::Other);
        let word = match kind {
            DirectiveKind::Include { .. } => "include",
            DirectiveKind::Ifndef => "ifndef",
            DirectiveKind::Define => "define",
            DirectiveKind::Endif | DirectiveKind::Opening => "endif",
        };
        let blank = if item.text.is_empty() { "" } else { " " };
        let text = format!("#{word}{blank}{}", item.text);
        self.push(LineKind::Other, text, 0, item.newlines > 1);
        self.at_line_end = true;
    }

    fn token(&mut self, item: &Item<'a>, kind: TokenKind) {
        if kind == TokenKind::Punctuation('}') {
            self.flush(LineKind::Member);
            self.bodies.pop();
            if self.close_empty(item) {
                return;
            }
        }
        if self.logical.is_empty() {
            self.blank_before = item.newlines > 1;
        }
        self.logical.token(kind, item.text);
        match kind {
            TokenKind::Punctuation('{') => {
                let enumeration = self.logical.first() == Some("enumeration");
                self.flush(LineKind::Other);
                self.bodies.push(enumeration);
            }
            TokenKind::Punctuation('}') => self.end_unless_semicolon(item),
            TokenKind::Punctuation(';') => {
                let closes = self.logical.first() == Some("}");
                self.flush(if closes {
                    LineKind::Other
                } else {
                    LineKind::Member
                });
            }
            TokenKind::Punctuation(',') if self.in_enumeration() && self.logical.is_flat() => {
                self.flush(LineKind::Member);
            }
            TokenKind::Punctuation(']') => self.flush(LineKind::Other),
            _ => {}
        }
    }

    /// Puts a `}` directly behind its `{`: makes the line before the logical one again.
    fn close_empty(&mut self, item: &Item<'a>) -> bool {
        let open = self.at_line_end
            && self.logical.is_empty()
            && self.lines.last().is_some_and(|line| {
                line.kind == LineKind::Other && line.trailing.is_empty() && line.text.ends_with('{')
            });
        if !open {
            return false;
        }
        let Some(line) = self.lines.last_mut() else {
            return false;
        };
        line.text.push('}');
        if item.next_token == TokenKind::Punctuation(';') {
            // The `;` follows; comments between the two stay before it.
            let line = self.lines.pop().expect("its `{` stands there");
            self.blank_before = line.blank_before;
            self.logical.empty_body(line.text);
            self.at_line_end = false;
        }
        true
    }

    /// A module needs no `;`.
    fn end_unless_semicolon(&mut self, item: &Item<'a>) {
        if item.next_token != TokenKind::Punctuation(';') {
            self.flush(LineKind::Other);
        }
    }

    fn comment(&mut self, item: &Item<'a>) {
        let comment = Comment::new(self.source, item.start, item.text);
        if item.next_token == TokenKind::Punctuation('}') {
            // Behind the last enumerator, which has no comma.
            self.flush(LineKind::Member);
        }
        if !self.logical.is_empty() {
            self.logical.comment(item, comment);
            return;
        }
        let behind = self.at_line_end
            && item.newlines == 0
            && (item.is_trailing_comment() || !(item.is_leading_comment() || item.token_follows));
        if behind && let Some(line) = self.lines.last_mut() {
            line.trailing.push(comment);
            self.at_line_end = !item.is_line_comment();
            return;
        }
        let indent = self.indent();
        let continues = item.is_trailing_comment()
            && item.newlines < 2
            && self
                .lines
                .last()
                .is_some_and(|line| line.kind != LineKind::Other);
        if continues {
            self.push(LineKind::Continuation, String::new(), indent, false);
            if let Some(line) = self.lines.last_mut() {
                line.trailing.push(comment);
            }
        } else {
            self.push(
                LineKind::Other,
                comment.at(indent),
                indent,
                item.newlines > 1,
            );
        }
        self.at_line_end = false;
    }
}
