//! Members of modules, interfaces, structures and value objects.

use super::{Body, Explainer, Found, Lost, clip};
use crate::diagnostic::{Diagnostic, codes};
use crate::distance::nearest;
use crate::lex::{Token, TokenKind};
use crate::syntax::{Builtin, KEYWORDS};

/// Words that begin a declaration inside of something.
const DECLARATIONS: [&str; 8] = [
    "module",
    "interface",
    "structure",
    "valueobject",
    "enumeration",
    "constant",
    "typedef",
    "opaque",
];

impl Explainer<'_> {
    /// One member with its annotations.
    pub(super) fn member(&mut self, context: Body) -> Found<()> {
        if self.annotations() && (self.at('}') || self.at_end()) {
            self.no_declaration();
            return Ok(());
        }
        let token = self.peek();
        let word = self.word();
        if DECLARATIONS.contains(&word) {
            return self.declaration(word, Some(context));
        }
        if let Some(meant) = self.misspelt_declaration(context) {
            return self.declaration(meant, Some(context));
        }
        match word {
            "void" => self.void_member(context),
            _ if self.starts_type() => self.typed_member(context),
            _ => {
                let expected = match context {
                    Body::Module => "a declaration or `}`",
                    Body::Interface => "a method, constant or type, or `}`",
                    Body::Structure => "a field or nested type, or `}`",
                    Body::ValueObject => "a field or `}`",
                };
                self.unexpected(expected);
                // A character that does not belong here may stand before something that does.
                if matches!(token.kind, TokenKind::Foreign(_)) {
                    while matches!(self.peek().kind, TokenKind::Foreign(_)) {
                        self.bump();
                    }
                    if self.starts_declaration() {
                        return Ok(());
                    }
                }
                Err(Lost)
            }
        }
    }

    /// A declaration that begins with a keyword (or what was meant as one), wherever it stands.
    pub(super) fn declaration(&mut self, word: &str, context: Option<Body>) -> Found<()> {
        if let Some(problem) = context.and_then(|context| misplaced(word, context)) {
            let place = self.peek().span;
            self.report(Diagnostic::error(codes::MISPLACED, place, problem));
        }
        match word {
            "module" => self.module(),
            "enumeration" => self.enumeration(),
            "constant" => self.constant(),
            "typedef" => self.typedef(),
            "opaque" => self.opaque(),
            _ => self.block(word),
        }
    }

    fn typedef(&mut self) -> Found<()> {
        self.bump();
        self.ty("a type")?;
        let name = self.name("a name for the type")?;
        let name = self.text(name);
        self.semicolon(&format!("typedef `{}`", clip(name)))
    }

    fn opaque(&mut self) -> Found<()> {
        self.bump();
        let name = self.name("an opaque type name")?;
        let name = self.text(name);
        if self.at('{') || self.word() == "extends" {
            let place = self.peek().span;
            self.report(
                Diagnostic::error(
                    codes::OPAQUE_BODY,
                    place,
                    "`opaque` declares only a name: expected `;`",
                )
                .hint(format!("write `opaque {};`", clip(name))),
            );
            return Err(Lost);
        }
        self.semicolon(&format!("opaque type `{}`", clip(name)))
    }

    /// A member that begins with `void`.
    fn void_member(&mut self, context: Body) -> Found<()> {
        let void = self.peek();
        let is_method = self.cursor.peek(2).kind == TokenKind::Punctuation('(');
        if context != Body::Interface && !is_method {
            self.misplaced_void(void);
            self.bump();
            let name = self.name("a field name")?;
            let behind = format!("field `{}`", clip(self.text(name)));
            return self.semicolon(&behind);
        }
        self.bump();
        self.named_member(context)
    }

    /// A member that begins with a type.
    fn typed_member(&mut self, context: Body) -> Found<()> {
        if context == Body::Module {
            if self.cursor.peek(1).kind == TokenKind::Error {
                return Err(Lost);
            }
            let token = self.peek();
            let shown = clip(self.text(token));
            self.report(
                Diagnostic::error(
                    codes::MISPLACED,
                    token.span,
                    format!("expected a declaration, found `{shown}`"),
                )
                .hint("fields belong into a structure or valueobject, methods into an interface"),
            );
            return Err(Lost);
        }
        self.ty("a type")?;
        self.named_member(context)
    }

    /// The rest of a field or method, from its name.
    fn named_member(&mut self, context: Body) -> Found<()> {
        let what = if context == Body::Interface {
            "a method name"
        } else {
            "a field name"
        };
        let name = self.name(what)?;
        let name = clip(self.text(name));
        if context == Body::Interface {
            if self.at('(') {
                self.parameters()?;
                return self.semicolon(&format!("method `{name}`"));
            }
            let mut diagnostic = self.unexpected_diagnostic(&format!("`(` after `{name}`"));
            if matches!(
                self.peek().kind,
                TokenKind::Punctuation(';' | '=' | ',' | '[')
            ) {
                diagnostic = Diagnostic::error(
                    codes::NOT_A_METHOD,
                    self.peek().span,
                    "expected `(`: an interface has methods, not fields",
                )
                .hint(format!(
                    "`{name}` could be a method without parameters: `{name}()`"
                ));
            }
            self.blame(|_| diagnostic);
            return Err(Lost);
        }
        if self.at('(') {
            let place = self.peek().span;
            self.report(
                Diagnostic::error(
                    codes::NOT_A_FIELD,
                    place,
                    "methods are only allowed in an interface",
                )
                .mark("expected `;`"),
            );
            return Err(Lost);
        }
        let token = self.peek();
        let help = match token.kind {
            TokenKind::Punctuation(',') => Some("declare one field after the other"),
            TokenKind::Punctuation('[') => Some("lists are written `vector<type> name;`"),
            TokenKind::Punctuation('=') => Some("fields have no default value"),
            _ => None,
        };
        let help = help.filter(|_| !self.on_new_line());
        self.semicolon_or(|next, shown| {
            let diagnostic = Diagnostic::error(
                codes::MISSING_SEMICOLON,
                next,
                format!("expected `;` after field `{name}`, found {shown}"),
            );
            match help {
                Some(help) => diagnostic.hint(help),
                None => diagnostic,
            }
        })
    }

    /// Whether a type may begin here. Keywords that cannot begin one are left to the caller.
    pub(super) fn starts_type(&mut self) -> bool {
        let word = self.word();
        if word.is_empty() {
            return false;
        }
        !KEYWORDS.contains(&word)
            || matches!(word, "vector" | "map")
            || Builtin::from_word(word).is_some()
    }

    /// `structre A {`: a word that is no keyword where only a declaration fits. Says so.
    fn misspelt_declaration(&mut self, context: Body) -> Option<&'static str> {
        let token = self.peek();
        let word = self.word();
        if word.is_empty() || KEYWORDS.contains(&word) {
            return None;
        }
        let next = self.word_at(1);
        if next.is_empty() {
            return None;
        }
        let named = !KEYWORDS.contains(&next);
        let third = self.cursor.peek(2);
        let member = named
            && matches!(
                third.kind,
                TokenKind::Punctuation(';' | '(' | '}' | '=' | ',' | '[')
            );
        if member && context != Body::Module {
            return None;
        }
        // What follows the word says which declarations come into question.
        let candidates: &[&str] = if !named {
            &["constant", "typedef"]
        } else if third.kind == TokenKind::Punctuation('{') || self.word_at(2) == "extends" {
            &[
                "module",
                "interface",
                "structure",
                "valueobject",
                "enumeration",
            ]
        } else if third.kind == TokenKind::Punctuation(';') {
            &["opaque"]
        } else {
            &["constant", "typedef"]
        };
        self.misspelt(token, candidates, "expected a declaration")
    }

    /// The keyword that a word was meant to be. Says so.
    pub(super) fn misspelt(
        &mut self,
        token: Token,
        candidates: &[&'static str],
        expected: &str,
    ) -> Option<&'static str> {
        if token.kind != TokenKind::Word {
            return None;
        }
        let word = self.text(token);
        let meant = elsewhere(word)
            .filter(|meant| candidates.contains(meant))
            .or_else(|| nearest(word, candidates.iter().copied()))
            .filter(|meant| *meant != word)?;
        let meant = candidates.iter().find(|candidate| **candidate == meant)?;
        self.report(Diagnostic::error(
            codes::MISSPELT_KEYWORD,
            token.span,
            format!(
                "{expected}, found `{}`; did you mean `{meant}`?",
                clip(word)
            ),
        ));
        Some(meant)
    }
}

