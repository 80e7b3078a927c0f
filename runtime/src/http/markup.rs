//! Error pages made readable.

use crate::error::text::is_unprintable;

/// The readable text of an error page: markup and runs of blanks removed, at most `limit` bytes.
///
/// The content of `script` and `style` elements is left out as well; it says nothing to a person.
pub(super) fn strip_markup(body: &[u8], limit: usize) -> String {
    let text = String::from_utf8_lossy(body);
    let mut out = String::new();
    let mut rest = text.as_ref();
    let mut gap = false;
    while let Some(c) = rest.chars().next() {
        if c == '<' {
            rest = after_tag(rest);
            gap = true;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        if c.is_whitespace() || is_unprintable(c) {
            gap = true;
            continue;
        }
        let blank = gap && !out.is_empty();
        gap = false;
        if out.len() + usize::from(blank) + c.len_utf8() > limit {
            break;
        }
        if blank {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// What follows the tag (or the whole script, style or comment) that `text` starts with.
fn after_tag(text: &str) -> &str {
    for (open, close) in [
        ("<script", "</script"),
        ("<style", "</style"),
        ("<!--", "-->"),
    ] {
        if starts_with_ignoring_case(text, open) {
            let at = find_ignoring_case(text, close).unwrap_or(text.len());
            return after_gt(&text[at..]);
        }
    }
    after_gt(text)
}

fn after_gt(text: &str) -> &str {
    text.find('>').map_or("", |at| &text[at + 1..])
}

fn starts_with_ignoring_case(text: &str, word: &str) -> bool {
    text.as_bytes()
        .get(..word.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes()
        .windows(word.len())
        .position(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_stripped() {
        let page = b"<!DOCTYPE html><html><head><style>p { color: red }</style><title>503</title></head>\r\n\
                     <body><SCRIPT>alert('<p>')</SCRIPT><!-- hidden > text --><h1>Service\tUnavailable</h1></body>";
        assert_eq!(strip_markup(page, 512), "503 Service Unavailable");
    }

    #[test]
    fn excerpts_end_at_the_limit_on_a_character() {
        assert_eq!(strip_markup("ääää".as_bytes(), 5), "ää");
        assert_eq!(strip_markup(b"<unclosed", 10), "");
        assert_eq!(strip_markup(b"<script>for ever", 10), "");
        assert_eq!(strip_markup(b"a\xff\x00b", 10), "a\u{fffd} b");
    }
}
