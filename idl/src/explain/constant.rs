//! Constants.

use super::{Explainer, Found, Lost, clip};
use crate::check::{check_literal, is_malformed_number};
use crate::diagnostic::{Diagnostic, codes};
use crate::lex::{Token, TokenKind};
use crate::syntax::Builtin;

impl Explainer<'_> {
    /// A constant, whose keyword is next.
    pub(super) fn constant(&mut self) -> Found<()> {
        self.bump();
        let first = self.peek();
        self.ty("the type of the constant")?;
        let last = self.cursor.previous();
        let ty = if first.span == last {
            self.text(first)
        } else {
            ""
        };
        let name = self.name("a constant name")?;
        let name = clip(self.text(name));
        if !self.at('=') {
            let token = self.peek();
            self.blame(|_| {
                Diagnostic::error(
                    codes::CONSTANT_WITHOUT_VALUE,
                    token.span,
                    format!("constant `{name}` has no value: expected `=`"),
                )
            });
            // A `;` ends the declaration all the same.
            return if self.eat(';') { Ok(()) } else { Err(Lost) };
        }
        self.bump();
        self.value(ty)?;
        if matches!(self.peek().kind, TokenKind::Foreign(_))
            || ['-', '<', '>', '(', '.', '=']
                .iter()
                .any(|operator| self.at(*operator))
        {
            self.blame(|token| {
                Diagnostic::error(
                    codes::CONSTANT_EXPRESSION,
                    token.span,
                    "expected `;`: constant values are single integer literals, expressions are not supported",
                )
            });
            return Err(Lost);
        }
        self.semicolon(&format!("constant `{name}`"))
    }

    fn value(&mut self, ty: &str) -> Found<()> {
        let minus = self.peek();
        let negative = self.eat('-');
        let token = self.peek();
        if token.kind != TokenKind::Number {
            let shown = match Builtin::from_word(ty) {
                Some(other) if other.integer_range().is_none() => {
                    format!("value does not fit: constants are integers, `{ty}` is no type for one")
                }
                Some(builtin) => format!(
                    "value does not fit the type: `{}` constant needs an integer literal",
                    builtin.word()
                ),
                None => {
                    "value does not fit the type: a constant needs an integer literal".to_owned()
                }
            };
            self.blame(|token| Diagnostic::error(codes::CONSTANT_VALUE, token.span, shown));
            if matches!(token.kind, TokenKind::String | TokenKind::Word) {
                self.bump();
                return if self.at(';') { Ok(()) } else { Err(Lost) };
            }
            return Err(Lost);
        }
        self.bump();
        let text = self.text(token);
        if is_malformed_number(text) {
            self.malformed_number(token);
            return Ok(());
        }
        let literal = if negative {
            format!("-{text}")
        } else {
            text.to_owned()
        };
        let span = if negative {
            minus.span.to(token.span)
        } else {
            token.span
        };
        if let Some(diagnostic) = check_literal(Builtin::from_word(ty), &literal, span) {
            self.report(diagnostic);
        }
        Ok(())
    }

    /// Reports a number that is none.
    pub(super) fn malformed_number(&mut self, token: Token) {
        let text = self.text(token);
        let diagnostic = match text {
            "0x" | "0X" => Diagnostic::error(
                codes::MALFORMED_NUMBER,
                token.span,
                "hexadecimal literal without digits",
            ),
            _ => Diagnostic::error(
                codes::MALFORMED_NUMBER,
                token.span,
                format!("malformed number `{}`", clip(text)),
            ),
        };
        self.report(diagnostic.hint("numbers are written `12` or `0x0C`"));
    }
}
