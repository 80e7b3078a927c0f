//! Which resource ids may be called.

use crate::error::{ConfigError, Error};

/// The longest resource id taken, in bytes.
const MAX_LENGTH: usize = 4096;

/// Stands in an id for what must not be there, so that the id is refused wherever it is used. A character that Unicode
/// keeps for such purposes: no name has it.
pub(crate) const REFUSED: char = '\u{FDD0}';

/// Checks a resource id (`docs/protocol/http.md`, Calls).
///
/// A resource id is the path of a request, and it may come from the device. It must not be able to move
/// a request, with its credentials, to another host or to another object than it seems to name.
pub(crate) fn check(rid: &str) -> Result<(), &'static str> {
    if rid.is_empty() {
        return Err("empty");
    }
    if rid.len() > MAX_LENGTH {
        return Err("longer than 4096 bytes");
    }
    if rid.starts_with("//") {
        return Err("starts with two slashes");
    }
    if is_harmless(rid.as_bytes()) {
        return Ok(());
    }
    if rid.contains(REFUSED) {
        return Err("made of a name that is empty or has a slash");
    }
    if rid.contains("://") {
        return Err("names a scheme");
    }
    if rid.chars().any(char::is_control) {
        return Err("has control characters");
    }
    if rid
        .split(['/', '\\'])
        .any(|segment| segment == "." || segment == "..")
    {
        return Err("has a dot segment");
    }
    Ok(())
}

/// The resource id under which a device forwards calls to one of its link units.
///
/// # Errors
///
/// `Config.OutOfRange` for a unit other than 2 to 8, `Config.BadRid` for an id that leads through a link already or is no
/// possible one.
pub(crate) fn through_link(rid: &str, unit: u32) -> Result<String, Error> {
    if !(2..=8).contains(&unit) {
        return Err(Error::from(ConfigError::OutOfRange {
            setting: "the link unit",
            expected: "2 to 8",
        }));
    }
    check(rid).map_err(Error::bad_rid)?;
    let path = rid.strip_prefix('/').unwrap_or(rid);
    if path == "link" || path.starts_with("link/") {
        return Err(Error::bad_rid("leads through a link already"));
    }
    let linked = format!("/link/{unit}/{path}");
    check(&linked).map_err(Error::bad_rid)?;
    Ok(linked)
}

/// Whether nothing in an id can be a scheme, a dot segment or a control: so it is with most. Made so that the compiler
/// looks at many bytes at once, for every reference that a device sends is checked.
#[inline]
fn is_harmless(rid: &[u8]) -> bool {
    let other = |byte: u8| !matches!(byte, b' '..=b'~') || byte == b'\\';
    // What begins a dot segment or ends the name of a scheme.
    let starts = |first: u8, second: u8| {
        (first == b'/' && second == b'.') || (first == b':' && second == b'/')
    };
    let pairs = rid.iter().zip(rid.get(1..).unwrap_or_default());
    let suspect = rid.iter().fold(false, |found, byte| found | other(*byte))
        | pairs.fold(false, |found, (first, second)| {
            found | starts(*first, *second)
        });
    !suspect && rid.first() != Some(&b'.')
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn ordinary_ids_pass() {
        for rid in [
            "/model/pdu/0",
            "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0",
            "/auth/user/a b",
            "/auth/user/ä€",
            "/x?y#z",
            "this",
            "/a/..b",
            "/auth/role/50%",
        ] {
            assert_eq!(check(rid), Ok(()), "{rid}");
        }
    }

    #[test]
    fn ids_that_could_lead_astray_are_refused() {
        let long = "a".repeat(4097);
        let dots = "has a dot segment";
        let controls = "has control characters";
        for (rid, reason) in [
            ("", "empty"),
            ("//evil.example/x", "starts with two slashes"),
            ("http://evil.example/x", "names a scheme"),
            ("/x/http://evil.example", "names a scheme"),
            ("/a\r\nX: y", controls),
            ("/a\u{0}", controls),
            ("/a\u{7f}", controls),
            ("/a\u{85}", controls),
            ("/a/../b", dots),
            ("/.", dots),
            ("..", dots),
            ("/a\\..\\b", dots),
            (".", dots),
            ("a/.", dots),
            ("./a", dots),
            ("a/./b", dots),
            ("a\\.", dots),
            ("/a\u{fdd0}b", "made of a name that is empty or has a slash"),
            (&long, "longer than 4096 bytes"),
        ] {
            assert_eq!(check(rid), Err(reason), "{rid:?}");
        }
        assert_eq!(check(&long[1..]), Ok(()));
    }
}
