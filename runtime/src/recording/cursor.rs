//! The lines of a recording, and the JSON that goes over several of them.

use std::time::Duration;

use super::json::{LIMITS, Node};
use super::read::RecordingError;
use crate::error::{DecodeErrorKind, JsonErrorKind};
use crate::json::Text;

/// A line that says something: no comment, and not empty.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) text: &'a str,
    /// Where it begins in the whole text.
    start: usize,
}

/// Goes through a text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// The number of the line at `at`.
    number: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            text,
            at: 0,
            number: 1,
        }
    }

    /// The number of the line that comes next.
    pub(super) fn line(&self) -> usize {
        self.number
    }

    /// The next line that says something.
    pub(super) fn peek(&mut self) -> Option<Line<'a>> {
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let text = rest.lines().next().unwrap_or_default().trim_end();
            if text.is_empty() || text.starts_with('#') {
                self.step();
                continue;
            }
            return Some(Line {
                number: self.number,
                text,
                start: self.at,
            });
        }
    }

    /// Takes the next line that says something.
    pub(super) fn take(&mut self) -> Option<Line<'a>> {
        let line = self.peek()?;
        self.step();
        Some(line)
    }

    /// Takes the line, which was looked at, and the lines that its JSON value goes over.
    pub(super) fn json(&mut self, line: &Line<'a>, value: &str) -> Result<Node, RecordingError> {
        // The value is the end of its line.
        let start = line.start + line.text.len() - value.len();
        let rest = self.text.get(start..).unwrap_or_default();
        let mut reader = Text::new(rest, LIMITS);
        reader.peek();
        let node = Node::read(&mut reader).map_err(|error| {
            let place = start + error.offset().min(rest.len());
            let mut told = self.error_at(place, words(error.kind()));
            told.at_end = self.text[..]
                .get(place..)
                .is_none_or(|left| left.trim().is_empty());
            told
        })?;
        let end = start + reader.offset();
        let skipped = self.text.get(self.at..end).unwrap_or_default();
        self.number += skipped.matches('\n').count();
        self.at = end;
        let after = self.rest().lines().next().unwrap_or_default();
        if !after.trim().is_empty() {
            return Err(self.error_at(end, "something follows the JSON value in its line"));
        }
        self.step();
        Ok(node)
    }

    /// Whether what is left is no more than the beginning of an entry whose last line was not written to its end.
    pub(super) fn nothing_complete_follows(&self) -> bool {
        let words = [
            "\ncall ",
            "\nnotify ",
            "\nstream ",
            "\ndownload ",
            "\nupload ",
        ];
        let rest = self.rest();
        !self.text.ends_with('\n') && !words.iter().any(|word| rest.contains(word))
    }

    /// Whether a line was not written to its end, nor to its colon.
    pub(super) fn is_torn(&self, line: &Line<'_>) -> bool {
        let rest = self.text.get(line.start..).unwrap_or_default();
        !rest.contains('\n') && !rest.contains(':')
    }

    pub(super) fn ended(&self, expected: &str) -> RecordingError {
        let mut error = RecordingError::new(self.number, format!("expected {expected}"));
        error.at_end = true;
        error
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes to the beginning of the next line.
    fn step(&mut self) {
        match self.rest().find('\n') {
            Some(end) => {
                self.at += end + 1;
                self.number += 1;
            }
            None => self.at = self.text.len(),
        }
    }

    fn error_at(&self, place: usize, what: &str) -> RecordingError {
        let mut place = place.min(self.text.len());
        while !self.text.is_char_boundary(place) {
            place -= 1;
        }
        let before = &self.text[..place];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let mut error = RecordingError::new(before.matches('\n').count() + 1, what);
        error.column = Some(before[start..].chars().count() + 1);
        error
    }
}

/// What is wrong with JSON, for people who edit it.
fn words(kind: DecodeErrorKind) -> &'static str {
    match kind {
        DecodeErrorKind::Json(JsonErrorKind::Encoding) => {
            "a string holds an escape that stands for no character"
        }
        DecodeErrorKind::Json(JsonErrorKind::DepthExceeded) => "nested too deeply",
        _ => "this is no JSON: look for a missing comma, quote or bracket here or just before",
    }
}

impl<'a> Line<'a> {
    pub(super) fn error(&self, what: impl Into<String>) -> RecordingError {
        RecordingError::new(self.number, what)
    }

    /// The two sides of `key: value`.
    pub(super) fn key(&self) -> Result<(&'a str, &'a str), RecordingError> {
        match self.text.split_once(':') {
            Some((key, value)) => Ok((key.trim(), value.trim_start())),
            None => Err(self
                .error("expected `key: value`, an entry such as `call 1`, or a comment with `#`")),
        }
    }

    /// A text as it stands, or as a JSON string.
    pub(super) fn word(&self, value: &str) -> Result<String, RecordingError> {
        if !value.starts_with('"') {
            return Ok(value.to_owned());
        }
        match Node::parse(value) {
            Ok(Node::Text(text)) => Ok(text),
            _ => {
                let mut error = self.error(
                    "a value that begins with a quote is one JSON string, and nothing follows it",
                );
                error.at_end = false;
                Err(error)
            }
        }
    }

    /// A time such as `12.5 ms`.
    pub(super) fn milliseconds(&self, value: &str) -> Result<Duration, RecordingError> {
        let wrong = || self.error("expected a time in milliseconds, such as `12.5 ms`");
        let number = value.strip_suffix("ms").ok_or_else(wrong)?.trim_end();
        let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > 3 {
            return Err(wrong());
        }
        let whole: u64 = whole.parse().map_err(|_| wrong())?;
        let rest: u64 = format!("{rest:0<3}").parse().map_err(|_| wrong())?;
        let micros = whole
            .checked_mul(1000)
            .and_then(|micros| micros.checked_add(rest));
        micros.map(Duration::from_micros).ok_or_else(wrong)
    }
}
