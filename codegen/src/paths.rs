//! IDL paths in options: which types they mean.

use std::collections::HashSet;

use xerus_idl::model::{Model, Type, TypeIndex, TypeKind};

/// Stands for every type.
pub(crate) const ALL: &str = ".";

/// The types that a path means: the type it names with everything nested in it, or all types of the
/// module it names.
pub(crate) fn types(model: &Model, path: &str) -> Vec<TypeIndex> {
    model
        .types()
        .filter(|(index, _)| matches(model, *index, path))
        .map(|(index, _)| index)
        .collect()
}

/// Whether a path means exactly this type, by path or wire id, with version suffixes or without.
pub(crate) fn names_type(model: &Model, index: TypeIndex, path: &str) -> bool {
    let ty = model.ty(index);
    ty.path == path || ty.wire_id == path || is_equal(&forms(model, ty), path)
}

/// Whether a path means a type or something around it.
fn matches(model: &Model, index: TypeIndex, path: &str) -> bool {
    if path == ALL || names_type(model, index, path) {
        return true;
    }
    let ty = model.ty(index);
    if ty.parent.is_some_and(|outer| matches(model, outer, path)) {
        return true;
    }
    let module = &model.module(ty.module).path;
    module
        .strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The number of parts of a path.
pub(crate) fn segments(path: &str) -> usize {
    path.split('.').count()
}

/// Each part of a type's path as written and without version suffix.
fn forms<'m>(model: &'m Model, ty: &'m Type) -> Vec<(&'m str, &'m str)> {
    let mut parts = vec![(ty.name.as_str(), ty.base_name.as_str())];
    let mut outer = ty.parent;
    while let Some(at) = outer {
        let ty = model.ty(at);
        parts.push((&ty.name, &ty.base_name));
        outer = ty.parent;
    }
    parts.extend(
        model
            .module(ty.module)
            .path
            .rsplit('.')
            .map(|name| (name, name)),
    );
    parts.reverse();
    parts
}

/// Every part may be written with its suffix or without.
fn is_equal(forms: &[(&str, &str)], path: &str) -> bool {
    let mut parts = path.split('.');
    forms.iter().all(|(full, base)| {
        parts
            .next()
            .is_some_and(|part| part == *full || part == *base)
    }) && parts.next().is_none()
}

/// All paths that mean something, without version suffixes.
pub(crate) fn all(model: &Model) -> HashSet<String> {
    let modules = model.modules().iter().map(|module| module.path.clone());
    modules
        .chain(model.types().map(|(_, ty)| plain(model, ty)))
        .collect()
}

/// The paths of all fields and enumerators, without version suffixes.
pub(crate) fn members(model: &Model) -> Vec<String> {
    let mut members = Vec::new();
    for (_, ty) in model.types() {
        let path = plain(model, ty);
        match &ty.kind {
            TypeKind::Structure { fields } | TypeKind::ValueObject { fields, .. } => {
                members.extend(fields.iter().map(|field| format!("{path}.{}", field.name)));
            }
            TypeKind::Enumeration { enumerators, .. } => {
                members.extend(
                    enumerators
                        .iter()
                        .map(|item| format!("{path}.{}", item.name)),
                );
            }
            TypeKind::Interface(_) | TypeKind::Typedef { .. } | TypeKind::Opaque => {}
        }
    }
    members
}

/// The path of a type without version suffixes.
pub(crate) fn plain(model: &Model, ty: &Type) -> String {
    let parts: Vec<_> = forms(model, ty).iter().map(|(_, base)| *base).collect();
    parts.join(".")
}
