//! Annotations.

use super::{Explainer, Found, Lost, describe};
use crate::check::is_malformed_number;
use crate::diagnostic::{Diagnostic, codes};
use crate::lex::TokenKind;

impl Explainer<'_> {
    /// All annotations that stand here; whether there are any. Faults in them are mended.
    pub(super) fn annotations(&mut self) -> bool {
        let any = self.at('[');
        while self.at('[') {
            if self.annotation().is_err() {
                self.skip_annotation();
            }
        }
        any
    }

    /// Reports that a declaration had to follow the annotations.
    pub(super) fn no_declaration(&mut self) {
        self.blame(|token| {
            Diagnostic::error(
                codes::LOOSE_ANNOTATION,
                token.span,
                "annotation is not followed by a declaration",
            )
        });
    }

    fn annotation(&mut self) -> Found<()> {
        self.bump();
        self.name("an annotation name")?;
        let parens = self.at('(');
        if parens {
            self.arguments()?;
        }
        if self.eat(']') {
            return Ok(());
        }
        let token = self.peek();
        let shown = describe(token, self.text(token));
        self.blame(|token| {
            let expected = if parens {
                "expected `]` after the arguments of the annotation"
            } else {
                "expected `]` (or `(`) after annotation name"
            };
            Diagnostic::error(
                codes::MALFORMED_ANNOTATION,
                token.span,
                format!("{expected}, found {shown}"),
            )
        });
        Err(Lost)
    }

    fn arguments(&mut self) -> Found<()> {
        self.bump();
        if self.eat(')') {
            return Ok(());
        }
        loop {
            let token = self.peek();
            match token.kind {
                TokenKind::String => {
                    self.bump();
                }
                TokenKind::Number => {
                    if is_malformed_number(self.text(token)) {
                        self.malformed_number(token);
                    }
                    self.bump();
                }
                TokenKind::Word => {
                    self.name("an argument")?;
                }
                _ => {
                    self.unexpected("an argument: a string, an integer or a name");
                    return Err(Lost);
                }
            }
            if self.eat(')') {
                return Ok(());
            }
            if !self.eat(',') {
                self.unexpected("`,` or `)` after the argument");
                return Err(Lost);
            }
        }
    }

    /// Skips the rest of a faulty annotation: through its `]`, or up to what cannot be part of one.
    fn skip_annotation(&mut self) {
        loop {
            match self.peek().kind {
                TokenKind::Punctuation(']') => {
                    self.bump();
                    return;
                }
                TokenKind::Punctuation('{' | '}' | ';' | '[') | TokenKind::End => return,
                _ if self.starts_declaration() || self.on_new_line() => return,
                _ => {
                    self.bump();
                }
            }
        }
    }
}
