//! Whether a client made for one version of a type can use another one (spec section 7).

use xerus_wire_id::WireId;

use crate::model::{Model, TypeIndex};

/// How the type a server has relates to the type a client knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compatibility {
    /// Another type: the names differ.
    Unrelated,
    /// The same type in a version that the client cannot use.
    Incompatible,
    /// Calls work; types referred to may have changed (another submajor).
    Calls,
    /// Everything that the client knows is there.
    Full,
}

impl Compatibility {
    /// The relation of a server's type to a client's, over all segments of the wire ids.
    #[must_use]
    pub fn of(server: &WireId, client: &WireId) -> Self {
        if server.is_compatible(client) {
            Self::Full
        } else if server.is_call_compatible(client) {
            Self::Calls
        } else if server.same_name(client) {
            Self::Incompatible
        } else {
            Self::Unrelated
        }
    }

    /// Whether the client may call the server.
    #[must_use]
    pub const fn can_call(self) -> bool {
        matches!(self, Self::Calls | Self::Full)
    }
}

/// The type of a model that fits a server's type best: the most compatible one, the newest of those.
/// `None` when the model knows no usable version.
#[must_use]
pub fn best(model: &Model, server: &WireId) -> Option<TypeIndex> {
    model
        .find_versions(&server.version_free_name())
        .into_iter()
        .filter_map(|index| {
            let client = WireId::new(&*model.ty(index).wire_id).ok()?;
            let compatibility = Compatibility::of(server, &client);
            compatibility.can_call().then_some((compatibility, index))
        })
        // The list is sorted by version, newest first; `max_by_key` would take the last of equals.
        .rev()
        .max_by_key(|(compatibility, _)| *compatibility)
        .map(|(_, index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations() {
        use Compatibility::{Calls, Full, Incompatible, Unrelated};
        for (server, client, expected) in [
            ("m.A:2.1.3", "m.A:2.1.3", Full),
            ("m.A:2.1.4", "m.A:2.1.3", Full),
            ("m.A:2.2.4", "m.A:2.1.3", Calls),
            ("m.A:2.1.2", "m.A:2.1.3", Incompatible),
            ("m.A:3.1.3", "m.A:2.1.3", Incompatible),
            ("m.B:2.1.3", "m.A:2.1.3", Unrelated),
            ("m.A_2_0_1.S:1.0.0", "m.A_2_0_0.S:1.0.0", Full),
            ("m.A_2_1_1.S:1.0.0", "m.A_2_0_0.S:1.0.0", Calls),
            ("m.A_3_0_0.S:1.0.0", "m.A_2_0_0.S:1.0.0", Incompatible),
            ("m.A_2_0_0.S:1.0.0", "m.A:2.0.0", Unrelated),
        ] {
            let (server, client) = (WireId::new(server).unwrap(), WireId::new(client).unwrap());
            assert_eq!(
                Compatibility::of(&server, &client),
                expected,
                "{server} {client}"
            );
        }
        assert!(Calls.can_call() && Full.can_call());
        assert!(!Incompatible.can_call() && !Unrelated.can_call());
    }
}
