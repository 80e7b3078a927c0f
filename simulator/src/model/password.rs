//! What passwords have to be like.

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordRefusal {
    /// It is the same as before.
    Unchanged,
    /// There is none.
    Empty,
    /// It has fewer characters than the rules say.
    TooShort,
    /// It has more characters than the rules say.
    TooLong,
    /// It has control characters.
    ControlCharacters,
    /// It needs a lower-case letter.
    NeedsLower,
    /// It needs an upper-case letter.
    NeedsUpper,
    /// It needs a digit.
    NeedsNumeric,
    /// It needs a character that is neither letter nor digit.
    NeedsSpecial,
    /// It was used before.
    InHistory,
    /// It is too short to be the secret of SNMPv3.
    TooShortForSnmp,
}

/// The rules of a device. Lengths always count, the rest with `strong`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    pub(crate) strong: bool,
    /// Characters.
    pub(crate) shortest: usize,
    pub(crate) longest: usize,
    pub(crate) lower: bool,
    pub(crate) upper: bool,
    pub(crate) numeric: bool,
    pub(crate) special: bool,
    /// How many former passwords of a user cannot be used again.
    pub(crate) history: usize,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self {
            strong: false,
            shortest: 8,
            longest: 64,
            lower: true,
            upper: true,
            numeric: true,
            special: true,
            history: 5,
        }
    }
}

/// Shortest secret of SNMPv3.
const SNMP: usize = 8;

impl PasswordRules {
    /// Checks the rules themselves.
    pub(crate) fn is_valid(&self) -> bool {
        (1..=32).contains(&self.shortest)
            && (16..=128).contains(&self.longest)
            && self.history <= 12
    }

    /// Checks a password that is to follow `former`, the latest first; `snmp` says whether it is also the secret of
    /// SNMPv3.
    pub(crate) fn check(
        &self,
        new: &str,
        former: &[String],
        snmp: bool,
    ) -> Result<(), PasswordRefusal> {
        let length = new.chars().count();
        let strong = |rule: bool| self.strong && rule;
        let lacks = |kind: fn(char) -> bool| !new.chars().any(kind);
        let remembered = former.iter().take(self.history);
        let faults = [
            (length == 0, PasswordRefusal::Empty),
            (
                former.first().is_some_and(|old| old == new),
                PasswordRefusal::Unchanged,
            ),
            (
                new.chars().any(char::is_control),
                PasswordRefusal::ControlCharacters,
            ),
            (length < self.shortest, PasswordRefusal::TooShort),
            (length > self.longest, PasswordRefusal::TooLong),
            (
                strong(self.lower) && lacks(char::is_lowercase),
                PasswordRefusal::NeedsLower,
            ),
            (
                strong(self.upper) && lacks(char::is_uppercase),
                PasswordRefusal::NeedsUpper,
            ),
            (
                strong(self.numeric) && lacks(char::is_numeric),
                PasswordRefusal::NeedsNumeric,
            ),
            (
                strong(self.special) && new.chars().all(char::is_alphanumeric),
                PasswordRefusal::NeedsSpecial,
            ),
            (
                self.strong && remembered.into_iter().any(|old| old == new),
                PasswordRefusal::InHistory,
            ),
            (snmp && length < SNMP, PasswordRefusal::TooShortForSnmp),
        ];
        let first = faults.into_iter().find(|(wrong, _)| *wrong);
        first.map_or(Ok(()), |(_, fault)| Err(fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &PasswordRules, new: &str) -> Option<PasswordRefusal> {
        let former = ["Former-1".to_owned(), "Former-2".to_owned()];
        rules.check(new, &former, false).err()
    }

    #[test]
    fn lengths_and_characters_count_always() {
        let rules = PasswordRules::default();
        let long = "x".repeat(65);
        for (new, fault) in [
            ("", Some(PasswordRefusal::Empty)),
            ("Former-1", Some(PasswordRefusal::Unchanged)),
            ("contro\u{7}l", Some(PasswordRefusal::ControlCharacters)),
            ("7 chars", Some(PasswordRefusal::TooShort)),
            (&long, Some(PasswordRefusal::TooLong)),
            ("Former-2", None),
            ("eight ch", None),
            (&long[1..], None),
        ] {
            assert_eq!(check(&rules, new), fault, "{new}");
        }
    }

    #[test]
    fn strong_passwords_are_demanded_when_they_are() {
        let rules = PasswordRules {
            strong: true,
            ..PasswordRules::default()
        };
        for (new, fault) in [
            ("UPPER-123", Some(PasswordRefusal::NeedsLower)),
            ("lower-123", Some(PasswordRefusal::NeedsUpper)),
            ("Lower-Upper", Some(PasswordRefusal::NeedsNumeric)),
            ("Lower1Upper", Some(PasswordRefusal::NeedsSpecial)),
            ("Former-2", Some(PasswordRefusal::InHistory)),
            ("Brand-new-3", None),
        ] {
            assert_eq!(check(&rules, new), fault, "{new}");
        }
    }

    #[test]
    fn a_secret_of_snmp_is_longer() {
        let rules = PasswordRules {
            shortest: 4,
            ..PasswordRules::default()
        };
        assert!(rules.is_valid());
        assert_eq!(rules.check("short", &[], false), Ok(()));
        assert_eq!(
            rules.check("short", &[], true),
            Err(PasswordRefusal::TooShortForSnmp)
        );
        assert!(
            !PasswordRules {
                longest: 8,
                ..rules
            }
            .is_valid()
        );
    }
}
