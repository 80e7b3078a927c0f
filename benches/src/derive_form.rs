//! The same API in the form that a generator on top of serde derive would emit: the yardstick for compile time.
//!
//! It leaves out whatever would make derive look worse than it need be: no formatting, no per-method argument
//! structures, no registry, no servants. Members that are not known are dropped, or kept as our own types keep them.

mod interface;
mod names;
mod types;

use std::fmt::Write as _;

use xerus_idl::model::{Model, ModuleIndex, TypeIndex, TypeKind};

/// What becomes of members that the bindings do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// They are lost.
    Dropped,
    /// A flattened map keeps them.
    Kept,
}

/// Emits the whole model as one Rust file that depends on the `derive-runtime` crate.
#[must_use]
pub fn emit(model: &Model, unknown: Unknown) -> String {
    let mut out = String::from("//! The API with serde derive.\n");
    for (index, module) in (0u32..).map(ModuleIndex).zip(model.modules()) {
        if module.parent.is_none() {
            emit_module(model, index, unknown, &mut out);
        }
    }
    out
}

fn emit_module(model: &Model, index: ModuleIndex, unknown: Unknown, out: &mut String) {
    let module = model.module(index);
    let _ = writeln!(
        out,
        "/// Module `{}`.\npub mod {} {{",
        module.path,
        names::module(&module.name)
    );
    for nested in &module.modules {
        emit_module(model, *nested, unknown, out);
    }
    for ty in &module.types {
        emit_type(model, *ty, unknown, out);
    }
    out.push_str("}\n");
}

fn emit_type(model: &Model, index: TypeIndex, unknown: Unknown, out: &mut String) {
    let ty = model.ty(index);
    match &ty.kind {
        TypeKind::Interface(interface) => interface::emit(model, ty, interface, out),
        TypeKind::Structure { fields } => types::record(model, ty, fields.iter(), unknown, out),
        TypeKind::ValueObject { .. } => {
            types::record(model, ty, inherited(model, index).into_iter(), unknown, out);
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
            emit_type(model, *nested, unknown, out);
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

#[cfg(test)]
mod tests {
    use super::{Unknown, emit};

    const IDL: &str = "\
module m {
    enumeration Kind { PLAIN, ODD };
    structure Part { int partCount; Kind type; map<int, string> names; };
    valueobject Base { Object source; };
    valueobject Event extends Base { vector<Event> more; };
    interface I { int set(in Part part, out Event last); };
}
";

    fn text(unknown: Unknown) -> String {
        let loaded = xerus_idl::Idl::new()
            .text("m.idl", IDL)
            .load()
            .expect("valid");
        emit(&loaded.model, unknown)
    }

    #[test]
    fn every_kind_of_type_is_there() {
        let text = text(Unknown::Dropped);
        for line in [
            "    #[serde(rename = \"partCount\")]\n    pub part_count: i32,",
            "    pub r#type: crate::m::Kind,",
            "    pub names: ::derive_runtime::Map<i32, ::std::string::String>,",
            "    pub source: ::core::option::Option<::derive_runtime::Object>,\n    /// `more`",
            "    pub more: ::std::vec::Vec<::derive_runtime::Polymorphic<crate::m::Event>>,",
            "            1 => Self::Odd,",
            "    pub fn set(&self, part: &crate::m::Part) -> ::derive_runtime::Call<(i32, ",
            ".with(\"part\", &part), &[\"_ret_\", \"last\"])",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(!text.contains("flatten"));
    }

    #[test]
    fn unknown_members_are_kept_on_request() {
        // One for the structure and one for each value object.
        assert_eq!(text(Unknown::Kept).matches("#[serde(flatten)]").count(), 3);
    }
}
