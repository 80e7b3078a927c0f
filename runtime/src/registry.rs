//! The types that bindings know, as static tables.

use std::borrow::Cow;

use xerus_wire_id::{Version, WireId, split_suffix};

use crate::codec::Record;
use crate::compatibility::Compatibility;

/// What kind of type a [`TypeEntry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// An interface: named in references.
    Interface,
    /// A value object: named beside its members.
    ValueObject,
}

/// One type that devices may name.
#[derive(Debug)]
pub struct TypeEntry {
    /// All names without versions: `pdumodel.Outlet.StateChangedEvent`.
    pub name: &'static str,
    /// Wire id.
    pub id: &'static str,
    /// Version, as behind the colon of the wire id.
    pub version: Version,
    /// Interface or value object.
    pub kind: TypeKind,
    /// Wire id of the type it extends.
    pub base: Option<&'static str>,
    /// Makes an empty value of a value object, where something reads values of types that only the device names.
    #[doc(hidden)]
    pub make: Option<fn() -> Box<dyn Record>>,
    /// Never stated, so that `..TypeEntry::PLAIN` always has something to add.
    #[doc(hidden)]
    pub rest: (),
}

impl TypeEntry {
    /// What generated code does not state: `TypeEntry { name, id, ..TypeEntry::PLAIN }`.
    pub const PLAIN: Self = Self {
        name: "",
        id: "",
        version: Version::ONE,
        kind: TypeKind::Interface,
        base: None,
        make: None,
        rest: (),
    };

    /// An interface.
    #[must_use]
    pub const fn interface(
        name: &'static str,
        id: &'static str,
        version: Version,
        base: Option<&'static str>,
    ) -> Self {
        Self {
            name,
            id,
            version,
            kind: TypeKind::Interface,
            base,
            ..Self::PLAIN
        }
    }

    /// A value object.
    #[must_use]
    pub const fn value_object(
        name: &'static str,
        id: &'static str,
        version: Version,
        base: Option<&'static str>,
    ) -> Self {
        Self {
            name,
            id,
            version,
            kind: TypeKind::ValueObject,
            base,
            ..Self::PLAIN
        }
    }
}

/// The longest chain of base types followed.
pub(crate) const MAX_BASES: usize = 32;
/// How deep registries may import each other.
const MAX_IMPORTS: usize = 8;

/// The types of one set of bindings, and of the bindings that it builds on.
///
/// Type names that a device sends are only ever looked up here.
#[derive(Debug)]
pub struct Registry {
    types: &'static [TypeEntry],
    imports: &'static [&'static Registry],
}

/// How a type that a device named stands to a type of the bindings.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Relation {
    /// The same type, in some version.
    Same,
    /// A type that extends it.
    Derived(&'static TypeEntry),
    /// A known type of another family.
    Unrelated,
    /// A type that the bindings do not know.
    Unknown,
}

impl Registry {
    /// A registry from a table sorted by name and version, and the registries it refers to.
    #[must_use]
    pub const fn new(types: &'static [TypeEntry], imports: &'static [&'static Self]) -> Self {
        Self { types, imports }
    }

    /// The types of this registry itself.
    #[must_use]
    pub fn types(&self) -> &'static [TypeEntry] {
        self.types
    }

    /// The entry that fits a wire id best: the very version; else the same major version with the
    /// greatest minor; else the newest.
    #[must_use]
    pub fn lookup(&self, id: &WireId) -> Option<&'static TypeEntry> {
        self.by_name(&version_free(id.as_str()), id.version(), 0)
    }

    fn by_name(&self, name: &str, version: Version, depth: usize) -> Option<&'static TypeEntry> {
        let start = self.types.partition_point(|entry| entry.name < name);
        let versions = self
            .types
            .get(start..)
            .expect("a partition point is no further than the end");
        let found = versions
            .iter()
            .take_while(|entry| entry.name == name)
            .max_by_key(|entry| {
                (
                    entry.version == version,
                    entry.version.major == version.major,
                    entry.version,
                )
            });
        if found.is_some() || depth == MAX_IMPORTS {
            return found;
        }
        self.imports
            .iter()
            .find_map(|import| import.by_name(name, version, depth + 1))
    }

    /// An empty value of the value object with this name, in the version nearest to this one.
    #[cfg(feature = "serde")]
    pub(crate) fn make(&self, id: &WireId) -> Option<Box<dyn Record>> {
        self.lookup(id)?.make.map(|make| make())
    }

    /// The entries of the types that `entry` extends, nearest first.
    pub(crate) fn bases(
        &'static self,
        entry: &TypeEntry,
    ) -> impl Iterator<Item = &'static TypeEntry> {
        let find = |id: &'static str| {
            let version = WireId::new(id).map_or(Version::ONE, |id| id.version());
            self.by_name(&version_free(id), version, 0)
        };
        std::iter::successors(entry.base.and_then(find), move |entry| {
            entry.base.and_then(find)
        })
        .take(MAX_BASES)
    }

    /// How the type `id` stands to the type with wire id `target`; versions do not matter.
    pub(crate) fn relation(&'static self, id: &WireId, target: &str) -> Relation {
        let name = version_free(id.as_str());
        let target = version_free(target);
        if name == target {
            return Relation::Same;
        }
        let Some(entry) = self.by_name(&name, id.version(), 0) else {
            return Relation::Unknown;
        };
        if self.bases(entry).any(|base| base.name == target) {
            Relation::Derived(entry)
        } else {
            Relation::Unrelated
        }
    }

    /// How the type `id` that a device reports goes with the interface `target` of the bindings.
    ///
    /// A derived type is compared with what the bindings know of that derived type.
    pub(crate) fn compatibility(
        &'static self,
        id: &WireId,
        target: &str,
        version: Version,
    ) -> Option<Compatibility> {
        match self.relation(id, target) {
            Relation::Same => Some(Compatibility::of(id.version(), version)),
            Relation::Derived(entry) => Some(Compatibility::of(id.version(), entry.version)),
            Relation::Unknown => Some(Compatibility::UnknownType),
            Relation::Unrelated => None,
        }
    }
}

