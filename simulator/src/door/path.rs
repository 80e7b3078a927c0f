//! From the request target to a resource id.

/// The resource id that a request path names: percent-decoded once, one leading slash, no trailing one.
///
/// Clients write the same resource id in four ways: escaped or raw, with one slash in front or two. `None` when an
/// escape is broken or the result is no UTF-8; no object can have such a name.
pub(crate) fn resource_id(path: &str) -> Option<String> {
    let decoded = percent_decode(path)?;
    let name = decoded.trim_start_matches('/').trim_end_matches('/');
    Some(format!("/{name}"))
}

/// The parameters behind the path, decoded: a plus sign is a blank. What cannot be decoded is left out.
pub(crate) fn query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode(&text.replace('+', " "));
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = hex_digit(rest.next()?)?;
            let low = hex_digit(rest.next()?)?;
            bytes.push(high << 4 | low);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(byte: u8) -> Option<u8> {
    u8::try_from(char::from(byte).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{query, resource_id};

    #[test]
    fn every_known_spelling_names_the_same_object() {
        let rid = "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0";
        for path in [
            "/tfwopaque/pdumodel.Outlet%3A3.0.1/outlet.0",
            "/tfwopaque/pdumodel.Outlet%3a3.0.1/outlet.0",
            "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0",
            "//tfwopaque/pdumodel.Outlet:3.0.1/outlet.0",
            "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0/",
        ] {
            assert_eq!(resource_id(path).as_deref(), Some(rid), "{path}");
        }
    }

    #[test]
    fn escapes_are_decoded_once() {
        assert_eq!(
            resource_id("/auth/user/%2525").as_deref(),
            Some("/auth/user/%25")
        );
        assert_eq!(
            resource_id("/auth/user/J%C3%BCrgen").as_deref(),
            Some("/auth/user/Jürgen")
        );
    }

    #[test]
    fn broken_escapes_name_nothing() {
        for path in ["/a%", "/a%4", "/a%zz", "/a%ff"] {
            assert_eq!(resource_id(path), None, "{path}");
        }
    }

    #[test]
    fn parameters() {
        let pairs = |text| {
            let pairs = query(text).into_iter();
            pairs
                .map(|(name, value)| format!("{name}:{value}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            pairs("tag=active_cert&&x=a%26b+c%2B&flag&broken=%zz&e="),
            ["tag:active_cert", "x:a&b c+", "flag:", "e:"]
        );
        assert!(pairs("").is_empty());
    }
}
