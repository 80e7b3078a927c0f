//! Texts of devices, and versions as texts.

use std::fmt;

use xerus_rpc::FirmwareVersion;

/// The most characters that are shown of a text of a device.
const SHOWN: usize = 300;

/// The most characters of a version; real ones have about fifteen.
const LONGEST_VERSION: usize = 24;

/// A text of a device, in one line and not longer than a message may be.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(SHOWN) {
            if c.is_control() {
                fmt::Display::fmt(&c.escape_default(), f)?;
            } else {
                fmt::Write::write_char(f, c)?;
            }
        }
        if self.0.chars().nth(SHOWN).is_some() {
            f.write_str("…")?;
        }
        Ok(())
    }
}

/// A version as far as it is one: what a device says without end has no place in a ticket.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(LONGEST_VERSION).collect()
}

/// Whether two texts are the same version. What is no version is compared as text.
pub(super) fn same_version(one: &str, other: &str) -> bool {
    match (version(one), version(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.trim() == other.trim(),
    }
}

/// Whether a version is older than another; `None` when one of them is no version.
pub(super) fn is_older(one: &str, than: &str) -> Option<bool> {
    Some(version(one)? < version(than)?)
}

fn version(text: &str) -> Option<FirmwareVersion> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers_where_they_can_be() {
        assert!(same_version("4.4.1.5-53217", " 4.04.1.5-53217"));
        assert!(same_version("beta ", "beta"));
        assert!(!same_version("4.4.1.5-53217", "4.4.1.5-53218"));
        assert_eq!(is_older("4.9.0.5-1", "4.10.0.5-1"), Some(true));
        assert_eq!(is_older("4.9.0.5-1", "beta"), None);
    }

    #[test]
    fn a_text_of_a_device_is_one_line() {
        assert_eq!(Shown("a\nb\u{1b}[2J").to_string(), "a\\nb\\u{1b}[2J");
        let long = Shown(&"x".repeat(10_000)).to_string();
        assert_eq!(long.chars().count(), SHOWN + 1);
    }
}
