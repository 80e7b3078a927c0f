//! Text to tokens: a linear pass that also collects comments and directives and finds what is wrong below syntax.
//!
//! The grammar is only asked about texts that this pass has accepted; it is what keeps the parser
//! from deep recursion and what knows the place of every comment.

mod comment;
mod directive;
mod guard;

use crate::diagnostic::{Diagnostic, MAX_ERRORS, codes};
use crate::source::{FileId, SourceMap, Span};
use crate::syntax::Comment;

pub(crate) use directive::{Directive, DirectiveKind};
pub(crate) use guard::{Preamble, preamble};

/// Deepest nesting of `{`, `<` and `(` that is accepted. The deepest vendor file has 5.
pub const MAX_DEPTH: usize = 64;

/// Longest text that is accepted, in bytes. The longest vendor file has 20 kB; a syntax tree can take 150 times
/// the room of its text.
pub const MAX_FILE_SIZE: usize = 4 << 20;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An identifier or keyword.
    Word,
    /// What begins with a digit, well formed or not.
    Number,
    /// `"text"`
    String,
    /// A character of the language's punctuation, such as `{`.
    Punctuation(char),
    /// `#include <File.idl>` and its like, from `#` to the operand.
    Directive,
    /// A character that the language does not use.
    Foreign(char),
    /// What has been reported already.
    Error,
    /// The end of the text.
    End,
}

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// All tokens of a text, directives included, comments left out, without the end.
///
/// For highlighters and comparisons; what is wrong with the text is not reported here.
#[must_use]
pub fn tokens(sources: &SourceMap, file: FileId) -> Vec<Token> {
    let mut lexer = Lexer::new(sources, file);
    std::iter::from_fn(|| Some(lexer.token_or_directive()).filter(|t| t.kind != TokenKind::End))
        .collect()
}

