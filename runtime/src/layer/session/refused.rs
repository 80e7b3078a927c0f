//! What the device refused.

use crate::wire::Credentials;

/// The most that are kept. A source that goes through more than these was not written to be asked again and again.
const MAX: usize = 64;

/// Credentials that the device refused since the last login that worked. Each is tried once: also a source that takes turns
/// between two wrong passwords must not get a user blocked.
#[derive(Default)]
pub(super) struct Refused(Vec<Credentials>);

impl Refused {
    pub(super) fn note(&mut self, user: Credentials) {
        if self.knows(&user) {
            return;
        }
        if self.0.len() == MAX {
            self.0.remove(0);
        }
        self.0.push(user);
    }

    pub(super) fn knows(&self, user: &Credentials) -> bool {
        self.0.iter().any(|old| old.is_same(user))
    }

    /// All may be tried again.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_and_no_more_are_kept_than_said() {
        let user = |number: usize| Credentials::basic("admin", number.to_string());
        let mut refused = Refused::default();
        for number in 0..=MAX {
            refused.note(user(number));
            refused.note(user(number));
        }
        assert_eq!(refused.0.len(), MAX);
        assert!(!refused.knows(&user(0)));
        assert!((1..=MAX).all(|number| refused.knows(&user(number))));
        assert!(!refused.knows(&Credentials::basic("operator", "1")));
        refused.forget();
        assert!(!refused.knows(&user(1)));
    }
}
