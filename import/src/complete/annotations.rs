//! Annotations and the spelling of constants, from other IDL.

use xerus_idl::model::{self, TypeKind};

use super::like::Like;
use super::sparse::SPARSE_IN;
use crate::api::{Api, Member, Notes, UNVERSIONED_SCOPE, unversioned};
use crate::report::{FindingKind, Report};

/// Annotations that packages carry, and the one that depends on the firmware.
const NOT_COPIED: [&str; 3] = ["unknown_fallback", UNVERSIONED_SCOPE, SPARSE_IN];

/// Copies annotations of types and members that have the same path, but for those with a source of their own.
pub(super) fn copy(api: &mut Api, likes: &[Like], report: &mut Report) {
    for ty in &mut api.types {
        let path = ty.path();
        let Some(other) = likes.iter().find_map(|like| like.find(&unversioned(&path))) else {
            continue;
        };
        if same_kind(ty.kind, &other.kind) {
            add(&path, &other.annotations, &mut ty.notes, report);
        }
        for member in &mut ty.members {
            let (name, notes) = match member {
                Member::Constant(constant) => (&constant.name, &mut constant.notes),
                Member::Field(field) => (&field.name, &mut field.notes),
                Member::Enumerator(enumerator) => (&enumerator.name, &mut enumerator.notes),
                Member::Method(method) => (&method.name, &mut method.notes),
                Member::Type(_) | Member::Typedef(_) => continue,
            };
            if let Some(annotations) = of_member(other, name) {
                add(&format!("{path}.{name}"), annotations, notes, report);
            }
        }
    }
}

fn same_kind(kind: crate::api::Kind, other: &TypeKind) -> bool {
    use crate::api::Kind;
    matches!(
        (kind, other),
        (Kind::Interface(_), TypeKind::Interface(_))
            | (Kind::Structure, TypeKind::Structure { .. })
            | (Kind::ValueObject(_), TypeKind::ValueObject { .. })
            | (Kind::Enumeration, TypeKind::Enumeration { .. })
            | (Kind::Opaque, TypeKind::Opaque)
    )
}

fn of_member<'l>(ty: &'l model::Type, name: &str) -> Option<&'l [model::Annotation]> {
    if let TypeKind::Enumeration { enumerators, .. } = &ty.kind {
        let found = enumerators
            .iter()
            .find(|enumerator| enumerator.name == name)?;
        return Some(&found.annotations);
    }
    if let TypeKind::Interface(interface) = &ty.kind
        && let Some(found) = interface
            .constants
            .iter()
            .find(|constant| constant.name == name)
    {
        return Some(&found.annotations);
    }
    if let Some(found) = ty.fields().iter().find(|field| field.name == name) {
        return Some(&found.annotations);
    }
    let found = ty.methods().iter().find(|method| method.name == name)?;
    Some(&found.annotations)
}

fn add(place: &str, annotations: &[model::Annotation], notes: &mut Notes, report: &mut Report) {
    for annotation in annotations
        .iter()
        .filter(|annotation| !NOT_COPIED.contains(&annotation.name.as_str()))
    {
        let mut text = annotation.name.clone();
        if !annotation.arguments.is_empty() {
            let arguments: Vec<_> = annotation
                .arguments
                .iter()
                .map(|argument| format!("\"{argument}\""))
                .collect();
            text = format!("{text}({})", arguments.join(", "));
        }
        report.add(
            FindingKind::Like,
            place,
            format!("`[{text}]` as in the IDL given"),
        );
        notes.annotations.push(text);
    }
}

/// Writes constants as other IDL writes them, if the value is the same.
pub(super) fn literals(api: &mut Api, likes: &[Like], report: &mut Report) {
    for ty in &mut api.types {
        let path = ty.path();
        let plain = unversioned(&path);
        for member in &mut ty.members {
            let Member::Constant(constant) = member else {
                continue;
            };
            let place = format!("{plain}.{}", constant.name);
            let Some(literal) = likes.iter().find_map(|like| like.literal(&place)) else {
                continue;
            };
            if literal != constant.literal && value(literal) == Some(constant.value) {
                let place = format!("{path}.{}", constant.name);
                let text = format!("spelt `{literal}` as in the IDL given");
                report.add(FindingKind::Like, place, text);
                constant.literal = literal.to_owned();
            }
        }
    }
}

fn value(literal: &str) -> Option<i64> {
    match literal.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => literal.parse().ok(),
    }
}
