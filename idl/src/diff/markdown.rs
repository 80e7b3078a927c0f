use super::Comparison;
use super::words::{
    line, lone, module_rust, module_state, nothing, rust, sentence, side, steps, totals,
};

pub(super) fn render(comparison: &Comparison) -> String {
    let mut out = String::new();
    if comparison.is_empty() {
        let text = nothing(comparison);
        let (first, rest) = text.split_at(1);
        line(&mut out, format_args!("{}{rest}.", first.to_uppercase()));
    } else {
        line(
            &mut out,
            format_args!("{}.", totals(comparison).replace("->", "→")),
        );
    }
    for module in comparison.modules() {
        let state = module_state(comparison, module);
        let name = module_rust(comparison, module, &code);
        line(
            &mut out,
            format_args!("\n### {}{state}{}\n", code(module), arrow(name)),
        );
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
                format_args!(
                    "- {} {} {steps}{}",
                    ty.kind,
                    code(&ty.path),
                    arrow(rust(&ty.rust, &code))
                ),
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

fn arrow(text: String) -> String {
    text.replace("` -> `", "` → `")
}

/// The class before the colon in bold, when it is the one to look for.
fn emphasized(sentence: &str) -> String {
    let sentence = arrow(sentence.to_owned());
    match sentence.strip_prefix("breaking:") {
        Some(rest) => format!("**breaking:**{rest}"),
        None => sentence,
    }
}
