use super::Comparison;
use super::text::{line, lone, module_state, sentence, side, steps, totals};

pub(super) fn render(comparison: &Comparison) -> String {
    let mut out = String::new();
    if comparison.is_empty() {
        out.push_str("No differences.\n");
    } else {
        line(
            &mut out,
            format_args!("{}.", totals(comparison).replace("->", "→")),
        );
    }
    for module in comparison.modules() {
        let state = module_state(comparison, module);
        line(&mut out, format_args!("\n### {}{state}\n", code(module)));
        for change in lone(comparison, module) {
            line(
                &mut out,
                format_args!("- {}", emphasized(&sentence(change, &code))),
            );
        }
        for ty in comparison.types.iter().filter(|ty| ty.module == module) {
            let steps = steps(ty)
                .replace("->", "→")
                .replace("(mismatch: ", "(**mismatch:** ");
            line(
                &mut out,
                format_args!("- {} {} {steps}", ty.kind, code(&ty.path)),
            );
            for change in &ty.changes {
                line(
                    &mut out,
                    format_args!("  - {}", emphasized(&sentence(change, &code))),
                );
            }
        }
    }
    if !comparison.older.is_empty() {
        out.push_str("\nOlder versions that were not compared:\n\n");
        for older in &comparison.older {
            let side = side(older.in_new);
            line(
                &mut out,
                format_args!("- {} in the {side} IDL", code(&older.wire_id)),
            );
        }
    }
    out
}

/// A code span. Only the argument of an annotation can hold a backtick.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// The class before the colon in bold, when it is the one to look for.
fn emphasized(sentence: &str) -> String {
    let sentence = sentence.replace("` -> `", "` → `");
    match sentence.strip_prefix("breaking:") {
        Some(rest) => format!("**breaking:**{rest}"),
        None => sentence,
    }
}
