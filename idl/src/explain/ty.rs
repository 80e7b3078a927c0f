//! Types and dotted names.

use super::{Explainer, Found, Lost, describe};
use crate::diagnostic::{Diagnostic, codes};
use crate::lex::{Token, TokenKind};
use crate::syntax::{Builtin, KEYWORDS};

impl Explainer<'_> {
    /// A type. Recursion is bounded by the nesting limit of the lexer.
    pub(super) fn ty(&mut self, what: &str) -> Found<()> {
        let token = self.peek();
        match self.word() {
            "vector" => self.vector(),
            "map" => self.map(),
            "void" => {
                self.misplaced_void(token);
                self.bump();
                Ok(())
            }
            word if Builtin::from_word(word).is_some() => {
                self.bump();
                Ok(())
            }
            word if word.is_empty() || KEYWORDS.contains(&word) => {
                self.unexpected(what);
                Err(Lost)
            }
            _ => self.type_name(what),
        }
    }

    pub(super) fn misplaced_void(&mut self, token: Token) {
        self.report(Diagnostic::error(
            codes::MISPLACED_VOID,
            token.span,
            "`void` is only allowed as a method return type",
        ));
    }

    fn vector(&mut self) -> Found<()> {
        self.bump();
        self.open_arguments("`vector` needs an element type: expected `<`")?;
        self.argument("an element type", "vector<int>")?;
        self.close_arguments("`vector` takes exactly one type")
    }

    fn map(&mut self) -> Found<()> {
        self.bump();
        self.open_arguments("`map` needs a key type and a value type: expected `<`")?;
        self.argument("a key type", "map<string, int>")?;
        if !self.eat(',') {
            self.template("`map` takes a key type and a value type: expected `,`");
            return Err(Lost);
        }
        self.argument("a value type", "map<string, int>")?;
        self.close_arguments("`map` takes exactly two types")
    }

    fn open_arguments(&mut self, problem: &str) -> Found<()> {
        if self.eat('<') {
            return Ok(());
        }
        self.template(problem);
        Err(Lost)
    }

    fn argument(&mut self, what: &str, example: &str) -> Found<()> {
        if self.at('>') || self.at(',') {
            let place = self.peek().span;
            self.report(
                Diagnostic::error(codes::TEMPLATE_ARGUMENTS, place, format!("expected {what}"))
                    .hint(format!("for example `{example}`")),
            );
            return Err(Lost);
        }
        self.ty(what)
    }

    fn close_arguments(&mut self, exactly: &str) -> Found<()> {
        if self.eat('>') {
            return Ok(());
        }
        if self.at(',') {
            self.template(exactly);
        } else {
            self.unexpected("`>`");
        }
        Err(Lost)
    }

    fn template(&mut self, problem: &str) {
        let token = self.peek();
        let shown = describe(token, self.text(token));
        self.blame(|token| {
            Diagnostic::error(
                codes::TEMPLATE_ARGUMENTS,
                token.span,
                format!("{problem}, found {shown}"),
            )
        });
    }

    /// `a.b.c`
    pub(super) fn type_name(&mut self, what: &str) -> Found<()> {
        self.name(what)?;
        while self.eat('.') {
            if self.peek().kind != TokenKind::Word {
                self.blame(|token| {
                    Diagnostic::error(
                        codes::INCOMPLETE_PATH,
                        token.span,
                        "expected a name after `.`",
                    )
                });
                return Err(Lost);
            }
            self.name("a name after `.`")?;
        }
        Ok(())
    }
}
