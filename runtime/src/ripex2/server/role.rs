//! What users may do.

use std::fmt;

/// What a user may do: each role may do all that those before it may. The numbers that the units have for them are known for the two ends
/// only (0 can do everything, 1000 nothing); those between are chosen here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks at things.
    Guest,
    /// Sets the unit up.
    Tech,
    /// Sets up what keeps others out.
    Sectech,
    /// Everything, users among it.
    Admin,
}

impl Role {
    /// The role with this name, in any case: `Tech`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Guest, Self::Tech, Self::Sectech, Self::Admin];
        all.into_iter()
            .find(|role| role.name().eq_ignore_ascii_case(name))
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guest => "Guest",
            Self::Tech => "Tech",
            Self::Sectech => "Sectech",
            Self::Admin => "Admin",
        }
    }

    /// Its number in the answer to a login.
    #[must_use]
    pub const fn permission(self) -> u16 {
        match self {
            Self::Guest => 800,
            Self::Tech => 600,
            Self::Sectech => 400,
            Self::Admin => 200,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
