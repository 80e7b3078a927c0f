//! Structures, value objects, enumerations and type expressions.

use std::fmt::Write as _;

use xerus_idl::model::{Builtin, Enumerator, Field, Model, Type, TypeKind, TypeRef};

use super::{Unknown, names};

/// A structure, or a value object with the members of its bases.
pub(super) fn record<'a>(
    model: &Model,
    ty: &Type,
    fields: impl Iterator<Item = &'a Field>,
    unknown: Unknown,
    out: &mut String,
) {
    let _ = writeln!(
        out,
        "/// `{}`\n#[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize, ::serde::Deserialize)]\n#[serde(default)]\npub struct {} {{",
        ty.wire_id,
        names::ty(&ty.base_name)
    );
    for field in fields {
        let name = names::value(&field.name);
        let _ = writeln!(out, "    /// `{}`", field.name);
        if name.trim_start_matches("r#") != field.name {
            let _ = writeln!(out, "    #[serde(rename = \"{}\")]", field.name);
        }
        let _ = writeln!(out, "    pub {name}: {},", member(model, &field.ty));
    }
    if unknown == Unknown::Kept {
        out.push_str("    /// Members that these bindings do not know.\n    #[serde(flatten)]\n");
        out.push_str("    pub extra_: ::std::collections::BTreeMap<::std::string::String, ::derive_runtime::Json>,\n");
    }
    out.push_str("}\n");
}

/// An open enumeration with hand-written impls, as is usual for enumerations that travel as numbers.
pub(super) fn enumeration(ty: &Type, enumerators: &[Enumerator], out: &mut String) {
    let name = names::ty(&ty.base_name);
    let _ = writeln!(
        out,
        "/// `{}`\n#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\npub enum {name} {{",
        ty.wire_id
    );
    for enumerator in enumerators {
        let _ = writeln!(
            out,
            "    /// `{}`\n    {},",
            enumerator.name,
            variant(&enumerator.name)
        );
    }
    let _ = writeln!(
        out,
        "    /// An index that is not known.\n    Unknown_(i32),\n}}\nimpl ::core::default::Default for {name} {{\n    fn default() -> Self {{ Self::Unknown_(i32::MIN) }}\n}}"
    );
    let _ = writeln!(
        out,
        "impl ::serde::Serialize for {name} {{\n    fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {{\n        serializer.serialize_i32(match self {{"
    );
    for (index, enumerator) in enumerators.iter().enumerate() {
        let _ = writeln!(
            out,
            "            Self::{} => {index},",
            variant(&enumerator.name)
        );
    }
    let _ = writeln!(
        out,
        "            Self::Unknown_(index) => *index,\n        }})\n    }}\n}}"
    );
    let _ = writeln!(
        out,
        "impl<'de> ::serde::Deserialize<'de> for {name} {{\n    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {{\n        ::core::result::Result::Ok(match <i32 as ::serde::Deserialize>::deserialize(deserializer)? {{"
    );
    for (index, enumerator) in enumerators.iter().enumerate() {
        let _ = writeln!(
            out,
            "            {index} => Self::{},",
            variant(&enumerator.name)
        );
    }
    let _ = writeln!(
        out,
        "            index => Self::Unknown_(index),\n        }})\n    }}\n}}"
    );
}

fn variant(name: &str) -> String {
    let name = names::ty(name);
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("N{name}")
    } else {
        name
    }
}

/// A type as a field, return value or out-parameter: references and value objects may be null there.
pub(super) fn member(model: &Model, ty: &TypeRef) -> String {
    let owned = owned(model, ty);
    if nullable(model, ty) {
        format!("::core::option::Option<{owned}>")
    } else {
        owned
    }
}

/// A type as an element.
pub(super) fn owned(model: &Model, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Builtin(builtin) => match builtin {
            Builtin::Boolean => "bool",
            Builtin::Byte => "u8",
            Builtin::Int => "i32",
            Builtin::Long => "i64",
            Builtin::Float => "f32",
            Builtin::Double => "f64",
            Builtin::String | Builtin::Typecode => "::std::string::String",
            Builtin::Time => "::derive_runtime::Time",
            Builtin::Object => "::derive_runtime::Object",
        }
        .to_owned(),
        TypeRef::Vector(element) => format!("::std::vec::Vec<{}>", owned(model, element)),
        TypeRef::Map(key, value) => {
            format!(
                "::derive_runtime::Map<{}, {}>",
                owned(model, key),
                owned(model, value)
            )
        }
        TypeRef::Named(index) => {
            let ty = model.ty(*index);
            let path = names::path(model, ty);
            if matches!(ty.kind, TypeKind::ValueObject { .. }) {
                format!("::derive_runtime::Polymorphic<{path}>")
            } else {
                path
            }
        }
    }
}

/// Whether null stands for "none" on the wire.
fn nullable(model: &Model, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Builtin(builtin) => *builtin == Builtin::Object,
        TypeRef::Named(index) => {
            matches!(
                model.ty(*index).kind,
                TypeKind::Interface(_) | TypeKind::ValueObject { .. }
            )
        }
        TypeRef::Vector(_) | TypeRef::Map(..) => false,
    }
}

/// A type as an in-parameter.
pub(super) fn parameter(model: &Model, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Builtin(Builtin::String | Builtin::Typecode) => "&str".to_owned(),
        TypeRef::Builtin(Builtin::Object) => {
            "::core::option::Option<&::derive_runtime::Object>".to_owned()
        }
        TypeRef::Builtin(_) => owned(model, ty),
        TypeRef::Vector(element) => format!("&[{}]", owned(model, element)),
        TypeRef::Map(..) => format!("&{}", owned(model, ty)),
        TypeRef::Named(index) => {
            let kind = &model.ty(*index).kind;
            if nullable(model, ty) {
                format!("::core::option::Option<&{}>", owned(model, ty))
            } else if matches!(kind, TypeKind::Enumeration { .. }) {
                owned(model, ty)
            } else {
                format!("&{}", owned(model, ty))
            }
        }
    }
}
