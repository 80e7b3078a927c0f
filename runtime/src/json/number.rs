//! Numbers: integers never pass through a float, floats are correctly rounded.

use super::Text;
use crate::error::{DecodeError, DecodeErrorKind, JsonErrorKind};

/// The longest number text taken, in bytes. The most digits that ever matter are far fewer.
const MAX_LENGTH: usize = 1000;

/// Powers of ten that a 64-bit float holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The largest integer below which every integer is a 64-bit float.
const EXACT: u64 = 1 << 53;

/// A number as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    text: &'a str,
    negative: bool,
    /// Digits without sign, point and exponent, as far as they fit.
    mantissa: u64,
    /// The mantissa holds all digits.
    whole: bool,
    /// Power of ten that the mantissa is to be multiplied with.
    exponent: i64,
    /// Neither a point nor an exponent.
    integer: bool,
}

impl<'a> Text<'a> {
    /// Reads an integer of at most 64 bits.
    ///
    /// Lenient reading also takes an integral number that is written as a float (`3.0`, `1e2`).
    #[inline]
    pub(crate) fn integer(&mut self) -> Result<i64, DecodeError> {
        let first = self.peek();
        let negative = first == Some(b'-');
        let start = self.pos + usize::from(negative);
        let bytes = self.text.as_bytes();
        let mut at = start;
        let mut value: i64 = 0;
        if let Some(eight) = eight_digits(bytes, at) {
            value = i64::from(eight);
            at += 8;
        }
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')) {
            // Eighteen digits fit for certain.
            if digit > 9 || at - start == 18 {
                break;
            }
            value = value * 10 + i64::from(digit);
            at += 1;
        }
        let follower = bytes.get(at).copied().unwrap_or(b' ');
        let plain = at > start && !(bytes[start] == b'0' && at - start > 1) && !goes_on(follower);
        if !plain {
            return self.integer_in_full();
        }
        self.pos = at;
        Ok(if negative { -value } else { value })
    }

    /// Steps over this number when it comes next as digits alone. What follows is not looked at: it may go on.
    #[inline]
    pub(crate) fn take_number(&mut self, number: u64) -> bool {
        self.peek();
        let bytes = self.text.as_bytes().get(self.pos..).unwrap_or_default();
        let (mut value, mut length) = (0u64, 0);
        for digit in bytes.iter().map(|byte| byte.wrapping_sub(b'0')) {
            // Eighteen digits fit for certain.
            if digit > 9 || length == 18 {
                break;
            }
            value = value * 10 + u64::from(digit);
            length += 1;
        }
        let plain = length == 1 || (length > 1 && bytes[0] != b'0');
        let found = plain && value == number;
        self.pos += if found { length } else { 0 };
        found
    }

    #[cold]
    fn integer_in_full(&mut self) -> Result<i64, DecodeError> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.mismatch("an integer"));
        }
        let start = self.pos;
        let token = self.number_token()?;
        let fault = |kind, expected| DecodeError::new(kind, start, expected, found(&token));
        if token.integer {
            return token
                .text
                .parse()
                .map_err(|_| fault(DecodeErrorKind::OutOfRange, "a 64-bit integer"));
        }
        if self.strict {
            return Err(fault(DecodeErrorKind::WrongType, "an integer"));
        }
        match token.integral() {
            Integral::Value(value) => Ok(value),
            Integral::TooLarge => Err(fault(DecodeErrorKind::OutOfRange, "a 64-bit integer")),
            Integral::Fraction => Err(fault(DecodeErrorKind::WrongType, "an integer")),
        }
    }

    /// Reads an integer between two bounds, both included.
    #[inline]
    pub(crate) fn integer_within(
        &mut self,
        low: i64,
        high: i64,
        expected: &'static str,
    ) -> Result<i64, DecodeError> {
        self.peek();
        let start = self.pos;
        let value = self.integer()?;
        if value < low || value > high {
            return Err(DecodeError::new(
                DecodeErrorKind::OutOfRange,
                start,
                expected,
                value.to_string(),
            ));
        }
        Ok(value)
    }

    /// Reads a 64-bit integer, which some firmware writes as a string of decimal digits.
    pub(crate) fn long(&mut self) -> Result<i64, DecodeError> {
        if self.peek() != Some(b'"') || self.strict {
            return self.integer();
        }
        let start = self.pos;
        let text = self.string_token()?;
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !decimal {
            self.pos = start;
            return Err(self.mismatch("an integer"));
        }
        text.parse().map_err(|_| {
            let shown = crate::error::cut(&text, 32).to_owned();
            DecodeError::new(
                DecodeErrorKind::OutOfRange,
                start,
                "a 64-bit integer",
                shown,
            )
        })
    }

    /// Reads a 64-bit float, correctly rounded.
    #[inline]
    pub(crate) fn double(&mut self) -> Result<f64, DecodeError> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.mismatch("a number"));
        }
        let start = self.pos;
        let token = self.number_token()?;
        if let Some(value) = token.exact() {
            return Ok(value);
        }
        match token.text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.number_range(start)),
        }
    }

    /// Reads a 32-bit float. The text is rounded once, not to 64 bits first.
    pub(crate) fn float(&mut self) -> Result<f32, DecodeError> {
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.mismatch("a number"));
        }
        let start = self.pos;
        let token = self.number_token()?;
        match token.text.parse::<f32>() {
            Ok(value) if value.is_finite() => return Ok(value),
            _ => {}
        }
        match token.text.parse::<f64>() {
            Ok(value) if value.is_finite() => Err(DecodeError::new(
                DecodeErrorKind::OutOfRange,
                start,
                "a 32-bit float",
                found(&token),
            )),
            _ => Err(self.number_range(start)),
        }
    }

    #[cold]
    fn number_range(&mut self, start: usize) -> DecodeError {
        self.pos = start;
        self.json_error(JsonErrorKind::NumberRange)
    }

    /// Scans a number; the next byte is its sign or first digit.
    #[inline]
    pub(super) fn number_token(&mut self) -> Result<Token<'a>, DecodeError> {
        let start = self.pos;
        let negative = self.byte() == Some(b'-');
        self.pos += usize::from(negative);
        let mut digits = Digits::default();

        let whole_part = self.pos;
        self.digits(&mut digits);
        match self.pos - whole_part {
            0 => return Err(self.syntax("a digit")),
            1 => {}
            _ if self.text.as_bytes()[whole_part] == b'0' => {
                self.pos = whole_part + 1;
                return Err(self.syntax("no digit after a leading zero"));
            }
            _ => {}
        }
        let mut integer = true;
        let mut exponent = 0i64;
        if self.byte() == Some(b'.') {
            self.pos += 1;
            integer = false;
            let fraction = self.pos;
            self.digits(&mut digits);
            match self.pos - fraction {
                0 => return Err(self.syntax("a digit")),
                length => {
                    exponent =
                        -(i64::try_from(length).expect("a number has at most 1000 characters"));
                }
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            integer = false;
            exponent = exponent.saturating_add(self.exponent()?);
        }
        if self.byte().is_some_and(goes_on) {
            return Err(self.syntax("the end of the number"));
        }
        let text = self.text_since(start);
        if text.len() > MAX_LENGTH {
            return Err(self.number_range(start));
        }
        let Digits {
            mantissa,
            significant,
        } = digits;
        Ok(Token {
            text,
            negative,
            mantissa,
            whole: significant <= 19,
            exponent,
            integer,
        })
    }

    /// Steps over digits and adds them up.
    #[inline]
    fn digits(&mut self, digits: &mut Digits) {
        let Digits {
            mut mantissa,
            mut significant,
        } = *digits;
        let bytes = self.text.as_bytes();
        let mut at = self.pos;
        // Zeros at the start are not counted, so these are left to the loop below.
        while let Some(eight) = eight_digits(bytes, at)
            && (significant > 0 || bytes[at] != b'0')
        {
            mantissa = mantissa
                .wrapping_mul(100_000_000)
                .wrapping_add(u64::from(eight));
            significant += 8;
            at += 8;
        }
        while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')) {
            if digit > 9 {
                break;
            }
            // Wraps only when `significant` says that it did.
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            significant += u32::from(mantissa != 0 || significant > 0);
            at += 1;
        }
        self.pos = at;
        *digits = Digits {
            mantissa,
            significant,
        };
    }

    fn exponent(&mut self) -> Result<i64, DecodeError> {
        self.pos += 1;
        let negative = match self.byte() {
            Some(sign @ (b'+' | b'-')) => {
                self.pos += 1;
                sign == b'-'
            }
            _ => false,
        };
        let start = self.pos;
        let mut value = 0i64;
        while let Some(digit) = self.byte().filter(u8::is_ascii_digit) {
            value = value
                .saturating_mul(10)
                .saturating_add(i64::from(digit - b'0'));
            self.pos += 1;
        }
        if self.pos == start {
            return Err(self.syntax("a digit"));
        }
        Ok(if negative { -value } else { value })
    }
}

