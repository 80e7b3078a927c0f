use crate::syntax::CommentKind;

/// The text of a comment without its delimiters and its column of stars, or `None` when nothing is
/// left of it.
pub(super) fn clean(kind: CommentKind, comment: &str) -> Option<String> {
    let lines: Vec<&str> = match kind {
        CommentKind::LeadingBlock => block(comment, "/**").lines().map(without_star).collect(),
        CommentKind::TrailingBlock => block(comment, "/**<")
            .lines()
            .map(|line| without_star(line).trim())
            .collect(),
        CommentKind::LeadingLine => {
            let inner = comment.strip_prefix("///").unwrap_or(comment);
            vec![inner.strip_prefix(' ').unwrap_or(inner).trim_end()]
        }
        CommentKind::TrailingLine => {
            let inner = comment
                .strip_prefix("///<")
                .or_else(|| comment.strip_prefix("//<"));
            vec![inner.unwrap_or(comment).trim()]
        }
        CommentKind::Block | CommentKind::Line => return None,
    };
    let is_blank = |line: &&str| line.trim().is_empty();
    let first = lines.iter().position(|line| !is_blank(line))?;
    let last = lines.iter().rposition(|line| !is_blank(line))?;
    let text = lines.get(first..=last)?.join("\n");
    Some(text).filter(|text| !is_mark(text))
}

/// The inside of a block comment, its end mark (`*/`, `**/`) removed.
fn block<'c>(comment: &'c str, start: &str) -> &'c str {
    // `/**/` has no inside: its marks share a star.
    let inner = comment
        .strip_suffix("*/")
        .and_then(|rest| rest.strip_prefix(start));
    inner.unwrap_or("").trim_end().trim_end_matches('*')
}

/// One line without leading blanks, one star and one blank after it; blanks further in stay.
fn without_star(line: &str) -> &str {
    let line = line.trim_start().trim_end();
    let line = line.strip_prefix('*').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

/// Whether a text only hides declarations from the vendor's manual and says nothing about them.
fn is_mark(text: &str) -> bool {
    !text.contains('\n')
        && text
            .strip_prefix(['@', '\\'])
            .and_then(|rest| rest.split_whitespace().next())
            .is_some_and(|word| word == "cond" || word == "endcond")
}

/// Adds text without what may not stand in a doc comment: control characters, tabs, and characters
/// that turn the direction of writing (rustc refuses those).
pub(super) fn push_clean(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_stars_go() {
        use CommentKind::{Block, LeadingBlock, LeadingLine, Line, TrailingBlock, TrailingLine};
        for (kind, comment, expected) in [
            (LeadingBlock, "/** One line */", Some("One line")),
            (LeadingBlock, "/**One line*/", Some("One line")),
            (LeadingBlock, "/** Many stars ***/", Some("Many stars")),
            (
                LeadingBlock,
                "/**\n     * First\n     *\n     *   inner\n     */",
                Some("First\n\n  inner"),
            ),
            (
                LeadingBlock,
                "/**\n   no stars\n     at all\n */",
                Some("no stars\nat all"),
            ),
            (
                LeadingBlock,
                "/**\r\n * With\r\n * returns\r\n */",
                Some("With\nreturns"),
            ),
            (LeadingBlock, "/** */", None),
            (LeadingBlock, "/***/", None),
            (LeadingBlock, "/**/", None),
            (LeadingBlock, "/** * item */", Some("item")),
            (
                TrailingBlock,
                "/**< after\n         it */",
                Some("after\nit"),
            ),
            (LeadingLine, "/// text", Some("text")),
            (LeadingLine, "///  indented", Some(" indented")),
            (LeadingLine, "/// @cond internal", None),
            (LeadingLine, "/// @endcond", None),
            (LeadingLine, "/// @condition", Some("@condition")),
            (TrailingLine, "///<   after  ", Some("after")),
            (TrailingLine, "//< note", Some("note")),
            (TrailingLine, "///<", None),
            (Line, "// plain", None),
            (Block, "/* plain */", None),
        ] {
            assert_eq!(clean(kind, comment).as_deref(), expected, "{comment}");
        }
    }
}
