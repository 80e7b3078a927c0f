//! A firmware's interface description as a set of facts, each one line that can be there or not.

use std::collections::BTreeSet;

use xerus_idl::model::{Direction, Model, Type, TypeIndex, TypeKind, TypeRef};
use xerus_wire_id::WireId;

/// Facts, each with the type that it is about. Names are without versions, so that a fact holds for all firmwares in which
/// nothing but a number rose.
pub(crate) type Facts = BTreeSet<(String, String)>;

/// Modules of the vendor's own tools, whose types no device has.
const LEFT_OUT: [&str; 4] = ["cfg", "production", "test", "tfw"];

/// What a model says.
pub(crate) fn facts(model: &Model) -> Facts {
    let mut facts = Facts::new();
    for (index, ty) in model.types() {
        if !LEFT_OUT.contains(&ty.path.split('.').next().unwrap_or_default()) {
            of_type(model, index, ty, &mut facts);
        }
    }
    facts
}

fn of_type(model: &Model, index: TypeIndex, ty: &Type, facts: &mut Facts) {
    let name = free(&ty.wire_id);
    let mut say = |fact: String| {
        facts.insert((name.clone(), fact));
    };
    if matches!(ty.kind, TypeKind::Typedef { .. }) {
        return;
    }
    say(format!("kind {}", ty.kind.word()));
    match &ty.kind {
        // The versions of both travel; those of other types do not.
        TypeKind::Interface(_) => say(format!("version {}", ty.version)),
        TypeKind::ValueObject { .. } => say(format!("id {}", ty.wire_id)),
        _ => {}
    }
    if let Some(base) = model.base(index) {
        say(format!("base {}", free(&model.ty(base).wire_id)));
    }
    if ty.has_annotation("sparse_in") {
        say("sparse".to_owned());
    }
    for field in ty.fields() {
        let ty = type_name(model, &field.ty);
        say(format!("member {} {ty}", field.name));
    }
    match &ty.kind {
        TypeKind::Interface(interface) => {
            for constant in &interface.constants {
                say(format!("constant {} {}", constant.name, constant.value));
            }
        }
        TypeKind::Enumeration {
            enumerators,
            fallback,
        } => {
            for (value, enumerator) in enumerators.iter().enumerate() {
                say(format!("enumerator {} {value}", enumerator.name));
            }
            if let Some(at) = fallback {
                say(format!("fallback {at}"));
            }
        }
        _ => {}
    }
    for method in ty.methods() {
        say(format!("method {}", method.name));
        for parameter in &method.parameters {
            let word = match parameter.direction {
                Direction::In => "in",
                Direction::Out => "out",
            };
            let ty = type_name(model, &parameter.ty);
            say(format!("{word} {} {} {ty}", method.name, parameter.name));
        }
        if let Some(returns) = &method.returns {
            let ty = type_name(model, returns);
            say(format!("out {} _ret_ {ty}", method.name));
        }
    }
}

/// A type as it travels: without versions, without blanks, an alias as what it stands for.
fn type_name(model: &Model, ty: &TypeRef) -> String {
    match model.unaliased(ty) {
        TypeRef::Vector(element) => format!("vector<{}>", type_name(model, element)),
        TypeRef::Map(key, value) => {
            let (key, value) = (type_name(model, key), type_name(model, value));
            format!("map<{key},{value}>")
        }
        TypeRef::Named(index) => free(&model.ty(*index).wire_id),
        TypeRef::Builtin(builtin) => builtin.word().to_owned(),
    }
}

/// A type id without its versions.
pub(crate) fn free(wire_id: &str) -> String {
    WireId::new(wire_id).map_or_else(|_| wire_id.to_owned(), |id| id.version_free_name())
}
