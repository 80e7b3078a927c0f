//! Bounds on what is said about one file.

use std::cmp::Reverse;

use super::{Diagnostic, Level, codes};

/// Errors after which the rest of a file is not looked at, and warnings of one file that are told.
pub const MAX_ERRORS: usize = 100;

/// Sorts findings by file and place; the closing note of a file comes behind all others of that file.
pub(super) fn sort(items: &mut [Diagnostic]) {
    items.sort_by_key(|item| (item.span.file, is_note(item), item.span, item.code));
}

/// Keeps the first [`MAX_ERRORS`] errors and as many warnings of each file; a closing note counts the others.
///
/// The findings must be sorted; what was cut stays as it is when it is cut again.
pub(super) fn cut(items: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if items.len() <= MAX_ERRORS {
        return items;
    }
    let mut kept = Vec::new();
    let mut rest = items.into_iter().peekable();
    while let Some(file) = rest.peek().map(|item| item.span.file) {
        let mut own = Vec::new();
        while let Some(item) = rest.next_if(|item| item.span.file == file) {
            own.push(item);
        }
        kept.append(&mut cut_file(own, false));
    }
    kept
}

/// The same for the findings of one file. With `open`, the reader gave up and nobody knows how many more there are.
pub(crate) fn cut_file(items: Vec<Diagnostic>, open: bool) -> Vec<Diagnostic> {
    let mut dropped = Dropped::default();
    let mut notes = Vec::new();
    let mut kept: Vec<Diagnostic> = Vec::new();
    let (mut errors, mut warnings) = (0, 0);
    let mut place = None;
    for item in items {
        if is_note(&item) {
            notes.push(item);
            continue;
        }
        let (seen, dropped) = match item.level {
            Level::Error => (&mut errors, &mut dropped.errors),
            Level::Warning => (&mut warnings, &mut dropped.warnings),
        };
        *seen += 1;
        if *seen > MAX_ERRORS {
            *dropped += 1;
            place.get_or_insert(item.span);
        } else {
            kept.push(item);
        }
    }
    notes.sort_by_key(|note| Reverse(note.level));
    let earlier = notes.into_iter().next();
    let note = match place {
        None => earlier,
        Some(place) => {
            let level = dropped.level().max(earlier.as_ref().map(|note| note.level));
            // Behind everything that is kept, so that places ascend.
            let place = kept.last().map_or(place, |last| place.max(last.span));
            let message = dropped.message(open, earlier.is_some());
            let note = Diagnostic::new(
                level.unwrap_or(Level::Warning),
                codes::TOO_MANY_ERRORS,
                place,
                message,
            );
            Some(note.hint(format!("only the first {MAX_ERRORS} are shown")))
        }
    };
    kept.extend(note);
    kept
}

fn is_note(item: &Diagnostic) -> bool {
    item.code == codes::TOO_MANY_ERRORS
}

/// How many findings are left out.
#[derive(Default)]
struct Dropped {
    errors: usize,
    warnings: usize,
}

impl Dropped {
    const fn level(&self) -> Option<Level> {
        match (self.errors, self.warnings) {
            (0, 0) => None,
            (0, _) => Some(Level::Warning),
            _ => Some(Level::Error),
        }
    }

    /// With `earlier`, others were left out before these.
    fn message(&self, open: bool, earlier: bool) -> String {
        let Self { errors, warnings } = *self;
        let least = if earlier { "at least " } else { "" };
        match (errors, warnings) {
            (_, 0) if open => "too many errors in this file".to_owned(),
            (0, _) => format!("too many warnings in this file: {least}{warnings} more"),
            (_, 0) => format!("too many errors in this file: {least}{errors} more"),
            _ if open => "too many errors and warnings in this file".to_owned(),
            _ => format!(
                "too many errors and warnings in this file: {least}{errors} and {warnings} more"
            ),
        }
    }
}
