use super::Step;

/// What a change means for programs made for the old IDL, judged by what travels: member and parameter names, numbers of
/// enumerators, type ids of interfaces and value objects. Names of structures, enumerations and typedefs do not travel, nor
/// does the order of members and parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// They go on working with a new device.
    Compatible,
    /// Nothing changed here, but in a type that is referred to.
    Reference,
    /// They may fail with a new device.
    Breaking,
}

/// What a change means for Rust code when its bindings are generated anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing; the bindings may also stay as they are.
    SourceCompatible,
    /// It compiles without a change, and has to be compiled for a right meaning.
    Recompile,
    /// It no longer compiles, or no longer does the same.
    Breaking,
}

/// Which way values of a type go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Travel {
    /// Reached from in-parameters only.
    ToDevice,
    /// Reached from returns, out-parameters and events only.
    FromDevice,
    /// Both.
    Both,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Item {
    /// A type that is no event.
    Type,
    /// A value object that is nested in an interface.
    Event,
    /// What sort of type it is.
    Kind,
    /// The major number of an interface: proxies made for another one refuse references to it.
    Version,
    /// `extends`.
    Base,
    /// The target of a typedef.
    Target,
    /// A method.
    Method,
    /// A return type.
    Return,
    /// A parameter.
    Parameter,
    /// The key type of a map in a member.
    MapKey,
    /// A constant.
    Constant,
    /// A field.
    Field,
    /// An enumerator.
    Enumerator,
    /// The argument of `unknown_fallback`.
    Fallback,
    /// Another annotation.
    Annotation,
    /// The marks of a method.
    Marks,
    /// A type that is referred to.
    Reference,
}

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Action {
    /// Only the new IDL has it.
    Added,
    /// Only the old IDL has it.
    Removed,
    /// Both have it, not alike.
    Changed,
    /// Only the new IDL has it, before something that both have.
    Inserted,
    /// Another name stands in the same place.
    Renamed,
    /// The order differs.
    Reordered,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What changed.
    pub item: Item,
    /// What happened to it.
    pub action: Action,
    /// Dotted path of the module.
    pub module: String,
    /// Path of the type, without versions.
    pub path: String,
    /// The member: `getState`, `getState(timeout)` for a parameter, the path of the type referred to
    /// for a reference; empty when the type itself is meant.
    pub member: String,
    /// How it was written in the old IDL (declared types as wire ids), or its place among its like.
    pub old: Option<String>,
    /// The same of the new IDL.
    pub new: Option<String>,
    /// Which way values of the type go; for fields, enumerators and the like, when known.
    pub travel: Option<Travel>,
    /// Whether callers may leave it out of what they send (`[sparse_in]`).
    pub optional: bool,
    /// What it means on the wire and for programs not compiled anew.
    pub class: Class,
    /// What it means for Rust callers.
    pub effect: Effect,
    /// The step it demands of the versioned type.
    pub step: Step,
    /// The Rust item that callers use, when names were given ([`Comparison::with_rust_names`]).
    ///
    /// [`Comparison::with_rust_names`]: super::Comparison::with_rust_names
    pub rust: RustItem,
}

/// A Rust item in the bindings of either side: `pdumodel::Outlet::set_power_state`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RustItem {
    /// Its path in the bindings of the old IDL, if it is there.
    pub old: Option<String>,
    /// Its path in the bindings of the new IDL, if it is there.
    pub new: Option<String>,
}

impl RustItem {
    /// What callers write: the old name of what goes or changes, the new one of what comes.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.old.as_deref().or(self.new.as_deref())
    }
}

impl Change {
    /// IDL path and member: `pdumodel.Outlet.getState(timeout)`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.member.is_empty() || self.item == Item::Reference {
            self.path.clone()
        } else {
            format!("{}.{}", self.path, self.member)
        }
    }

    /// Whether programs made for the old IDL may fail with a new device.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.class == Class::Breaking
    }

    /// Whether Rust callers have to be changed when the bindings are generated anew.
    #[must_use]
    pub fn breaks_callers(&self) -> bool {
        self.effect == Effect::Breaking
    }
}

/// Class, effect and step that belong together.
#[derive(Clone, Copy)]
pub(super) struct Rating(pub(super) Class, pub(super) Effect, pub(super) Step);

impl Rating {
    /// Something more on offer.
    pub(super) const ADDITION: Self =
        Self(Class::Compatible, Effect::SourceCompatible, Step::Minor);
    /// Neither old programs nor callers can go on.
    pub(super) const BREAKING: Self = Self(Class::Breaking, Effect::Breaking, Step::Major);
    /// A number means something else: the source stays right, what was compiled is wrong.
    pub(super) const RENUMBERED: Self = Self(Class::Breaking, Effect::Recompile, Step::Major);
    /// Old programs go on; the bindings get another shape.
    pub(super) const RESHAPED: Self = Self(Class::Compatible, Effect::Breaking, Step::Minor);
    /// The wire stays; callers do not, and the vendor's versions count names and places for them.
    pub(super) const RENAMED: Self = Self(Class::Compatible, Effect::Breaking, Step::Major);
    /// What was compiled refuses; the rules of the versions do not count a version among their causes.
    pub(super) const REFUSED: Self = Self(Class::Breaking, Effect::Recompile, Step::None);
    /// Only the bindings differ, in what callers write or match.
    pub(super) const RECUT: Self = Self(Class::Compatible, Effect::Breaking, Step::None);
    /// Only the bindings differ, in what callers need not write down.
    pub(super) const REGENERATED: Self = Self(Class::Compatible, Effect::Recompile, Step::None);
    /// Without consequence.
    pub(super) const NEUTRAL: Self = Self(Class::Compatible, Effect::SourceCompatible, Step::None);
}

/// The fixed words of the reports.
macro_rules! words {
    ($($name:ident { $($variant:ident $word:literal),* $(,)? })*) => {$(
        impl $name {
            /// The word of the reports.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    )*};
}

words! {
    Class { Compatible "compatible", Reference "reference", Breaking "breaking" }
    Effect { SourceCompatible "source-compatible", Recompile "recompile", Breaking "breaking" }
    Travel { ToDevice "to-device", FromDevice "from-device", Both "both" }
    Action {
        Added "added", Removed "removed", Changed "changed", Inserted "inserted", Renamed "renamed",
        Reordered "reordered",
    }
    Item {
        Type "type", Event "event", Kind "kind", Version "version", Base "base", Target "target", Method "method",
        Return "return", Parameter "parameter", MapKey "map key", Constant "constant",
        Field "field", Enumerator "enumerator", Fallback "fallback", Annotation "annotation", Marks "marks",
        Reference "reference",
    }
}
