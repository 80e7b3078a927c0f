use super::checks::each_declaration;
use super::{Input, Lint, Lints};
use crate::diagnostic::{Diagnostic, codes};
use crate::docs::{self, DocTable, Documented};
use crate::marks::{Oddity, oddities};
use crate::source::{SourceMap, Span};
use crate::syntax::{Declaration, File, Name};

/// The lints of documentation comments, which are sorted out once for all of them.
const LINTS: [Lint; 3] = [
    Lint::LooseDocumentation,
    Lint::UnknownMark,
    Lint::MisplacedMark,
];

pub(super) fn check(input: &Input<'_>, lints: Lints, found: &mut Vec<Diagnostic>) {
    if !LINTS.into_iter().any(|lint| lints.contains(lint)) {
        return;
    }
    for file in input.files {
        let table = docs::attach(input.sources, file);
        if lints.contains(Lint::LooseDocumentation) {
            found.extend(table.loose().iter().map(|span| loose(*span)));
        }
        each_oddity(input.sources, file, table, &mut |is_method, odd, span| {
            let (lint, diagnostic) = match odd {
                Oddity::Unknown { name, near, .. } => {
                    (Lint::UnknownMark, unknown(name, *near, span))
                }
                Oddity::AmidText { name, .. } if is_method => {
                    (Lint::MisplacedMark, amid_text(name, span))
                }
                Oddity::Known { name, .. } if !is_method => {
                    (Lint::MisplacedMark, no_method(name, span))
                }
                Oddity::AmidText { .. } | Oddity::Known { .. } => return,
            };
            if lints.contains(lint) {
                found.push(diagnostic);
            }
        });
    }
}

fn loose(span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::LOOSE_DOCUMENTATION,
        span,
        "this documentation comment belongs to no declaration",
    )
    .hint(
        "`/** … */` and `///` stand before what they document, `///<` after it; \
         use `//` or `/* … */` for remarks",
    )
}

fn unknown(name: &str, near: Option<&str>, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::UNKNOWN_MARK,
        span,
        format!("`@{name}` is neither a mark nor a command of Doxygen; taken as text"),
    )
    .hint(match near {
        Some(near) => format!("did you mean `@{near}`?"),
        None => "write `@@` for an `@` in text".to_owned(),
    })
}

fn amid_text(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::MISPLACED_MARK,
        span,
        format!("`@{name}` stands amid text and is not taken"),
    )
    .hint("a mark begins a line, or follows another mark on its line")
}

fn no_method(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::MISPLACED_MARK,
        span,
        format!("`@{name}` is a mark of methods, and this is none"),
    )
    .hint("move it to the documentation of the method that it is about")
}

/// Calls `visit` with everything that looks like a mark, its place, and whether it belongs to a method.
fn each_oddity(
    sources: &SourceMap,
    file: &File,
    mut table: DocTable,
    visit: &mut dyn FnMut(bool, &Oddity, Span),
) {
    let mut named = |name: &Name, is_method: bool| {
        let Documented {
            docs,
            heading,
            text,
        } = table.take_documented(name.span);
        for (text, comments) in [(docs.heading, heading), (docs.text, text)] {
            // Most documentation has no commands.
            let Some(text) = text.filter(|_| !comments.is_empty()) else {
                continue;
            };
            let odd = oddities(&text);
            if odd.is_empty() {
                continue;
            }
            let places = comments.places(sources, &text);
            for odd in odd {
                visit(is_method, &odd, places.of(odd.place()));
            }
        }
    };
    for module in &file.modules {
        named(&module.name, false);
    }
    each_declaration(std::slice::from_ref(file), &mut |declaration| {
        let is_method = matches!(declaration, Declaration::Method(_));
        named(declaration.name(), is_method);
        if let Declaration::Enumeration(node) = declaration {
            for enumerator in &node.enumerators {
                named(&enumerator.name, false);
            }
        }
    });
}
