//! The IDL of firmware 4.4.1 as this repository publishes it: made by an import, commented by hand.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/repository.rs"]
mod repository;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use xerus_idl::lint::{Lint, Lints};
use xerus_idl::model::{Docs, Model, TypeKind};
use xerus_idl::{Idl, Loaded};

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.4.1")
}

fn load() -> Loaded {
    let lints = Lints::default().with(Lint::ForwardReference);
    let idl = Idl::new().directory(directory()).lints(lints);
    idl.load().map_err(|found| found.to_short()).unwrap()
}

#[test]
fn it_is_sound_and_canonical() {
    if repository::is_missing() {
        return;
    }
    let loaded = load();
    let warnings: Vec<_> = loaded
        .warnings
        .iter()
        .map(|warning| &warning.message)
        .collect();
    assert_eq!(warnings, Vec::<&String>::new());
    for (_, file) in loaded.sources.files() {
        let canonical = xerus_idl::print::format(file.name(), file.text()).unwrap();
        assert_eq!(canonical, file.text(), "{}", file.name());
    }
}

/// What the packages hold, counted.
#[test]
fn counts() {
    if repository::is_missing() {
        return;
    }
    let counts = load().model.counts();
    assert_eq!(counts.interfaces, 127);
    assert_eq!(counts.structures, 292);
    assert_eq!(counts.enumerations, 132);
    assert_eq!(counts.value_objects, 232);
    assert_eq!(counts.methods, 641);
}

/// Modules in which everything has a comment.
const COMMENTED: [&str; 13] = [
    "bulkrpc",
    "cascading",
    "devsettings",
    "event",
    "firmware",
    "logging",
    "net",
    "pdumodel",
    "peripheral",
    "sensors",
    "servermon",
    "session",
    "usermgmt",
];

#[test]
fn comments_are_complete() {
    if repository::is_missing() {
        return;
    }
    let model = load().model;
    let mut missing = BTreeSet::new();
    for module in model.modules() {
        if module.docs.is_empty() {
            missing.insert(module.path.clone());
        }
    }
    for (index, ty) in model.types() {
        let module = model.module(ty.module);
        let is_commented = COMMENTED.contains(&module.path.as_str());
        if ty.docs.is_empty() && (is_commented || ty.parent.is_none()) {
            missing.insert(ty.path.clone());
        }
        if is_commented {
            members(&model, index, &mut missing);
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

fn members(model: &Model, index: xerus_idl::model::TypeIndex, missing: &mut BTreeSet<String>) {
    let ty = model.ty(index);
    let mut check = |name: &str, docs: &Docs| {
        if docs.text.is_none() {
            missing.insert(format!("{}.{name}", ty.path));
        }
    };
    for field in ty.fields() {
        check(&field.name, &field.docs);
    }
    for method in ty.methods() {
        check(&method.name, &method.docs);
    }
    match &ty.kind {
        TypeKind::Interface(interface) => {
            for constant in &interface.constants {
                check(&constant.name, &constant.docs);
            }
        }
        TypeKind::Enumeration { enumerators, .. } => {
            for enumerator in enumerators {
                check(&enumerator.name, &enumerator.docs);
            }
        }
        _ => {}
    }
}

/// Names in comments that look like constants exist: those of the interface, its bases, or qualified ones.
#[test]
fn return_codes_in_comments_exist() {
    if repository::is_missing() {
        return;
    }
    let model = load().model;
    let mut unknown = Vec::new();
    for (index, ty) in model.types() {
        for method in ty.methods() {
            let text = method.docs.text.as_deref().unwrap_or("");
            for word in text
                .split("@return \\c ")
                .skip(1)
                .filter_map(|rest| rest.split(':').next())
            {
                let word = word.split(' ').next().unwrap_or(word);
                let (owner, name) = match word.rsplit_once('.') {
                    Some((owner, name)) => {
                        let path = format!("{}.{owner}", model.module(ty.module).path);
                        (model.find_versions(&path).first().copied(), name)
                    }
                    None => (Some(index), word),
                };
                let lineage = owner.map(|owner| model.lineage(owner)).unwrap_or_default();
                let stem = name.strip_suffix('…');
                let known = lineage.iter().any(|index| match &model.ty(*index).kind {
                    TypeKind::Interface(interface) => interface.constants.iter().any(|constant| {
                        constant.name == name
                            || stem.is_some_and(|stem| constant.name.starts_with(stem))
                    }),
                    _ => false,
                });
                if !known {
                    unknown.push(format!("{}.{}: {word}", ty.path, method.name));
                }
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}
