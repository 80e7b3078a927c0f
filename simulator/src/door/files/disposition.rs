//! Header values with parameters: `form-data; name="config_file"; filename="config.txt"`.

/// The value before the first semicolon, in lower case.
pub(super) fn value(text: &str) -> String {
    let value = text.split(';').next().unwrap_or_default();
    value.trim().to_ascii_lowercase()
}

/// The parameter with this name; quotes and what they escape are resolved.
pub(super) fn parameter(text: &str, name: &str) -> Option<String> {
    let mut rest = text.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (value, after) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after.trim_start().strip_prefix(';')?;
    }
}

/// A text behind its opening quote, and what follows the closing one.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match (character, characters.peek()) {
            ('"', _) => return Some((value, &text[at + 1..])),
            // Anything else behind a backslash is a path as some clients send it.
            ('\\', Some((_, escaped @ ('"' | '\\')))) => {
                value.push(*escaped);
                characters.next();
            }
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_in_every_spelling() {
        for (text, name, expected) in [
            ("form-data; name=\"a\"", "name", Some("a")),
            ("form-data;name=a;filename=b", "filename", Some("b")),
            (
                "form-data; name=\"a;b\\\"c\"; filename=\"d\"",
                "name",
                Some("a;b\"c"),
            ),
            (
                "form-data; name=\"a;b\\\"c\"; filename=\"d\"",
                "filename",
                Some("d"),
            ),
            (
                "form-data; FileName=\"C:\\x.bin\" ; name=n",
                "filename",
                Some("C:\\x.bin"),
            ),
            ("form-data; name=\"a\"", "filename", None),
            ("form-data; name=\"a", "name", None),
            ("form-data", "name", None),
            ("form-data; name", "name", None),
            (
                "multipart/form-data; boundary=----x",
                "boundary",
                Some("----x"),
            ),
        ] {
            assert_eq!(parameter(text, name).as_deref(), expected, "{text}");
        }
        assert_eq!(
            value("Multipart/Form-Data; boundary=x"),
            "multipart/form-data"
        );
    }
}
