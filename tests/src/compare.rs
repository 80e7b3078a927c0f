//! Compares what a vector expects with a value of an IDL type.
//!
//! Expectations are written for people: enumerators by name, maps as pairs or as their keys, single members by a dotted
//! path, `null` for a member that is not there.

use serde_json::{Map, Value};
use xerus_idl::model::{Builtin, TypeIndex, TypeKind, TypeRef};

use crate::dummy;
use crate::observed::Seen;
use crate::table;
use crate::world::World;

/// Whether a value of a type is as expected; `None` stands for a member that is not there.
pub(crate) fn typed(world: &World, ty: &TypeRef, expected: &Value, actual: Option<&Value>) -> bool {
    let Some(actual) = actual else {
        return expected.is_null();
    };
    match ty {
        TypeRef::Builtin(Builtin::Float) => match (expected.as_f64(), actual.as_f64()) {
            #[allow(clippy::cast_possible_truncation, clippy::float_cmp)]
            (Some(expected), Some(actual)) => expected as f32 == actual as f32,
            _ => false,
        },
        TypeRef::Builtin(Builtin::Time) => {
            numbers_by_value(expected.get("unix_seconds").unwrap_or(expected), actual)
        }
        TypeRef::Builtin(Builtin::String) => expected.get("unknown").unwrap_or(expected) == actual,
        TypeRef::Builtin(Builtin::Object) => reference(expected, actual),
        TypeRef::Builtin(_) => numbers_by_value(expected, actual),
        TypeRef::Vector(element) => match (expected, actual) {
            (Value::Array(expected), Value::Array(actual)) => {
                expected.len() == actual.len()
                    && expected
                        .iter()
                        .zip(actual)
                        .all(|(e, a)| typed(world, element, e, Some(a)))
            }
            _ => false,
        },
        TypeRef::Map(key, value) => match actual {
            Value::Array(actual) => map(world, key, value, expected, actual),
            _ => false,
        },
        TypeRef::Named(index) => named(world, *index, expected, actual),
    }
}

fn named(world: &World, index: TypeIndex, expected: &Value, actual: &Value) -> bool {
    let ty = world.model().ty(index);
    match &ty.kind {
        TypeKind::Typedef { target } => typed(world, target, expected, Some(actual)),
        TypeKind::Opaque => numbers_by_value(expected, actual),
        TypeKind::Interface(_) => reference(expected, actual),
        TypeKind::Enumeration { .. } => enumerator(&world.path(index), expected, actual),
        TypeKind::Structure { .. } => members(world, index, expected, actual),
        TypeKind::ValueObject { .. } => {
            if expected.is_null() || actual.is_null() {
                return expected == actual;
            }
            if expected.get("value").is_some() {
                return numbers_by_value(expected, actual);
            }
            let class = world.class(actual["type"].as_str().unwrap_or_default());
            let known = class.unwrap_or(index);
            expected.as_object().is_some_and(|expected| {
                expected.iter().all(|(name, expected)| match name.as_str() {
                    "class" => *expected == world.path(known),
                    "type" | "wire_type" | "unknown_type" => *expected == actual["type"],
                    _ => member(world, known, name, expected, &actual["value"]),
                })
            })
        }
    }
}

/// Whether an enumeration's index is the expected enumerator, in the eyes of the generated type.
fn enumerator(path: &str, expected: &Value, actual: &Value) -> bool {
    let index = actual.as_i64().and_then(|index| i32::try_from(index).ok());
    let (Some(index), Some(names)) = (index, table::enumeration(path)) else {
        return false;
    };
    match expected {
        Value::String(name) => names.name(index) == Some(name),
        Value::Number(_) => numbers_by_value(expected, actual),
        Value::Object(facts) => facts.iter().all(|(fact, value)| match fact.as_str() {
            "unknown" => names.name(index).is_none() && numbers_by_value(value, actual),
            "fallback" => value.as_str() == names.fallback(index),
            "name" => value.as_str() == names.name(index),
            "index" | "value" => numbers_by_value(value, actual),
            _ => false,
        }),
        _ => false,
    }
}

fn reference(expected: &Value, actual: &Value) -> bool {
    match expected {
        Value::Null => actual.is_null(),
        Value::Object(expected) => expected
            .iter()
            .all(|(name, value)| actual.get(name) == Some(value)),
        _ => false,
    }
}

