//! Why the grammar refuses a text: a recursive descent over the tokens that reports every fault and goes on.
//!
//! It accepts exactly what `xerus.pest` accepts (a property test compares the two); all it yields are diagnostics.
//! Depth is bounded by the nesting limit of the lexer, memory by a look-ahead of a few tokens.

mod annotation;
mod block;
mod constant;
mod cursor;
mod member;
mod module;
mod parameter;
mod ty;

#[cfg(test)]
mod agreement;

use crate::diagnostic::{Diagnostic, MAX_ERRORS, codes};
use crate::lex::{Token, TokenKind};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::KEYWORDS;

use cursor::Cursor;

/// All faults of syntax in one file, in the order in which they are met.
pub(crate) fn explain(sources: &SourceMap, file: FileId) -> Vec<Diagnostic> {
    let mut explainer = Explainer {
        cursor: Cursor::new(sources, file),
        found: Vec::new(),
        end_reported: false,
    };
    explainer.file();
    explainer.found
}

/// How a message names a token.
pub(crate) fn describe(token: Token, text: &str) -> String {
    match token.kind {
        TokenKind::Word if KEYWORDS.contains(&text) => format!("keyword `{text}`"),
        TokenKind::Word => format!("`{}`", clip(text)),
        TokenKind::Number => format!("number `{}`", clip(text)),
        TokenKind::String => "a string".to_owned(),
        TokenKind::Punctuation(character) => format!("`{character}`"),
        TokenKind::Directive => "a directive".to_owned(),
        TokenKind::Foreign(character) => character_name(character),
        TokenKind::Error => "a faulty token".to_owned(),
        TokenKind::End => "end of file".to_owned(),
    }
}

/// A character, with its code point where the eye cannot tell it.
fn character_name(character: char) -> String {
    match character {
        '!'..='~' => format!("`{character}`"),
        _ if character.is_control() || character.is_whitespace() => {
            format!("character U+{:04X}", u32::from(character))
        }
        _ => format!("`{character}` (U+{:04X})", u32::from(character)),
    }
}

/// Keeps an endless word out of a message.
fn clip(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A fault has been reported and the present construct is given up; the enclosing body looks for the next one.
struct Lost;

type Found<T> = Result<T, Lost>;

/// Where a member stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Module,
    Interface,
    Structure,
    ValueObject,
}

impl Body {
    /// With article.
    const fn named(self) -> &'static str {
        match self {
            Self::Module => "a module",
            Self::Interface => "an interface",
            Self::Structure => "a structure",
            Self::ValueObject => "a valueobject",
        }
    }
}

struct Explainer<'a> {
    cursor: Cursor<'a>,
    found: Vec<Diagnostic>,
    /// The end of the text is blamed once.
    end_reported: bool,
}

impl<'a> Explainer<'a> {
    fn peek(&mut self) -> Token {
        self.cursor.peek(0)
    }

    fn bump(&mut self) -> Token {
        self.cursor.bump()
    }