/// Cuts one text, token by token.
pub(crate) struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    at: usize,
    /// Whether a token has been seen since the last line end.
    line_used: bool,
    braces: usize,
    /// `<` and `(` open since the last `;`, `{` or `}`.
    inner: usize,
    halted: bool,
    /// Comments so far, in order.
    pub(crate) comments: Vec<Comment>,
    /// Directives so far, in order.
    pub(crate) directives: Vec<Directive>,
    /// First and last token that is not a directive.
    pub(crate) extent: Option<(Span, Span)>,
    /// What is wrong so far.
    pub(crate) found: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    /// A lexer at the start of a file.
    pub(crate) fn new(sources: &'a SourceMap, file: FileId) -> Self {
        let source = sources.file(file);
        let mut lexer = Self {
            file,
            text: source.text(),
            at: 0,
            line_used: false,
            braces: 0,
            inner: 0,
            halted: false,
            comments: Vec::new(),
            directives: Vec::new(),
            extent: None,
            found: Vec::new(),
        };
        if source.had_byte_order_mark() {
            lexer.found.push(
                Diagnostic::warning(
                    codes::BYTE_ORDER_MARK,
                    Span::new(file, 0, 0),
                    "byte order mark ignored",
                )
                .hint("save the file as UTF-8 without byte order mark"),
            );
        }
        lexer
    }

    /// The text.
    pub(crate) const fn text(&self) -> &'a str {
        self.text
    }

    /// Whether it gave up before the end.
    pub(crate) const fn halted(&self) -> bool {
        self.halted
    }

    /// The next token of the declarations; [`TokenKind::End`] for ever at the end.
    pub(crate) fn token(&mut self) -> Token {
        loop {
            let token = self.token_or_directive();
            if token.kind != TokenKind::Directive {
                return token;
            }
        }
    }

    /// The next token, directives included.
    pub(crate) fn token_or_directive(&mut self) -> Token {
        let token = self.cut();
        match token.kind {
            TokenKind::End | TokenKind::Directive => {}
            _ => {
                self.line_used = true;
                let first = self.extent.map_or(token.span, |(first, _)| first);
                self.extent = Some((first, token.span));
            }
        }
        if self.found.len() > MAX_ERRORS && !self.halted {
            self.halt();
        }
        token
    }

    fn cut(&mut self) -> Token {
        loop {
            let start = self.at;
            let Some(next) = self.rest().chars().next() else {
                return self.make(TokenKind::End, start);
            };
            match next {
                '\n' => {
                    self.at += 1;
                    self.line_used = false;
                }
                ' ' | '\t' => self.at += 1,
                '\r' if self.rest().starts_with("\r\n") => self.at += 1,
                '/' if self.rest().starts_with("/*") => {
                    if let Some(error) = self.block_comment() {
                        return error;
                    }
                }
                '/' if self.rest().starts_with("//") => self.line_comment(),
                '*' if self.rest().starts_with("*/") => return self.stray_comment_end(),
                '#' => return self.directive(),
                '"' => return self.string(),
                '0'..='9' => {
                    self.skip_while(is_word_byte);
                    return self.make(TokenKind::Number, start);
                }
                'a'..='z' | 'A'..='Z' | '_' => return self.word(),
                '{' | '}' | '(' | ')' | '[' | ']' | '<' | '>' | ',' | ';' | '=' | '.' | '-' => {
                    self.at += 1;
                    return self.punctuation(next, start);
                }
                _ if !next.is_ascii() && next.is_alphabetic() => return self.word(),
                _ => {
                    self.at += next.len_utf8();
                    return self.make(TokenKind::Foreign(next), start);
                }
            }
        }
    }

    /// An identifier; letters beyond ASCII are taken in and reported once.
    fn word(&mut self) -> Token {
        let start = self.at;
        let mut reported = false;
        loop {
            self.skip_while(is_word_byte);
            let Some(letter) = self.rest().chars().next().filter(|c| c.is_alphanumeric()) else {
                break;
            };
            let place = self.at;
            self.at += letter.len_utf8();
            if !reported {
                reported = true;
                let error = Diagnostic::error(
                    codes::NON_ASCII_NAME,
                    self.span(place, self.at),
                    format!(
                        "non-ASCII letter `{letter}` in an identifier: allowed only inside comments and strings"
                    ),
                )
                .hint("names consist of `A` to `Z`, `a` to `z`, `0` to `9` and `_`");
                self.found.push(error);
            }
        }
        self.make(TokenKind::Word, start)
    }

    fn string(&mut self) -> Token {
        let start = self.at;
        let rest = &self.text[start + 1..];
        match rest.find(['"', '\n']) {
            Some(end) if rest.as_bytes().get(end) == Some(&b'"') => {
                self.at = start + 1 + end + 1;
                self.make(TokenKind::String, start)
            }
            end => {
                let end = end.unwrap_or(rest.len());
                let line = rest[..end].trim_end_matches('\r');
                self.at = start + 1 + line.len();
                self.found.push(
                    Diagnostic::error(
                        codes::UNTERMINATED_STRING,
                        self.span(start, self.at),
                        "unterminated string literal: no closing `\"` before the end of the line",
                    )
                    .hint("a string stands on one line; there are no escapes"),
                );
                self.make(TokenKind::Error, start)
            }
        }
    }

    fn punctuation(&mut self, next: char, start: usize) -> Token {
        match next {
            '{' => {
                self.braces += 1;
                self.inner = 0;
            }
            '}' => {
                self.braces = self.braces.saturating_sub(1);
                self.inner = 0;
            }
            ';' => self.inner = 0,
            '<' | '(' => self.inner += 1,
            '>' | ')' => self.inner = self.inner.saturating_sub(1),
            _ => {}
        }
        if self.braces + self.inner > MAX_DEPTH {
            self.found.push(
                Diagnostic::error(
                    codes::TOO_DEEP,
                    self.span(start, self.at),
                    format!("nesting deeper than {MAX_DEPTH} levels"),
                )
                .mark(format!("this `{next}` opens level {}", MAX_DEPTH + 1))
                .hint("the rest of the file is not looked at"),
            );
            self.halt();
            return self.make(TokenKind::Error, start);
        }
        self.make(TokenKind::Punctuation(next), start)
    }

    /// Gives up: from here on there is only the end.
    fn halt(&mut self) {
        self.halted = true;
        self.at = self.text.len();
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) {
        let rest = self.rest().as_bytes();
        self.at += rest.iter().position(|b| !accept(*b)).unwrap_or(rest.len());
    }

    fn make(&self, kind: TokenKind, start: usize) -> Token {
        // A token may have made the lexer jump to the end: it does not reach that far itself.
        let end = if self.halted {
            (start + 1).min(self.at)
        } else {
            self.at
        };
        Token {
            kind,
            span: self.span(start, end),
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, offset(start), offset(end))
    }
}

/// Whether a byte may stand inside an identifier.
pub(crate) const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).expect("the texts of a source map are shorter than 4 GiB")
}
