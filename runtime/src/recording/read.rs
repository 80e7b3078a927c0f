//! Recordings from text.

use std::fmt;
use std::time::Duration;

use super::Recording;
use super::cursor::{Cursor, Line};
use super::entry::{Answer, Called, Entry, Fetched, Given, What};
use super::json::Node;
use super::write::TITLE;

/// Why a text is no recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingError {
    pub(super) line: usize,
    pub(super) column: Option<usize>,
    pub(super) what: String,
    /// Whether the text ends where more should come.
    pub(super) at_end: bool,
}

impl RecordingError {
    pub(super) fn new(line: usize, what: impl Into<String>) -> Self {
        Self {
            line,
            column: None,
            what: what.into(),
            at_end: false,
        }
    }

    /// The line of the text that is at fault, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        let one_line = crate::error::text::DeviceText(&self.what);
        write!(f, ": {one_line}")
    }
}

impl std::error::Error for RecordingError {}

impl std::str::FromStr for Recording {
    type Err = RecordingError;

    fn from_str(text: &str) -> Result<Self, RecordingError> {
        Self::parse(text)
    }
}

impl Recording {
    /// Reads the text of a recording.
    ///
    /// A last entry that is not complete, because the program that recorded was ended in the middle of it, is left out:
    /// [`cut_at`](Self::cut_at) tells.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, and in which line.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let mut cursor = Cursor::new(text);
        let mut recording = read_head(&mut cursor)?;
        while let Some(line) = cursor.peek() {
            match read_entry(&mut cursor) {
                Ok(entry) => recording.entries.push(entry),
                Err(error) if error.at_end || cursor.nothing_complete_follows() => {
                    recording.cut = Some(line.number);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(recording)
    }
}

fn read_head(cursor: &mut Cursor<'_>) -> Result<Recording, RecordingError> {
    let title = cursor.take();
    match title {
        Some(line) if line.text == TITLE => {}
        Some(line) if line.text.starts_with("xerus recording ") => {
            return Err(line.error(format!(
                "this recording is of a later form than `{TITLE}`: use the release that wrote it, or a later one"
            )));
        }
        _ => {
            return Err(RecordingError::new(
                title.map_or(1, |line| line.number),
                format!("a recording begins with the line `{TITLE}`"),
            ));
        }
    }
    let (mut origin, mut began) = (None, None);
    while let Some(line) = cursor.peek() {
        let is_torn = origin.is_some() && cursor.is_torn(&line);
        if is_torn || begins_entry(&line).is_some() {
            break;
        }
        let (key, value) = line.key()?;
        let place = match key {
            "origin" => &mut origin,
            "began" => &mut began,
            _ => {
                return Err(line.error(format!(
                    "`{key}` is not known here: `origin`, `began`, or an entry such as `call 1`"
                )));
            }
        };
        if place.replace(line.word(value)?).is_some() {
            return Err(line.error(format!("a second `{key}`")));
        }
        cursor.take();
    }
    let Some(origin) = origin else {
        let mut error = RecordingError::new(cursor.line(), "`origin: …` is missing before this");
        error.at_end = cursor.peek().is_none();
        return Err(error);
    };
    Ok(Recording {
        origin,
        began,
        entries: Vec::new(),
        cut: None,
    })
}

/// What an entry is of, and its number.
fn begins_entry<'a>(line: &Line<'a>) -> Option<(&'a str, u64)> {
    const WORDS: [&str; 5] = ["call", "notify", "stream", "download", "upload"];
    let (word, number) = line.text.split_once(' ')?;
    let number = number.trim();
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    (WORDS.contains(&word) && is_number).then(|| Some((word, number.parse().ok()?)))?
}

/// The members of an entry, as far as they were read.
#[derive(Default)]
struct Fields {
    at: Option<Duration>,
    took: Option<Duration>,
    bulk: Option<u64>,
    target: Option<String>,
    method: Option<String>,
    params: Option<Node>,
    query: Option<Node>,
    offset: Option<u64>,
    parts: Option<Node>,
    progress: Vec<Node>,
    answer: Option<Answer>,
}

fn read_entry(cursor: &mut Cursor<'_>) -> Result<Entry, RecordingError> {
    let Some(first) = cursor.take() else {
        return Err(cursor.ended("an entry"));
    };
    let Some((word, number)) = begins_entry(&first) else {
        return Err(first.error(
            "expected an entry: `call`, `notify`, `stream`, `download` or `upload`, and its number",
        ));
    };
    let mut fields = Fields::default();
    while let Some(line) = cursor.peek() {
        // The beginning of a line, which was to begin the next entry.
        let is_torn = fields.answer.is_some() && cursor.is_torn(&line);
        if is_torn || begins_entry(&line).is_some() {
            break;
        }
        read_field(cursor, &line, &mut fields)?;
    }
    let at_end = cursor.peek().is_none();
    let missing = |what: &str| {
        let mut error = first.error(format!("this entry has no `{what}: …`"));
        error.at_end = at_end;
        error
    };
    let target = fields.target.ok_or_else(|| missing("to"))?;
    let query = fields.query.unwrap_or_else(|| Node::Object(Vec::new()));
    let what = match word {
        "download" => What::Download(Fetched {
            target,
            query,
            offset: fields.offset.unwrap_or(0),
        }),
        "upload" => What::Upload(Given {
            target,
            query,
            parts: fields.parts.ok_or_else(|| missing("parts"))?,
        }),
        _ => {
            let called = Called {
                target,
                method: fields.method.ok_or_else(|| missing("method"))?,
                params: fields.params.unwrap_or_else(|| Node::Object(Vec::new())),
            };
            match word {
                "notify" => What::Notify(called),
                "stream" => What::Stream(called),
                _ => What::Call(called),
            }
        }
    };
    let mut answer = fields.answer.ok_or_else(|| missing("result"))?;
    if !fields.progress.is_empty() {
        answer = Answer::Progress(fields.progress, Box::new(answer));
    }
    Ok(Entry {
        number,
        line: first.number,
        at: fields.at.unwrap_or_default(),
        took: fields.took.unwrap_or_default(),
        bulk: fields.bulk,
        what,
        answer,
    })
}

fn read_field<'a>(
    cursor: &mut Cursor<'a>,
    line: &Line<'a>,
    fields: &mut Fields,
) -> Result<(), RecordingError> {
    let (key, value) = line.key()?;
    let answer: fn(Node) -> Answer = match key {
        "result" => Answer::Result,
        "results by position" => Answer::ByPosition,
        "bare result" => Answer::Bare,
        "error" => Answer::Error,
        "failure" => Answer::Failure,
        "file" => Answer::File,
        "uploaded" => Answer::Uploaded,
        "params" => return once(line, key, &mut fields.params, cursor.json(line, value)?),
        "query" => return once(line, key, &mut fields.query, cursor.json(line, value)?),
        "parts" => return once(line, key, &mut fields.parts, cursor.json(line, value)?),
        "progress" => {
            fields.progress.push(cursor.json(line, value)?);
            return Ok(());
        }
        _ => {
            cursor.take();
            return read_line(line, key, value, fields);
        }
    };
    let node = cursor.json(line, value)?;
    once(line, "result", &mut fields.answer, answer(node))
}

