//! Options and details: objects of which a few members are wanted.

use std::borrow::Cow;

use bytes::Bytes;

use crate::json::{Limits, NON_EMPTY, Text};
use crate::settings::{DEFAULT_MAX_DEPTH, DEFAULT_MAX_MEMORY};

/// The text of an object that came in. What cannot be read in it counts as not there.
#[derive(Clone, PartialEq, Eq)]
pub(in crate::wamp) struct Object(Bytes);

impl Object {
    pub(in crate::wamp) fn new(text: Bytes) -> Self {
        Self(text)
    }

    /// No members.
    #[cfg(test)]
    pub(in crate::wamp) fn empty() -> Self {
        Self(Bytes::from_static(b"{}"))
    }

    /// The same to be kept for a while, without what came beside it.
    pub(in crate::wamp) fn kept_alone(self) -> Self {
        Self(super::payload::alone(&self.0))
    }

    /// Whether there is nothing in it; the usual case, for which nothing is read.
    pub(in crate::wamp) fn is_plainly_empty(&self) -> bool {
        self.0 == "{}"
    }

    /// Calls this with each member: its name, and the JSON text of its value.
    pub(in crate::wamp) fn each(&self, mut member: impl FnMut(&str, &str)) {
        if self.is_plainly_empty() {
            return;
        }
        let Ok(text) = std::str::from_utf8(&self.0) else {
            return;
        };
        let _ = members(&mut reader(text), &mut member);
    }

    /// The JSON text of a member.
    pub(in crate::wamp) fn get(&self, name: &str) -> Option<String> {
        let mut found = None;
        self.each(|known, value| {
            if known == name && found.is_none() {
                found = Some(value.to_owned());
            }
        });
        found
    }

    /// A member that is a text.
    pub(in crate::wamp) fn text(&self, name: &str) -> Option<String> {
        text(&self.get(name)?)
    }

    /// A member that is a number from 0 up.
    pub(in crate::wamp) fn number(&self, name: &str) -> Option<u64> {
        number(&self.get(name)?)
    }

    /// A member that is an object.
    pub(in crate::wamp) fn object(&self, name: &str) -> Option<Self> {
        let found = self.get(name)?;
        found.starts_with('{').then(|| Self(found.into()))
    }

    /// Whether a member is `true`.
    pub(in crate::wamp) fn is_true(&self, name: &str) -> bool {
        let mut found = false;
        self.each(|known, value| found |= known == name && value == "true");
        found
    }

    /// The text of the object.
    pub(in crate::wamp) fn bytes(&self) -> &Bytes {
        &self.0
    }
}

/// The text that a JSON string stands for.
pub(in crate::wamp) fn text(json: &str) -> Option<String> {
    if !json.starts_with('"') {
        return None;
    }
    let mut reader = reader(json);
    reader.string().ok().map(Cow::into_owned)
}

/// A whole number from 0 up, in digits.
pub(in crate::wamp) fn number(json: &str) -> Option<u64> {
    let plain = !json.is_empty() && json.bytes().all(|byte| byte.is_ascii_digit());
    json.parse().ok().filter(|_| plain)
}

fn reader(text: &str) -> Text<'_> {
    Text::new(
        text,
        Limits {
            strict: false,
            depth: DEFAULT_MAX_DEPTH,
            memory: DEFAULT_MAX_MEMORY,
        },
    )
}

fn members(reader: &mut Text<'_>, member: &mut impl FnMut(&str, &str)) -> Option<()> {
    reader.peek();
    if !reader.at_object() {
        return None;
    }
    if reader.open_object("an object").ok()? == NON_EMPTY {
        loop {
            let name = reader.key().ok()?;
            let value = reader.raw_value().ok()?;
            member(&name, value);
            if !reader.more_members().ok()? {
                break;
            }
        }
    }
    Some(())
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A challenge, a token of a session.
        f.debug_struct("Object")
            .field("bytes", &self.0.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_as_what_they_are() {
        let object = Object::new(
            r#"{"n":7,"t":"a\"b","o":{"x":true},"neg":-1,"real":1.5,"yes":true,"nil":null}"#.into(),
        );
        assert_eq!(object.number("n"), Some(7));
        assert_eq!(object.text("t").as_deref(), Some("a\"b"));
        assert!(object.object("o").is_some_and(|inner| inner.is_true("x")));
        assert!(object.is_true("yes") && !object.is_true("n"));
        for (name, none) in [("neg", true), ("real", true), ("t", true), ("gone", true)] {
            assert_eq!(object.number(name).is_none(), none, "{name}");
        }
        assert_eq!(object.text("nil"), None);
        assert_eq!(Object::new("[1".into()).get("x"), None);
        assert_eq!(
            Object::new(r#"{"x":1"#.into()).get("x").as_deref(),
            Some("1")
        );
        assert!(Object::empty().get("x").is_none());
    }
}
