//! Texts from the network, made safe to show.

/// The text with everything that moves the cursor, hides or reorders other text written as `\u{…}`.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_misleading(sign) {
            shown.extend(sign.escape_unicode());
        } else {
            shown.push(sign);
        }
    }
    shown
}

fn is_misleading(sign: char) -> bool {
    sign.is_control()
        || matches!(
            sign,
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator, width and direction marks.
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            // Line and paragraph separators, embeddings, overrides, isolates, invisible operators.
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            // Byte order mark, interlinear annotations, tags.
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_moves_hides_or_reorders_text_is_escaped() {
        for (raw, safe) in [
            ("PX4-5190R rack 3", "PX4-5190R rack 3"),
            ("Zürich 電源", "Zürich 電源"),
            ("a\u{1b}[2Jb\r\n", "a\\u{1b}[2Jb\\u{d}\\u{a}"),
            ("\u{0}\u{7f}\u{9b}", "\\u{0}\\u{7f}\\u{9b}"),
            ("pdu\u{202e}moc", "pdu\\u{202e}moc"),
            (
                "a\u{200b}b\u{2066}\u{feff}",
                "a\\u{200b}b\\u{2066}\\u{feff}",
            ),
        ] {
            assert_eq!(shown(raw), safe);
            assert_eq!(shown(&shown(raw)), safe, "what is shown is safe");
        }
    }
}
