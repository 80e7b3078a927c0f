//! Findings for people: the text around each place, drawn by annotate-snippets.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet,
};

use super::{Diagnostic, Level, visible};
use crate::source::{SourceFile, SourceMap, Span};

/// Lines longer than this many bytes are not drawn; the renderer itself cuts what is wider than a terminal.
const LONGEST_LINE: usize = 2000;

/// How much of such a line is quoted before and behind the marked place, in bytes.
const QUOTE: usize = 30;

/// Marked lines farther apart than this are drawn as two excerpts.
const NEAR: u32 = 8;

/// All findings, a blank line between two.
pub(super) fn human(sources: &SourceMap, items: &[Diagnostic], colored: bool) -> String {
    let renderer = if colored {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let reports: Vec<_> = items
        .iter()
        .map(|item| renderer.render(&groups(sources, item)) + "\n")
        .collect();
    reports.join("\n")
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
    let mut group = level
        .primary_title(visible(&item.message))
        .id(item.code.0)
        .elements(Vec::<annotate_snippets::Padding>::new());
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
        let long = excerpt
            .iter()
            .map(|mark| source.line(mark.line))
            .find(|line| line.len() > LONGEST_LINE);
        if source.text().is_empty() {
            // What cannot be read has no text to draw, but a place as in the other forms.
            group = group.element(Origin::path(visible(source.name())).line(1).char_column(1));
        } else if let Some(long) = long {
            let position = source.position(lead.span.start);
            group = group
                .element(
                    Origin::path(visible(source.name()))
                        .line(position.line as usize)
                        .char_column(position.column as usize),
                )
                .element(Title::NOTE.message(quote(source.text(), &long, lead.span)));
        } else {
            group = group.element(snippet(source, &excerpt));
        }
    }
    if let Some(help) = &item.help {
        group = group.element(Title::HELP.message(visible(help)));
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
    before.span.file == after.span.file && after.line - before.line <= NEAR
}

/// The lines of an excerpt with its marks.
fn snippet<'a>(source: &'a SourceFile, marks: &[Mark<'a>]) -> Snippet<'a, Annotation<'a>> {
    let lines = marks.iter().map(|mark| mark.line);
    let first = lines.clone().min().expect("an excerpt has a mark");
    let last = lines.max().expect("an excerpt has a mark");
    let (begin, end) = (source.line(first).start, source.line(last).end);
    let text = &source.text()[begin..end];
    let annotations: Vec<_> = marks
        .iter()
        .map(|mark| {
            let kind = if mark.primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            // A place of several lines is marked on its first one.
            let line = source.line(mark.line);
            let start = (mark.span.start as usize).clamp(line.start, line.end);
            let stop = (mark.span.end as usize).clamp(start, line.end);
            let annotation = kind.span(start - begin..stop - begin);
            if mark.text.is_empty() {
                annotation
            } else {
                annotation.label(visible(mark.text))
            }
        })
        .collect();
    Snippet::source(text)
        .path(visible(source.name()))
        .line_start(first as usize)
        .fold(true)
        .annotations(annotations)
}

/// What is said instead of drawing an endless line.
fn quote(text: &str, line: &Range<usize>, place: Span) -> String {
    let at = (place.start as usize).clamp(line.start, line.end);
    let mut start = at.saturating_sub(QUOTE).max(line.start);
    let mut end = (at + QUOTE).min(line.end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let quoted = &text[start..end];
    format!(
        "the line is {} bytes long; around the place: `{quoted}`",
        line.len()
    )
}
