//! Device lists: tables of comma-separated values.

/// Rows of fields. `None` when a quote is not closed, or something stands behind one.
pub(super) fn parse(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut chars = text.chars().peekable();
    loop {
        let field = if chars.next_if_eq(&'"').is_some() {
            quoted(&mut chars)?
        } else {
            let mut field = String::new();
            while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '\n' | '\r')) {
                field.push(c);
            }
            field.trim().to_owned()
        };
        row.push(field);
        match chars.next() {
            Some(',') => continue,
            Some('\r') => {
                chars.next_if_eq(&'\n');
            }
            Some('\n') | None => {}
            Some(_) => return None,
        }
        // An empty line is no row.
        if row.len() > 1 || !row[0].is_empty() {
            rows.push(std::mem::take(&mut row));
        }
        row.clear();
        if chars.peek().is_none() {
            return Some(rows);
        }
    }
}

/// Behind the first quote, up to the last one; two quotes stand for one.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<String> {
    let mut field = String::new();
    loop {
        match chars.next()? {
            '"' if chars.next_if_eq(&'"').is_none() => return Some(field),
            c => field.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn fields_with_commas_quotes_and_line_ends() {
        let text = "a, b ,c\r\n\"1,2\",\"say \"\"x\"\"\",\"two\nlines\"\n\nlast";
        let rows = parse(text).unwrap();
        assert_eq!(
            rows,
            [
                vec!["a", "b", "c"],
                vec!["1,2", "say \"x\"", "two\nlines"],
                vec!["last"],
            ]
        );
        assert_eq!(parse("").unwrap(), Vec::<Vec<String>>::new());
        assert_eq!(parse("x,\n").unwrap(), [vec!["x", ""]]);
        for bad in ["\"open", "\"a\"b", "\"a\" ,b"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