/// The keyword for what other languages call so; too far from it to be taken for a slip.
fn elsewhere(word: &str) -> Option<&'static str> {
    Some(match word {
        "const" => "constant",
        "struct" => "structure",
        "enum" => "enumeration",
        _ => return None,
    })
}

/// Why a declaration may not stand where it does.
fn misplaced(word: &str, context: Body) -> Option<String> {
    let allowed: &[&str] = match context {
        Body::Module => &[
            "module",
            "interface",
            "structure",
            "valueobject",
            "enumeration",
            "typedef",
            "opaque",
        ],
        Body::Interface => &[
            "structure",
            "valueobject",
            "enumeration",
            "constant",
            "typedef",
            "opaque",
        ],
        Body::Structure => &["structure", "enumeration"],
        Body::ValueObject => &[],
    };
    if allowed.contains(&word) {
        return None;
    }
    Some(match word {
        "interface" => "an interface may only be declared directly inside a module".to_owned(),
        "module" => "a module may only be declared at the top level or inside a module".to_owned(),
        "constant" => "constants are only allowed in an interface".to_owned(),
        _ if context == Body::ValueObject => {
            format!("a valueobject holds only fields: move the {word} out of it")
        }
        _ => format!("`{word}` is not allowed in {}", context.named()),
    })
}
