//! The same API in the form that a generator on top of serde derive would emit: the yardstick for compile time.
//!
//! It leaves out whatever would make derive look worse than it need be: no formatting, no per-method argument
//! structures, no registry, no servants, unknown members are dropped instead of kept.

mod interface;
mod names;
mod types;

use std::fmt::Write as _;

use xerus_idl::model::{Model, ModuleIndex, TypeIndex, TypeKind};

/// Emits the whole model as one Rust file that depends on the `derive-runtime` crate.
#[must_use]
pub fn emit(model: &Model) -> String {
    let mut out = String::from("//! The API with serde derive.\n");
    for (index, module) in (0u32..).map(ModuleIndex).zip(model.modules()) {
        if module.parent.is_none() {
            emit_module(model, index, &mut out);
        }
    }
    out
}

fn emit_module(model: &Model, index: ModuleIndex, out: &mut String) {
    let module = model.module(index);
    let _ = writeln!(
        out,
        "/// Module `{}`.\npub mod {} {{",
        module.path,
        names::module(&module.name)
    );
    for nested in &module.modules {
        emit_module(model, *nested, out);
    }
    for ty in &module.types {
        emit_type(model, *ty, out);
    }
    out.push_str("}\n");
}

fn emit_type(model: &Model, index: TypeIndex, out: &mut String) {
    let ty = model.ty(index);
    match &ty.kind {
        TypeKind::Interface(interface) => interface::emit(model, ty, interface, out),
        TypeKind::Structure { fields } => types::record(model, ty, fields.iter(), out),
        TypeKind::ValueObject { .. } => {
            types::record(model, ty, inherited(model, index).into_iter(), out)
        }
        TypeKind::Enumeration { enumerators, .. } => types::enumeration(ty, enumerators, out),
        TypeKind::Typedef { target } => {
            let _ = writeln!(
                out,
                "/// `{}`\npub type {} = {};",
                ty.wire_id,
                names::ty(&ty.base_name),
                types::owned(model, target)
            );
        }
        TypeKind::Opaque => {
            let _ = writeln!(
                out,
                "/// `{}`\npub type {} = ::derive_runtime::Json;",
                ty.wire_id,
                names::ty(&ty.base_name)
            );
        }
    }
    if !ty.nested.is_empty() {
        let _ = writeln!(
            out,
            "/// Types of `{}`.\npub mod {} {{",
            ty.path,
            names::module(&ty.base_name)
        );
        for nested in &ty.nested {
            emit_type(model, *nested, out);
        }
        out.push_str("}\n");
    }
}

/// The fields of a value object, those of its bases first.
fn inherited(model: &Model, index: TypeIndex) -> Vec<&xerus_idl::model::Field> {
    let mut chain = Vec::new();
    let mut next = Some(index);
    while let Some(current) = next {
        let TypeKind::ValueObject { base, fields } = &model.ty(current).kind else {
            break;
        };
        chain.push(fields);
        next = *base;
    }
    chain.into_iter().rev().flatten().collect()
}
