//! Documentation lines.

use xerus_idl::model::{Docs, Type, TypeKind};

/// The documentation of an item as lines of Markdown.
pub(super) fn lines(docs: &Docs) -> Vec<String> {
    let Some(text) = xerus_idl::docs::rustdoc(docs) else {
        return Vec::new();
    };
    let mut lines: Vec<_> = text.lines().map(clean).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Characters that a line comment cannot hold, or that would reorder the text around it, become
/// blanks.
fn clean(line: &str) -> String {
    let odd =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    line.trim_end().replace(odd, " ")
}

/// What a type is, as the start of a sentence.
pub(super) fn kind(ty: &Type) -> &'static str {
    match &ty.kind {
        TypeKind::Interface(_) => "Interface",
        TypeKind::Structure { .. } => "Structure",
        TypeKind::ValueObject { .. } => "Value object",
        TypeKind::Enumeration { .. } => "Enumeration",
        TypeKind::Typedef { .. } => "Alias",
        TypeKind::Opaque => "Any JSON value,",
    }
}
