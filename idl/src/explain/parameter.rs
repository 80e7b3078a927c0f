//! The parameters of a method.

use super::{Explainer, Found, Lost, clip, describe};
use crate::diagnostic::{Diagnostic, codes};
use crate::distance::nearest;
use crate::lex::TokenKind;
use crate::syntax::{Builtin, KEYWORDS};

impl Explainer<'_> {
    /// From `(` to `)`.
    pub(super) fn parameters(&mut self) -> Found<()> {
        self.bump();
        if self.eat(')') {
            return Ok(());
        }
        loop {
            self.direction();
            self.ty("a parameter type")?;
            let name = self.name("a parameter name")?;
            let name = clip(self.text(name));
            if self.eat(')') {
                return Ok(());
            }
            if self.eat(',') {
                if self.at(')') {
                    let place = self.peek().span;
                    let comma = self.cursor.previous();
                    self.report(
                        Diagnostic::error(
                            codes::TRAILING_COMMA,
                            place,
                            "trailing comma in the parameter list",
                        )
                        .mark("expected another parameter")
                        .see(comma, "remove this comma"),
                    );
                    self.bump();
                    return Ok(());
                }
                continue;
            }
            let token = self.peek();
            let shown = describe(token, self.text(token));
            self.blame(|token| {
                Diagnostic::error(
                    codes::MISSING_SEPARATOR,
                    token.span,
                    format!("expected `,` or `)` after parameter `{name}`, found {shown}"),
                )
            });
            if !matches!(self.word(), "in" | "out") {
                return Err(Lost);
            }
        }
    }

    /// `in` or `out`; what stands instead is reported, and skipped if it was meant as one.
    fn direction(&mut self) {
        let token = self.peek();
        let word = self.word();
        if matches!(word, "in" | "out") {
            self.bump();
            return;
        }
        if word.is_empty() {
            self.unexpected("`in` or `out`");
            return;
        }
        if self.two_words_before_name() {
            let shown = clip(word);
            let meant = match word {
                "inn" | "i" | "ni" => Some("in"),
                "ou" | "ot" | "o" => Some("out"),
                "inout" => None,
                _ => nearest(word, ["in", "out"]),
            };
            let meant =
                meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
            let diagnostic = Diagnostic::error(
                codes::PARAMETER_DIRECTION,
                token.span,
                format!("`{shown}` is not a direction; only `in` and `out` exist{meant}"),
            );
            self.report(match word {
                "inout" => diagnostic.hint("declare one `in` and one `out` parameter"),
                _ => diagnostic,
            });
            self.bump();
            return;
        }
        self.report(
            Diagnostic::error(
                codes::PARAMETER_DIRECTION,
                token.span,
                "parameter lacks a direction: expected `in` or `out`",
            )
            .hint(format!("write `in {}` or `out {}`", clip(word), clip(word))),
        );
    }

    /// Whether `word type name` stands here rather than `type name`.
    fn two_words_before_name(&mut self) -> bool {
        let first = self.word();
        if KEYWORDS.contains(&first) {
            return false;
        }
        let second = self.word_at(1);
        if second.is_empty() {
            return false;
        }
        if Builtin::from_word(second).is_some() || matches!(second, "vector" | "map" | "void") {
            return true;
        }
        matches!(
            self.cursor.peek(2).kind,
            TokenKind::Word | TokenKind::Punctuation('.')
        ) && !matches!(self.word_at(2), "in" | "out")
    }
}
