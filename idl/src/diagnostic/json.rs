//! Findings for programs.

use std::fmt::Write as _;

use super::Diagnostic;
use crate::source::{SourceMap, Span};

/// One finding as a JSON object on one line.
pub(super) fn object(sources: &SourceMap, item: &Diagnostic) -> String {
    let mut out = String::from("{\"level\":");
    string(&mut out, item.level.word());
    out.push_str(",\"code\":");
    string(&mut out, item.code.0);
    out.push_str(",\"message\":");
    string(&mut out, &item.message);
    place(&mut out, sources, item.span);
    let end = sources.position(item.span.end_point());
    // Writing to a `String` cannot fail.
    let _ = write!(
        out,
        ",\"end_line\":{},\"end_column\":{}",
        end.line, end.column
    );
    out.push_str(",\"label\":");
    optional(&mut out, item.label.as_deref());
    out.push_str(",\"help\":");
    optional(&mut out, item.help.as_deref());
    out.push_str(",\"related\":[");
    for (index, (span, text)) in item.related.iter().enumerate() {
        out.push_str(if index == 0 {
            "{\"message\":"
        } else {
            ",{\"message\":"
        });
        string(&mut out, text);
        place(&mut out, sources, *span);
        out.push('}');
    }
    out.push_str("]}");
    out
}

/// `,"file":…,"line":…,"column":…`
fn place(out: &mut String, sources: &SourceMap, span: Span) {
    let position = sources.position(span);
    out.push_str(",\"file\":");
    string(out, sources.file(span.file).name());
    let _ = write!(
        out,
        ",\"line\":{},\"column\":{}",
        position.line, position.column
    );
}

fn optional(out: &mut String, text: Option<&str>) {
    match text {
        Some(text) => string(out, text),
        None => out.push_str("null"),
    }
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // Line separators are legal in JSON but not in what some readers of lines expect.
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
