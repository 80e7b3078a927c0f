//! The API of every published package, imported, checked, generated and compiled with warnings denied.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/packages.rs"]
mod packages;
#[path = "support/scratch.rs"]
mod scratch;

use std::fmt::Write as _;

use packages::{folder, wheel};
use scratch::Scratch;
use xerus_codegen::{Builder, RustNames};
use xerus_idl::Idl;
use xerus_idl::model::{Method, Model, TypeKind};
use xerus_import::Importer;

const PACKAGES: [&str; 11] = [
    "3.3.0.43499",
    "3.4.20.44869",
    "3.5.20.46039",
    "3.6.80.48558",
    "4.0.20.49038",
    "4.1.1.49961",
    "4.2.20.50793",
    "4.3.0.51180",
    "4.3.15.53139",
    "4.4.1.53217",
    "4.6.0.52977",
];

const LIBRARY: &str = "//! The API of one firmware.\n#![deny(warnings, missing_docs)]\n\n/// As generated.\npub mod api;\n";

#[test]
fn every_imported_api_compiles_without_a_warning() {
    let Some(folder) = folder("every_imported_api_compiles_without_a_warning") else {
        return;
    };
    let mut scratch = Scratch::new("imported-apis");
    for version in PACKAGES {
        let imported = Importer::new()
            .input(wheel(&folder, version))
            .run()
            .unwrap();
        let idl = imported
            .files
            .iter()
            .fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
        let loaded = idl.load().map_err(|found| found.to_short()).unwrap();
        let package = format!("firmware-{}", version.replace('.', "-"));
        let names = names(&loaded.model, &package.replace('-', "_"));
        // The same tokens as formatted, in a fraction of the time.
        let builder = Builder::new().format(false).input(loaded.into());
        let code = builder.generate_string().unwrap();
        assert!(code.contains("pub mod server"), "{version}");
        scratch.member(
            &package,
            [
                ("src/lib.rs".to_owned(), LIBRARY),
                ("src/api.rs".to_owned(), code.as_str()),
                ("tests/names.rs".to_owned(), names.as_str()),
            ],
        );
    }
    let outcome = scratch.check();
    assert!(outcome.failed.is_empty(), "{}", outcome.errors);
    let libraries = outcome
        .compiled
        .iter()
        .filter(|name| name.starts_with("firmware_"));
    assert_eq!(libraries.count(), PACKAGES.len(), "{outcome:?}");
    assert!(outcome.compiled.contains("names"), "{outcome:?}");
}

/// A program that mentions every type and member by the name that `xerus diff` tells.
fn names(model: &Model, library: &str) -> String {
    let names = RustNames::new(model);
    let mut out = format!("#![allow(deprecated)]\nuse {library}::api;\n\n#[test]\nfn names() {{\n");
    let mut count = 0;
    for (_, ty) in model.types() {
        let path = xerus_path(model, ty);
        let name = names.get(&path, "").unwrap();
        let _ = writeln!(out, "    let _ = ::core::mem::size_of::<api::{name}>();");
        let mut member = |member: &str| {
            count += 1;
            names.get(&path, member).unwrap()
        };
        match &ty.kind {
            TypeKind::Interface(interface) => {
                for constant in &interface.constants {
                    let _ = writeln!(out, "    let _ = api::{};", member(&constant.name));
                }
                for method in interface
                    .methods
                    .iter()
                    .filter(|method| !has_form(model, method))
                {
                    let _ = writeln!(out, "    let _ = api::{};", member(&method.name));
                }
            }
            TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => {
                for field in fields {
                    let field = member(&field.name);
                    let field = field.rsplit("::").next().unwrap();
                    let _ = writeln!(
                        out,
                        "    let _ = |it: &api::{name}| {{ let _ = &it.{field}; }};"
                    );
                }
            }
            TypeKind::Enumeration { enumerators, .. } => {
                for enumerator in enumerators {
                    let _ = writeln!(out, "    let _ = api::{};", member(&enumerator.name));
                }
            }
            TypeKind::Typedef { .. } | TypeKind::Opaque => {}
        }
    }
    out.push_str("}\n");
    assert!(count > 1_000, "{count}");
    out
}

/// The path without versions, as a comparison has it.
fn xerus_path(model: &Model, ty: &xerus_idl::model::Type) -> String {
    let outer = match ty.parent {
        Some(outer) => xerus_path(model, model.ty(outer)),
        None => model.module(ty.module).path.clone(),
    };
    format!("{outer}.{}", ty.base_name)
}

/// Whether a method takes a request form, so that its name alone does not tell its type.
fn has_form(model: &Model, method: &Method) -> bool {
    let mut named = method.ins().flat_map(|parameter| parameter.ty.named());
    named.any(|index| model.ty(index).has_annotation("sparse_in"))
}
