//! Names of archive entries.

use crate::error::Error;
use crate::limits::Limits;

/// The name in a plain form, or why it is refused: nothing absolute, nothing that leads upwards.
pub(super) fn check(name: &str, limits: Limits) -> Result<String, Error> {
    let refuse = |reason| {
        Err(Error::RefusedEntry {
            name: shown(name),
            reason,
        })
    };
    if name.len() as u64 > limits.name_bytes {
        return Err(Error::Limit {
            what: format!("length of the entry name `{}`", shown(name)),
            name: "name_bytes",
            limit: limits.name_bytes,
        });
    }
    if name.starts_with('/') {
        return refuse("absolute name");
    }
    if name.chars().any(char::is_control) {
        return refuse("control character in its name");
    }
    if name.contains('\\') {
        return refuse("backslash in its name");
    }
    if name.as_bytes().get(1) == Some(&b':') {
        return refuse("drive letter in its name");
    }
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => return refuse("its name leads out of the archive"),
            part => parts.push(part),
        }
    }
    if parts.is_empty() && !name.starts_with('.') {
        return refuse("no name");
    }
    Ok(parts.join("/"))
}

/// A name for a message: short, and nothing in it that a terminal would obey.
pub(super) fn shown(name: &str) -> String {
    const LONGEST: usize = 80;
    let mut text: String = name
        .chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect();
    if name.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_names_are_kept() {
        let plain = |name| check(name, Limits::default()).unwrap();
        assert_eq!(plain("raritan/rpc/__init__.py"), "raritan/rpc/__init__.py");
        assert_eq!(plain("./raritan//rpc/"), "raritan/rpc");
        assert_eq!(plain("."), "");
        assert_eq!(plain("a..b/c"), "a..b/c");
    }

    #[test]
    fn others_are_refused_by_name() {
        for (name, reason) in [
            ("/etc/passwd", "absolute name"),
            ("../x.py", "its name leads out of the archive"),
            ("a/../../x.py", "its name leads out of the archive"),
            ("a\\..\\x.py", "backslash in its name"),
            ("C:/x.py", "drive letter in its name"),
            ("a\u{1b}[2Jx.py", "control character in its name"),
            ("", "no name"),
        ] {
            let Err(Error::RefusedEntry { reason: got, .. }) = check(name, Limits::default())
            else {
                panic!("{name} is accepted");
            };
            assert_eq!(got, reason, "{name}");
        }
        let long = "a".repeat(2_000);
        let error = check(&long, Limits::default()).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Limit {
                    name: "name_bytes",
                    ..
                }
            ),
            "{error}"
        );
        assert!(error.to_string().len() < 200);
    }

    #[test]
    fn messages_hold_no_control_characters() {
        let error = check("\u{1b}]0;x\u{7}", Limits::default()).unwrap_err();
        assert!(!error.to_string().chars().any(char::is_control));
    }
}
