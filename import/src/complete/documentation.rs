//! Documentation of other IDL, for declarations that are still there.

use xerus_idl::model::{Docs, Type};

use super::like::Like;
use crate::api::{Api, Kind, Member, Notes, unversioned};

/// Copies documentation of types, members and modules that have the same path and none of their own.
pub(super) fn copy(api: &mut Api, likes: &[Like]) {
    for ty in &mut api.types {
        let path = unversioned(&ty.path());
        let Some(other) = likes.iter().find_map(|like| like.find(&path)) else {
            continue;
        };
        before(&other.docs, &mut ty.notes);
        let is_enumeration = ty.kind == Kind::Enumeration;
        for member in &mut ty.members {
            match member {
                Member::Constant(constant) => {
                    behind(member_docs(other, &constant.name), &mut constant.notes);
                }
                Member::Field(field) => behind(member_docs(other, &field.name), &mut field.notes),
                Member::Enumerator(enumerator) if is_enumeration => {
                    behind(member_docs(other, &enumerator.name), &mut enumerator.notes);
                }
                Member::Method(method) => {
                    if let Some(docs) = member_docs(other, &method.name) {
                        before(docs, &mut method.notes);
                    }
                }
                Member::Typedef(typedef) => {
                    let path = format!("{path}.{}", typedef.name);
                    let alias = likes.iter().find_map(|like| like.find(&path));
                    behind(alias.map(|alias| &alias.docs), &mut typedef.notes);
                }
                Member::Type(_) | Member::Enumerator(_) => {}
            }
        }
    }
    for module in likes.iter().flat_map(|like| like.model().modules()) {
        let lines = lines(module.docs.text.as_deref());
        if !lines.is_empty() {
            api.module_docs.entry(module.path.clone()).or_insert(lines);
        }
    }
}

/// The documentation of a member by name.
fn member_docs<'l>(ty: &'l Type, name: &str) -> Option<&'l Docs> {
    use xerus_idl::model::TypeKind;
    let found = match &ty.kind {
        TypeKind::Enumeration { enumerators, .. } => enumerators
            .iter()
            .find(|one| one.name == name)
            .map(|one| &one.docs),
        TypeKind::Interface(interface) => interface
            .constants
            .iter()
            .find(|one| one.name == name)
            .map(|one| &one.docs),
        _ => None,
    };
    let field = || {
        ty.fields()
            .iter()
            .find(|one| one.name == name)
            .map(|one| &one.docs)
    };
    let method = || {
        ty.methods()
            .iter()
            .find(|one| one.name == name)
            .map(|one| &one.docs)
    };
    found.or_else(field).or_else(method)
}

/// All of it before the declaration.
fn before(docs: &Docs, notes: &mut Notes) {
    if notes.leading.is_empty() {
        notes.leading = lines(docs.heading.as_deref());
        notes.leading.extend(lines(docs.text.as_deref()));
    }
}

/// The heading of a group before the declaration, the text behind it.
fn behind(docs: Option<&Docs>, notes: &mut Notes) {
    if let Some(docs) = docs
        && notes.leading.is_empty()
        && notes.trailing.is_empty()
    {
        notes.leading = lines(docs.heading.as_deref());
        notes.trailing = lines(docs.text.as_deref());
    }
}

fn lines(text: Option<&str>) -> Vec<String> {
    text.unwrap_or("").lines().map(str::to_owned).collect()
}
