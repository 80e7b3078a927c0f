//! Vectors for every type and method of the API, made from its model.

use serde_json::{Map, Value, json};
use xerus_idl::model::{Builtin, Field, TypeIndex, TypeKind, TypeRef};

use crate::dummy;
use crate::vector::{Direction, Vector};
use crate::world::World;

/// A few vectors for each type and method: plain values both ways, and each member missing, null and of a wrong type.
#[must_use]
pub fn vectors(world: &World) -> Vec<Vector> {
    let mut made = Vec::new();
    for (index, ty) in world.model().types() {
        let path = world.path(index);
        match &ty.kind {
            TypeKind::Structure { fields } => {
                record(world, &format!("struct:{path}"), fields, &mut made);
            }
            TypeKind::ValueObject { .. } => {
                value_object(world, index, &path, &ty.wire_id, &mut made);
            }
            TypeKind::Enumeration {
                enumerators,
                fallback,
            } => {
                let fallback = fallback
                    .and_then(|at| enumerators.get(at))
                    .map(|e| e.name.as_str());
                enumeration(
                    &path,
                    enumerators.iter().map(|e| e.name.as_str()),
                    fallback,
                    &mut made,
                );
            }
            TypeKind::Interface(interface) => {
                let reference = json!({"rid": "/object", "type": ty.wire_id});
                let expect = json!({"ok": {"rid": "/object", "type": ty.wire_id, "proxy": path, "compat": "compatible"}});
                made.push(vector(
                    &format!("interface:{path}"),
                    &reference,
                    Direction::Both,
                    expect,
                ));
                for method in &interface.methods {
                    let results = crate::method::results(method);
                    let values = results
                        .iter()
                        .map(|(name, ty)| (name.clone(), dummy::value(world, ty)));
                    let result = Value::Object(values.collect::<Map<_, _>>());
                    let ok = if results.is_empty() {
                        json!("void")
                    } else {
                        result.clone()
                    };
                    let kind = format!("method:{path}.{}", method.name);
                    made.push(vector(&kind, &result, Direction::Decode, json!({"ok": ok})));
                    let params = method
                        .ins()
                        .map(|p| (p.name.clone(), dummy::value(world, &p.ty)));
                    let params = Value::Object(params.collect::<Map<_, _>>());
                    let request =
                        json!({"jsonrpc": "2.0", "method": method.name, "params": params, "id": 1});
                    made.push(vector(
                        "request",
                        &request,
                        Direction::Encode,
                        json!({"ok": request}),
                    ));
                    made.push(vector(
                        "request",
                        &request,
                        Direction::Decode,
                        json!({"ok": "accepted"}),
                    ));
                }
            }
            TypeKind::Opaque | TypeKind::Typedef { .. } => {}
        }
    }
    made
}

fn record(world: &World, kind: &str, fields: &[Field], made: &mut Vec<Vector>) {
    let members: Map<_, _> = fields
        .iter()
        .map(|field| (field.name.clone(), dummy::value(world, &field.ty)))
        .collect();
    let whole = Value::Object(members.clone());
    made.push(vector(kind, &whole, Direction::Both, json!({"ok": whole})));
    for field in fields {
        let path = field.name.as_str();
        let changed = |value: Option<Value>| {
            let mut members = members.clone();
            match value {
                Some(value) => members.insert(field.name.clone(), value),
                None => members.remove(&field.name),
            };
            Value::Object(members)
        };
        made.push(vector(
            kind,
            &changed(None),
            Direction::Decode,
            json!({"error": "Decode.MissingField", "path": path}),
        ));
        let null = if nullable(world, &field.ty) {
            json!({"ok": {field.name.as_str(): null}})
        } else {
            json!({"error": "Decode.NullNotAllowed", "path": path})
        };
        made.push(vector(
            kind,
            &changed(Some(Value::Null)),
            Direction::Decode,
            null,
        ));
        if let Some(wrong) = wrong(world, &field.ty) {
            made.push(vector(
                kind,
                &changed(Some(wrong)),
                Direction::Decode,
                json!({"error": "Decode.WrongType", "path": path}),
            ));
        }
    }
}

