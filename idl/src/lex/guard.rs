//! What the directives of a file mean together: one include guard around everything, then includes.

use super::{Directive, DirectiveKind, Lexer};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::{Guard, Include, Name};

/// The directives of a file, understood.
#[derive(Debug, Default)]
pub(crate) struct Preamble {
    /// The guard around the file.
    pub(crate) guard: Option<Guard>,
    /// The includes in order.
    pub(crate) includes: Vec<Include>,
}

/// Checks the directives of a text that has been cut to its end.
pub(crate) fn preamble(lexer: &mut Lexer<'_>) -> Preamble {
    let mut check = Check {
        text: lexer.text(),
        first_token: lexer.extent.map(|(first, _)| first),
        last_token: lexer.extent.map(|(_, last)| last),
        open: Vec::new(),
        guard: None,
        defined: None,
        found: Vec::new(),
        includes: Vec::new(),
    };
    let directives = std::mem::take(&mut lexer.directives);
    for (index, directive) in directives.iter().enumerate() {
        let previous = index.checked_sub(1).and_then(|at| directives.get(at));
        match directive.kind {
            DirectiveKind::Include { quoted } => check.include(directive, quoted),
            DirectiveKind::Ifndef => check.ifndef(directive, previous),
            DirectiveKind::Define => check.define(directive, previous),
            DirectiveKind::Endif => check.endif(directive, directives.get(index + 1)),
            DirectiveKind::Opening => check.open.push(*directive),
        }
    }
    // A text that was not cut to its end may well have its `#endif`.
    if !lexer.halted() {
        check.unclosed();
    }
    lexer.directives = directives;
    lexer.found.append(&mut check.found);
    Preamble {
        guard: check.guard,
        includes: check.includes,
    }
}

struct Check<'a> {
    text: &'a str,
    first_token: Option<Span>,
    last_token: Option<Span>,
    open: Vec<Directive>,
    guard: Option<Guard>,
    defined: Option<Directive>,
    found: Vec<Diagnostic>,
    includes: Vec<Include>,
}

impl<'a> Check<'a> {
    fn text(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    fn name(&self, span: Span) -> Name {
        Name {
            text: self.text(span).to_owned(),
            span,
        }
    }

    fn include(&mut self, directive: &Directive, quoted: bool) {
        if directive.late {
            let mut error = Diagnostic::error(
                codes::LATE_INCLUDE,
                directive.span,
                "`#include` must stand before the first declaration",
            );
            if let Some(first) = self.first_token {
                error = error.see(first, "the declarations begin here");
            }
            self.found.push(error);
        }
        let operand = self.text(directive.operand);
        // Without its quotes or angle brackets.
        let file = operand[1..operand.len() - 1].to_owned();
        self.includes.push(Include {
            file,
            quoted,
            span: directive.span,
            operand: directive.operand,
        });
    }

    fn ifndef(&mut self, directive: &Directive, previous: Option<&Directive>) {
        if directive.late || previous.is_some() {
            self.found.push(not_around(
                directive.span,
                "this `#ifndef` is not the first thing in it",
            ));
        }
        self.open.push(*directive);
    }

    fn define(&mut self, directive: &Directive, previous: Option<&Directive>) {
        let guard = self.open.last().filter(|open| Some(*open) == previous);
        let Some(guard) = guard.filter(|open| open.kind == DirectiveKind::Ifndef) else {
            if !self
                .open
                .iter()
                .any(|open| open.kind == DirectiveKind::Opening)
            {
                self.found.push(
                    Diagnostic::error(
                        codes::MALFORMED_GUARD,
                        directive.span,
                        "`#define` outside of an include guard",
                    )
                    .hint("it may only follow directly on the `#ifndef` that opens the file"),
                );
            }
            return;
        };
        if directive.late && !guard.late {
            self.found.push(not_around(
                directive.span,
                "a declaration stands before its `#define`",
            ));
        }
        let (name, defined) = (self.text(guard.operand), self.text(directive.operand));
        if name != defined {
            self.found.push(
                Diagnostic::warning(
                    codes::GUARD_NAMES,
                    directive.span,
                    format!(
                        "guard name differs from the `#ifndef` on line {}",
                        self.line(guard.span)
                    ),
                )
                .mark(format!("defines `{defined}`"))
                .see(guard.operand, format!("tests `{name}`")),
            );
        }
        self.defined = Some(*directive);
    }

    fn endif(&mut self, directive: &Directive, next: Option<&Directive>) {
        let Some(opening) = self.open.pop() else {
            self.found.push(Diagnostic::error(
                codes::ENDIF_ALONE,
                directive.span,
                "`#endif` without `#ifndef`",
            ));
            return;
        };
        if opening.kind != DirectiveKind::Ifndef {
            return;
        }
        let Some(define) = self.defined.take() else {
            let name = self.text(opening.operand);
            self.found.push(
                Diagnostic::error(
                    codes::MALFORMED_GUARD,
                    opening.span,
                    format!("`#ifndef {name}` without `#define {name}`"),
                )
                .hint("an include guard defines its macro on the next line"),
            );
            return;
        };
        let outside = next.map(|next| next.span).or(self.last_token);
        if let Some(outside) = outside.filter(|outside| outside.start > directive.span.start) {
            self.found.push(
                not_around(directive.span, "this `#endif` is not the last thing in it")
                    .see(outside, "the file goes on here"),
            );
        }
        self.guard = Some(Guard {
            name: self.name(opening.operand),
            defined: self.name(define.operand),
            ifndef: opening.span,
            define: define.span,
            endif: directive.span,
        });
    }

    fn unclosed(&mut self) {
        for open in &self.open {
            if open.kind == DirectiveKind::Ifndef {
                self.found.push(
                    Diagnostic::error(codes::IFNDEF_OPEN, open.span, "`#ifndef` without `#endif`")
                        .hint("end the file with `#endif`"),
                );
            }
        }
    }

    fn line(&self, span: Span) -> usize {
        self.text
            .bytes()
            .take(span.start as usize)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }
}

fn not_around(span: Span, mark: &str) -> Diagnostic {
    Diagnostic::error(
        codes::GUARD_EXTENT,
        span,
        "an include guard must wrap the whole file",
    )
    .mark(mark)
}
