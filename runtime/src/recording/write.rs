//! Recordings as text.

use std::fmt::{self, Write};
use std::time::Duration;

use super::Recording;
use super::entry::{Answer, Called, Entry, What};
use super::json::{Node, quoted};

/// The first line.
pub(super) const TITLE: &str = "xerus recording 1";

impl fmt::Display for Recording {
    /// The text of the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_head(f, &self.origin, self.began.as_deref())?;
        for entry in &self.entries {
            write!(f, "\n{entry}")?;
        }
        Ok(())
    }
}

/// The head of a file.
pub(super) fn head(origin: &str, began: Option<&str>) -> String {
    let mut out = String::new();
    // Writing to memory does not fail.
    let _ = write_head(&mut out, origin, began);
    out
}

fn write_head(out: &mut dyn Write, origin: &str, began: Option<&str>) -> fmt::Result {
    writeln!(out, "{TITLE}")?;
    writeln!(out, "origin: {}", word(origin))?;
    if let Some(began) = began {
        writeln!(out, "began: {}", word(began))?;
    }
    Ok(())
}

impl fmt::Display for Entry {
    /// The text of the entry in a file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.what.word(), self.number)?;
        writeln!(f, "at: {}", Milliseconds(self.at))?;
        if let Some(bulk) = self.bulk {
            writeln!(f, "bulk: {bulk}")?;
        }
        writeln!(f, "to: {}", word(self.what.target()))?;
        match &self.what {
            What::Call(called) | What::Notify(called) | What::Stream(called) => {
                write_called(f, called)?;
            }
            What::Download(fetched) => {
                write_query(f, &fetched.query)?;
                if fetched.offset > 0 {
                    writeln!(f, "offset: {}", fetched.offset)?;
                }
            }
            What::Upload(given) => {
                write_query(f, &given.query)?;
                writeln!(f, "parts: {}", given.parts.pretty())?;
            }
        }
        writeln!(f, "took: {}", Milliseconds(self.took))?;
        write_answer(f, &self.answer)
    }
}

fn write_called(f: &mut fmt::Formatter<'_>, called: &Called) -> fmt::Result {
    writeln!(f, "method: {}", word(&called.method))?;
    writeln!(f, "params: {}", called.params.pretty())
}

fn write_query(f: &mut fmt::Formatter<'_>, query: &Node) -> fmt::Result {
    if query.is_empty() {
        return Ok(());
    }
    writeln!(f, "query: {}", query.pretty())
}

fn write_answer(f: &mut fmt::Formatter<'_>, answer: &Answer) -> fmt::Result {
    let mut json = |key: &str, node: &Node| writeln!(f, "{key}: {}", node.pretty());
    match answer {
        Answer::Result(node) => json("result", node),
        Answer::ByPosition(node) => json("results by position", node),
        Answer::Bare(node) => json("bare result", node),
        Answer::Error(node) => json("error", node),
        Answer::Failure(node) => json("failure", node),
        Answer::File(node) => json("file", node),
        Answer::Uploaded(node) => json("uploaded", node),
        Answer::Body(text) => writeln!(f, "body: {}", quoted(text)),
        Answer::Progress(reports, end) => {
            for report in reports {
                json("progress", report)?;
            }
            write_answer(f, end)
        }
        Answer::Nothing => writeln!(f, "ended: nothing to answer"),
        Answer::GivenUp => writeln!(f, "ended: given up"),
    }
}

/// A text as it is, or as a JSON string where a line could not hold it or would be taken for something else.
fn word(text: &str) -> String {
    let plain = !text.is_empty()
        && text.trim() == text
        && !text.starts_with('"')
        && !text.chars().any(char::is_control);
    if plain { text.to_owned() } else { quoted(text) }
}

/// A time in milliseconds, exact to a thousandth.
pub(super) struct Milliseconds(pub(super) Duration);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        let (whole, rest) = (micros / 1000, micros % 1000);
        if rest == 0 {
            return write!(f, "{whole} ms");
        }
        let rest = format!("{rest:03}");
        write!(f, "{whole}.{} ms", rest.trim_end_matches('0'))
    }
}
