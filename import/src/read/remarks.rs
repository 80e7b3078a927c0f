//! Documentation: doc strings of classes, comments beside members (packages since 4.4.0 carry both).

use std::collections::HashMap;

use crate::api::Notes;
use crate::python::{Comment, Source, Statement};
use crate::text::clean;

/// Headings behind which a doc string only repeats what the members say.
const LISTS: [&str; 2] = ["Elements:", "Elements and Method names:"];

/// The comments of one file by line; none if documentation is not wanted.
#[derive(Debug, Default)]
pub(super) struct Remarks<'s> {
    wanted: bool,
    by_line: HashMap<u32, &'s Comment>,
}

impl<'s> Remarks<'s> {
    pub(super) fn of(source: &'s Source, wanted: bool) -> Self {
        let comments = source.comments.iter().filter(|_| wanted);
        Self {
            wanted,
            by_line: comments.map(|comment| (comment.line, comment)).collect(),
        }
    }

    /// What a doc string says before it lists the members.
    pub(super) fn doc(&self, doc: Option<&str>) -> Vec<String> {
        let Some(doc) = doc.filter(|_| self.wanted) else {
            return Vec::new();
        };
        let lines = doc.lines().enumerate().map(|(at, line)| match at {
            // The text begins behind the indentation of the first line; others begin at the margin.
            0 | 1 => line.trim(),
            _ => line.trim_end(),
        });
        clean(lines.take_while(|line| !LISTS.contains(&line.trim())))
    }

    /// Comments above, behind and below a statement.
    pub(super) fn member(&self, statement: &Statement) -> Notes {
        if !self.wanted {
            return Notes::default();
        }
        let alone = |line: u32| self.by_line.get(&line).filter(|comment| comment.alone);
        let mut above: Vec<_> = (1..statement.line)
            .rev()
            .map_while(|line| alone(line).map(|c| c.text.trim()))
            .collect();
        above.reverse();
        let behind = self
            .by_line
            .get(&statement.end)
            .filter(|comment| !comment.alone);
        let below = (statement.end + 1..)
            .map_while(alone)
            .filter(|_| behind.is_some());
        let trailing = behind
            .into_iter()
            .chain(below)
            .map(|comment| comment.text.trim());
        Notes {
            leading: clean(above.into_iter()),
            trailing: clean(trailing),
            ..Notes::default()
        }
    }
}