/// All names of a wire id without versions; borrowed when no name can have a suffix.
pub(crate) fn version_free(id: &str) -> Cow<'_, str> {
    // Byte by byte: a search for a character takes longer to set up than these names are long.
    let is = |wanted: u8| move |byte: u8| byte == wanted;
    let colon = id.bytes().position(is(b':'));
    let scoped = colon.map_or(id, |at| &id[..at]);
    if !scoped.bytes().any(is(b'_')) {
        return Cow::Borrowed(scoped);
    }
    let Some((scopes, own)) = scoped.rsplit_once('.') else {
        return Cow::Borrowed(scoped);
    };
    let mut out = String::with_capacity(scoped.len());
    for scope in scopes.split('.') {
        out.push_str(split_suffix(scope).base());
        out.push('.');
    }
    out.push_str(own);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    static BASE: Registry = Registry::new(
        &[TypeEntry::value_object(
            "idl.Event",
            "idl.Event:1.0.0",
            Version::ONE,
            None,
        )],
        &[],
    );
    static TYPES: Registry = Registry::new(
        &[
            TypeEntry::interface("m.A", "m.A:1.0.0", Version::ONE, None),
            TypeEntry::interface("m.B", "m.B:2.0.1", Version::new(2, 0, 1), Some("m.A:1.0.0")),
            TypeEntry::interface("m.B", "m.B:3.0.0", Version::new(3, 0, 0), Some("m.A:1.0.0")),
            TypeEntry::value_object(
                "m.B.E",
                "m.B_3_0_0.E:1.0.0",
                Version::ONE,
                Some("idl.Event:1.0.0"),
            ),
            TypeEntry::interface("m.Loop", "m.Loop:1.0.0", Version::ONE, Some("m.Loop:1.0.0")),
        ],
        &[&BASE],
    );

    fn id(text: &str) -> WireId {
        text.parse().unwrap()
    }

    #[test]
    fn the_nearest_version_is_found() {
        for (wire, found) in [
            ("m.B:2.0.1", Some("m.B:2.0.1")),
            ("m.B:2.0.9", Some("m.B:2.0.1")),
            ("m.B:3.5.0", Some("m.B:3.0.0")),
            ("m.B:9.0.0", Some("m.B:3.0.0")),
            ("m.B_9_9_9.E:1.0.0", Some("m.B_3_0_0.E:1.0.0")),
            ("idl.Event:1.0.0", Some("idl.Event:1.0.0")),
            ("m.C:1.0.0", None),
        ] {
            assert_eq!(
                TYPES.lookup(&id(wire)).map(|entry| entry.id),
                found,
                "{wire}"
            );
        }
    }

    #[test]
    fn relations_follow_the_bases() {
        let relation = |wire: &str, target| TYPES.relation(&id(wire), target);
        assert!(matches!(relation("m.B:9.0.0", "m.B:2.0.1"), Relation::Same));
        assert!(matches!(
            relation("m.B:2.0.1", "m.A:1.0.0"),
            Relation::Derived(_)
        ));
        assert!(matches!(
            relation("m.B_9_0_0.E:1.0.0", "idl.Event:1.0.0"),
            Relation::Derived(_)
        ));
        assert!(matches!(
            relation("m.A:1.0.0", "m.B:2.0.1"),
            Relation::Unrelated
        ));
        assert!(matches!(
            relation("m.Rocket:1.0.0", "m.B:2.0.1"),
            Relation::Unknown
        ));
    }

    #[test]
    fn a_cycle_in_the_table_ends() {
        assert!(matches!(
            TYPES.relation(&id("m.Loop:1.0.0"), "m.A:1.0.0"),
            Relation::Unrelated
        ));
    }

    #[test]
    fn only_scopes_lose_a_suffix() {
        for (wire, name) in [
            ("a.B_1_0_0.C:1.0.0", "a.B.C"),
            ("a.B_1_0_0.C_2_0_0:1.0.0", "a.B.C_2_0_0"),
            ("a.b_1_2_c.D:1.0.0", "a.b_1_2_c.D"),
            ("idl.Object:1.0.0", "idl.Object"),
        ] {
            assert_eq!(version_free(wire), name);
            assert_eq!(id(wire).version_free_name(), name);
        }
    }
}
