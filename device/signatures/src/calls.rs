//! What `xerus-device` uses of the bindings, as the compiler tells it.
//!
//! Nothing is searched for in the sources: a copy of the bindings in which every item is deprecated is put in their place, and the
//! compiler lists each use, in macros, too. What is not in that list is not used.

mod compile;
mod mark;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use xerus_codegen::RustNames;
use xerus_idl::Model;
use xerus_idl::model::TypeKind;

use crate::facts::free;

/// Items of the newest firmware, `type` and `member` (empty for the type itself), with the files that use each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Calls {
    used: BTreeMap<(String, String), BTreeSet<String>>,
}

/// What stands for a type where the runtime is called without bindings.
const RUNTIME: &str = "xerus_rpc";

/// Behind the name of a method.
const METHOD: &str = "()";

const HEAD: &str = "\
# What xerus-device uses of the bindings: a type, or a member of it behind a blank (methods with ()), then the files. Written by
# device/regenerate-signatures from what the compiler says.
";

impl Calls {
    /// Asks the compiler.
    pub(crate) fn ask(root: &Path, newest: &Model) -> Result<Self, Box<dyn Error>> {
        let workspace = place::make(root)?;
        let uses = compile::uses(&workspace)?;
        let items = items(newest);
        let mut used: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for (path, file) in uses {
            // What is not in the model is the same for all firmwares: `at`, `well_known`, `extra_`.
            if let Some(item) = items.get(&path) {
                used.entry(item.clone()).or_default().insert(file);
            } else if let Some(by_name) = path.strip_prefix("xerus_rpc::") {
                let item = (RUNTIME.to_owned(), by_name.to_owned());
                used.entry(item).or_default().insert(file);
            }
        }
        Ok(Self { used })
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = HEAD.to_owned();
        for ((ty, member), files) in &self.used {
            let files: Vec<&str> = files.iter().map(String::as_str).collect();
            let item = format!("{ty} {member}");
            let _ = writeln!(text, "{}\t{}", item.trim_end(), files.join(" "));
        }
        text
    }

    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut calls = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (item, files) = line
                .split_once('\t')
                .ok_or_else(|| format!("no tab: {line}"))?;
            let (ty, member) = item.split_once(' ').unwrap_or((item, ""));
            let files = files.split(' ').map(str::to_owned).collect();
            calls.used.insert((ty.to_owned(), member.to_owned()), files);
        }
        Ok(calls)
    }

    /// Whether the sources name this member.
    pub(crate) fn uses(&self, ty: &str, member: &str) -> bool {
        self.used.contains_key(&(ty.to_owned(), member.to_owned()))
    }

    /// The files that call without bindings: by name, or by a description of their own.
    pub(crate) fn by_name(&self) -> BTreeSet<&str> {
        let runtime = self.used.iter().filter(|((ty, _), _)| ty == RUNTIME);
        runtime
            .flat_map(|(_, files)| files)
            .map(String::as_str)
            .collect()
    }

    /// All items that are used: type and member.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.used
            .keys()
            .map(|(ty, member)| (ty.as_str(), member.as_str()))
    }

    /// The methods that are called: interface and method.
    pub(crate) fn methods(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter()
            .filter_map(|(ty, member)| Some((ty, member.strip_suffix(METHOD)?)))
    }

    /// The files that call a method.
    pub(crate) fn files(&self, interface: &str, method: &str) -> impl Iterator<Item = &str> {
        let key = (interface.to_owned(), format!("{method}{METHOD}"));
        let found = self.used.get(&key);
        found.into_iter().flatten().map(String::as_str)
    }
}

/// The items of a model by their path in Rust.
fn items(model: &Model) -> BTreeMap<String, (String, String)> {
    let names = RustNames::new(model);
    let mut items = BTreeMap::new();
    for (_, ty) in model.types() {
        let path = free(&ty.wire_id);
        let mut add = |member: &str, mark: &str| {
            if let Some(name) = names.get(&path, member) {
                items.insert(name, (path.clone(), format!("{member}{mark}")));
            }
        };
        add("", "");
        ty.fields().iter().for_each(|field| add(&field.name, ""));
        ty.methods()
            .iter()
            .for_each(|method| add(&method.name, METHOD));
        match &ty.kind {
            TypeKind::Interface(interface) => {
                for constant in &interface.constants {
                    add(&constant.name, "");
                }
            }
            TypeKind::Enumeration { enumerators, .. } => {
                enumerators.iter().for_each(|e| add(&e.name, ""));
            }
            _ => {}
        }
    }
    items
}
