//! Foreign text on its way into comments and messages.

/// Characters of foreign text that a message quotes.
const QUOTED: usize = 60;

/// Lines that can stand in an IDL comment, without empty ones at either end.
pub(crate) fn clean<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut lines: Vec<String> = lines.map(harmless).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    lines.split_off(first)
}

/// Nothing ends the comment, nothing speaks to a terminal or turns the text around.
fn harmless(line: &str) -> String {
    let line: String = line
        .chars()
        .map(|c| match c {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    line.trim_end().replace("*/", "* /").replace("/*", "/ *")
}

/// The beginning of a foreign text in backticks, escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars
        .by_ref()
        .take(QUOTED)
        .flat_map(char::escape_debug)
        .collect();
    let rest = if chars.next().is_some() { "…" } else { "" };
    format!("`{start}{rest}`")
}

/// Whether a text can be the name of an IDL file, and of nothing else on a disk.
pub(crate) fn is_file_name(name: &str) -> bool {
    name.strip_suffix(".idl").is_some_and(|stem| {
        !stem.is_empty()
            && !stem.starts_with('.')
            && name.len() <= 100
            && stem
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_cannot_end_a_comment() {
        assert_eq!(clean(["", "a */ b", "", ""].into_iter()), ["a * / b"]);
        assert_eq!(clean(["\u{1b}[2J /* x"].into_iter()), [" [2J / * x"]);
        assert_eq!(clean(["a\u{202E}b\u{2066}c"].into_iter()), ["a b c"]);
    }

    #[test]
    fn quotes_are_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}"), "`a\\u{1b}`");
        assert_eq!(quoted(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
    }

    #[test]
    fn file_names() {
        assert!(is_file_name("Outlet.idl"));
        for bad in [
            "../a.idl", "/a.idl", "a\\b.idl", ".idl", ".a.idl", "a", "a b.idl",
        ] {
            assert!(!is_file_name(bad), "{bad}");
        }
    }
}
