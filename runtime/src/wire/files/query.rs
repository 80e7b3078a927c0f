//! What stands behind the path of a file.

use std::fmt;

use zeroize::Zeroizing;

/// Names and values behind a path, in their order and not encoded. The values may be passwords: they are not shown, and wiped
/// on drop.
///
/// ```
/// use xerus_rpc::wire::Query;
///
/// let query = Query::new().with("tag", "active_cert");
/// assert_eq!(query.iter().collect::<Vec<_>>(), [("tag", "active_cert")]);
/// assert_eq!(format!("{query:?}"), r#"["tag"]"#);
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Query(Vec<(String, Zeroizing<String>)>);

impl Query {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.push(name, value);
        self
    }

    /// Adds a parameter.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), Zeroizing::new(value.into())));
    }

    /// Adds those of another one behind these.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Names and values. Values may be passwords.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &***value))
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}