/// A member that takes one line.
fn read_line(
    line: &Line<'_>,
    key: &str,
    value: &str,
    fields: &mut Fields,
) -> Result<(), RecordingError> {
    let whole = |what: &str| {
        value
            .parse()
            .map_err(|_| line.error(format!("expected {what}, a whole number")))
    };
    match key {
        "at" => once(line, key, &mut fields.at, line.milliseconds(value)?),
        "took" => once(line, key, &mut fields.took, line.milliseconds(value)?),
        "bulk" => once(line, key, &mut fields.bulk, whole("the number of a bulk request")?),
        "offset" => once(line, key, &mut fields.offset, whole("a number of bytes")?),
        "to" => once(line, key, &mut fields.target, line.word(value)?),
        "method" => once(line, key, &mut fields.method, line.word(value)?),
        "body" => {
            let body = Answer::Body(line.word(value)?);
            once(line, "result", &mut fields.answer, body)
        }
        "ended" => {
            let answer = match value {
                "given up" => Answer::GivenUp,
                "nothing to answer" => Answer::Nothing,
                _ => return Err(line.error("expected `given up` or `nothing to answer`")),
            };
            once(line, "result", &mut fields.answer, answer)
        }
        _ => Err(line.error(format!(
            "`{key}` is not known in an entry: `at`, `bulk`, `to`, `method`, `params`, `query`, `offset`, `parts`, `took`, \
             `progress`, and one of `result`, `error`, `failure`, `body`, `file`, `uploaded`, `ended`"
        ))),
    }
}

fn once<T>(
    line: &Line<'_>,
    key: &str,
    place: &mut Option<T>,
    value: T,
) -> Result<(), RecordingError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(line.error(format!("a second `{key}` in one entry"))),
    }
}
