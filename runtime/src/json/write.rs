//! Numbers and strings as JSON text.

use std::fmt::Debug;
use std::io::Write as _;

use super::string::is_plain;

/// Appends an integer.
#[inline]
pub(crate) fn integer(out: &mut Vec<u8>, value: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends the shortest text that reads back as the same float, always with a point or an exponent; false, and nothing
/// is appended, for one that JSON has no form for. Beyond what is common the text is that of Rust, which has no sign in
/// front of a positive exponent.
pub(crate) fn float<F: zmij::Float + Debug + Into<f64> + Copy>(
    out: &mut Vec<u8>,
    value: F,
) -> bool {
    /// What both write in the same form, without an exponent, and almost every reading.
    const COMMON: std::ops::Range<f64> = 1e-4..1e12;
    let wide: f64 = value.into();
    if COMMON.contains(&wide.abs()) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
        return true;
    }
    if wide.to_bits() == 0 {
        out.extend_from_slice(b"0.0");
        return true;
    }
    // Writing to memory does not fail.
    wide.is_finite() && write!(out, "{value:?}").is_ok()
}

/// Appends a string with its quotes.
#[inline]
pub(crate) fn string(out: &mut Vec<u8>, value: &str) {
    if !is_plain(value.as_bytes()) {
        return string_with_escapes(out, value);
    }
    out.reserve(value.len() + 2);
    out.push(b'"');
    out.extend_from_slice(value.as_bytes());
    out.push(b'"');
}

fn string_with_escapes(out: &mut Vec<u8>, value: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let bytes = value.as_bytes();
    let mut plain = 0;
    while let Some(next) = super::string::first_stop(&bytes[plain..]) {
        let at = plain + next;
        let byte = bytes[at];
        let escape = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => b'u',
        };
        out.extend_from_slice(&bytes[plain..at]);
        out.extend_from_slice(&[b'\\', escape]);
        if escape == b'u' {
            let [high, low] = [byte >> 4, byte & 15].map(|nibble| HEX[usize::from(nibble)]);
            out.extend_from_slice(&[b'0', b'0', high, low]);
        }
        plain = at + 1;
    }
    out.extend_from_slice(&bytes[plain..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn float_text<F: zmij::Float + Debug + Into<f64> + Copy>(value: F) -> Option<String> {
        let mut out = Vec::new();
        let written = float(&mut out, value);
        assert_eq!(written, !out.is_empty());
        written.then(|| String::from_utf8(out).expect("ASCII"))
    }

    /// The same value in the same form and length. The last digit may differ where two are equally near.
    fn is_as_rust_shows_it<F>(value: F) -> bool
    where
        F: zmij::Float + Debug + Into<f64> + Copy + std::str::FromStr,
    {
        let Some(text) = float_text(value) else {
            return !value.into().is_finite();
        };
        let shown = format!("{value:?}");
        let form = |text: &str| (text.len(), text.find('.'), text.find('e'));
        let back = text.parse::<F>().ok().map(Into::into);
        back.map(f64::to_bits) == Some(value.into().to_bits()) && form(&text) == form(&shown)
    }

    proptest! {
        #[test]
        fn floats_are_written_as_rust_shows_them(
            bits: u64,
            narrow: u32,
            decimals in -9_999_999i64..9_999_999,
            common in 1e-4..1e12,
        ) {
            for value in [f64::from_bits(bits), decimals as f64 / 1000.0, decimals as f64, common] {
                prop_assert!(is_as_rust_shows_it(value), "{value:?}");
            }
            for value in [f32::from_bits(narrow), decimals as f32 / 100.0, common as f32] {
                prop_assert!(is_as_rust_shows_it(value), "{value:?}");
            }
        }
    }

    #[test]
    fn the_ends_of_plain_notation_are_written_as_rust_shows_them() {
        for value in [
            0.0,
            -0.0,
            1e-4,
            9.99e-5,
            1e-5,
            999_999_999_999.9,
            1e12,
            1e15,
            1e16,
            1e300,
            f64::MAX,
            5e-324,
        ] {
            assert_eq!(float_text(value), Some(format!("{value:?}")));
        }
        for value in [
            1e-4f32,
            9.99e-5,
            1e-5,
            999_999_900_000.0,
            1e12,
            1e15,
            1e16,
            f32::MAX,
            f32::MIN_POSITIVE,
        ] {
            assert_eq!(float_text(value), Some(format!("{value:?}")));
        }
        assert_eq!(float_text(f64::NAN), None);
        assert_eq!(float_text(f64::INFINITY), None);
    }
}
