//! Scalars, structures, enumerations, vectors, maps and opaque values: one IDL value as JSON.

use serde_json::{Value, json};
use xerus_idl::model::{Builtin, TypeKind, TypeRef};
use xerus_rpc::value::Encode;

use crate::expression;
use crate::observed::{Fault, Observed, Seen};
use crate::table;
use crate::vector::{Direction, Vector};
use crate::world::World;

/// Decodes the input as a type and encodes it again.
pub(crate) fn run(world: &World, ty: &TypeRef, vector: &Vector, strict: bool) -> Option<Observed> {
    if let Some(input) = &vector.input {
        return scalar(ty, input);
    }
    let mut shape = expression::shape(world, ty, true)?;
    if vector.direction == Direction::Encode
        && let TypeRef::Named(index) = ty
        && let TypeKind::Structure { .. } = world.model().ty(*index).kind
        && let Some(partial) = table::find(&world.path(*index))?.kind.partial
    {
        shape = crate::slot::Shape::Leaf(partial);
    }
    Some(match table::decode_shape(&shape, &vector.bytes, strict) {
        Err(error) => Observed::Error(Fault::from(&error)),
        Ok(value) => match table::encode(&*value) {
            Err(error) => Observed::Error(Fault::from(&error)),
            Ok(text) => Observed::Value(Seen::typed(tree(&text), ty)),
        },
    })
}

/// Encodes a scalar that JSON cannot hold.
fn scalar(ty: &TypeRef, input: &str) -> Option<Observed> {
    let TypeRef::Builtin(builtin) = ty else {
        return None;
    };
    let value: Option<Box<dyn Encode>> = match builtin {
        Builtin::Float => input.parse::<f32>().ok().map(|v| Box::new(v) as _),
        Builtin::Double => input.parse::<f64>().ok().map(|v| Box::new(v) as _),
        Builtin::Byte => input.parse::<u8>().ok().map(|v| Box::new(v) as _),
        Builtin::Int => input.parse::<i32>().ok().map(|v| Box::new(v) as _),
        Builtin::Long => input.parse::<i64>().ok().map(|v| Box::new(v) as _),
        _ => return None,
    };
    let Some(value) = value else {
        // The type of the parameter cannot hold it: the program does not compile.
        return Some(
            Fault {
                kind: "Encode.OutOfRange".to_owned(),
                path: String::new(),
                code: None,
                meaning: None,
            }
            .into(),
        );
    };
    Some(match table::encode(&*value) {
        Err(error) => Observed::Error(Fault::from(&error)),
        Ok(text) => Observed::Value(Seen::typed(tree(&text), ty)),
    })
}

/// A text as a tree; what is no JSON becomes a string that equals nothing expected.
pub(crate) fn tree(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| json!(format!("no JSON ({error}): {text}")))
}
