//! What changed from one set of IDL to another, and which version step that calls for.
//!
//! Types are matched by their path without versions. A version speaks for a type and everything nested
//! in it that has no version of its own, so changes are gathered by such versioned types.
//!
//! Incompatible changes of the type itself, or of values that it holds, passes or extends, demand a major
//! step; those of an interface that it refers to, however indirectly, a submajor one; compatible additions,
//! and compatible changes of what it refers to, a minor one. That values count as a part of the type is
//! taken from the vendor's practice: such structures and interfaces took major steps, not submajor ones.
//! Where that practice goes other ways than the rules, the mismatch is told and, where one is known, the [`Habit`]
//! behind it.
//!
//! ```
//! let read = |text| xerus_idl::Idl::new().text("Lamp.idl", text).load().map(|loaded| loaded.model);
//! let old = read("module garden { interface Lamp { void blink(in int times); }; }")?;
//! let new = read("module garden { interface Lamp_1_0_1 { void blink(in long times); }; }")?;
//! let comparison = xerus_idl::diff::compare(&old, &new);
//! assert!(comparison.is_breaking());
//! let lamp = &comparison.types[0];
//! assert_eq!(lamp.changes[0].name(), "garden.Lamp.blink(times)");
//! assert_eq!((lamp.demanded.word(), lamp.taken.word()), ("major", "minor"));
//! # Ok::<(), xerus_idl::Diagnostics>(())
//! ```

mod change;
mod enumerators;
mod json;
mod lineage;
mod markdown;
mod members;
mod methods;
mod pair;
mod rust;
mod shape;
mod side;
mod signature;
mod step;
mod text;
mod types;
mod units;
mod words;
mod wrap;

use std::collections::{BTreeMap, BTreeSet};

use xerus_wire_id::Version;

pub use self::change::{Action, Change, Class, Effect, Item, RustItem, Travel};
pub use self::rust::RustNames;
pub use self::step::{Habit, Step, Verdict};
use crate::model::Model;

/// The differences of two models.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// Versioned types that both have and of which something changed, by path.
    pub types: Vec<TypeDiff>,
    /// Types that only the new model has, outermost ones only, by path.
    pub added: Vec<Change>,
    /// Types that only the old model has, outermost ones only, by path.
    pub removed: Vec<Change>,
    /// Modules that only the new model has, sorted.
    pub modules_added: Vec<String>,
    /// Modules that only the old model has, sorted.
    pub modules_removed: Vec<String>,
    /// Versions that were left out because the same model has a newer one; these are no differences.
    pub older: Vec<Older>,
    /// How many changes [`only`](Comparison::only) has left out: there are differences, although none may be shown.
    pub left_out: usize,
    /// The Rust modules of the modules that something is reported of, when names were given
    /// ([`Comparison::with_rust_names`]).
    pub rust_modules: BTreeMap<String, RustItem>,
}

/// A version of a type that was not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Older {
    /// Whether it is in the new model (otherwise in the old one).
    pub in_new: bool,
    /// Its wire id.
    pub wire_id: String,
}

/// What changed of one versioned type: of the type itself, and of nested types without own version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeDiff {
    /// Dotted path of the module.
    pub module: String,
    /// Path without versions.
    pub path: String,
    /// What it is in the new model: `interface`, `structure` …
    pub kind: &'static str,
    /// Its version in the old model.
    pub old: Version,
    /// Its version in the new model.
    pub new: Version,
    /// The step that the changes call for.
    pub demanded: Step,
    /// The step from the old version to the new one; for a nested type that of its whole wire id, which holds the versions
    /// of what encloses it.
    pub taken: Step,
    /// Which of the vendor's habits explains a mismatch, if one does.
    pub habit: Option<Habit>,
    /// Changes: own ones, those of nested types, then references. Empty when only the version rose.
    pub changes: Vec<Change>,
    /// Its Rust item, when names were given ([`Comparison::with_rust_names`]).
    pub rust: RustItem,
}

