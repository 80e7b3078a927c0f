//! Text to tree, with tree-sitter.

use tree_sitter::{Node, Parser, TreeCursor};

use super::convert::{Converter, line};
use super::{Comment, Source};
use crate::error::{Error, Problem};
use crate::limits::Limits;

/// Parses one file; `path` is for messages.
pub(crate) fn parse(path: &str, text: &str, limits: Limits) -> Result<Source, Error> {
    let problem = |line, message: String| {
        Error::NotUnderstood(vec![Problem {
            file: path.to_owned(),
            line,
            message,
            can_be_left_out: false,
        }])
    };
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_python::LANGUAGE.into())
        .map_err(|_| problem(1, "the Python grammar does not fit its parser".to_owned()))?;
    let tree = parser
        .parse(text, None)
        .ok_or_else(|| problem(1, "the parser gave up".to_owned()))?;
    let root = tree.root_node();
    let survey = survey(root, text);
    if let Some(line) = survey.error {
        return Err(problem(line, "not valid Python".to_owned()));
    }
    if survey.depth > limits.nesting {
        return Err(Error::Limit {
            what: format!("{path}: nesting"),
            name: "nesting",
            limit: limits.nesting,
        });
    }
    let body = Converter::new(text).block(root);
    Ok(Source {
        body,
        comments: survey.comments,
    })
}

/// What one walk over all nodes finds.
struct Survey {
    error: Option<u32>,
    depth: u64,
    comments: Vec<Comment>,
}

/// Walks without recursion, since nobody has looked at the depth yet.
fn survey(root: Node<'_>, text: &str) -> Survey {
    let mut survey = Survey {
        error: None,
        depth: 0,
        comments: Vec::new(),
    };
    let mut cursor = root.walk();
    let mut depth = 0;
    loop {
        let node = cursor.node();
        if (node.is_error() || node.is_missing()) && survey.error.is_none() {
            survey.error = Some(line(node.start_position().row));
        }
        if node.kind() == "comment" {
            survey.comments.push(comment(node, text));
        }
        if cursor.goto_first_child() {
            depth += 1;
            survey.depth = survey.depth.max(depth);
        } else if !next(&mut cursor, &mut depth) {
            return survey;
        }
    }
}

/// Goes on beside or above; `false` at the end.
fn next(cursor: &mut TreeCursor<'_>, depth: &mut u64) -> bool {
    loop {
        if cursor.goto_next_sibling() {
            return true;
        }
        if !cursor.goto_parent() {
            return false;
        }
        *depth = depth.saturating_sub(1);
    }
}

fn comment(node: Node<'_>, text: &str) -> Comment {
    let range = node.byte_range();
    let before = &text[..range.start];
    let own_line = before.rsplit_once('\n').map_or(before, |(_, last)| last);
    let shown = &text[range];
    Comment {
        line: line(node.start_position().row),
        alone: own_line.trim().is_empty(),
        text: shown.trim_start_matches('#').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse("a.py", text, Limits::default())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn comments_know_their_line() {
        let source = parse("a.py", "# one\nx = 1  # two\n", Limits::default()).unwrap();
        let comments: Vec<_> = source
            .comments
            .iter()
            .map(|c| (c.line, c.alone, c.text.as_str()))
            .collect();
        assert_eq!(comments, [(1, true, " one"), (2, false, " two")]);
    }

    #[test]
    fn broken_python_is_refused_with_its_line() {
        assert_eq!(
            refused("x = 1\ny = = 2\n"),
            "not understood:\na.py:2: not valid Python"
        );
    }

    #[test]
    fn deep_nesting_is_refused_before_anything_recurses() {
        let deep = format!("x = {}{}\n", "[".repeat(20_000), "]".repeat(20_000));
        assert!(refused(&deep).ends_with("beyond the limit of 200 (limit `nesting`)"));
    }
}
