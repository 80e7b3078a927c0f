//! The plainest JSON of a type, for parameters that do not matter.

use serde_json::{Map, Value, json};
use xerus_idl::model::{Builtin, TypeKind, TypeRef};

use crate::world::World;

/// A valid value of a type.
pub(crate) fn value(world: &World, ty: &TypeRef) -> Value {
    match ty {
        TypeRef::Builtin(builtin) => match builtin {
            Builtin::Boolean => json!(false),
            Builtin::Byte | Builtin::Int | Builtin::Long | Builtin::Time => json!(0),
            Builtin::Float | Builtin::Double => json!(0.0),
            Builtin::String => json!(""),
            Builtin::Object => Value::Null,
            Builtin::Typecode => json!("idl.Object:1.0.0"),
        },
        TypeRef::Vector(_) | TypeRef::Map(..) => json!([]),
        TypeRef::Named(index) => match &world.model().ty(*index).kind {
            TypeKind::Interface(_) | TypeKind::ValueObject { .. } => Value::Null,
            TypeKind::Enumeration { .. } => json!(0),
            TypeKind::Opaque => json!({}),
            TypeKind::Typedef { target } => value(world, target),
            TypeKind::Structure { fields } => {
                let members = fields
                    .iter()
                    .map(|field| (field.name.clone(), value(world, &field.ty)));
                Value::Object(members.collect::<Map<_, _>>())
            }
        },
    }
}