/// The members of a value object stand inside `value`, beside the name of its type. A member that cannot be read does not
/// fail the whole, so only the plain value is looked at.
fn value_object(
    world: &World,
    index: TypeIndex,
    path: &str,
    wire_id: &str,
    made: &mut Vec<Vector>,
) {
    let mut chain = Vec::new();
    let mut next = Some(index);
    while let Some(current) = next {
        let TypeKind::ValueObject { base, fields } = &world.model().ty(current).kind else {
            break;
        };
        chain.push((current, fields));
        next = *base;
    }
    let fields = chain.iter().rev().flat_map(|(_, fields)| fields.iter());
    let members: Map<_, _> = fields
        .map(|field| (field.name.clone(), dummy::value(world, &field.ty)))
        .collect();
    let value = json!({"type": wire_id, "value": members});
    let mut ok = members;
    ok.insert("class".to_owned(), json!(path));
    // Declared as itself and as each of its bases.
    for (declared, _) in &chain {
        let kind = format!("valueobject:{}", world.path(*declared));
        made.push(vector(
            &kind,
            &value,
            Direction::Both,
            json!({"ok": ok.clone()}),
        ));
    }
}

fn enumeration<'a>(
    path: &str,
    names: impl Iterator<Item = &'a str>,
    fallback: Option<&str>,
    made: &mut Vec<Vector>,
) {
    let kind = format!("enum:{path}");
    let mut count = 0;
    for (index, name) in names.enumerate() {
        made.push(vector(
            &kind,
            &json!(index),
            Direction::Both,
            json!({"ok": name}),
        ));
        count = index + 1;
    }
    for unknown in [i64::try_from(count).unwrap_or(i64::MAX), 2_147_483_647, -1] {
        let expect = json!({"ok": {"unknown": unknown, "fallback": fallback}});
        made.push(vector(&kind, &json!(unknown), Direction::Both, expect));
    }
    made.push(vector(
        &kind,
        &json!(2_147_483_648_i64),
        Direction::Decode,
        json!({"error": "Decode.OutOfRange"}),
    ));
}

fn vector(idl_type: &str, input: &Value, direction: Direction, expect: Value) -> Vector {
    let bytes = input.to_string().into_bytes();
    let name = format!("{idl_type} {}", String::from_utf8_lossy(&bytes));
    Vector {
        name,
        idl_type: idl_type.to_owned(),
        direction,
        expect,
        bytes,
        input: None,
    }
}

fn nullable(world: &World, ty: &TypeRef) -> bool {
    match resolved(world, ty) {
        TypeRef::Builtin(builtin) => *builtin == Builtin::Object,
        TypeRef::Named(index) => {
            matches!(
                world.model().ty(*index).kind,
                TypeKind::Interface(_) | TypeKind::ValueObject { .. }
            )
        }
        TypeRef::Vector(_) | TypeRef::Map(..) => false,
    }
}

/// A value of another JSON type; `None` for types that take any.
fn wrong(world: &World, ty: &TypeRef) -> Option<Value> {
    Some(match resolved(world, ty) {
        TypeRef::Builtin(Builtin::String | Builtin::Typecode) => json!(7),
        // Decimal digits in a string pass for a long.
        TypeRef::Builtin(_) | TypeRef::Vector(_) | TypeRef::Map(..) => json!("x"),
        TypeRef::Named(index) if matches!(world.model().ty(*index).kind, TypeKind::Opaque) => {
            return None;
        }
        TypeRef::Named(_) => json!("x"),
    })
}

fn resolved<'w>(world: &'w World, ty: &'w TypeRef) -> &'w TypeRef {
    let mut ty = ty;
    while let TypeRef::Named(index) = ty {
        let TypeKind::Typedef { target } = &world.model().ty(*index).kind else {
            break;
        };
        ty = target;
    }
    ty
}
