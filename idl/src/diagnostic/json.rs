//! Findings for programs.

use super::Diagnostic;
use crate::json::Json;
use crate::source::{Position, SourceMap, Span};

/// One finding as a JSON object, with a line end.
pub(super) fn line(sources: &SourceMap, item: &Diagnostic) -> String {
    let mut json = Json::default();
    json.open('{');
    json.key("level").string(item.level.word());
    json.key("code").string(item.code.0);
    json.key("message").string(&item.message);
    place(&mut json, sources, item.span);
    let Position { line, column } = sources.position(item.span.end_point());
    json.key("end_line").number(line.into());
    json.key("end_column").number(column.into());
    json.key("label").optional(item.label.as_deref());
    json.key("help").optional(item.help.as_deref());
    json.key("related").open('[');
    for (span, text) in &item.related {
        json.open('{');
        json.key("message").string(text);
        place(&mut json, sources, *span);
        json.close('}');
    }
    json.close(']');
    json.close('}');
    json.finish()
}

/// `"file": …, "line": …, "column": …`
fn place(json: &mut Json, sources: &SourceMap, span: Span) {
    let Position { line, column } = sources.position(span);
    json.key("file").string(sources.file(span.file).name());
    json.key("line").number(line.into());
    json.key("column").number(column.into());
}
