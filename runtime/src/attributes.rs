//! Named texts that only two sides know the meaning of.

use std::borrow::Cow;
use std::fmt;

/// Texts by name, in the order in which they came; a name comes once.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Attributes(Vec<(Cow<'static, str>, String)>);

impl Attributes {
    /// None.
    pub(crate) const NONE: Self = Self(Vec::new());

    /// Adds one, or replaces the one with this name.
    pub(crate) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, value));
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A value may be a session or another secret.
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;

    #[test]
    fn values_are_not_shown() {
        let mut attributes = Attributes::NONE;
        attributes.set("session", "s3cret");
        assert_eq!(format!("{attributes:?}"), r#"["session"]"#);
    }

    #[test]
    fn the_last_value_of_a_name_counts() {
        let mut attributes = Attributes::NONE;
        attributes.set("a", "1");
        attributes.set("b", "2");
        attributes.set("a", "3");
        assert_eq!(attributes.get("a"), Some("3"));
        assert_eq!(attributes.get("c"), None);
        let all: Vec<_> = attributes.iter().collect();
        assert_eq!(all, [("b", "2"), ("a", "3")]);
    }
}
