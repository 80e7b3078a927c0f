//! Type expressions as Rust.

use xerus_idl::model::{Builtin, Model, TypeKind, TypeRef};

use crate::names;

/// A type as an element of a vector or map.
pub(crate) fn element(model: &Model, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Builtin(builtin) => match builtin {
            Builtin::Boolean => "bool",
            Builtin::Byte => "u8",
            Builtin::Int => "i32",
            Builtin::Long => "i64",
            Builtin::Float => "f32",
            Builtin::Double => "f64",
            Builtin::String => "String",
            Builtin::Time => "xerus_rpc::Time",
            Builtin::Object => "xerus_rpc::Object",
            Builtin::Typecode => "xerus_rpc::WireId",
        }
        .to_owned(),
        TypeRef::Vector(of) => format!("Vec<{}>", element(model, of)),
        TypeRef::Map(key, value) => {
            format!(
                "std::collections::BTreeMap<{}, {}>",
                element(model, key),
                element(model, value)
            )
        }
        TypeRef::Named(index) => {
            let ty = model.ty(*index);
            let path = names::path(model, ty);
            match &ty.kind {
                TypeKind::ValueObject { .. } => format!("xerus_rpc::Polymorphic<{path}>"),
                _ => path,
            }
        }
    }
}

/// A type as a whole in-parameter, owned; a structure that may be sent in part has a form of its own.
pub(crate) fn argument(model: &Model, ty: &TypeRef) -> String {
    let owned = element(model, ty);
    match resolved(model, ty) {
        TypeRef::Builtin(Builtin::Object) => format!("Option<{owned}>"),
        TypeRef::Named(index) => {
            let named = model.ty(*index);
            match &named.kind {
                TypeKind::Interface(_) | TypeKind::ValueObject { .. } => format!("Option<{owned}>"),
                TypeKind::Structure { .. } if named.has_annotation("sparse_in") => {
                    partial(model, *index)
                }
                _ => owned,
            }
        }
        _ => owned,
    }
}

/// The form in which a structure is sent in part.
pub(crate) fn partial(model: &Model, index: xerus_idl::model::TypeIndex) -> String {
    let ty = model.ty(index);
    format!(
        "crate::api::{}::sparse_::{}",
        names::place(model, ty),
        names::camel(&ty.base_name)
    )
}

/// How an owned argument `name` is handed to a proxy's method.
pub(crate) fn pass(model: &Model, ty: &TypeRef, name: &str) -> String {
    match resolved(model, ty) {
        TypeRef::Builtin(Builtin::String | Builtin::Typecode)
        | TypeRef::Vector(_)
        | TypeRef::Map(..) => {
            format!("&{name}")
        }
        TypeRef::Builtin(Builtin::Object) => format!("{name}.as_ref()"),
        TypeRef::Builtin(_) => name.to_owned(),
        TypeRef::Named(index) => {
            let named = model.ty(*index);
            match &named.kind {
                TypeKind::Interface(_) | TypeKind::ValueObject { .. } => format!("{name}.as_ref()"),
                TypeKind::Enumeration { .. } => name.to_owned(),
                TypeKind::Structure { .. } if named.has_annotation("sparse_in") => name.to_owned(),
                _ => format!("&{name}"),
            }
        }
    }
}

/// The type behind aliases.
fn resolved<'m>(model: &'m Model, ty: &'m TypeRef) -> &'m TypeRef {
    let mut ty = ty;
    while let TypeRef::Named(index) = ty {
        let TypeKind::Typedef { target } = &model.ty(*index).kind else {
            break;
        };
        ty = target;
    }
    ty
}