    fn text(&self, token: Token) -> &'a str {
        self.cursor.text(token.span)
    }

    /// The next word, empty if the next token is none.
    fn word(&mut self) -> &'a str {
        self.word_at(0)
    }

    fn word_at(&mut self, ahead: usize) -> &'a str {
        let token = self.cursor.peek(ahead);
        if token.kind == TokenKind::Word {
            self.text(token)
        } else {
            ""
        }
    }

    fn at(&mut self, character: char) -> bool {
        self.peek().kind == TokenKind::Punctuation(character)
    }

    fn at_end(&mut self) -> bool {
        self.peek().kind == TokenKind::End
    }

    /// Takes a punctuation character if it is next.
    fn eat(&mut self, character: char) -> bool {
        let next = self.at(character);
        if next {
            self.bump();
        }
        next
    }

    /// Whether the next token begins on another line than the last one ended.
    fn on_new_line(&mut self) -> bool {
        let next = self.peek();
        self.cursor.lines_between(self.cursor.previous(), next.span)
    }

    fn full(&self) -> bool {
        self.found.len() > MAX_ERRORS
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Reports the next token unless it has been blamed already.
    fn blame(&mut self, make: impl FnOnce(Token) -> Diagnostic) {
        let token = self.peek();
        match token.kind {
            TokenKind::Error => {}
            TokenKind::End => self.blame_end(|_| make(token)),
            _ => self.report(make(token)),
        }
    }

    /// Reports the end of the text, once, and not behind a token that swallowed the rest.
    fn blame_end(&mut self, make: impl FnOnce(Span) -> Diagnostic) {
        let end = self.peek().span;
        if !self.end_reported && !self.cursor.after_error() {
            let diagnostic = make(end);
            self.report(diagnostic);
        }
        self.end_reported = true;
    }

    /// Reports that something else was expected here.
    fn unexpected(&mut self, expected: &str) {
        let diagnostic = self.unexpected_diagnostic(expected);
        self.blame(|_| diagnostic);
    }

    fn unexpected_diagnostic(&mut self, expected: &str) -> Diagnostic {
        let token = self.peek();
        let shown = describe(token, self.text(token));
        match token.kind {
            TokenKind::Foreign(character) => {
                let diagnostic = Diagnostic::error(
                    codes::UNEXPECTED_CHARACTER,
                    token.span,
                    format!(
                        "unexpected character {}",
                        shown.trim_start_matches("character ")
                    ),
                )
                .mark(format!("expected {expected}"));
                match look_alike(character) {
                    Some(plain) => diagnostic.hint(format!("did you mean {plain}?")),
                    None => diagnostic,
                }
            }
            TokenKind::End => Diagnostic::error(
                codes::UNEXPECTED_TOKEN,
                token.span,
                format!("unexpected end of file: expected {expected}"),
            ),
            _ => Diagnostic::error(
                codes::UNEXPECTED_TOKEN,
                token.span,
                format!("expected {expected}, found {shown}"),
            ),
        }
    }

    /// A name; the slips that still are clearly meant as one are reported and accepted.
    fn name(&mut self, what: &str) -> Found<Token> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word => {
                let word = self.text(token);
                if !KEYWORDS.contains(&word) {
                    return Ok(self.bump());
                }
                if self.on_new_line() {
                    self.unexpected(what);
                    return Err(Lost);
                }
                self.report(
                    Diagnostic::error(
                        codes::KEYWORD_AS_NAME,
                        token.span,
                        format!("`{word}` is a keyword and cannot be used as a name"),
                    )
                    .mark(format!("expected {what}")),
                );
                let keyword = self.bump();
                // `int int x`: the name follows.
                let next = self.word();
                if next.is_empty() || KEYWORDS.contains(&next) || self.on_new_line() {
                    return Ok(keyword);
                }
                Ok(self.bump())
            }
            TokenKind::Number => {
                let shown = clip(self.text(token));
                self.report(
                    Diagnostic::error(
                        codes::MALFORMED_NUMBER,
                        token.span,
                        format!("expected {what}, found number `{shown}`"),
                    )
                    .hint("names start with a letter or `_`"),
                );
                Ok(self.bump())
            }
            _ => {
                self.unexpected(what);
                Err(Lost)
            }
        }
    }

    /// The `;` behind a declaration; without one, goes on if something new seems to begin.
    fn semicolon(&mut self, behind: &str) -> Found<()> {
        self.semicolon_or(|next, shown| {
            Diagnostic::error(
                codes::MISSING_SEMICOLON,
                next,
                format!("expected `;` after {behind}, found {shown}"),
            )
        })
    }

    fn semicolon_or(&mut self, make: impl FnOnce(Span, &str) -> Diagnostic) -> Found<()> {
        if self.eat(';') {
            return Ok(());
        }
        let previous = self.cursor.previous();
        let next = self.peek();
        let shown = describe(next, self.text(next));
        let mut diagnostic = make(next.span, &shown);
        if diagnostic.help.is_none() {
            let here = Span::new(previous.file, previous.end, previous.end);
            diagnostic = diagnostic.see(here, "insert `;` here");
        }
        self.blame(|_| diagnostic);
        let something_new = self.on_new_line() || self.at('}') || self.starts_declaration();
        if something_new && !self.at('{') && !self.at('(') {
            Ok(())
        } else {
            Err(Lost)
        }
    }

    /// Whether the next token is a keyword that begins a declaration.
    fn starts_declaration(&mut self) -> bool {
        matches!(
            self.word(),
            "module"
                | "interface"
                | "structure"
                | "valueobject"
                | "enumeration"
                | "constant"
                | "typedef"
                | "opaque"
        )
    }

    /// Skips past the next `;`, or past the `}` of a block opened meanwhile; stops before a `}` that closes
    /// the enclosing body.
    fn skip_declaration(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.peek().kind {
                TokenKind::End => return,
                TokenKind::Punctuation('{') => depth += 1,
                TokenKind::Punctuation('}') => {
                    if depth == 0 {
                        return;
                    }
                    depth -= 1;
                    if depth == 0 {
                        self.bump();
                        self.eat(';');
                        return;
                    }
                }
                TokenKind::Punctuation(';') if depth == 0 => {
                    self.bump();
                    return;
                }
                _ => {}
            }
            self.bump();
        }
    }
}

/// What a person meant who typed (or pasted) another character.
const fn look_alike(character: char) -> Option<&'static str> {
    match character {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\'' => Some("`\"`"),
        '\u{2018}' | '\u{2019}' => Some("`\"`"),
        '\u{2013}' | '\u{2212}' => Some("`-`"),
        '\u{00a0}' | '\u{2003}' | '\u{3000}' => Some("a plain blank"),
        '\u{feff}' | '\u{200b}' => Some("nothing: this character is invisible"),
        ':' => Some("`extends` or `;`"),
        _ => None,
    }
}
