//! Who may push.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Who may push.
pub(super) enum Authentication {
    Everybody,
    /// User name and password, as they stand in the header.
    Basic(Zeroizing<Vec<u8>>),
}

impl Authentication {
    pub(super) fn basic(user: &str, password: &str) -> Self {
        let mut pair = Zeroizing::new(Vec::with_capacity(user.len() + 1 + password.len()));
        pair.extend_from_slice(user.as_bytes());
        pair.push(b':');
        pair.extend_from_slice(password.as_bytes());
        Self::Basic(pair)
    }

    /// Whether the value of the header `Authorization` is the right one.
    pub(super) fn admits(&self, header: Option<&[u8]>) -> bool {
        let expected = match self {
            Self::Everybody => return true,
            Self::Basic(expected) => expected,
        };
        let Some((scheme, rest)) = header.and_then(|header| header.split_at_checked(6)) else {
            return false;
        };
        if !scheme.eq_ignore_ascii_case(b"basic ") {
            return false;
        }
        match BASE64.decode(rest.trim_ascii()) {
            Ok(pair) => is_same(&Zeroizing::new(pair), expected),
            Err(_) => false,
        }
    }
}

/// Compares in a time that does not tell where the difference is.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let difference = one
        .iter()
        .zip(other)
        .fold(0, |difference, (one, other)| difference | (one ^ other));
    one.len() == other.len() && std::hint::black_box(difference) == 0
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Everybody => "Everybody",
            Self::Basic(_) => "Basic",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_user_and_password_are_admitted() {
        let basic = Authentication::basic("pdu", "se:cret");
        let header = |pair: &str| format!("Basic {}", BASE64.encode(pair));
        assert!(basic.admits(Some(header("pdu:se:cret").as_bytes())));
        assert!(basic.admits(Some(
            header("pdu:se:cret").replace("Basic", "bAsIc").as_bytes()
        )));
        assert!(basic.admits(Some(header("pdu:se:cret").trim_end_matches('=').as_bytes())));
        for pair in [
            "pdu:secret",
            "pdu:se:cre",
            "pdu:se:cret2",
            "Pdu:se:cret",
            ":",
            "",
        ] {
            assert!(!basic.admits(Some(header(pair).as_bytes())), "{pair}");
        }
        for header in [
            "",
            "Basic",
            "Basic ",
            "Basic %%%",
            "Bearer cGR1",
            "\u{e4}\u{e4}\u{e4}\u{e4}",
        ] {
            assert!(!basic.admits(Some(header.as_bytes())), "{header}");
        }
        assert!(!basic.admits(None));
        assert!(Authentication::Everybody.admits(None));
        assert!(!format!("{basic:?}").contains("cret"));
    }
}
