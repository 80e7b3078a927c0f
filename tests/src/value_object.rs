//! Value objects.

use serde_json::{Value, json};
use xerus_idl::model::{TypeIndex, TypeRef};
use xerus_rpc::DecodeError;
use xerus_rpc::rt::{Reader, ReaderOptions};

use crate::observed::{Fault, Observed, Seen};
use crate::table::{self, Inspected, ValueObjectFns};
use crate::value::tree;
use crate::world::World;

/// Decodes a value object declared as a type, and as the most derived type that it says it is.
pub(crate) fn run(
    world: &World,
    declared: TypeIndex,
    bytes: &[u8],
    strict: bool,
) -> Option<Observed> {
    let path = world.path(declared);
    let functions = table::find(&path)?.kind.value_object.as_ref()?;
    Some(match read(functions, bytes, strict) {
        Err(error) => Observed::Error(Fault::from(&error)),
        Ok(None) => Observed::Value(Seen::typed(Value::Null, &TypeRef::Named(declared))),
        Ok(Some(inspected)) => Observed::Value(describe(world, declared, &path, &inspected)),
    })
}

fn read(
    functions: &ValueObjectFns,
    bytes: &[u8],
    strict: bool,
) -> Result<Option<Inspected>, DecodeError> {
    let options = ReaderOptions::default().with_strict(strict);
    let mut reader = Reader::from_bytes(bytes, &options)?;
    let inspected = (functions.inspect)(&mut reader)?;
    reader.finish()?;
    Ok(inspected)
}

fn describe(world: &World, declared: TypeIndex, path: &str, inspected: &Inspected) -> Seen {
    let mut seen = Seen::default();
    let known = world.class(&inspected.wire_id);
    let derived = known.and_then(|index| {
        let functions = table::find(&world.path(index))?
            .kind
            .value_object
            .as_ref()?;
        let (_, cast) = functions.casts.iter().find(|(base, _)| *base == path)?;
        Some((index, cast(&*inspected.polymorphic)?))
    });
    let (class, members) = if let Some((index, value)) = derived {
        seen.ty = Some(TypeRef::Named(index));
        (world.path(index), tree(&table::text(&*value)))
    } else if let Some(base) = &inspected.base {
        seen.ty = Some(TypeRef::Named(declared));
        (path.to_owned(), tree(&table::text(&**base)))
    } else {
        ("raw".to_owned(), tree(&inspected.raw))
    };
    seen.json = members;
    seen.wire = Some(tree(&table::text(&*inspected.whole)));
    seen.facts.insert("class", json!(class));
    seen.facts.insert("wire_type", json!(inspected.wire_id));
    seen.facts.insert("raw", tree(&inspected.raw));
    if known.is_none() {
        seen.facts.insert("unknown_type", json!(inspected.wire_id));
    }
    seen
}
