//! What a member is that an older client does not send.

use xerus_idl::model::{Builtin, Model, TypeKind, TypeRef};

/// The JSON of nothing: false, 0, empty, null.
pub(crate) fn zero(model: &Model, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Vector(_) | TypeRef::Map(..) => "[]".to_owned(),
        TypeRef::Builtin(builtin) => of_builtin(*builtin).to_owned(),
        TypeRef::Named(index) => match &model.ty(*index).kind {
            TypeKind::Structure { .. } => {
                let members: Vec<_> = model
                    .all_fields(*index)
                    .iter()
                    .map(|(_, field)| format!("\"{}\":{}", field.name, zero(model, &field.ty)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            TypeKind::Enumeration { .. } => "0".to_owned(),
            TypeKind::Typedef { target } => zero(model, target),
            TypeKind::Opaque => "{}".to_owned(),
            TypeKind::Interface(_) | TypeKind::ValueObject { .. } => "null".to_owned(),
        },
    }
}

fn of_builtin(builtin: Builtin) -> &'static str {
    match builtin.word() {
        "boolean" => "false",
        "float" | "double" => "0.0",
        "string" | "typecode" => "\"\"",
        "Object" => "null",
        _ => "0",
    }
}
