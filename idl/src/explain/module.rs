//! The file and its modules.

use super::{Body, Explainer, Found, Lost};
use crate::diagnostic::{Diagnostic, codes};
use crate::lex::TokenKind;
use crate::source::Span;

impl Explainer<'_> {
    pub(super) fn file(&mut self) {
        while !self.at_end() && !self.full() {
            match self.word() {
                "module" => {
                    if self.module().is_err() {
                        self.skip_declaration();
                    }
                }
                _ if self.misspelt_module() => {
                    if self.module().is_err() {
                        self.skip_declaration();
                    }
                }
                _ => self.outside(),
            }
        }
    }

    /// Whether what stands here is `modul name {`; says so.
    fn misspelt_module(&mut self) -> bool {
        let token = self.peek();
        let named = self.cursor.peek(1).kind == TokenKind::Word;
        let opened = self.cursor.peek(2).kind == TokenKind::Punctuation('{');
        named
            && opened
            && self
                .misspelt(token, &["module"], "expected a module")
                .is_some()
    }

    /// Something outside of any module.
    fn outside(&mut self) {
        let token = self.peek();
        if self.starts_declaration() {
            let word = self.word();
            let diagnostic = Diagnostic::error(
                codes::OUTSIDE_MODULE,
                token.span,
                format!("declaration outside a module: `{word}` needs one around it"),
            )
            .hint("every declaration stands in a `module name { … }`");
            self.report(diagnostic);
            if self.declaration(word, None).is_err() {
                self.skip_declaration();
            }
        } else if self.at('[') {
            self.loose_annotations();
        } else {
            self.unexpected("a module or end of file");
            self.skip_declaration();
        }
        // A `}` stops every skipping; here nothing is left that it could close.
        if self.eat('}') {
            self.eat(';');
        }
    }

    /// Annotations outside of any module: on a module they are not part of the language.
    fn loose_annotations(&mut self) {
        let first = self.peek().span;
        self.annotations();
        if self.word() == "module" {
            self.report(
                Diagnostic::error(
                    codes::LOOSE_ANNOTATION,
                    first,
                    "a module outside of any other cannot be annotated",
                )
                .hint("put the annotation on a declaration inside the module"),
            );
        } else if !self.starts_declaration() {
            self.no_declaration();
            self.skip_declaration();
        }
    }

    /// From `module` to the closing brace.
    pub(super) fn module(&mut self) -> Found<()> {
        self.bump();
        let name = self.name("a module name")?;
        let name = self.text(name);
        while self.at('.') {
            let dot = self.bump().span;
            if self.peek().kind == TokenKind::Word {
                self.report(
                    Diagnostic::error(codes::MODULE_PATH, dot, "a module name has no dots")
                        .hint("nest the modules: `module a { module b { … } }`"),
                );
                self.bump();
            } else {
                self.blame(|token| {
                    Diagnostic::error(
                        codes::MODULE_PATH,
                        token.span,
                        "expected a module name after `.`",
                    )
                    .hint("module names have no dots: remove the `.`")
                });
            }
        }
        let what = format!("`{{` to open module `{name}`");
        let missing = self.unexpected_diagnostic(&what);
        let open = self.open(missing)?;
        self.body(Body::Module, &format!("module `{name}`"), open)?;
        self.eat(';');
        Ok(())
    }

    /// The members of a body, and its closing brace.
    pub(super) fn body(&mut self, context: Body, owner: &str, open: Span) -> Found<()> {
        loop {
            if self.eat('}') {
                return Ok(());
            }
            if self.at_end() || self.full() {
                self.unclosed(owner, open);
                return Err(Lost);
            }
            if context != Body::Module && self.missing_brace(owner, open) {
                return Ok(());
            }
            if self.at(';') {
                let stray = self.peek().span;
                self.report(
                    Diagnostic::error(codes::UNEXPECTED_TOKEN, stray, "stray `;`")
                        .mark("expected a declaration")
                        .hint("remove it"),
                );
                self.bump();
                continue;
            }
            if self.member(context).is_err() {
                self.skip_declaration();
            }
        }
    }

    /// A `;` on a line of its own: the `}` before it is missing. Says so and leaves the `;`.
    pub(super) fn missing_brace(&mut self, owner: &str, open: Span) -> bool {
        if !self.at(';') || !self.on_new_line() {
            return false;
        }
        let semicolon = self.peek().span;
        self.report(
            Diagnostic::error(
                codes::UNCLOSED,
                semicolon,
                format!("expected `}}` before `;`: the body of {owner} is not closed"),
            )
            .see(open, "opened here"),
        );
        true
    }

    /// The `{` of a body. Without one, goes on if the body seems to begin on the next line.
    pub(super) fn open(&mut self, missing: Diagnostic) -> Found<Span> {
        if self.at('{') {
            return Ok(self.bump().span);
        }
        self.blame(|_| missing);
        let body = self.on_new_line() && !self.at('}') && !self.at_end();
        if body {
            Ok(self.cursor.previous())
        } else {
            Err(Lost)
        }
    }

    /// The text ends inside of a block.
    pub(super) fn unclosed(&mut self, owner: &str, open: Span) {
        let place = self.cursor.place(open);
        self.blame_end(|end| {
            Diagnostic::error(
                codes::UNCLOSED,
                end,
                format!("unexpected end of file: {owner} opened at {place} is not closed"),
            )
            .see(open, "opened here")
        });
    }
}
