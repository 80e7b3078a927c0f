//! Findings for people: the text around each place, drawn by annotate-snippets.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet};

use super::{Diagnostic, Level};
use crate::source::{FileId, SourceFile, SourceMap, Span};

/// Lines longer than this many bytes are cut around the marked place.
const LONGEST_LINE: usize = 240;

/// How much of a cut line stands before and behind the start of the place, in bytes.
const CUT: (usize, usize) = (60, 100);

/// Marked lines farther apart than this are drawn as two excerpts.
const NEAR: u32 = 8;

/// All findings, one after the other, and a count of them.
pub(super) fn human(sources: &SourceMap, items: &[Diagnostic], colored: bool) -> String {
    let renderer = if colored { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut out = String::new();
    for item in items {
        out.push_str(&renderer.render(&groups(sources, item)));
        out.push_str("\n\n");
    }
    out.push_str(&summary(items));
    out
}

/// `2 errors, 1 warning`, or nothing.
fn summary(items: &[Diagnostic]) -> String {
    let errors = items.iter().filter(|item| item.is_error()).count();
    let count = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let parts: Vec<_> = [count(errors, "error"), count(items.len() - errors, "warning")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() { String::new() } else { parts.join(", ") + "\n" }
}

/// A marked place.
struct Mark<'a> {
    span: Span,
    line: u32,
    primary: bool,
    text: &'a str,
}

fn groups<'a>(sources: &'a SourceMap, item: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match item.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
    };
    let mut group = level.primary_title(item.message.as_str()).id(item.code.0).elements(
        Vec::<annotate_snippets::Padding>::new(),
    );
    let mut marks = vec![Mark {
        span: item.span,
        line: sources.position(item.span).line,
        primary: true,
        text: item.label.as_deref().unwrap_or(""),
    }];
    marks.extend(item.related.iter().map(|(span, text)| Mark {
        span: *span,
        line: sources.position(*span).line,
        primary: false,
        text,
    }));
    for excerpt in excerpts(marks) {
        let Some(lead) = excerpt.iter().find(|mark| mark.primary).or(excerpt.first()) else {
            continue;
        };
        let source = sources.file(lead.span.file);
        let position = source.position(lead.span.start);
        group = group.element(
            Origin::path(source.name())
                .line(position.line as usize)
                .char_column(position.column as usize),
        );
        if !source.text().is_empty() {
            group = group.element(snippet(source, &excerpt));
        }
    }
    if let Some(help) = &item.help {
        group = group.element(Title::HELP.message(help.as_str()));
    }
    vec![group]
}

/// Sorts marks into excerpts: those of one file on lines near each other. The one with the primary mark comes first.
fn excerpts(mut marks: Vec<Mark<'_>>) -> Vec<Vec<Mark<'_>>> {
    marks.sort_by_key(|mark| (mark.span.file, mark.line, mark.span.start));
    let mut excerpts: Vec<Vec<Mark<'_>>> = Vec::new();
    for mark in marks {
        match excerpts.last_mut() {
            Some(excerpt) if excerpt.last().is_some_and(|last| near(last, &mark)) => {
                excerpt.push(mark);
            }
            _ => excerpts.push(vec![mark]),
        }
    }
    // Stable: the others keep their order.
    excerpts.sort_by_key(|excerpt| !excerpt.iter().any(|mark| mark.primary));
    excerpts
}

fn near(before: &Mark<'_>, after: &Mark<'_>) -> bool {
    let same: fn(FileId, FileId) -> bool = |a, b| a == b;
    same(before.span.file, after.span.file) && after.line - before.line <= NEAR
}

/// The lines of an excerpt with its marks.
fn snippet<'a>(source: &'a SourceFile, marks: &[Mark<'a>]) -> Snippet<'a, Annotation<'a>> {
    let first = marks.iter().map(|mark| mark.line).min().unwrap_or(1);
    let last = marks.iter().map(|mark| mark.line).max().unwrap_or(1);
    // Where each piece of the excerpt comes from: bytes of the source, start in the excerpt.
    let mut pieces: Vec<(Range<usize>, usize)> = Vec::new();
    let mut text = String::new();
    for line in first..=last {
        let whole = source.line(line);
        let starts = marks.iter().filter(|mark| mark.line == line);
        let piece = cut(source.text(), whole.clone(), starts.map(|mark| mark.span.start as usize));
        if piece.start > whole.start {
            text.push('…');
        }
        pieces.push((piece.clone(), text.len()));
        text.push_str(source.text().get(piece.clone()).unwrap_or(""));
        if piece.end < whole.end {
            text.push('…');
        }
        text.push('\n');
    }
    let place = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        // The first piece that reaches as far as the start.
        let found = pieces.iter().rev().find(|(piece, _)| piece.start <= start);
        let (piece, at) = found.or(pieces.first()).cloned().unwrap_or((0..0, 0));
        let begin = at + start.clamp(piece.start, piece.end) - piece.start;
        let end = at + end.clamp(piece.start, piece.end) - piece.start;
        begin..end.max(begin)
    };
    let annotations = marks.iter().map(|mark| {
        let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(place(mark.span));
        if mark.text.is_empty() { annotation } else { annotation.label(mark.text) }
    });
    let annotations: Vec<_> = annotations.collect();
    Snippet::source(text).line_start(first as usize).fold(true).annotations(annotations)
}

/// The part of a line that is shown: all of it, or a window from the first to the last place.
fn cut(text: &str, line: Range<usize>, places: impl Iterator<Item = usize>) -> Range<usize> {
    if line.len() <= LONGEST_LINE {
        return line;
    }
    let places: Vec<_> = places.collect();
    let first = places.iter().min().copied().unwrap_or(line.start);
    let mut start = first.saturating_sub(CUT.0).clamp(line.start, line.end);
    let last = places.iter().filter(|place| **place < start + LONGEST_LINE).max();
    let mut end = last.map_or(start, |place| place + CUT.1).clamp(start, line.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
