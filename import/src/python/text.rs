//! String literals.

/// The value of a string literal as written, with quotes and escapes. `None` for bytes and formatted strings.
pub(super) fn literal(source: &str) -> Option<String> {
    let quote = source.find(['"', '\''])?;
    let (prefix, rest) = source.split_at(quote);
    let raw = match prefix.to_ascii_lowercase().as_str() {
        "" | "u" => false,
        "r" => true,
        _ => return None,
    };
    let inner = ["\"\"\"", "'''", "\"", "'"]
        .iter()
        .find_map(|quotes| rest.strip_prefix(quotes)?.strip_suffix(quotes))?;
    if raw {
        Some(inner.to_owned())
    } else {
        Some(unescape(inner))
    }
}

/// Python keeps a backslash before anything that it does not know.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\n') => {}
            Some(same @ ('\\' | '\'' | '"')) => out.push(same),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        let value = |source| literal(source);
        assert_eq!(value("\"a\""), Some("a".to_owned()));
        assert_eq!(value("'it\\'s'"), Some("it's".to_owned()));
        assert_eq!(
            value("\"\"\"two\nlines\"\"\""),
            Some("two\nlines".to_owned())
        );
        assert_eq!(
            value("\"\\\\c true\\n\\d\""),
            Some("\\c true\n\\d".to_owned())
        );
        assert_eq!(value("r'\\n'"), Some("\\n".to_owned()));
        assert_eq!(value("b'x'"), None);
        assert_eq!(value("f'{x}'"), None);
    }
}
