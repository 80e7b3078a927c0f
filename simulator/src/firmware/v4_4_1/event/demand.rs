//! What the clients of a channel want to hear of.

use xerus_rpc::WireId;

use super::sent::Sent;

/// What a client wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Demand {
    /// Name of the event type without versions: a client may know another version than the device.
    name: String,
    /// Opaque resource id of the source; any source if absent.
    source: Option<String>,
}

impl Demand {
    pub(super) fn new(event: &WireId, source: Option<String>) -> Self {
        Self {
            name: event.version_free_name(),
            source,
        }
    }

    /// The demands that ask for an event: of its type or one of the types that it is derived from, by its source or by any.
    pub(super) fn for_event(event: &Sent) -> Vec<Self> {
        let sources = [None, Some(&event.source)];
        let names = event.names.iter();
        names
            .flat_map(|name| {
                sources.map(|source| Self {
                    name: name.clone(),
                    source: source.cloned(),
                })
            })
            .collect()
    }

    /// Whether it is for a type of one of these names.
    pub(super) fn is_for(&self, names: &[String]) -> bool {
        names.contains(&self.name)
    }
}
