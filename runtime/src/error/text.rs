//! Text from outside made fit for one line of a terminal or a log.

use core::fmt;

/// Longest piece of device text that an error line shows, in characters.
const DEVICE_TEXT_CHARS: usize = 200;

/// Longest error line, in bytes; a last resort against text that came in through a library's message.
const LINE_BYTES: usize = 2048;

/// Whether a character may not appear in a line: control characters, line and paragraph separators, and the marks that
/// change the direction of what follows (they can make a log line read as something it is not).
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Device text in an error line: unprintable characters become one space, long text is cut with `…`.
pub(crate) struct DeviceText<'a>(pub(crate) &'a str);

impl fmt::Display for DeviceText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars();
        for c in chars.by_ref().take(DEVICE_TEXT_CHARS) {
            fmt::Write::write_char(f, if is_unprintable(c) { ' ' } else { c })?;
        }
        if chars.next().is_some() {
            f.write_str("…")
        } else {
            Ok(())
        }
    }
}

/// A writer that lets through one printable line of bounded length, whatever is written to it.
pub(crate) struct OneLine<'a, 'f> {
    out: &'a mut fmt::Formatter<'f>,
    left: usize,
}

impl<'a, 'f> OneLine<'a, 'f> {
    pub(crate) fn new(out: &'a mut fmt::Formatter<'f>) -> Self {
        Self {
            out,
            left: LINE_BYTES,
        }
    }
}

impl fmt::Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if self.left == 0 {
                return Ok(());
            }
            let width = c.len_utf8();
            if width > self.left {
                self.left = 0;
                return self.out.write_char('…');
            }
            self.left -= width;
            self.out
                .write_char(if is_unprintable(c) { ' ' } else { c })?;
        }
        Ok(())
    }
}

/// The readable text of an error page: markup and runs of blanks removed, at most `limit` bytes.
///
/// The content of `script` and `style` elements is left out as well; it says nothing to a person.
#[cfg_attr(not(feature = "http"), allow(dead_code))]
pub(crate) fn strip_markup(body: &[u8], limit: usize) -> String {
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

    #[test]
    fn device_text_is_one_bounded_line() {
        let shown = DeviceText("a\r\nb\u{1b}[31m\u{202e}c").to_string();
        assert_eq!(shown, "a  b [31m c");
        let long = "x".repeat(5000);
        assert_eq!(
            DeviceText(&long).to_string().chars().count(),
            DEVICE_TEXT_CHARS + 1
        );
    }
}
