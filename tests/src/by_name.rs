//! Every type of the API by the names of its members, and in the forms of `serde`.

use serde_json::Value;
use xerus_codegen::RustNames;
use xerus_idl::model::{TypeKind, TypeRef};

use crate::world::World;
use crate::{dummy, table};

/// What came of looking at every type.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Seen {
    /// How many values were looked at.
    pub count: usize,
    /// What was wrong.
    pub faults: Vec<String>,
}

/// Takes a value of every type through `serde_json`: empty ones and filled ones, and of structures one with a member that
/// the bindings do not know.
#[must_use]
pub fn through_serde(world: &World) -> Seen {
    let mut seen = Seen::default();
    for (index, ty) in world.model().types() {
        let path = world.path(index);
        let Some(found) = table::find(&path) else {
            seen.faults.push(format!("{path} is not in the table"));
            continue;
        };
        let whole = TypeRef::Named(index);
        let mut inputs = vec![dummy::rich(world, &whole)];
        let is_nullable = matches!(
            ty.kind,
            TypeKind::Interface(_) | TypeKind::ValueObject { .. }
        );
        if !is_nullable {
            inputs.push(dummy::value(world, &whole).to_string());
        }
        if let TypeKind::Structure { .. } = ty.kind {
            let more = inputs[0].replacen(
                '{',
                r#"{"notInThisFirmware":{"rid":"/new/1","type":"idl.New:1.0.0"},"#,
                1,
            );
            inputs.push(more.replace(",}", "}"));
            inputs.push("{}".to_owned());
        }
        for input in inputs {
            for trip in found.kind.trips {
                seen.count += 1;
                match trip(input.as_bytes()) {
                    Err(error) => seen.faults.push(format!("{path}: {error} from {input}")),
                    Ok(trip) if trip.before != trip.after => seen.faults.push(format!(
                        "{path}:\n  {}\n  {}\n  {}",
                        trip.before, trip.json, trip.after
                    )),
                    Ok(trip) => check_form(&path, &ty.kind, &trip.json, &mut seen.faults),
                }
            }
        }
    }
    seen
}

/// Enumerators stand by name, references and value objects with their type.
fn check_form(path: &str, kind: &TypeKind, json: &str, faults: &mut Vec<String>) {
    let tree: Value = serde_json::from_str(json).unwrap_or_default();
    let is_as_it_should = match kind {
        TypeKind::Enumeration { enumerators, .. } => {
            let name = tree.as_str().unwrap_or_default();
            enumerators.iter().any(|one| one.name == name)
        }
        TypeKind::Interface(_) => tree["rid"].is_string() && tree["type"].is_string(),
        TypeKind::ValueObject { .. } => tree["type"].is_string() && tree["value"].is_object(),
        TypeKind::Structure { .. } => tree.is_object(),
        TypeKind::Typedef { .. } | TypeKind::Opaque => true,
    };
    if !is_as_it_should {
        faults.push(format!("{path} is written as {json}"));
    }
}

/// The members of every structure and value object have the names that the generator gave them.
#[must_use]
pub fn names(world: &World) -> Seen {
    let mut seen = Seen::default();
    let rust = RustNames::new(world.model());
    for (index, _) in world.model().types() {
        let path = world.path(index);
        let Some(members) = table::find(&path).and_then(|found| found.kind.members) else {
            continue;
        };
        let declared = dummy::fields(world, index);
        let members = members();
        if !declared
            .iter()
            .map(|(name, _)| *name)
            .eq(members.iter().map(|(name, _)| name.as_str()))
        {
            seen.faults
                .push(format!("{path} has the members {members:?}"));
        }
        for (wire, name) in members {
            seen.count += 1;
            let known = rust.get(&path, &wire).unwrap_or_default();
            if known.rsplit("::").next() != Some(name.as_str()) {
                seen.faults
                    .push(format!("{path}.{wire} is {known}, not {name}"));
            }
        }
    }
    seen
}
