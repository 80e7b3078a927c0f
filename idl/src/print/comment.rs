//! The text of a comment at another place.

use super::column_after;

/// A comment without blanks at line ends.
#[derive(Clone, Debug)]
pub(super) struct Comment<'a> {
    /// At least one.
    lines: Vec<&'a str>,
    /// The column (from 0) in which it stands in the source.
    column: usize,
}

impl<'a> Comment<'a> {
    /// The comment that begins at a byte of a text.
    pub(super) fn new(source: &str, start: usize, comment: &'a str) -> Self {
        let lines: Vec<_> = comment
            .split('\n')
            .map(|line| line.trim_end_matches([' ', '\t', '\r']))
            .collect();
        let mut column = 0;
        // Only comments of several lines are moved as a whole.
        if lines.len() > 1 {
            let before = &source[..start];
            let line = before.rfind('\n').map_or(0, |end| end + 1);
            column = column_after(0, &before[line..]);
        }
        Self { lines, column }
    }

    /// Its first line.
    pub(super) fn first_line(&self) -> &'a str {
        self.lines[0]
    }

    /// Whether it stands on several lines.
    pub(super) fn is_multi_line(&self) -> bool {
        self.lines.len() > 1
    }

    /// Its text in a column: stars under the first star, other lines moved along.
    pub(super) fn at(&self, column: usize) -> String {
        let mut out = self.first_line().to_owned();
        let rest = &self.lines[1..];
        let starred = rest.iter().all(|line| {
            let line = line.trim_start_matches([' ', '\t']);
            line.is_empty() || line.starts_with('*')
        });
        for line in rest {
            let text = line.trim_start_matches([' ', '\t']);
            out.push('\n');
            if text.is_empty() {
                continue;
            }
            let indent = if starred {
                column + 1
            } else {
                let blanks = line.len() - text.len();
                let old = column_after(0, &line[..blanks]);
                (old + column).saturating_sub(self.column)
            };
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(text);
        }
        out
    }
}
