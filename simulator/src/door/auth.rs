//! Who sends a request.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

/// What a request shows of its sender.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Presented {
    /// `X-SessionToken`; it wins when both kinds are there, as on the device.
    Token(String),
    Basic {
        user: String,
        password: String,
    },
    Nothing,
    /// A header that cannot be read.
    Unreadable,
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `in_query`: the token that stands in the query, where that is allowed. It counts if no header says anything.
pub(crate) fn presented(headers: &HeaderMap, in_query: Option<String>) -> Presented {
    match in_headers(headers) {
        Presented::Nothing => in_query.map_or(Presented::Nothing, Presented::Token),
        presented => presented,
    }
}

fn in_headers(headers: &HeaderMap) -> Presented {
    if let Some(token) = headers.get("x-sessiontoken") {
        return match token.to_str() {
            Ok(token) => Presented::Token(token.trim().to_owned()),
            Err(_) => Presented::Unreadable,
        };
    }
    match headers.get(AUTHORIZATION) {
        None => Presented::Nothing,
        Some(value) => value
            .to_str()
            .ok()
            .and_then(basic)
            .unwrap_or(Presented::Unreadable),
    }
}

/// `Basic <base64>`; an old client writes `Basic:<base64>`.
fn basic(value: &str) -> Option<Presented> {
    let (scheme, rest) = value.trim().split_at_checked("basic".len())?;
    let encoded = rest.strip_prefix(':').or_else(|| rest.strip_prefix(' '))?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(Presented::Basic {
        user: user.to_owned(),
        password: password.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    fn of(name: &'static str, value: &str) -> Presented {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        presented(&headers, Some("other".to_owned()))
    }

    #[test]
    fn basic_in_every_spelling() {
        let expected = || Presented::Basic {
            user: "admin".to_owned(),
            password: "a:b".to_owned(),
        };
        for value in [
            "Basic YWRtaW46YTpi",
            "basic YWRtaW46YTpi",
            "Basic:YWRtaW46YTpi",
            "Basic  YWRtaW46YTpi ",
        ] {
            assert_eq!(of("authorization", value), expected(), "{value}");
        }
    }

    #[test]
    fn unreadable_is_not_nothing() {
        for value in ["Basic", "Bearer abc", "Basic !!!", "Basic YWRtaW4="] {
            assert_eq!(of("authorization", value), Presented::Unreadable, "{value}");
        }
        assert_eq!(presented(&HeaderMap::new(), None), Presented::Nothing);
    }

    #[test]
    fn a_token_in_the_query_counts_where_no_header_says_anything() {
        let token = presented(&HeaderMap::new(), Some("0123".to_owned()));
        assert_eq!(token, Presented::Token("0123".to_owned()));
    }

    #[test]
    fn a_token_wins_over_basic() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "authorization",
            HeaderValue::from_static("Basic YWRtaW46YTpi"),
        );
        headers.insert("x-sessiontoken", HeaderValue::from_static("0123"));
        assert_eq!(
            presented(&headers, None),
            Presented::Token("0123".to_owned())
        );
    }
}