impl TypeDiff {
    /// How the step taken compares with the step demanded.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.demanded, self.taken)
    }

    /// Whether the version numbers do not tell what the changes say.
    #[must_use]
    pub fn is_mismatch(&self) -> bool {
        self.verdict() != Verdict::AsDemanded
    }

    /// Whether the step taken is that of an enclosing type.
    #[must_use]
    pub fn is_taken_by_enclosing(&self) -> bool {
        self.taken != Step::between(self.old, self.new)
    }

    /// Whether one of its changes is breaking on the wire.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.changes.iter().any(Change::is_breaking)
    }
}

impl Comparison {
    /// Whether there is no difference, or none that [`only`](Self::only) has kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self {
            types,
            added,
            removed,
            modules_added,
            modules_removed,
            older: _,
            left_out: _,
            rust_modules: _,
        } = self;
        types.is_empty()
            && added.is_empty()
            && removed.is_empty()
            && modules_added.is_empty()
            && modules_removed.is_empty()
    }

    /// Whether any change is breaking on the wire.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.changes().any(Change::is_breaking)
    }

    /// Whether Rust callers have to be changed when the bindings are generated anew.
    #[must_use]
    pub fn breaks_callers(&self) -> bool {
        self.changes().any(Change::breaks_callers)
    }

    /// Keeps the changes that a test likes. What has none left is gone: types, and modules that came or went.
    #[must_use]
    pub fn only(mut self, mut is_wanted: impl FnMut(&Change) -> bool) -> Self {
        let before = self.changes().count();
        self.removed.retain(&mut is_wanted);
        self.added.retain(&mut is_wanted);
        for ty in &mut self.types {
            ty.changes.retain(&mut is_wanted);
        }
        self.types.retain(|ty| !ty.changes.is_empty());
        let lone: BTreeSet<&str> = self
            .removed
            .iter()
            .chain(&self.added)
            .map(|change| change.module.as_str())
            .collect();
        self.modules_added
            .retain(|path| lone.contains(path.as_str()));
        self.modules_removed
            .retain(|path| lone.contains(path.as_str()));
        self.older.clear();
        self.left_out += before - self.changes().count();
        let modules: BTreeSet<String> = self.modules().into_iter().map(str::to_owned).collect();
        self.rust_modules.retain(|path, _| modules.contains(path));
        self
    }

    /// All changes: types removed, types added, then those of the types that both have.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        let inner = self.types.iter().flat_map(|ty| &ty.changes);
        self.removed.iter().chain(&self.added).chain(inner)
    }

    /// The types whose version numbers do not tell what the changes say.
    pub fn mismatches(&self) -> impl Iterator<Item = &TypeDiff> {
        self.types.iter().filter(|ty| ty.is_mismatch())
    }

    /// The comparison as plain text for people: a summary first, then what breaks, the rest in short. No line is longer than
    /// 100 characters.
    #[must_use]
    pub fn to_text(&self) -> String {
        text::render(self)
    }

    /// The comparison as Markdown for a changelog; headings begin at the third level.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::render(self)
    }

    /// The comparison as one JSON document: `format` (1, grows when a key changes its meaning), `breaking` (on the wire),
    /// `breaks_callers` (in Rust), `added`, `removed`, `types`, `modules_added`, `modules_removed`, `older`, `left_out`
    /// (how many changes [`only`](Self::only) took away), `rust_modules`.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::render(self)
    }

    /// The modules that something is reported of, sorted.
    fn modules(&self) -> Vec<&str> {
        let lone = self.added.iter().chain(&self.removed);
        let mut all: Vec<&str> = lone
            .map(|change| change.module.as_str())
            .chain(self.types.iter().map(|ty| ty.module.as_str()))
            .chain(self.modules_added.iter().map(String::as_str))
            .chain(self.modules_removed.iter().map(String::as_str))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Compares two models. Documentation, places and the order of declarations are left out.
///
/// A model with several versions of a path takes part with the newest of them.
#[must_use]
pub fn compare(old: &Model, new: &Model) -> Comparison {
    units::compare(old, new)
}
