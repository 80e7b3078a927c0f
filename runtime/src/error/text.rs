//! Text from outside made fit for one line of a terminal or a log.

use core::fmt;

/// Longest piece of device text that an error line shows, in characters.
const DEVICE_TEXT_CHARS: usize = 200;

/// Longest error line, in bytes; a last resort against text that came in through a library's message.
const LINE_BYTES: usize = 2048;

/// Whether a character may not appear in a line: control characters, line and paragraph separators, and the marks that
/// change the direction of what follows (they can make a log line read as something it is not).
pub(crate) fn is_unprintable(c: char) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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
