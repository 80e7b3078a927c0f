//! Type expressions of vectors: `int`, `vector<string>`, `map<int,struct:a.B>`.

use std::rc::Rc;

use xerus_idl::model::{Builtin, TypeRef};
use xerus_rpc::{Object, Time, WireId};

use crate::slot::Shape;
use crate::table::{self, DecodeFn};
use crate::world::World;

/// What an expression names.
pub(crate) enum Expression {
    /// A type of this API.
    Known(TypeRef),
    /// A type that this API does not have.
    Unknown(String),
    /// No type expression.
    Other,
}

/// Reads an expression.
pub(crate) fn parse(world: &World, text: &str) -> Expression {
    let text = text.trim();
    if let Some(builtin) = Builtin::ALL
        .into_iter()
        .find(|builtin| builtin.word() == text)
    {
        return Expression::Known(TypeRef::Builtin(builtin));
    }
    if let Some(inner) = text
        .strip_prefix("vector<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        return map(parse(world, inner), |element| {
            TypeRef::Vector(Box::new(element))
        });
    }
    if let Some(inner) = text
        .strip_prefix("map<")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        let Some((key, value)) = inner.split_once(',') else {
            return Expression::Other;
        };
        let Expression::Known(key) = parse(world, key) else {
            return Expression::Other;
        };
        return map(parse(world, value), |value| {
            TypeRef::Map(Box::new(key), Box::new(value))
        });
    }
    match text.split_once(':') {
        Some(("interface", "Object" | "idl.Object")) => {
            Expression::Known(TypeRef::Builtin(Builtin::Object))
        }
        Some(("struct" | "enum" | "valueobject" | "interface" | "opaque" | "typedef", path)) => {
            match world.find(path) {
                Some(index) => Expression::Known(TypeRef::Named(index)),
                None => Expression::Unknown(path.to_owned()),
            }
        }
        _ => Expression::Other,
    }
}

fn map(expression: Expression, wrap: impl FnOnce(TypeRef) -> TypeRef) -> Expression {
    match expression {
        Expression::Known(ty) => Expression::Known(wrap(ty)),
        other => other,
    }
}

/// How values of a type are decoded; a type as a whole may be null where an element may not.
pub(crate) fn shape(world: &World, ty: &TypeRef, whole: bool) -> Option<Shape> {
    Some(match ty {
        TypeRef::Builtin(builtin) => Shape::Leaf(builtin_decoder(*builtin, whole)),
        TypeRef::Vector(element) => Shape::Vector(Rc::new(shape(world, element, false)?)),
        TypeRef::Map(key, value) => {
            let value = Rc::new(shape(world, value, false)?);
            match **key {
                TypeRef::Builtin(Builtin::Int) => Shape::IntMap(value),
                TypeRef::Builtin(Builtin::String) => Shape::StringMap(value),
                _ => return None,
            }
        }
        TypeRef::Named(index) => {
            let kind = &table::find(&world.path(*index))?.kind;
            Shape::Leaf(if whole { kind.whole } else { kind.element })
        }
    })
}

fn builtin_decoder(builtin: Builtin, whole: bool) -> DecodeFn {
    match builtin {
        Builtin::Boolean => table::decode::<bool>,
        Builtin::Byte => table::decode::<u8>,
        Builtin::Int => table::decode::<i32>,
        Builtin::Long => table::decode::<i64>,
        Builtin::Float => table::decode::<f32>,
        Builtin::Double => table::decode::<f64>,
        Builtin::String => table::decode::<String>,
        Builtin::Time => table::decode::<Time>,
        Builtin::Object if whole => table::decode::<Option<Object>>,
        Builtin::Object => table::decode::<Object>,
        Builtin::Typecode => table::decode::<WireId>,
    }
}
