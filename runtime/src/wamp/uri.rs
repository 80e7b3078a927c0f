//! The rules for URIs: a router ends the whole session for a bad one, so none is sent.

/// Whether this can be the URI of a procedure or topic; why not, in words that follow "the URI is".
///
/// Parts are separated by dots and not empty; white space and `#` stand in none.
pub(super) fn check(uri: &str) -> Result<(), &'static str> {
    if is_plain(uri.as_bytes()) {
        return Ok(());
    }
    check_pattern(uri)?;
    if uri.split('.').any(str::is_empty) {
        return Err("not one: a part between its dots is empty");
    }
    Ok(())
}

/// Whether there are only parts of letters, digits and the like, as in nearly all URIs: one pass finds that out.
fn is_plain(uri: &[u8]) -> bool {
    let mut before = b'.';
    for byte in uri {
        match byte {
            b'.' if before == b'.' => return false,
            b'.' | b'_' | b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => before = *byte,
            _ => return false,
        }
    }
    before != b'.' && uri.len() <= LONGEST
}

/// Whether this can be what a registration or subscription matches by wildcards: some of its parts may be empty.
pub(super) fn check_pattern(uri: &str) -> Result<(), &'static str> {
    if uri.is_empty() {
        return Err("empty");
    }
    if uri.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("not one: it has a blank or control character in it");
    }
    if uri.contains('#') {
        return Err("not one: it has a # in it");
    }
    if uri.len() > LONGEST {
        return Err("longer than 4096 bytes");
    }
    Ok(())
}

/// More than any URI needs.
const LONGEST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w22_bad_uris_are_known_before_they_are_sent() {
        for good in [
            "com.example.add",
            "add",
            "Com.Example:/x-Y_z",
            "com.ü",
            "a.1.b",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            ".",
            "com..x",
            ".com",
            "com.",
            "com.example a",
            "com.#",
            "a\nb",
            "a\u{a0}b",
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert!(check(&"a".repeat(5000)).is_err());
        assert!(is_plain(b"com.example.add_2-x") && !is_plain(b"com.\xc3\xbc"));
        assert_eq!(check_pattern("com..status"), Ok(()));
        assert!(check_pattern("com. .status").is_err());
    }
}
