//! What a device sent beyond the bindings, and what it left out.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::agent::Agent;
use crate::json_text::Json;

/// What was different between a structure as declared and the object that the device sent.
///
/// Every generated structure has one, in its `extra_` member; it is empty, and one pointer wide, for a
/// device of the same version. It is what makes "read, change, write back" safe: members that the
/// bindings do not know are written back as they came, and members that the device left out are not
/// sent to it as long as they keep their default value.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Extra(Option<Box<Inner>>);

#[derive(Clone, Default)]
struct Inner {
    missing: Vec<&'static str>,
    unknown: Vec<(Box<str>, Json)>,
    /// The agent of references in unknown members.
    agent: Option<Agent>,
}

impl Inner {
    /// All that counts for comparisons.
    fn members(&self) -> (&[&'static str], &[(Box<str>, Json)]) {
        (&self.missing, &self.unknown)
    }
}

impl PartialEq for Inner {
    fn eq(&self, other: &Self) -> bool {
        self.members() == other.members()
    }
}

impl Eq for Inner {}

impl Hash for Inner {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.members().hash(state);
    }
}

impl Extra {
    /// Declared members that the device left out, by their wire names.
    #[must_use]
    pub fn missing(&self) -> &[&'static str] {
        self.0.as_ref().map_or(&[], |inner| &inner.missing)
    }

    /// Whether the device left this member out.
    #[must_use]
    pub fn is_missing(&self, name: &str) -> bool {
        self.missing().contains(&name)
    }

    /// Members that the bindings do not know, in the order of the device.
    pub fn unknown(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        let members = self.0.as_ref().map_or(&[][..], |inner| &inner.unknown);
        members.iter().map(|(name, value)| (&**name, value))
    }

    /// The value of one member that the bindings do not know.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.unknown()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Adds a member to be sent, or replaces one received.
    ///
    /// The way to set something that the device has and the bindings do not.
    pub fn set(&mut self, name: &str, value: Json) {
        let unknown = &mut self.0.get_or_insert_default().unknown;
        match unknown.iter_mut().find(|(known, _)| &**known == name) {
            Some(member) => member.1 = value,
            None => unknown.push((name.into(), value)),
        }
    }

    /// Whether the device sent exactly the declared members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.missing().is_empty() && self.unknown().len() == 0
    }

    pub(crate) fn add_missing(&mut self, name: &'static str) {
        self.0.get_or_insert_default().missing.push(name);
    }

    pub(crate) fn set_unknown(&mut self, members: Vec<(Box<str>, Json)>, agent: Option<&Agent>) {
        let inner = self.0.get_or_insert_default();
        inner.unknown = members;
        inner.agent = agent.cloned();
    }

    /// The agent of references in unknown members.
    pub(crate) fn agent(&self) -> Option<&Agent> {
        self.0.as_ref().and_then(|inner| inner.agent.as_ref())
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("Extra");
        }
        let names: Vec<&str> = self.unknown().map(|(name, _)| name).collect();
        f.debug_struct("Extra")
            .field("missing", &self.missing())
            .field("unknown", &names)
            .finish()
    }
}
