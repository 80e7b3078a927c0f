//! JSON kept as text.

use std::borrow::Cow;
use std::fmt;

/// The text of one JSON value, kept exactly as it was received: number text, member order and white
/// space inside are untouched.
///
/// This is the Rust type of IDL `opaque` types, of members that the bindings do not know, and of value
/// objects of unknown type. Two values are equal when their texts are.
///
/// To look inside, give the text to a JSON library; with the feature `serde`, a `Json` is also `Serialize` and `Deserialize`.
///
/// ```
/// use xerus_rpc::Json;
///
/// let json: Json = r#"{"gain": 1.50}"#.parse()?;
/// assert_eq!(json.get(), r#"{"gain": 1.50}"#);
/// assert_eq!(serde_json::from_str::<serde_json::Value>(json.get()).unwrap()["gain"], 1.5);
/// # Ok::<(), xerus_rpc::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Json(Cow<'static, str>);

impl Json {
    /// JSON `null`.
    pub const NULL: Self = Self(Cow::Borrowed("null"));

    /// JSON `{}`: no parameters.
    pub const EMPTY_OBJECT: Self = Self(Cow::Borrowed("{}"));

    /// Takes a text that is known to be one JSON value.
    pub(crate) fn trusted(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn get(&self) -> &str {
        &self.0
    }

    /// Whether the value is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        &*self.0 == "null"
    }
}

impl Default for Json {
    /// `null`.
    fn default() -> Self {
        Self::NULL
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.0)
    }
}
