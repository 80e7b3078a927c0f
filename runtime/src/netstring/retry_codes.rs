//! Codes after which another server is asked.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Codes of errors after which a call goes to the next server, be it [repeatable](crate::Call::repeatable) or not: only those with
/// which the servers say that they did nothing. -32603 and -32000 are none: a server sends them for what it has begun, too, as
/// [`NetstringServer`](super::NetstringServer) does.
///
/// The text is that of `janssonrpcc`.
///
/// ```
/// use xerus_rpc::netstring::RetryCodes;
///
/// let codes: RetryCodes = "-32050, -32060..-32069".parse()?;
/// assert!(codes.contains(-32065));
/// assert!(!codes.contains(-32603));
/// # Ok::<(), xerus_rpc::netstring::ParseRetryCodesError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetryCodes(Vec<RangeInclusive<i64>>);

/// A text that is no list of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseRetryCodesError;

impl fmt::Display for ParseRetryCodesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bad retry codes: expected whole numbers and ranges, as -32050, -32060..-32069")
    }
}

impl std::error::Error for ParseRetryCodesError {}

impl RetryCodes {
    /// Whether the code is among them.
    #[must_use]
    pub fn contains(&self, code: i64) -> bool {
        self.0.iter().any(|range| range.contains(&code))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for RetryCodes {
    type Err = ParseRetryCodesError;

    fn from_str(text: &str) -> Result<Self, ParseRetryCodesError> {
        let number = |text: &str| text.trim().parse::<i64>().map_err(|_| ParseRetryCodesError);
        let one = |part: &str| match part.split_once("..") {
            Some((from, to)) => {
                let (from, to) = (number(from)?, number(to)?);
                Ok(from.min(to)..=from.max(to))
            }
            None => number(part).map(|code| code..=code),
        };
        text.split(',').map(one).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::RetryCodes;

    #[test]
    fn ranges_go_either_way() {
        let codes: RetryCodes = "-32099..-32000,7".parse().expect("codes");
        assert!(codes.contains(-32000) && codes.contains(-32099) && codes.contains(7));
        for text in ["", "a", "1..", "1,,2"] {
            assert!(text.parse::<RetryCodes>().is_err(), "{text}");
        }
    }
}
