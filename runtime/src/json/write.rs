//! Numbers and strings as JSON text.

use std::fmt::Debug;
use std::io::Write as _;

use super::string::STOPS;

/// Appends an integer.
pub(crate) fn integer(out: &mut Vec<u8>, value: i64) {
    // Twenty digits hold any 64-bit number.
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends the shortest text that reads back as the same float, always with a point or an exponent; false, and nothing
/// is appended, for one that JSON has no form for. `shortest` is the value in its own width.
pub(crate) fn float(out: &mut Vec<u8>, value: f64, shortest: impl Debug) -> bool {
    // Many readings are whole numbers, and integers are quicker to write.
    const WHOLE: f64 = 1e15;
    if value.trunc() == value && value.abs() < WHOLE && (value != 0.0 || value.is_sign_positive()) {
        integer(out, value as i64);
        out.extend_from_slice(b".0");
        return true;
    }
    // Writing to memory does not fail.
    value.is_finite() && write!(out, "{shortest:?}").is_ok()
}

/// Appends a string with its quotes.
pub(crate) fn string(out: &mut Vec<u8>, value: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    let mut plain = 0;
    while let Some(next) = value.as_bytes()[plain..]
        .iter()
        .position(|byte| STOPS[usize::from(*byte)])
    {
        let at = plain + next;
        let byte = value.as_bytes()[at];
        let escape = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => b'u',
        };
        out.extend_from_slice(&value.as_bytes()[plain..at]);
        out.extend_from_slice(&[b'\\', escape]);
        if escape == b'u' {
            let [high, low] = [byte >> 4, byte & 15].map(|nibble| HEX[usize::from(nibble)]);
            out.extend_from_slice(&[b'0', b'0', high, low]);
        }
        plain = at + 1;
    }
    out.extend_from_slice(&value.as_bytes()[plain..]);
    out.push(b'"');
}
