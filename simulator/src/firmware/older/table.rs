//! What an older firmware knows: its types with their members.

use std::collections::HashMap;

use xerus_rpc::WireId;

/// All types of a firmware.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// By name without versions.
    pub(super) interfaces: HashMap<String, Interface>,
    /// Types of values, by wire id.
    pub(super) values: HashMap<String, Named>,
    /// The wire ids of value objects, by name without versions: a value names its own type.
    pub(super) value_objects: HashMap<String, String>,
}

/// An interface.
#[derive(Debug, Default)]
pub(super) struct Interface {
    pub(super) id: String,
    /// The wire id in the newest firmware. Empty: it is not there any more.
    pub(super) newest: String,
    /// Wire ids of what it extends, nearest first.
    pub(super) bases: Vec<String>,
    /// Its own methods.
    pub(super) methods: Vec<Method>,
}

/// A method.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) name: String,
    /// The newest firmware has it with these parameters and results. Without, it needs an adapter.
    pub(super) same: bool,
    pub(super) ins: Vec<Member>,
    /// Results, the return value last.
    pub(super) outs: Vec<Member>,
}

/// A member or parameter.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) ty: Type,
    /// The newest firmware has it not.
    pub(super) older: bool,
}

/// A type of values with a name.
#[derive(Debug)]
pub(super) enum Named {
    /// A structure or a value object, inherited members first.
    Record(Record),
    Enumeration {
        /// The number of its enumerators.
        known: i64,
        /// What stands for one that is not known.
        fallback: i64,
    },
    Alias(Type),
    /// Any JSON.
    Opaque,
}

/// A structure or the members of a value object.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) members: Vec<Member>,
    /// Members of the newest firmware that this one has not, and the JSON to send for them.
    pub(super) newer: Vec<(String, String)>,
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Boolean,
    Integer,
    Float,
    Text,
    /// The wire id of a type.
    WireId,
    /// A reference to an object, of whatever type.
    Object,
    Vector(Box<Self>),
    Map(Box<Self>, Box<Self>),
    /// A wire id.
    Named(String),
}

impl Table {
    /// The interface that an object of the newest firmware is here.
    pub(super) fn interface(&self, id: &WireId) -> Option<&Interface> {
        self.interfaces.get(&id.version_free_name())
    }

    /// A method of an interface or of one that it extends.
    pub(super) fn method<'t>(&'t self, interface: &'t Interface, name: &str) -> Option<&'t Method> {
        let bases = interface
            .bases
            .iter()
            .filter_map(|base| self.interfaces.get(&free(base)));
        std::iter::once(interface)
            .chain(bases)
            .flat_map(|interface| &interface.methods)
            .find(|method| method.name == name)
    }
}

/// The name of a type without versions; what is no wire id stays.
pub(super) fn free(id: &str) -> String {
    WireId::new(id).map_or_else(|_| id.to_owned(), |id| id.version_free_name())
}
