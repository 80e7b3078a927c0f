//! All names under which an object is known.

use std::collections::HashMap;

use xerus_rpc::Object;

use super::reference::Name;

/// From every name of an object to the one that references carry.
pub(crate) struct Aliases(HashMap<String, Name>);

impl<'a> FromIterator<&'a Name> for Aliases {
    fn from_iter<I: IntoIterator<Item = &'a Name>>(names: I) -> Self {
        let entries = names
            .into_iter()
            .flat_map(|name| name.all().map(|rid| (rid.clone(), name.clone())));
        Self(entries.collect())
    }
}

impl Aliases {
    /// The opaque resource id of an object; names that nobody knows stay what they are.
    pub(super) fn opaque(&self, rid: &str) -> String {
        self.0.get(rid).map_or(rid, |name| &name.opaque).to_owned()
    }

    /// A reference to a known object.
    pub(super) fn object(&self, rid: &str) -> Option<Object> {
        self.0.get(rid).map(Name::object)
    }
}
