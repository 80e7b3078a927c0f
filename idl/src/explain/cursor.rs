//! The tokens of the declarations with a short look-ahead.

use crate::lex::{Lexer, Token, TokenKind};
use crate::source::{FileId, SourceMap, Span};

/// Farthest look-ahead.
const AHEAD: usize = 4;

/// Reads tokens on demand; a second run over a text, so what the lexer finds is dropped.
pub(super) struct Cursor<'a> {
    lexer: Lexer<'a>,
    next: [Token; AHEAD],
    filled: usize,
    previous: Token,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(sources: &'a SourceMap, file: FileId) -> Self {
        let start = Token {
            kind: TokenKind::End,
            span: Span::new(file, 0, 0),
        };
        Self {
            lexer: Lexer::new(sources, file),
            next: [start; AHEAD],
            filled: 0,
            previous: start,
        }
    }

    /// The token `ahead` (less than [`AHEAD`]) places from here.
    pub(super) fn peek(&mut self, ahead: usize) -> Token {
        let ahead = ahead.min(AHEAD - 1);
        while self.filled <= ahead {
            self.next[self.filled] = self.lexer.token();
            self.filled += 1;
        }
        self.next[ahead]
    }

    /// Takes the next token.
    pub(super) fn bump(&mut self) -> Token {
        let token = self.peek(0);
        self.next.rotate_left(1);
        self.filled -= 1;
        if token.kind != TokenKind::End {
            self.previous = token;
        }
        token
    }

    /// The place of the last token taken.
    pub(super) const fn previous(&self) -> Span {
        self.previous.span
    }

    /// Whether the last token taken was a faulty one.
    pub(super) fn after_error(&self) -> bool {
        self.previous.kind == TokenKind::Error
    }

    pub(super) fn text(&self, span: Span) -> &'a str {
        &self.lexer.text()[span.range()]
    }

    /// Whether a line end stands between two places.
    pub(super) fn lines_between(&self, before: Span, after: Span) -> bool {
        let between = before.end as usize..after.start as usize;
        self.lexer
            .text()
            .get(between)
            .is_some_and(|text| text.contains('\n'))
    }

    /// Line and column of a place, as `line:column`.
    pub(super) fn place(&self, span: Span) -> String {
        let before = &self.lexer.text()[..span.start as usize];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{line}:{column}")
    }
}
