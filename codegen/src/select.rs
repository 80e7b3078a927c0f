//! Which types are emitted, and which live elsewhere.

use std::collections::HashSet;

use xerus_idl::distance::nearest;
use xerus_idl::model::{Model, ModuleIndex, TypeIndex, TypeKind};

use crate::error::Problem;
use crate::facts::Facts;
use crate::names::table::Names;
use crate::options::Options;
use crate::rust_path::RustPath;
use crate::{codes, paths, walk};

/// What becomes of each type.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    emitted: Vec<bool>,
    /// Whether a type or anything nested in it is emitted.
    within: Vec<bool>,
    external: Vec<Option<usize>>,
    crates: Vec<External>,
}

/// The root of code generated elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct External {
    /// `other` of `::other::sensors`: what stands before the Rust path of the IDL path.
    root: Vec<String>,
    /// Whether the path starts with `::`.
    absolute: bool,
}

impl External {
    /// The path of an item of that code.
    pub(crate) fn path(&self, place: &[String], name: &str) -> RustPath {
        let parts = self
            .root
            .iter()
            .chain(place)
            .map(String::as_str)
            .chain([name]);
        RustPath::new(self.absolute, parts)
    }
}

impl Selection {
    pub(crate) fn new(
        model: &Model,
        names: &Names,
        facts: &Facts<'_>,
        options: &Options,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let count = model.types().len();
        let mut selection = Self {
            external: vec![None; count],
            ..Self::default()
        };
        selection.find_external(model, names, options, problems);
        selection.emitted = if options.root.is_empty() {
            selection.external.iter().map(Option::is_none).collect()
        } else {
            selection.reach(model, facts, options, problems)
        };
        selection.within = selection.emitted.clone();
        for (index, ty) in model.types() {
            let mut outer = ty.parent;
            while let Some(at) = outer.filter(|_| selection.emits(index)) {
                selection.within[at.0 as usize] = true;
                outer = model.ty(at).parent;
            }
        }
        selection
    }

    /// Whether a type is emitted.
    pub(crate) fn emits(&self, index: TypeIndex) -> bool {
        self.emitted[index.0 as usize]
    }

    /// Whether a type or anything nested in it is emitted.
    pub(crate) fn emits_within(&self, index: TypeIndex) -> bool {
        self.within[index.0 as usize]
    }

    /// Whether a module has anything to emit.
    pub(crate) fn emits_any(&self, model: &Model, index: ModuleIndex) -> bool {
        let module = model.module(index);
        module.types.iter().any(|index| self.emits_within(*index))
            || module
                .modules
                .iter()
                .any(|inner| self.emits_any(model, *inner))
    }

    /// Where a type lives, when that is elsewhere.
    pub(crate) fn external(&self, index: TypeIndex) -> Option<&External> {
        self.external[index.0 as usize].map(|at| &self.crates[at])
    }

    /// The registries of all code that types are taken from.
    pub(crate) fn registries(&self) -> Vec<RustPath> {
        self.crates
            .iter()
            .map(|external| external.path(&[], "REGISTRY"))
            .collect()
    }

    fn find_external(
        &mut self,
        model: &Model,
        names: &Names,
        options: &Options,
        problems: &mut Vec<Problem>,
    ) {
        for (path, rust) in options.extern_path.iter() {
            let matching = paths::types(model, path);
            let Some(first) = matching.first() else {
                problems.push(unmatched(
                    model,
                    codes::UNUSED_OVERRIDE,
                    "extern_path",
                    path,
                ));
                continue;
            };
            let external = match rust {
                [rust] => external_root(model, names, path, *first, rust),
                _ => Err("only one Rust path can stand for an IDL path".to_owned()),
            };
            match external {
                Ok(external) => {
                    let known = self.crates.iter().position(|other| *other == external);
                    let at = known.unwrap_or_else(|| {
                        self.crates.push(external);
                        self.crates.len() - 1
                    });
                    for index in matching {
                        self.external[index.0 as usize] = Some(at);
                    }
                }
                Err(message) => problems.push(Problem {
                    code: codes::EXTERN_PATH,
                    message: format!("`extern_path` for `{path}`: {message}"),
                    option: "extern_path",
                    text: path.to_owned(),
                }),
            }
        }
    }

    /// Follows what the roots mention.
    fn reach(
        &self,
        model: &Model,
        facts: &Facts<'_>,
        options: &Options,
        problems: &mut Vec<Problem>,
    ) -> Vec<bool> {
        let mut reached = vec![false; model.types().len()];
        let mut todo = Vec::new();
        for root in &options.root {
            let mut found = paths::types(model, root);
            if found.is_empty() {
                problems.push(unmatched(model, codes::UNKNOWN_ROOT, "root", root));
            }
            todo.append(&mut found);
        }
        while let Some(index) = todo.pop() {
            let at = index.0 as usize;
            if reached[at] || self.external[at].is_some() {
                continue;
            }
            reached[at] = true;
            let ty = model.ty(index);
            walk::references(ty, &mut |other| todo.push(other));
            // Those of the documentation are among the references; the option `mark` may name others.
            for method in ty.methods().iter().filter(|_| !options.mark.is_empty()) {
                for named in facts.method(index, method).types.iter() {
                    walk::mentioned(named, &mut |other| todo.push(other));
                }
            }
            todo.extend(ty.parent);
            if options.derived_events {
                todo.extend(ty.nested.iter().filter(|nested| {
                    matches!(model.ty(**nested).kind, TypeKind::ValueObject { .. })
                }));
            }
        }
        reached
    }
}

/// What stands before the Rust form of an IDL path in the Rust path given for it.
fn external_root(
    model: &Model,
    names: &Names,
    path: &str,
    first: TypeIndex,
    rust: &str,
) -> Result<External, String> {
    let absolute = rust.starts_with("::");
    let text = rust.strip_prefix("::").unwrap_or(rust);
    let parsed =
        syn::parse_str::<syn::Path>(text).map_err(|_| format!("`{rust}` is no Rust path"))?;
    let parts: Vec<_> = parsed
        .segments
        .iter()
        .map(|part| part.ident.to_string())
        .collect();
    let ty = model.ty(first);
    let exact = paths::names_type(model, first, path);
    let mut expected = names.ty(first).place.clone();
    if exact {
        expected.push(names.ty(first).name.clone());
    } else {
        expected.truncate(paths::segments(path));
    }
    match parts
        .len()
        .checked_sub(expected.len())
        .map(|at| parts.split_at(at))
    {
        Some((root, tail)) if tail == expected => Ok(External {
            root: root.to_vec(),
            absolute,
        }),
        _ => Err(format!(
            "`{rust}` does not end in `{}`, as the path of `{}` does in generated code",
            expected.join("::"),
            ty.path
        )),
    }
}

/// A path in an option that names nothing, with the nearest that names something.
pub(crate) fn unmatched(
    model: &Model,
    code: xerus_idl::diagnostic::Code,
    option: &'static str,
    path: &str,
) -> Problem {
    let mut known: HashSet<String> = paths::all(model);
    let mut what = "type or module";
    if option == "attribute" {
        known.extend(paths::members(model));
        what = "type, module, field or enumerator";
    }
    let mut known: Vec<_> = known.iter().map(String::as_str).collect();
    known.sort_unstable();
    let hint = match nearest(path, known) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => String::new(),
    };
    Problem {
        code,
        message: format!("`{option}` names `{path}`, which is no {what} of the input{hint}"),
        option,
        text: path.to_owned(),
    }
}
