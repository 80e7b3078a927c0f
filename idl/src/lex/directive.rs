//! One directive.

use super::{Lexer, Token, TokenKind, is_word_byte};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::source::Span;

/// What a directive does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DirectiveKind {
    /// `#include <File.idl>`, or with double quotes.
    Include {
        /// With double quotes.
        quoted: bool,
    },
    /// `#ifndef G`
    Ifndef,
    /// `#define G`
    Define,
    /// `#endif`
    Endif,
    /// A refused one that an `#endif` closes, such as `#if`.
    Opening,
}

/// One directive and its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Directive {
    /// What it does.
    pub(crate) kind: DirectiveKind,
    /// What stands behind the word, with its delimiters; empty if nothing may.
    pub(crate) operand: Span,
    /// From `#` to the end of the operand.
    pub(crate) span: Span,
    /// Whether a declaration has begun before it.
    pub(crate) late: bool,
}

impl Lexer<'_> {
    /// Takes in the line of a `#`.
    pub(super) fn directive(&mut self) -> Token {
        let start = self.at;
        let late = self.extent.is_some();
        self.at += 1;
        if self.line_used {
            let error = Diagnostic::error(
                codes::DIRECTIVE_LINE,
                self.span(start, self.at),
                "a directive must stand alone on its line",
            )
            .mark("this `#` follows other text");
            return self.refuse(start, error);
        }
        self.line_used = true;
        self.skip_gap();
        let at = self.at;
        self.skip_while(is_word_byte);
        let word = &self.text[at..self.at];
        let kind = match word {
            "include" => {
                self.skip_gap();
                return self.include(start, late);
            }
            "ifndef" => DirectiveKind::Ifndef,
            "define" => DirectiveKind::Define,
            "endif" => DirectiveKind::Endif,
            _ => return self.unsupported(start, word, late),
        };
        let mut end = self.at;
        let mut operand = self.span(end, end);
        if kind != DirectiveKind::Endif {
            self.skip_gap();
            let at = self.at;
            if !self.rest().starts_with(|c: char| c.is_ascii_digit()) {
                self.skip_while(is_word_byte);
            }
            operand = self.span(at, self.at);
            end = self.at;
            if at == end {
                let error = Diagnostic::error(
                    codes::MALFORMED_GUARD,
                    operand,
                    format!("malformed `#{word}`: expected the name of a macro"),
                );
                return self.refuse(start, error);
            }
        }
        self.finish(Directive {
            kind,
            operand,
            span: self.span(start, end),
            late,
        })
    }

    fn include(&mut self, start: usize, late: bool) -> Token {
        let at = self.at;
        let rest = self.rest();
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let close = match line.bytes().next() {
            Some(b'<') => Some('>'),
            Some(b'"') => Some('"'),
            _ => None,
        };
        let length = close.and_then(|close| line.get(1..)?.find(close));
        let Some(length) = length.filter(|length| *length > 0) else {
            let end = line.find(['/', '\r']).unwrap_or(line.len());
            let shown = line[..end].trim_end();
            let place = self.span(at, at + shown.len());
            let error = Diagnostic::error(
                codes::MALFORMED_INCLUDE,
                place,
                "malformed `#include`: the operand must be `<file>` or `\"file\"`",
            );
            let error = match shown.trim_matches(['<', '>', '"']) {
                "" => error.mark("expected a file name here"),
                name => error.hint(format!("write `#include <{}>`", clip(name))),
            };
            return self.refuse(start, error);
        };
        self.at = at + length + 2;
        self.finish(Directive {
            kind: DirectiveKind::Include {
                quoted: close == Some('"'),
            },
            operand: self.span(at, self.at),
            span: self.span(start, self.at),
            late,
        })
    }

    fn unsupported(&mut self, start: usize, word: &str, late: bool) -> Token {
        let span = self.span(start, self.at);
        if matches!(word, "if" | "ifdef") {
            let operand = span.end_point();
            self.directives.push(Directive {
                kind: DirectiveKind::Opening,
                operand,
                span,
                late,
            });
        }
        let error = Diagnostic::error(
            codes::UNSUPPORTED_DIRECTIVE,
            span,
            match word {
                "" => "`#` without a directive".to_owned(),
                _ => format!(
                    "directive `#{}` is not supported (only `#include`, `#ifndef`, `#define` and `#endif` are)",
                    clip(word)
                ),
            },
        );
        self.refuse(start, error)
    }

    /// Records a directive if nothing but comments follows on its line.
    fn finish(&mut self, directive: Directive) -> Token {
        self.directives.push(directive);
        self.skip_gap();
        let rest = self.rest();
        if !(rest.is_empty() || ["\n", "\r\n", "//"].iter().any(|end| rest.starts_with(end))) {
            let at = self.at;
            self.skip_line();
            let (code, message): (Code, _) = match directive.kind {
                DirectiveKind::Define => (
                    codes::MALFORMED_GUARD,
                    "a macro cannot have a value: it is only a guard",
                ),
                _ => (codes::DIRECTIVE_LINE, "unexpected text behind a directive"),
            };
            let text = self.text[at..self.at].trim_end();
            let place = self.span(at, at + text.len());
            self.found.push(Diagnostic::error(code, place, message));
        }
        Token {
            kind: TokenKind::Directive,
            span: directive.span,
        }
    }

    /// Reports a directive and skips its line.
    fn refuse(&mut self, start: usize, error: Diagnostic) -> Token {
        let end = self.at.max(start + 1);
        self.found.push(error);
        self.skip_line();
        Token {
            kind: TokenKind::Directive,
            span: self.span(start, end),
        }
    }

    /// Skips blanks and block comments; a comment may carry the directive on to another line.
    fn skip_gap(&mut self) {
        loop {
            self.skip_while(|byte| matches!(byte, b' ' | b'\t'));
            if !self.rest().starts_with("/*") || self.block_comment().is_some() {
                return;
            }
        }
    }

    /// Skips to the end of the line or to a comment.
    fn skip_line(&mut self) {
        let rest = self.rest();
        let mut end = rest.find('\n').unwrap_or(rest.len());
        for opening in ["//", "/*"] {
            if let Some(at) = rest.get(..end).and_then(|line| line.find(opening)) {
                end = at;
            }
        }
        self.at += end;
    }
}

/// Keeps a name short enough for a message.
fn clip(name: &str) -> String {
    match name.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
