//! Arguments or results as they travel.

use bytes::Bytes;

/// What a message carries for the program: JSON text, unread.
#[derive(Clone, Default, PartialEq, Eq)]
pub(in crate::wamp) struct Payload {
    /// An array.
    pub(in crate::wamp) args: Option<Bytes>,
    /// An object.
    pub(in crate::wamp) kwargs: Option<Bytes>,
}

impl Payload {
    /// Nothing.
    pub(in crate::wamp) const NONE: Self = Self {
        args: None,
        kwargs: None,
    };

    /// The array; `[]` where none came.
    pub(in crate::wamp) fn args(&self) -> Bytes {
        self.args.clone().unwrap_or(Bytes::from_static(b"[]"))
    }

    /// The object; `{}` where none came.
    pub(in crate::wamp) fn kwargs(&self) -> Bytes {
        self.kwargs.clone().unwrap_or(Bytes::from_static(b"{}"))
    }

    /// Whether there are arguments in order.
    pub(in crate::wamp) fn has_args(&self) -> bool {
        self.args.as_deref().is_some_and(|text| !is_empty(text))
    }

    /// Whether there are arguments by name.
    pub(in crate::wamp) fn has_kwargs(&self) -> bool {
        self.kwargs.as_deref().is_some_and(|text| !is_empty(text))
    }
}

/// Whether nothing but blanks is between the brackets.
fn is_empty(text: &[u8]) -> bool {
    let inside = text.get(1..text.len().saturating_sub(1)).unwrap_or(b"");
    inside.iter().all(u8::is_ascii_whitespace)
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It may hold passwords.
        let bytes = |text: &Option<Bytes>| text.as_ref().map_or(0, Bytes::len);
        f.debug_struct("Payload")
            .field("args_bytes", &bytes(&self.args))
            .field("kwargs_bytes", &bytes(&self.kwargs))
            .finish()
    }
}
