//! The plainest JSON of a type, for parameters that do not matter.

use serde_json::{Map, Value, json};
use xerus_idl::model::{Builtin, TypeIndex, TypeKind, TypeRef};

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

/// How deep types that hold themselves are filled.
const DEPTH: u32 = 6;

/// The text of a valid value of a type in which nothing is empty and nothing is plain, as far as the type has an end.
/// Members stand in the order of the IDL.
pub(crate) fn rich(world: &World, ty: &TypeRef) -> String {
    filled(world, ty, DEPTH)
}

fn filled(world: &World, ty: &TypeRef, depth: u32) -> String {
    let Some(below) = depth.checked_sub(1) else {
        return value(world, ty).to_string();
    };
    let element = |ty| filled(world, ty, below);
    match ty {
        TypeRef::Builtin(builtin) => match builtin {
            Builtin::Boolean => "true",
            Builtin::Byte => "200",
            Builtin::Int => "-70000",
            Builtin::Long => "9223372036854775807",
            Builtin::Time => "1700000123",
            Builtin::Float => "0.1",
            Builtin::Double => "401.25370000000004",
            Builtin::String => r#""Grüße, \"a\"\n""#,
            Builtin::Object => r#"{"rid":"/object/1","type":"idl.Thing:1.2.3"}"#,
            Builtin::Typecode => r#""pdumodel.Outlet:3.0.1""#,
        }
        .to_owned(),
        TypeRef::Vector(of) => format!("[{}]", element(of)),
        TypeRef::Map(key, of) => format!(r#"[{{"key":{},"value":{}}}]"#, element(key), element(of)),
        TypeRef::Named(index) => {
            let named = world.model().ty(*index);
            let members = || {
                let members: Vec<_> = fields(world, *index)
                    .into_iter()
                    .map(|(name, ty)| format!("\"{name}\":{}", element(ty)))
                    .collect();
                format!("{{{}}}", members.join(","))
            };
            let id = &named.wire_id;
            match &named.kind {
                TypeKind::Interface(_) => format!(r#"{{"rid":"/object/1","type":"{id}"}}"#),
                TypeKind::ValueObject { .. } => {
                    format!(r#"{{"type":"{id}","value":{}}}"#, members())
                }
                TypeKind::Enumeration { enumerators, .. } => {
                    enumerators.len().saturating_sub(1).to_string()
                }
                TypeKind::Opaque => r#"{"b":[1,-2.5,null],"a":{"c":"d"}}"#.to_owned(),
                TypeKind::Typedef { target } => element(target),
                TypeKind::Structure { .. } => members(),
            }
        }
    }
}

/// The members of a structure or value object, inherited ones first.
pub(crate) fn fields(world: &World, index: TypeIndex) -> Vec<(&str, &TypeRef)> {
    let (base, own) = match &world.model().ty(index).kind {
        TypeKind::Structure { fields } => (None, fields),
        TypeKind::ValueObject { base, fields } => (*base, fields),
        _ => return Vec::new(),
    };
    let mut all = base.map_or_else(Vec::new, |base| fields(world, base));
    all.extend(own.iter().map(|field| (field.name.as_str(), &field.ty)));
    all
}
