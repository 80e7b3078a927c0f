//! Lines, and the column of the comments behind them.

use super::comment::Comment;
use super::last_column;

/// Code beyond this column does not move the comments of its neighbours.
const FARTHEST: usize = 64;

/// What a line is to its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// A field, method, constant, enumerator and the like: comments behind them share a column.
    Member,
    /// Anything else: comments stand close.
    Other,
    /// Nothing but a comment that belongs to the line before.
    Continuation,
}

/// A line (or several, of one declaration or comment).
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) kind: LineKind,
    pub(super) blank_before: bool,
    pub(super) indent: usize,
    pub(super) text: String,
    /// Comments behind it.
    pub(super) trailing: Vec<Comment<'a>>,
}

impl Line<'_> {
    /// The column behind its code.
    fn end(&self) -> usize {
        last_column(self.indent, &self.text)
    }
}

/// All lines as one text.
pub(super) fn write(lines: &[Line<'_>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let group = group(&lines[at..]);
        let shared = shared_column(group);
        // Where the comment of the line before stands.
        let mut above = None;
        for line in group {
            if line.blank_before && !out.is_empty() {
                out.push('\n');
            }
            write_line(&mut out, line, shared, &mut above);
        }
        at += group.len();
    }
    out
}

/// The lines at the start whose comments share a column; at least one.
fn group<'l, 'a>(lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
    let Some(first) = lines.first() else {
        return lines;
    };
    let mut length = 1;
    if first.kind != LineKind::Other {
        length += lines
            .iter()
            .skip(1)
            .take_while(|line| {
                line.kind != LineKind::Other && !line.blank_before && line.indent == first.indent
            })
            .count();
    }
    &lines[..length]
}

/// The column of the comments of a group.
fn shared_column(group: &[Line<'_>]) -> Option<usize> {
    group
        .iter()
        .filter(|line| line.kind == LineKind::Member && !line.trailing.is_empty())
        .map(Line::end)
        .filter(|end| *end <= FARTHEST)
        .max()
        .map(|end| (end + 2).next_multiple_of(4))
}

fn write_line(out: &mut String, line: &Line<'_>, shared: Option<usize>, above: &mut Option<usize>) {
    let mut column = 0;
    let mut target = None;
    match line.kind {
        LineKind::Continuation => {
            target = above.or(shared).or(Some(line.indent + 4));
        }
        LineKind::Member | LineKind::Other => {
            out.extend(std::iter::repeat_n(' ', line.indent));
            out.push_str(&line.text);
            column = line.end();
            *above = None;
            if !line.trailing.is_empty() {
                let close = column + if line.kind == LineKind::Member { 2 } else { 1 };
                target = shared.filter(|shared| *shared >= close).or(Some(close));
            }
        }
    }
    for comment in &line.trailing {
        let start = target.take().unwrap_or(column + 1).max(column);
        above.get_or_insert(start);
        out.extend(std::iter::repeat_n(' ', start - column));
        let text = comment.at(start);
        column = last_column(start, &text);
        out.push_str(&text);
    }
    out.push('\n');
}