/// The number in the eight bytes at a place, when all are digits.
#[inline]
fn eight_digits(bytes: &[u8], at: usize) -> Option<u32> {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let digits = word.wrapping_sub(each(b'0'));
    // What is above a digit reaches the highest bit of its byte from below, what is below one by a borrow.
    if (word.wrapping_add(each(0x7f - b'9')) | digits) & each(0x80) != 0 {
        return None;
    }
    // The first digit is in the lowest byte. Neighbours are joined: digits to pairs, pairs to fours, fours to eight.
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let eight = fours * 10_000 + (fours >> 32);
    u32::try_from(eight & 0xffff_ffff).ok()
}

/// Whether a byte behind digits belongs to the same word.
#[inline]
const fn goes_on(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_')
}

/// Digits read so far.
#[derive(Clone, Copy, Default)]
struct Digits {
    mantissa: u64,
    /// Their number from the first that is not zero.
    significant: u32,
}

enum Integral {
    Value(i64),
    TooLarge,
    Fraction,
}

impl Token<'_> {
    /// The value, when one correctly rounded operation on exact floats yields it.
    #[inline]
    fn exact(&self) -> Option<f64> {
        if !self.whole || self.mantissa > EXACT {
            return None;
        }
        // At most 2^53, so the conversion is exact.
        let mantissa = self.mantissa as f64;
        let ten = *TENS.get(usize::try_from(self.exponent.unsigned_abs()).ok()?)?;
        let value = if self.exponent < 0 {
            mantissa / ten
        } else {
            mantissa * ten
        };
        Some(if self.negative { -value } else { value })
    }

    /// The integer that a number with a point or an exponent stands for.
    fn integral(&self) -> Integral {
        let mut digits: Vec<u8> = self
            .text
            .bytes()
            .take_while(|byte| !matches!(byte, b'e' | b'E'))
            .filter(u8::is_ascii_digit)
            .collect();
        let mut exponent = self.exponent;
        while digits.last() == Some(&b'0') && exponent < 0 {
            digits.pop();
            exponent += 1;
        }
        if digits.iter().all(|digit| *digit == b'0') {
            return Integral::Value(0);
        }
        if exponent < 0 {
            return Integral::Fraction;
        }
        let mut value = 0i64;
        let zeros = usize::try_from(exponent).unwrap_or(usize::MAX).min(20);
        for digit in digits.into_iter().chain(std::iter::repeat_n(b'0', zeros)) {
            let digit = i64::from(digit - b'0');
            let next = value.checked_mul(10).and_then(|tens| {
                if self.negative {
                    tens.checked_sub(digit)
                } else {
                    tens.checked_add(digit)
                }
            });
            match next {
                Some(next) => value = next,
                None => return Integral::TooLarge,
            }
        }
        Integral::Value(value)
    }
}

/// A number in an error message.
fn found(token: &Token<'_>) -> String {
    let shown = crate::error::cut(token.text, 32);
    if shown.len() < token.text.len() {
        format!("{shown}…")
    } else {
        shown.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::eight_digits;

    #[test]
    fn eight_digits_are_one_number() {
        for number in (0..100_000_000).step_by(7919).chain([1, 99_999_999]) {
            let text = format!("-{number:08}9");
            assert_eq!(eight_digits(text.as_bytes(), 1), Some(number));
        }
        for at in 0..8 {
            for byte in 0..=255u8 {
                let mut text = *b"12345678";
                text[at] = byte;
                let digits = std::str::from_utf8(&text).ok();
                let number = digits.filter(|_| byte.is_ascii_digit());
                let number = number.and_then(|digits| digits.parse().ok());
                assert_eq!(eight_digits(&text, 0), number, "{byte} at {at}");
            }
        }
        assert_eq!(eight_digits(b"1234567", 0), None);
        assert_eq!(eight_digits(b"12345678", 1), None);
        assert_eq!(eight_digits(b"12345678", 9), None);
    }
}
