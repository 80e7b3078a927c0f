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

    /// The same to be kept for a while, without what came beside it.
    pub(in crate::wamp) fn kept_alone(self) -> Self {
        Self {
            args: self.args.as_ref().map(alone),
            kwargs: self.kwargs.as_ref().map(alone),
        }
    }

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

/// What is not copied holds on to a whole buffer of the connection, so that more is kept than is counted.
pub(super) fn alone(text: &Bytes) -> Bytes {
    Bytes::copy_from_slice(text)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_holds_on_to_nothing_else() {
        let buffer = Bytes::from(vec![b'1'; 1 << 15]);
        let payload = Payload {
            args: Some(buffer.slice(10..20)),
            kwargs: Some(buffer.slice(20..20_000)),
        };
        let kept = payload.kept_alone();
        assert_eq!(kept.args(), &[b'1'; 10][..]);
        assert_eq!(kept.kwargs().len(), 19_980);
        // Nobody else has it, so that it can be taken back.
        assert!(buffer.is_unique());
    }
}
