//! Declarations with a body: interface, structure, value object, enumeration.

use super::{Body, Explainer, Found, Lost, describe};
use crate::check::trailing_enumerator_comma;
use crate::diagnostic::{Diagnostic, codes};
use crate::lex::TokenKind;
use crate::syntax::KEYWORDS;

impl Explainer<'_> {
    /// `interface`, `structure` or `valueobject`, whose keyword is next.
    pub(super) fn block(&mut self, kind: &str) -> Found<()> {
        let context = match kind {
            "interface" => Body::Interface,
            "valueobject" => Body::ValueObject,
            _ => Body::Structure,
        };
        self.bump();
        let article = if kind == "interface" { "an" } else { "a" };
        let name = self.name(&format!("{article} {kind} name"))?;
        let owner = format!("{kind} `{}`", self.text(name));
        if self.word() == "extends" {
            self.base(kind, context)?;
        } else if self.peek().kind == TokenKind::Foreign(':') {
            self.unexpected("`extends` or `{`");
            self.skip_to_body()?;
        }
        let missing = self.no_body(&owner, kind);
        let open = self.open(missing)?;
        self.body(context, &owner, open)?;
        self.end_of_block(&owner)
    }

    /// `extends` and what may follow up to the `{`.
    fn base(&mut self, kind: &str, context: Body) -> Found<()> {
        let keyword = self.peek().span;
        if context == Body::Structure {
            self.report(Diagnostic::error(
                codes::CANNOT_EXTEND,
                keyword,
                format!("a {kind} cannot extend; only interface and valueobject can"),
            ));
            return self.skip_to_body();
        }
        self.bump();
        self.type_name("the name of the base")?;
        if self.at(',') {
            let comma = self.peek().span;
            let article = if kind == "interface" { "an" } else { "a" };
            self.report(
                Diagnostic::error(
                    codes::SEVERAL_BASES,
                    comma,
                    format!("{article} {kind} has at most one base"),
                )
                .mark("expected `{`"),
            );
            return self.skip_to_body();
        }
        Ok(())
    }

    /// Skips what does not belong between a name and the `{`.
    fn skip_to_body(&mut self) -> Found<()> {
        loop {
            match self.peek().kind {
                TokenKind::Punctuation('{') => return Ok(()),
                TokenKind::Punctuation(';' | '}') | TokenKind::End => return Err(Lost),
                _ => {
                    self.bump();
                }
            }
        }
    }

    /// What is wrong when no `{` follows.
    fn no_body(&mut self, owner: &str, kind: &str) -> Diagnostic {
        let expected = match kind {
            "interface" | "valueobject" => format!("`{{` or `extends` after {owner}"),
            _ => format!("`{{` after {owner}"),
        };
        let diagnostic = self.unexpected_diagnostic(&expected);
        if self.at(';') {
            diagnostic.hint("a name may be used before its declaration: remove this line")
        } else {
            diagnostic
        }
    }

    /// The `;` behind a body.
    pub(super) fn end_of_block(&mut self, owner: &str) -> Found<()> {
        self.semicolon_or(|next, _| {
            Diagnostic::error(
                codes::MISSING_SEMICOLON,
                next,
                format!("missing `;` after the body of {owner}"),
            )
        })
    }

    /// An enumeration, whose keyword is next.
    pub(super) fn enumeration(&mut self) -> Found<()> {
        self.bump();
        let name = self.name("an enumeration name")?;
        let owner = format!("enumeration `{}`", self.text(name));
        if self.word() == "extends" {
            self.base("enumeration", Body::Structure)?;
        }
        let missing = self.no_body(&owner, "enumeration");
        let open = self.open(missing)?;
        if self.at('}') {
            let place = self.peek().span;
            self.report(
                Diagnostic::error(
                    codes::EMPTY_ENUMERATION,
                    place,
                    "an enumeration needs at least one enumerator",
                )
                .mark("expected a name"),
            );
        }
        loop {
            if self.eat('}') {
                break;
            }
            if self.at_end() {
                self.unclosed(&owner, open);
                return Err(Lost);
            }
            if self.missing_brace(&owner, open) {
                break;
            }
            if self.enumerator().is_err() {
                self.skip_enumerator();
            }
        }
        self.end_of_block(&owner)
    }

    /// One enumerator and the comma behind it.
    fn enumerator(&mut self) -> Found<()> {
        if self.annotations() && self.at('}') {
            self.no_declaration();
            return Ok(());
        }
        let name = self.name("an enumerator")?;
        let name = self.text(name);
        if self.at('=') {
            let place = self.peek().span;
            self.report(
                Diagnostic::error(
                    codes::ENUMERATOR_VALUE,
                    place,
                    "explicit enumerator values are not part of the language; the value is the position",
                )
                .hint("enumerators count from 0 in the order of their declaration"),
            );
            self.skip_value();
        }
        if self.at(',') {
            let comma = self.bump().span;
            if self.at('}') {
                let brace = self.peek().span;
                self.report(trailing_enumerator_comma(comma, brace));
            }
            return Ok(());
        }
        if self.at('}') || (self.at(';') && self.on_new_line()) {
            return Ok(());
        }
        let token = self.peek();
        let shown = describe(token, self.text(token));
        self.blame(|token| {
            Diagnostic::error(
                codes::MISSING_SEPARATOR,
                token.span,
                format!("expected `,` or `}}` after enumerator `{name}`, found {shown}"),
            )
        });
        if token.kind == TokenKind::Word && !KEYWORDS.contains(&self.word()) {
            return Ok(());
        }
        Err(Lost)
    }

    /// Skips the value of an enumerator.
    fn skip_value(&mut self) {
        while !matches!(
            self.peek().kind,
            TokenKind::Punctuation(',' | ';' | '{' | '}') | TokenKind::End
        ) {
            self.bump();
        }
    }

    /// Skips to the next enumerator or to the end of the list. A `{` in it has its `}`.
    fn skip_enumerator(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.peek().kind {
                TokenKind::End => return,
                TokenKind::Punctuation('{') => depth += 1,
                TokenKind::Punctuation('}') if depth == 0 => return,
                TokenKind::Punctuation('}') => depth -= 1,
                TokenKind::Punctuation(',' | ';') if depth == 0 => {
                    self.bump();
                    return;
                }
                _ => {}
            }
            self.bump();
        }
    }
}
