//! Types that the option `mark` names.

use xerus_idl::distance::nearest;
use xerus_idl::model::{Builtin, Model, TypeIndex, TypeRef};

use crate::paths;

/// Templates in one another that are followed; more is no type that a device has.
const DEEPEST: usize = 32;

/// The type of a text, seen from an interface: as in the IDL, where version suffixes may be left out.
pub(super) fn resolve(model: &Model, from: TypeIndex, text: &str) -> Result<TypeRef, String> {
    at_depth(model, from, text.trim(), 0)
}

fn at_depth(model: &Model, from: TypeIndex, text: &str, depth: usize) -> Result<TypeRef, String> {
    if depth > DEEPEST {
        return Err("the type is nested too deeply: name a structure instead".to_owned());
    }
    let inside = |head: &str| text.strip_prefix(head)?.strip_suffix('>');
    let part = |text: &str| at_depth(model, from, text.trim(), depth + 1).map(Box::new);
    if let Some(element) = inside("vector<") {
        return Ok(TypeRef::Vector(part(element)?));
    }
    if let Some((key, value)) = inside("map<").and_then(|both| both.split_once(',')) {
        return Ok(TypeRef::Map(part(key)?, part(value)?));
    }
    let mut builtins = Builtin::ALL.into_iter();
    if let Some(builtin) = builtins.find(|builtin| builtin.word() == text) {
        return Ok(TypeRef::Builtin(builtin));
    }
    match named(model, from, text) {
        Some(index) => Ok(TypeRef::Named(index)),
        None => Err(unknown(model, text)),
    }
}

/// The innermost type of that name: nested in the interface, in its modules, or by its whole path.
fn named(model: &Model, from: TypeIndex, text: &str) -> Option<TypeIndex> {
    let ty = model.ty(from);
    let mut scope = Some(ty.path.as_str());
    while let Some(path) = scope {
        if let Some(index) = one(model, &format!("{path}.{text}")) {
            return Some(index);
        }
        scope = path.rsplit_once('.').map(|(outer, _)| outer);
    }
    one(model, text)
}

/// The type of a path; the newest, when the path does not say which.
fn one(model: &Model, path: &str) -> Option<TypeIndex> {
    let all = model.types().map(|(index, _)| index);
    let all = all.filter(|index| paths::names_type(model, *index, path));
    all.max_by_key(|index| model.ty(*index).version)
}

fn unknown(model: &Model, text: &str) -> String {
    let all = || model.types().map(|(_, ty)| ty);
    let paths: Vec<_> = all().map(|ty| paths::plain(model, ty)).collect();
    let near = nearest(text, paths.iter().map(String::as_str)).map(str::to_owned);
    let near = near.or_else(|| {
        let name = nearest(text, all().map(|ty| ty.base_name.as_str()))?;
        let ty = all().find(|ty| ty.base_name == name)?;
        Some(paths::plain(model, ty))
    });
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the path of a type, as in the IDL".to_owned(),
    };
    format!("there is no type `{text}`: {hint}")
}

/// A type as the IDL writes it, declared types by their path.
pub(super) fn in_full(model: &Model, ty: &TypeRef) -> String {
    match ty {
        TypeRef::Builtin(builtin) => builtin.word().to_owned(),
        TypeRef::Vector(element) => format!("vector<{}>", in_full(model, element)),
        TypeRef::Map(key, value) => {
            format!("map<{},{}>", in_full(model, key), in_full(model, value))
        }
        TypeRef::Named(index) => model.ty(*index).path.clone(),
    }
}
