//! What objects and types are called on the other side.

use super::{Projection, Way};
use crate::firmware::older::raw::{self, Members, quoted};
use crate::firmware::older::table::{Interface, free};

/// Where resource ids that carry a type begin.
const OPAQUE: &str = "/tfwopaque/";

impl Projection {
    /// A resource id in the form of the other side.
    pub(in crate::firmware) fn rid(&self, way: Way, rid: &str) -> String {
        let changed = || {
            let (id, instance) = rid.strip_prefix(OPAQUE)?.split_once('/')?;
            let interface = self.table.interfaces.get(&free(id))?;
            let id = id_of(interface, way)?;
            Some(format!("{OPAQUE}{id}/{instance}"))
        };
        changed().unwrap_or_else(|| rid.to_owned())
    }

    pub(super) fn reference(&self, way: Way, text: &str, out: &mut String) -> bool {
        if text == "null" {
            out.push_str(text);
            return true;
        }
        let write = || {
            let members = Members::of(text)?;
            let rid = raw::string(members.get("rid")?)?;
            let id = raw::string(members.get("type")?)?;
            let rid = quoted(&self.rid(way, &rid));
            let id = match self.table.interfaces.get(&free(&id)) {
                Some(interface) => id_of(interface, way)?,
                // The servant says what it thinks of a type that nobody knows.
                None if way == Way::In => &id,
                None => return None,
            };
            Some(format!("{{\"rid\":{rid},\"type\":{}}}", quoted(id)))
        };
        match write() {
            Some(text) => out.push_str(&text),
            // What is no reference is refused by the servant, in its own words.
            None if way == Way::In => out.push_str(text),
            None => return false,
        }
        true
    }

    /// Resource ids are also given as plain text.
    pub(super) fn text(&self, way: Way, text: &str, out: &mut String) -> bool {
        match raw::string(text) {
            Some(rid) if rid.starts_with(OPAQUE) => out.push_str(&quoted(&self.rid(way, &rid))),
            _ => out.push_str(text),
        }
        true
    }

    pub(super) fn type_code(&self, way: Way, text: &str, out: &mut String) -> bool {
        let known = || {
            let name = free(&raw::string(text)?);
            let interface = self.table.interfaces.get(&name);
            let interface = interface.and_then(|interface| id_of(interface, way));
            let id = interface.or_else(|| match way {
                Way::Out => self.table.value_objects.get(&name).map(String::as_str),
                Way::In => None,
            })?;
            Some(quoted(id))
        };
        out.push_str(&known().unwrap_or_else(|| text.to_owned()));
        true
    }
}

/// The wire id of an interface on the other side; `None`: it is not there.
fn id_of(interface: &Interface, way: Way) -> Option<&str> {
    let id = match way {
        Way::Out => &interface.id,
        Way::In => &interface.newest,
    };
    (!id.is_empty()).then_some(id)
}
