use crate::{Version, WireId};

/// How a type that a device has goes with the type that a program was made for; the better one is the greater.
///
/// ```
/// use xerus_wire_id::{Compatibility, Version, compatibility};
///
/// let (device, ours) = (Version::new(3, 1, 4), Version::new(3, 0, 1));
/// assert_eq!(compatibility(device, ours), Compatibility::OtherSubmajor);
/// assert!(compatibility(device, ours).can_call());
/// assert_eq!(compatibility(ours, device), Compatibility::OlderMinor);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Compatibility {
    /// Another type: the names differ. Versions alone never say so.
    Unrelated,
    /// Another major version: the same call may mean something else.
    MajorMismatch,
    /// The same major version with an older minor: what came since is missing, the rest means the same.
    OlderMinor,
    /// The same major version, the minor not older, another submajor: calls work, and a type that is referred to has
    /// changed incompatibly.
    OtherSubmajor,
    /// Everything that the program knows is there.
    Full,
}

impl Compatibility {
    /// Whether every call of the program is understood: the major version is the same, the minor not older.
    #[must_use]
    pub const fn can_call(self) -> bool {
        matches!(self, Self::OtherSubmajor | Self::Full)
    }
}

/// What the version of a device's type means for a program that was made for version `ours`.
///
/// This is the vendor's rule: a major step is an incompatible change of the type itself, a submajor step one of a type
/// that it refers to, a minor step an addition. The minor number is not reset by a submajor step, so an older one is
/// older whatever the submajors are.
#[must_use]
pub const fn compatibility(theirs: Version, ours: Version) -> Compatibility {
    if theirs.major != ours.major {
        Compatibility::MajorMismatch
    } else if theirs.minor < ours.minor {
        Compatibility::OlderMinor
    } else if theirs.submajor != ours.submajor {
        Compatibility::OtherSubmajor
    } else {
        Compatibility::Full
    }
}

impl WireId {
    /// How the type of this id, which a device has, goes with the one that a program was made for: the worst of what
    /// [`compatibility`] says of the versions of the two types and of what encloses them. Types of other names are
    /// [`Unrelated`](Compatibility::Unrelated).
    #[must_use]
    pub fn compatibility(&self, ours: &Self) -> Compatibility {
        let mut known = ours.segments();
        let mut worst = Compatibility::Full;
        for segment in self.segments() {
            let Some(own) = known.next().filter(|own| own.name == segment.name) else {
                return Compatibility::Unrelated;
            };
            worst = worst.min(compatibility(segment.version, own.version));
        }
        match known.next() {
            Some(_) => Compatibility::Unrelated,
            None => worst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Compatibility::{Full, MajorMismatch, OlderMinor, OtherSubmajor, Unrelated};
    use super::*;

    #[test]
    fn of_versions() {
        let ours = Version::new(3, 1, 2);
        for (theirs, expected) in [
            ((3, 1, 2), Full),
            ((3, 1, 9), Full),
            ((3, 2, 2), OtherSubmajor),
            ((3, 0, 3), OtherSubmajor),
            ((3, 1, 1), OlderMinor),
            ((3, 9, 1), OlderMinor),
            ((4, 1, 2), MajorMismatch),
            ((2, 1, 2), MajorMismatch),
        ] {
            let theirs = Version::new(theirs.0, theirs.1, theirs.2);
            assert_eq!(compatibility(theirs, ours), expected, "{theirs}");
        }
    }

    #[test]
    fn of_ids() {
        for (theirs, ours, expected) in [
            ("m.A:2.1.3", "m.A:2.1.3", Full),
            ("m.A:2.1.4", "m.A:2.1.3", Full),
            ("m.A:2.2.4", "m.A:2.1.3", OtherSubmajor),
            ("m.A:2.1.2", "m.A:2.1.3", OlderMinor),
            ("m.A:3.1.3", "m.A:2.1.3", MajorMismatch),
            ("m.B:2.1.3", "m.A:2.1.3", Unrelated),
            ("m.A_2_0_1.S:1.0.0", "m.A_2_0_0.S:1.0.0", Full),
            ("m.A_2_1_1.S:1.0.0", "m.A_2_0_0.S:1.0.0", OtherSubmajor),
            ("m.A_2_0_0.S:1.0.0", "m.A_2_0_1.S:1.0.0", OlderMinor),
            ("m.A_3_0_0.S:1.0.0", "m.A_2_0_0.S:1.0.0", MajorMismatch),
            // The worst segment counts.
            ("m.A_2_0_0.S:2.0.0", "m.A_2_0_1.S:1.0.0", MajorMismatch),
            ("m.A_2_1_0.S:1.0.0", "m.A_2_0_0.S:1.0.1", OlderMinor),
            ("m.A_2_0_0.S:1.0.0", "m.A:2.0.0", Unrelated),
            ("m.A:2.0.0", "m.A_2_0_0.S:1.0.0", Unrelated),
            // No suffix is version 1.0.0.
            ("m.A_1_0_1.S:5.5.5", "m.A.S:5.5.5", Full),
        ] {
            let id = |text: &str| text.parse::<WireId>().unwrap();
            assert_eq!(
                id(theirs).compatibility(&id(ours)),
                expected,
                "{theirs} {ours}"
            );
        }
    }

    #[test]
    fn what_can_be_called() {
        let all = [Unrelated, MajorMismatch, OlderMinor, OtherSubmajor, Full];
        assert!(all.is_sorted());
        assert_eq!(
            all.map(Compatibility::can_call),
            [false, false, false, true, true]
        );
    }
}
