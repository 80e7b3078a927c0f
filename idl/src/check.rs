//! What the grammar accepts and a person should know about: trailing commas, and values that are odd or too large.

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::{Builtin, Constant, Declaration, Enumeration, File, Type};

/// Checks one tree.
pub(crate) fn file(file: &File, found: &mut Vec<Diagnostic>) {
    for module in &file.modules {
        members(&module.members, found);
    }
}

/// Depth is bounded by the nesting limit of the lexer.
fn members(declarations: &[Declaration], found: &mut Vec<Diagnostic>) {
    for declaration in declarations {
        match declaration {
            Declaration::Module(module) => members(&module.members, found),
            Declaration::Interface(interface) => members(&interface.members, found),
            Declaration::Structure(structure) => members(&structure.members, found),
            Declaration::Enumeration(enumeration) => found.extend(trailing_comma(enumeration)),
            Declaration::Constant(Constant {
                ty,
                literal,
                literal_span,
                ..
            }) => {
                let builtin = match ty {
                    Type::Builtin(builtin, _) => Some(*builtin),
                    _ => None,
                };
                found.extend(check_literal(builtin, literal, *literal_span));
            }
            Declaration::ValueObject(_)
            | Declaration::Typedef(_)
            | Declaration::Opaque(_)
            | Declaration::Method(_)
            | Declaration::Field(_) => {}
        }
    }
}

fn trailing_comma(enumeration: &Enumeration) -> Option<Diagnostic> {
    let end = enumeration.body.end;
    let brace = Span::new(enumeration.body.file, end.saturating_sub(1), end);
    enumeration
        .trailing_comma
        .map(|comma| trailing_enumerator_comma(comma, brace))
}

/// The warning for a comma between the last enumerator and the `}`, placed where the next one is missing.
pub(crate) fn trailing_enumerator_comma(comma: Span, brace: Span) -> Diagnostic {
    Diagnostic::warning(
        codes::TRAILING_COMMA,
        brace,
        "trailing comma in enumeration: tolerated, but the vendor never writes one",
    )
    .see(comma, "remove this comma")
}

/// Checks a well-formed integer literal, with its sign, against the type of its constant.
pub(crate) fn check_literal(ty: Option<Builtin>, literal: &str, span: Span) -> Option<Diagnostic> {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    let value = crate::syntax::integer_value(literal);
    let range = ty.and_then(Builtin::integer_range);
    if let (Some(range), Some(ty)) = (range, ty)
        && !value.is_some_and(|value| range.contains(&value))
    {
        return Some(
            Diagnostic::error(
                codes::CONSTANT_RANGE,
                span,
                format!(
                    "{} does not fit `{}` ({}..={})",
                    clip(literal),
                    ty.word(),
                    range.start(),
                    range.end()
                ),
            )
            .mark("out of range"),
        );
    }
    if digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0x") {
        let plain = digits.trim_start_matches('0');
        let plain = if plain.is_empty() { "0" } else { plain };
        return Some(
            Diagnostic::warning(
                codes::LEADING_ZERO,
                span,
                format!(
                    "leading zero: read as decimal {}, octal does not exist here",
                    clip(plain)
                ),
            )
            .hint(format!("write `{}`", clip(plain))),
        );
    }
    None
}

/// Whether a text that begins with a digit is no integer literal.
pub(crate) fn is_malformed_number(text: &str) -> bool {
    match text.strip_prefix("0x") {
        Some(digits) => digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !text.bytes().all(|b| b.is_ascii_digit()),
    }
}

/// Keeps endless digits out of a message.
fn clip(literal: &str) -> String {
    match literal.split_at_checked(40) {
        Some((start, rest)) if !rest.is_empty() => format!("{start}…"),
        _ => literal.to_owned(),
    }
}
