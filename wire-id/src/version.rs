use std::fmt;

/// A type version: major, submajor, minor.
///
/// A *major* step is an incompatible change of the type itself, a *submajor* step an incompatible
/// change of something the type refers to, a *minor* step a compatible addition. On a submajor step
/// the minor number is not reset, so `minor` alone only grows inside one major version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Incompatible change of the type itself.
    pub major: u32,
    /// Incompatible change of a referenced type.
    pub submajor: u32,
    /// Compatible addition.
    pub minor: u32,
}

impl Version {
    /// The version of a type that is written without a suffix.
    pub const ONE: Self = Self::new(1, 0, 0);

    /// A version from its three numbers.
    #[must_use]
    pub const fn new(major: u32, submajor: u32, minor: u32) -> Self {
        Self {
            major,
            submajor,
            minor,
        }
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.submajor, self.minor)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What [`split_suffix`] found at the end of an IDL name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitName<'a> {
    /// No version suffix; the version is 1.0.0.
    Plain(&'a str),
    /// `Base_M_S_m`.
    Versioned(&'a str, Version),
    /// Two numeric groups: looks like a version, is part of the name.
    TwoNumbers(&'a str),
    /// Three numeric groups of which one has a leading zero: part of the name.
    LeadingZero(&'a str),
    /// Three numeric groups, one of which does not fit `u32`.
    Overflow(&'a str),
}

impl<'a> SplitName<'a> {
    /// The name without its version suffix.
    #[must_use]
    pub const fn base(self) -> &'a str {
        match self {
            Self::Plain(name)
            | Self::Versioned(name, _)
            | Self::TwoNumbers(name)
            | Self::LeadingZero(name)
            | Self::Overflow(name) => name,
        }
    }

    /// The version: that of the suffix, or 1.0.0.
    #[must_use]
    pub const fn version(self) -> Version {
        match self {
            Self::Versioned(_, version) => version,
            _ => Version::ONE,
        }
    }
}

/// Splits the version suffix off an IDL name.
///
/// ```
/// use xerus_wire_id::{split_suffix, SplitName, Version};
///
/// assert_eq!(
///     split_suffix("G2Production_4_0_0"),
///     SplitName::Versioned("G2Production", Version::new(4, 0, 0))
/// );
/// assert_eq!(split_suffix("L2N_N_Avg"), SplitName::Plain("L2N_N_Avg"));
/// assert_eq!(split_suffix("A_2_1"), SplitName::TwoNumbers("A_2_1"));
/// ```
#[must_use]
pub fn split_suffix(name: &str) -> SplitName<'_> {
    let mut base = name;
    let mut groups = [""; 3];
    let mut found = 0;
    while found < 3 {
        let Some((head, digits)) = base.rsplit_once('_') else {
            break;
        };
        if head.is_empty() || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            break;
        }
        groups[2 - found] = digits;
        base = head;
        found += 1;
    }
    match found {
        3 => {
            if groups.iter().any(|g| g.len() > 1 && g.starts_with('0')) {
                return SplitName::LeadingZero(name);
            }
            match (groups[0].parse(), groups[1].parse(), groups[2].parse()) {
                (Ok(major), Ok(submajor), Ok(minor)) => {
                    SplitName::Versioned(base, Version::new(major, submajor, minor))
                }
                _ => SplitName::Overflow(name),
            }
        }
        2 => SplitName::TwoNumbers(name),
        _ => SplitName::Plain(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_split_from_the_right() {
        assert_eq!(split_suffix("Outlet"), SplitName::Plain("Outlet"));
        assert_eq!(split_suffix("A_1"), SplitName::Plain("A_1"));
        assert_eq!(
            split_suffix("A_1_2_3_4"),
            SplitName::Versioned("A_1", Version::new(2, 3, 4))
        );
        assert_eq!(split_suffix("_1_2_3"), SplitName::TwoNumbers("_1_2_3"));
        assert_eq!(split_suffix("A_01_2_3"), SplitName::LeadingZero("A_01_2_3"));
        assert_eq!(
            split_suffix("A_99999999999_0_0"),
            SplitName::Overflow("A_99999999999_0_0")
        );
    }
}
