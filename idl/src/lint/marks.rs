use super::Input;
use super::checks::each_declaration;
use crate::diagnostic::{Diagnostic, codes};
use crate::docs::{self, Documented};
use crate::marks::{Oddity, oddities};
use crate::source::Span;
use crate::syntax::{Declaration, Name};

pub(super) fn unknown(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    each_oddity(input, &mut |_, odd, span| {
        let Oddity::Unknown { name, near, .. } = odd else {
            return;
        };
        let diagnostic = Diagnostic::warning(
            codes::UNKNOWN_MARK,
            span,
            format!("`@{name}` is neither a mark nor a command of Doxygen; taken as text"),
        );
        found.push(diagnostic.hint(match near {
            Some(near) => format!("did you mean `@{near}`?"),
            None => "write `@@` for an `@` in text".to_owned(),
        }));
    });
}

pub(super) fn misplaced(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    each_oddity(input, &mut |is_method, odd, span| {
        let (message, help) = match odd {
            Oddity::AmidText { name, .. } if is_method => (
                format!("`@{name}` stands amid text and is not taken"),
                "a mark begins a line, or follows another mark on its line",
            ),
            Oddity::Known { name, .. } if !is_method => (
                format!("`@{name}` is a mark of methods, and this is none"),
                "move it to the documentation of the method that it is about",
            ),
            _ => return,
        };
        found.push(Diagnostic::warning(codes::MISPLACED_MARK, span, message).hint(help));
    });
}

/// Calls `visit` with everything that looks like a mark, its place, and whether it belongs to a method.
fn each_oddity(input: &Input<'_>, visit: &mut dyn FnMut(bool, &Oddity, Span)) {
    for file in input.files {
        let mut table = docs::attach(input.sources, file);
        let mut named = |name: &Name, is_method: bool| {
            let Documented {
                docs,
                heading,
                text,
            } = table.take_documented(name.span);
            for (text, comments) in [(docs.heading, heading), (docs.text, text)] {
                // Hardly any documentation is worth a look.
                let Some(text) = text.filter(|_| !comments.is_empty()) else {
                    continue;
                };
                for odd in oddities(&text) {
                    visit(
                        is_method,
                        &odd,
                        comments.place(input.sources, &text, odd.place()),
                    );
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
}
