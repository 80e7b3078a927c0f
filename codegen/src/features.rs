//! Cargo features of generated code: one for each module at the root, and what each of them brings.
//!
//! With the option `cargo_features` an item is compiled when one of the features is on that need it. A feature
//! needs its own module, and of others what the signatures, fields and bases in it name: a type that is only
//! named there comes as it is declared, but an interface comes as a bare proxy, so that the types that *its* methods
//! name are not needed. Its methods come with the feature of its own module, and with those of modules whose
//! interfaces extend it; value objects (events) with the feature of their own. Features only add: no signature depends on one.

mod closure;
mod manifest;

use std::collections::BTreeSet;

use xerus_idl::model::{Model, ModuleIndex, TypeIndex, TypeKind};

use crate::names::reserved;
use crate::names::table::Names;
use crate::select::Selection;
use crate::well_known::WellKnown;

pub use manifest::{MARKERS, Manifest, NoMarkers, manifest};

/// The feature of the server traits. No module has a feature of this name.
pub const SERVER: &str = reserved::SERVER;

/// The feature that stands for those of all modules. No module has a feature of this name.
pub const FULL: &str = "full";

/// Feature names that a module cannot have: what cargo gives a meaning to, and ours.
const TAKEN: [&str; 3] = ["default", FULL, SERVER];

/// A cargo feature of generated code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Feature {
    /// Its name: that of the module in Rust, without `r#`.
    pub name: String,
    /// The first line of the documentation of the module, or a line that says which module it is.
    pub docs: String,
    /// The features of the modules of which it brings a part, sorted.
    pub parts: Vec<String>,
}

/// Features, as positions in the sorted list of all.
pub(crate) type Set = BTreeSet<usize>;

/// Under which features everything is there.
#[derive(Clone, Debug)]
pub(crate) struct Features {
    names: Vec<String>,
    /// The module of every feature.
    modules: Vec<ModuleIndex>,
    /// For every type: where it is declared.
    present: Vec<Set>,
    /// For every interface: where it has its methods, constants and server side.
    callable: Vec<Set>,
}

impl Features {
    pub(crate) fn new(
        model: &Model,
        names: &Names,
        selection: &Selection,
        well_known: &WellKnown,
    ) -> Self {
        let mut roots: Vec<_> = (0u32..)
            .map(ModuleIndex)
            .zip(model.modules())
            .filter(|(index, module)| module.parent.is_none() && selection.emits_any(model, *index))
            .map(|(index, _)| (feature_name(names.module(index)), index))
            .collect();
        roots.sort();
        let (names, modules): (Vec<_>, Vec<_>) = roots.into_iter().unzip();
        let own = |index: TypeIndex| feature_of(model, &modules, model.ty(index).module);
        let callable = closure::callable(model, selection, own);
        let present = closure::present(model, selection, own, names.len(), &callable, well_known);
        Self {
            names,
            modules,
            present,
            callable,
        }
    }

    /// The name of a feature.
    pub(crate) fn name(&self, feature: usize) -> &str {
        &self.names[feature]
    }

    /// The feature of a module, alone.
    pub(crate) fn own(&self, model: &Model, module: ModuleIndex) -> Set {
        feature_of(model, &self.modules, module)
            .into_iter()
            .collect()
    }

    /// Where a type is declared.
    pub(crate) fn present(&self, index: TypeIndex) -> &Set {
        &self.present[index.0 as usize]
    }

    /// Where an interface has its methods.
    pub(crate) fn callable(&self, index: TypeIndex) -> &Set {
        &self.callable[index.0 as usize]
    }

    /// Where any of these types or of those nested in them is declared.
    pub(crate) fn any(&self, model: &Model, selection: &Selection, types: &[TypeIndex]) -> Set {
        let mut set = Set::new();
        for index in types {
            if selection.emits(*index) {
                set.extend(self.present(*index));
            }
            set.extend(self.any(model, selection, &model.ty(*index).nested));
        }
        set
    }

    /// Where a module has anything.
    pub(crate) fn module(&self, model: &Model, selection: &Selection, index: ModuleIndex) -> Set {
        let module = model.module(index);
        let mut set = self.any(model, selection, &module.types);
        for inner in &module.modules {
            set.extend(self.module(model, selection, *inner));
        }
        set
    }

    /// Where the server side of a module has anything.
    pub(crate) fn server_module(
        &self,
        model: &Model,
        selection: &Selection,
        index: ModuleIndex,
    ) -> Set {
        let module = model.module(index);
        let mut set = Set::new();
        for inner in &module.types {
            if selection.emits(*inner) && matches!(model.ty(*inner).kind, TypeKind::Interface(_)) {
                set.extend(self.callable(*inner));
            }
        }
        for inner in &module.modules {
            set.extend(self.server_module(model, selection, *inner));
        }
        set
    }

    /// All of them, as a `Cargo.toml` declares them.
    pub(crate) fn list(&self, model: &Model, selection: &Selection) -> Vec<Feature> {
        let whole: Vec<_> = self
            .modules
            .iter()
            .map(|module| self.module(model, selection, *module))
            .collect();
        let parts = |feature| {
            let others = (0..self.names.len()).filter(move |other| *other != feature);
            others
                .filter(|other| whole.get(*other).is_some_and(|set| set.contains(&feature)))
                .map(|other| self.name(other).to_owned())
                .collect()
        };
        self.modules
            .iter()
            .enumerate()
            .map(|(at, module)| Feature {
                name: self.name(at).to_owned(),
                docs: docs(model, *module),
                parts: parts(at),
            })
            .collect()
    }
}

/// The position of the module at the root that a module is in.
fn feature_of(model: &Model, roots: &[ModuleIndex], mut module: ModuleIndex) -> Option<usize> {
    while let Some(outer) = model.module(module).parent {
        module = outer;
    }
    roots.iter().position(|root| *root == module)
}

/// The feature of a module at the root of the generated code.
fn feature_name(place: &[String]) -> String {
    let name = place.first().expect("a module has a path");
    let name = name.strip_prefix("r#").unwrap_or(name);
    if TAKEN.contains(&name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

fn docs(model: &Model, index: ModuleIndex) -> String {
    let module = model.module(index);
    let text = xerus_idl::docs::rustdoc(&module.docs);
    let mut lines = text.iter().flat_map(|text| text.lines()).map(str::trim);
    match lines.find(|line| !line.is_empty()) {
        Some(line) => line.replace(char::is_control, " "),
        None => format!("Module `{}`.", module.path),
    }
}
