//! References to objects.

use serde_json::{Value, json};
use xerus_idl::model::TypeRef;
use xerus_rpc::rt::{Reader, ReaderOptions};
use xerus_rpc::{Compatibility, DecodeError, Object};

use crate::expect::REJECTED;
use crate::observed::{Fault, Observed, Seen};
use crate::table;
use crate::value::tree;
use crate::world::World;

/// Decodes a reference declared as an interface (or as `Object`) and asks it what it is.
pub(crate) fn run(world: &World, ty: &TypeRef, bytes: &[u8], strict: bool) -> Option<Observed> {
    let declared = match ty {
        TypeRef::Named(index) => Some(world.path(*index)),
        _ => None,
    };
    let decode = match &declared {
        Some(path) => table::find(path)?.kind.interface.as_ref()?.object,
        None => |reader: &mut Reader<'_>| reader.value::<Option<Object>>(),
    };
    Some(match read(decode, bytes, strict) {
        Err(error) => Observed::Error(Fault::from(&error)),
        Ok(None) => Observed::Value(Seen::typed(Value::Null, ty)),
        Ok(Some(object)) => {
            let mut seen = Seen::typed(tree(&table::text(&object)), ty);
            let compatibility = object.compatibility();
            seen.facts.insert("rid", json!(object.rid()));
            if let Some(id) = object.wire_id() {
                seen.facts.insert(
                    "type",
                    json!(format!("{}:{}", id.scoped_name(), id.version())),
                );
            }
            seen.facts
                .insert("proxy", json!(proxy(world, declared, &object)));
            seen.facts.insert("compat", json!(word(compatibility)));
            // A reference declared as any object is not checked against anything; that no binding takes it is what counts.
            let known = object.wire_id().and_then(|id| world.class(id.as_str()));
            seen.facts.insert(REJECTED, json!(known.is_none()));
            Observed::Value(seen)
        }
    })
}

fn read(
    decode: fn(&mut Reader<'_>) -> Result<Option<Object>, DecodeError>,
    bytes: &[u8],
    strict: bool,
) -> Result<Option<Object>, DecodeError> {
    let options = ReaderOptions::default().with_strict(strict);
    let mut reader = Reader::from_bytes(bytes, &options)?;
    let object = decode(&mut reader)?;
    reader.finish()?;
    Ok(object)
}

/// The most derived interface that the reference can be cast to, or what it was declared as.
fn proxy(world: &World, declared: Option<String>, object: &Object) -> String {
    let reported = object
        .wire_id()
        .and_then(|id| world.class(id.as_str()))
        .map(|index| world.path(index));
    let castable = |path: &String| {
        let interface = table::find(path).and_then(|ty| ty.kind.interface.as_ref());
        interface.is_some_and(|interface| (interface.cast)(object))
    };
    reported
        .filter(castable)
        .or(declared)
        .unwrap_or_else(|| "idl.Object".to_owned())
}

fn word(compatibility: Compatibility) -> &'static str {
    match compatibility {
        Compatibility::Unchecked => "unchecked",
        Compatibility::Compatible => "compatible",
        Compatibility::OlderMinor => "older_minor",
        Compatibility::MajorMismatch => "major_mismatch",
        Compatibility::UnknownType => "unknown_type",
        _ => "another",
    }
}
