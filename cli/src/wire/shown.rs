//! URLs as they may be shown.

/// A URL without what may be secret: a user with a password, and what stands behind `?` or `#`. Of one whose parts cannot be told
/// apart for certain the scheme is left.
pub(crate) fn shown(url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => (format!("{scheme}://"), rest),
        _ => (String::new(), url),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    // A password with one of those in it: what seems to be the host is a part of it.
    if behind.contains('@') {
        return format!("{scheme}…");
    }
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let path = behind.split(['?', '#']).next().unwrap_or(behind);
    format!("{scheme}{host}{path}")
}

fn is_scheme(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_may_be_secret_is_not_shown() {
        for (url, seen) in [
            ("ws://router:8080/ws", "ws://router:8080/ws"),
            ("wss://router/ws?token=s3cret", "wss://router/ws"),
            ("wss://router/ws#s3cret", "wss://router/ws"),
            ("wss://router?token=s3cret", "wss://router"),
            ("wss://me:s3cret@[::1]:8080/ws", "wss://[::1]:8080/ws"),
            ("wss://me:s3@cret@router/ws", "wss://router/ws"),
            ("wss://me:s3/cret@router/ws", "wss://…"),
            ("wss://me:s3#cret@router/ws", "wss://…"),
            ("wss://router/ws?for=me@s3cret", "wss://…"),
            (
                "ripex2+https://me:s3cret@192.0.2.7",
                "ripex2+https://192.0.2.7",
            ),
            ("me:s3cret@192.0.2.7", "192.0.2.7"),
            ("me:s3cret://@192.0.2.7", "…"),
            ("a:1,b:2", "a:1,b:2"),
            (
                "192.0.2.53/_rpc._tcp.example.com",
                "192.0.2.53/_rpc._tcp.example.com",
            ),
            ("", ""),
        ] {
            assert_eq!(shown(url), seen, "{url}");
        }
    }
}