fn map(world: &World, key: &TypeRef, value: &TypeRef, expected: &Value, actual: &[Value]) -> bool {
    let Some(expected) = expected.as_array() else {
        return false;
    };
    expected.len() == actual.len()
        && expected
            .iter()
            .zip(actual)
            .all(|(expected, pair)| match expected {
                Value::Array(both) => match both.as_slice() {
                    [k, v] => {
                        typed(world, key, k, pair.get("key"))
                            && typed(world, value, v, pair.get("value"))
                    }
                    _ => false,
                },
                Value::Object(_) => {
                    typed(world, key, &expected["key"], pair.get("key"))
                        && typed(world, value, &expected["value"], pair.get("value"))
                }
                bare => typed(world, key, bare, pair.get("key")),
            })
}

/// Whether the members of a structure or value object are as expected.
pub(crate) fn members(world: &World, index: TypeIndex, expected: &Value, actual: &Value) -> bool {
    match expected {
        Value::Object(expected) => {
            actual.is_object()
                && expected
                    .iter()
                    .all(|(name, expected)| member(world, index, name, expected, actual))
        }
        // `hasServiceModeSupport absent`
        Value::String(words) => words
            .strip_suffix(" absent")
            .is_some_and(|name| actual.get(name).is_none()),
        _ => false,
    }
}

/// Whether the member at a dotted path is as expected.
fn member(world: &World, index: TypeIndex, path: &str, expected: &Value, actual: &Value) -> bool {
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    let value = actual.get(name);
    let Some(ty) = world.field(index, name) else {
        // A member that these bindings do not know: kept as it came, or left out as the vector says.
        return match value {
            Some(value) => numbers_by_value(expected, value),
            None => expected.is_null(),
        };
    };
    match (rest, ty) {
        (None, ty) => typed(world, ty, expected, value),
        (Some(rest), TypeRef::Named(inner)) => {
            value.is_some_and(|value| member(world, *inner, rest, expected, value))
        }
        (Some(_), _) => false,
    }
}

/// Compares the results of a method.
pub(crate) fn results(
    world: &World,
    ok: &Value,
    results: &[(String, TypeRef)],
    actual: &Value,
) -> bool {
    let of = |name: &str| {
        results
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, ty)| ty)
    };
    if results.is_empty() {
        return ok == "void" || ok.is_null();
    }
    if let Some(expected) = ok.as_object()
        && expected.keys().any(|name| of(name).is_some())
    {
        return expected.iter().all(|(name, expected)| match of(name) {
            Some(ty) if expected.is_null() && is_placeholder(world, ty, actual.get(name)) => true,
            Some(ty) => typed(world, ty, expected, actual.get(name)),
            // The return value under a telling name.
            None => of("_ret_").is_some_and(|ty| typed(world, ty, expected, actual.get("_ret_"))),
        });
    }
    match results {
        [(name, ty)] => typed(world, ty, ok, actual.get(name)),
        _ => false,
    }
}

/// Whether a structure is the empty one that stands for a result which the device did not give beside a refusal.
fn is_placeholder(world: &World, ty: &TypeRef, actual: Option<&Value>) -> bool {
    let TypeRef::Named(index) = ty else {
        return false;
    };
    matches!(world.model().ty(*index).kind, TypeKind::Structure { .. })
        && actual.is_some_and(|actual| numbers_by_value(actual, &dummy::value(world, ty)))
}

/// Compares what the accessors of a reference or value object say, and the members of the latter.
pub(crate) fn facts(world: &World, ok: &Value, seen: &Seen) -> bool {
    let empty = Map::new();
    let class = match &seen.ty {
        Some(TypeRef::Named(index)) => Some(*index),
        _ => None,
    };
    ok.as_object()
        .unwrap_or(&empty)
        .iter()
        .all(|(name, expected)| {
            if let Some(fact) = seen.facts.get(name.as_str()) {
                return numbers_by_value(expected, fact);
            }
            class.is_some_and(|class| member(world, class, name, expected, &seen.json))
        })
}

/// Equality of JSON trees where numbers are equal when their values are.
pub(crate) fn numbers_by_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a == b,
            #[allow(clippy::float_cmp)]
            _ => a.as_f64() == b.as_f64(),
        },
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| numbers_by_value(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| numbers_by_value(a, b)))
        }
        _ => a == b,
    }
}
