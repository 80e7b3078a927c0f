//! What a user pins: fingerprints in the forms in which devices, browsers and tools show them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::Fingerprint;

/// The certificates and keys that are accepted, and no others.
#[derive(Clone, Debug, Default)]
pub(super) struct Pins {
    pub(super) certificates: Vec<Fingerprint>,
    pub(super) keys: Vec<Fingerprint>,
}

impl Pins {
    pub(super) fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.keys.is_empty()
    }
}

/// From 64 hexadecimal digits, with or without colons or blanks between the bytes.
pub(super) fn hexadecimal(text: &str) -> Option<Fingerprint> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !matches!(c, ':' | ' '))
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high << 4 | low).ok(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    bytes.try_into().ok().map(Fingerprint::from_bytes)
}

/// The same, or the form in which keys are pinned elsewhere: base64, alone or behind `sha256//` or `sha256/`.
pub(super) fn hexadecimal_or_base64(text: &str) -> Option<Fingerprint> {
    let text = text.trim();
    let encoded = text
        .strip_prefix("sha256//")
        .or_else(|| text.strip_prefix("sha256/"))
        .unwrap_or(text);
    hexadecimal(encoded).or_else(|| {
        let bytes = STANDARD.decode(encoded).ok()?;
        bytes.try_into().ok().map(Fingerprint::from_bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_in_the_usual_forms() {
        let plain = "00ff".repeat(16);
        let colons = "00:FF:".repeat(16);
        let parsed = hexadecimal(&plain).expect("64 digits");
        assert_eq!(parsed.to_string(), plain);
        assert_eq!(hexadecimal(colons.trim_end_matches(':')), Some(parsed));
        for bad in [
            "",
            "00",
            "zz",
            &"0".repeat(63),
            &"0".repeat(65),
            &"0".repeat(66),
            "ä",
        ] {
            assert_eq!(hexadecimal(bad), None, "{bad}");
            assert_eq!(hexadecimal_or_base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn keys_are_also_pinned_in_base64() {
        let expected = hexadecimal(&"00ff".repeat(16));
        let encoded = "AP8A/wD/AP8A/wD/AP8A/wD/AP8A/wD/AP8A/wD/AP8=";
        for text in [
            encoded.to_owned(),
            format!("sha256//{encoded}"),
            format!("sha256/{encoded}"),
            "00ff".repeat(16),
        ] {
            assert_eq!(hexadecimal_or_base64(&text), expected, "{text}");
        }
        for bad in ["sha256//", "sha256/AP8=", "sha1//AP8A", "AP8A/wD/AP8A"] {
            assert_eq!(hexadecimal_or_base64(bad), None, "{bad}");
        }
    }
}
