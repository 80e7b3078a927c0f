//! What passwords have to be like.

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordFault {
    /// It is the same as before.
    Unchanged,
    Empty,
    TooShort,
    TooLong,
    ControlCharacters,
    NeedsLower,
    NeedsUpper,
    NeedsNumeric,
    /// It needs a character that is neither letter nor digit.
    NeedsSpecial,
    /// It was used before.
    InHistory,
    /// It is too short to be the secret of SNMPv3.
    TooShortForSnmp,
}

impl PasswordFault {
    /// The return code of `setAccountPassword` and `updateAccountFull`.
    pub(crate) fn of_user(self) -> i32 {
        match self {
            Self::Unchanged => 1,
            Self::Empty => 2,
            Self::TooShort => 3,
            Self::TooLong => 4,
            Self::ControlCharacters => 5,
            Self::NeedsLower => 6,
            Self::NeedsUpper => 7,
            Self::NeedsNumeric => 8,
            Self::NeedsSpecial => 9,
            Self::InHistory => 10,
            Self::TooShortForSnmp => 11,
        }
    }

    /// The return code of `createAccount` and `createAccountFull`, which count otherwise. A new account has no former
    /// passwords.
    pub(crate) fn of_manager(self) -> i32 {
        match self {
            Self::TooShortForSnmp => 3,
            Self::Unchanged | Self::InHistory => 4,
            Self::Empty => 5,
            Self::TooShort => 6,
            Self::TooLong => 7,
            Self::ControlCharacters => 8,
            Self::NeedsLower => 9,
            Self::NeedsUpper => 10,
            Self::NeedsNumeric => 11,
            Self::NeedsSpecial => 12,
        }
    }
}

/// The rules of a device. Lengths always count, the rest with `strong`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PasswordRules {
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
    ) -> Result<(), PasswordFault> {
        let length = new.chars().count();
        let strong = |rule: bool| self.strong && rule;
        let lacks = |kind: fn(char) -> bool| !new.chars().any(kind);
        let remembered = former.iter().take(self.history);
        let faults = [
            (length == 0, PasswordFault::Empty),
            (
                former.first().is_some_and(|old| old == new),
                PasswordFault::Unchanged,
            ),
            (
                new.chars().any(char::is_control),
                PasswordFault::ControlCharacters,
            ),
            (length < self.shortest, PasswordFault::TooShort),
            (length > self.longest, PasswordFault::TooLong),
            (
                strong(self.lower) && lacks(char::is_lowercase),
                PasswordFault::NeedsLower,
            ),
            (
                strong(self.upper) && lacks(char::is_uppercase),
                PasswordFault::NeedsUpper,
            ),
            (
                strong(self.numeric) && lacks(char::is_numeric),
                PasswordFault::NeedsNumeric,
            ),
            (
                strong(self.special) && new.chars().all(char::is_alphanumeric),
                PasswordFault::NeedsSpecial,
            ),
            (
                self.strong && remembered.into_iter().any(|old| old == new),
                PasswordFault::InHistory,
            ),
            (snmp && length < SNMP, PasswordFault::TooShortForSnmp),
        ];
        let first = faults.into_iter().find(|(wrong, _)| *wrong);
        first.map_or(Ok(()), |(_, fault)| Err(fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &PasswordRules, new: &str) -> Option<PasswordFault> {
        let former = ["Former-1".to_owned(), "Former-2".to_owned()];
        rules.check(new, &former, false).err()
    }

    #[test]
    fn lengths_and_characters_count_always() {
        let rules = PasswordRules::default();
        let long = "x".repeat(65);
        for (new, fault) in [
            ("", Some(PasswordFault::Empty)),
            ("Former-1", Some(PasswordFault::Unchanged)),
            ("contro\u{7}l", Some(PasswordFault::ControlCharacters)),
            ("7 chars", Some(PasswordFault::TooShort)),
            (&long, Some(PasswordFault::TooLong)),
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
            ("UPPER-123", Some(PasswordFault::NeedsLower)),
            ("lower-123", Some(PasswordFault::NeedsUpper)),
            ("Lower-Upper", Some(PasswordFault::NeedsNumeric)),
            ("Lower1Upper", Some(PasswordFault::NeedsSpecial)),
            ("Former-2", Some(PasswordFault::InHistory)),
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
            Err(PasswordFault::TooShortForSnmp)
        );
        assert!(
            !PasswordRules {
                longest: 8,
                ..rules
            }
            .is_valid()
        );
    }

    #[test]
    fn users_and_their_manager_count_differently() {
        assert_eq!(PasswordFault::Empty.of_user(), 2);
        assert_eq!(PasswordFault::Empty.of_manager(), 5);
        assert_eq!(PasswordFault::TooShortForSnmp.of_user(), 11);
        assert_eq!(PasswordFault::TooShortForSnmp.of_manager(), 3);
    }
}
