use xerus_wire_id::{Version, split_suffix};

/// How far a version goes, or has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To a lower version; never demanded.
    Backward,
    /// Nowhere.
    None,
    /// The third number rises.
    Minor,
    /// The second number rises.
    Submajor,
    /// The first number rises.
    Major,
}

impl Step {
    /// The step between two versions: the most significant number that differs.
    #[must_use]
    pub fn between(old: Version, new: Version) -> Self {
        if new < old {
            Self::Backward
        } else if new.major != old.major {
            Self::Major
        } else if new.submajor != old.submajor {
            Self::Submajor
        } else if new.minor != old.minor {
            Self::Minor
        } else {
            Self::None
        }
    }

    /// The word of the reports: `backward`, `no`, `minor`, `submajor`, `major`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::None => "no",
            Self::Minor => "minor",
            Self::Submajor => "submajor",
            Self::Major => "major",
        }
    }

    /// What a type has to do when one that it refers to has to take this step. A type whose values it holds
    /// or passes `is_part` of it; an interface is only referred to.
    pub(super) const fn of_referrer(self, is_part: bool) -> Self {
        match self {
            Self::Major if is_part => Self::Major,
            Self::None => Self::None,
            Self::Minor => Self::Minor,
            Self::Backward | Self::Submajor | Self::Major => Self::Submajor,
        }
    }

    /// The largest step between the versions in two paths that are equal without them.
    pub(super) fn between_paths(old: &str, new: &str) -> Self {
        let version = |part| split_suffix(part).version();
        old.split('.')
            .zip(new.split('.'))
            .map(|(old, new)| Self::between(version(old), version(new)))
            .find(|step| *step != Self::None)
            .unwrap_or(Self::None)
    }
}

/// How the step taken compares with the step demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// They are equal.
    AsDemanded,
    /// The version should have gone further.
    TooSmall,
    /// The version went further than the changes explain.
    TooLarge,
    /// The version went back.
    Backward,
}

impl Verdict {
    pub(super) fn of(demanded: Step, taken: Step) -> Self {
        match taken {
            Step::Backward => Self::Backward,
            _ if taken < demanded => Self::TooSmall,
            _ if taken > demanded => Self::TooLarge,
            _ => Self::AsDemanded,
        }
    }

    /// The words of the reports: `as demanded`, `too small`, `too large`, `backward`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AsDemanded => "as demanded",
            Self::TooSmall => "too small",
            Self::TooLarge => "too large",
            Self::Backward => "backward",
        }
    }
}

/// Why a version may have gone another way than the rules demand: two habits that the chain of the vendor's firmwares
/// shows. They explain a mismatch; they do not make it right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Habit {
    /// Whatever changes of a structure or enumeration with a version of its own, the major number rises.
    WholeStep,
    /// The step is right for the steps that the types referred to have taken, be those right or not.
    Follows,
}

impl Habit {
    /// The words of the reports: `whole step`, `follows references`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::WholeStep => "whole step",
            Self::Follows => "follows references",
        }
    }
}
