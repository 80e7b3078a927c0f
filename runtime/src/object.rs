//! References to objects on a device.

mod call;
mod cast;
mod choice;
mod detached;
mod interface;
mod kind;
mod link;
mod probe;
mod read;
mod reported;
mod value;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use xerus_wire_id::WireId;

pub use cast::CastError;
pub use choice::Choice;
use detached::detached_agent;
pub use interface::Interface;
use reported::ReportedType;

use crate::agent::Agent;
use crate::codec::Unreadable;
use crate::compatibility::Compatibility;

/// Wire id of the root of all interfaces.
const OBJECT_ID: &str = "idl.Object:1.0.0";

/// A reference to an object on a device: an agent, a resource id, and the type that the device reported.
///
/// Every generated proxy dereferences to this. Cheap to clone. Two references are equal when they have
/// the same resource id on the same origin.
///
/// What a device sends in a list or map in place of a reference (`null`, a number, an object of another family) keeps its
/// place there, so that the others keep theirs: see [`unreadable`](Self::unreadable). It cannot be called.
#[derive(Clone)]
pub struct Object {
    agent: Agent,
    rid: Arc<str>,
    reported: ReportedType,
    /// Wire id to show and to send when the device reported none.
    declared: &'static str,
    compatibility: Compatibility,
}

impl Object {
    /// A reference without an agent: it can be sent, but not called.
    ///
    /// Servants hand such references out.
    #[must_use]
    pub fn detached(rid: &str, wire_id: WireId) -> Self {
        Self {
            agent: detached_agent(),
            rid: rid.into(),
            reported: ReportedType::Type(wire_id),
            declared: OBJECT_ID,
            compatibility: Compatibility::Unchecked,
        }
    }

    /// A reference to the object with this resource id, whatever that is; nothing is sent and nothing is checked.
    ///
    /// [`probe`](Self::probe) asks the device what it is, and [`cast`](Self::cast) then gives the proxy.
    #[must_use]
    #[doc(alias = "proxy")]
    pub fn at(agent: &Agent, rid: &str) -> Self {
        Self::declared_at(agent, rid, OBJECT_ID)
    }

    /// A reference made from a resource id, taken for the interface `declared`.
    pub(crate) fn declared_at(agent: &Agent, rid: &str, declared: &'static str) -> Self {
        Self {
            agent: agent.clone(),
            rid: rid.into(),
            reported: ReportedType::Nothing,
            declared,
            compatibility: Compatibility::Unchecked,
        }
    }

    /// What the device sent in this place of a list or map, when that is no usable reference. Calls are refused then, with
    /// `Config.Unsupported`, and it is written back as it came.
    #[must_use]
    pub fn unreadable(&self) -> Option<Unreadable<'_>> {
        match &self.reported {
            ReportedType::Unreadable(element) => Some(Unreadable::new(&element.0, &element.1)),
            _ => None,
        }
    }

    /// The resource id; empty when there is none, see [`unreadable`](Self::unreadable).
    #[must_use]
    #[doc(alias = "target")]
    pub fn rid(&self) -> &str {
        &self.rid
    }

    /// The type as the device reported it, in its own version and most derived form; `None` when the
    /// reference was made from a resource id. [`probe`](Self::probe) asks for it.
    #[must_use]
    #[doc(alias = "idlType")]
    pub fn wire_id(&self) -> Option<&WireId> {
        self.reported.wire_id()
    }

    /// The agent that calls go through.
    #[must_use]
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// How the reported type goes with the bindings.
    #[must_use]
    pub fn compatibility(&self) -> Compatibility {
        self.compatibility
    }

    /// The type that is shown and sent: as reported, or as assumed.
    fn shown_type(&self) -> &str {
        self.wire_id().map_or(self.declared, WireId::as_str)
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        let text = |object: &Self| object.unreadable().map(Unreadable::raw).cloned();
        self.rid == other.rid
            && self.agent.origin() == other.agent.origin()
            && (!self.rid.is_empty() || text(self) == text(other))
    }
}

impl Eq for Object {}

impl Hash for Object {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rid.hash(state);
        self.agent.origin().hash(state);
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unreadable() {
            Some(element) => element.fmt(f),
            None => write!(f, "{}({})", self.shown_type(), self.rid),
        }
    }
}
