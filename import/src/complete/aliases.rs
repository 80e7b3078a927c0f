//! Typedefs of other IDL, where the interface still uses what they stand for.

use xerus_idl::model::{self, TypeKind, TypeRef};

use super::like::Like;
use crate::api::{Api, Kind, Member, Method, Notes, Parameter, Ty, TypeId, Typedef, unversioned};
use crate::report::{FindingKind, Report};

/// Restores typedefs by the methods that use them in other IDL.
pub(super) fn restore(api: &mut Api, likes: &[Like], report: &mut Report) {
    for id in 0..api.types.len() {
        let Some(ty) = api.types.get(id) else {
            continue;
        };
        let path = ty.path();
        let plain = unversioned(&path);
        if !matches!(ty.kind, Kind::Interface(_)) {
            continue;
        }
        let found = likes
            .iter()
            .find_map(|like| Some((like, like.find(&plain)?)));
        let Some((like, other)) = found else { continue };
        for &nested in &other.nested {
            let alias = like.model().ty(nested);
            if let TypeKind::Typedef { target } = &alias.kind {
                one(api, id, like, alias, target, report);
            }
        }
    }
}

fn one(
    api: &mut Api,
    id: TypeId,
    like: &Like,
    alias: &model::Type,
    target: &TypeRef,
    report: &mut Report,
) {
    let Some(owner) = api.types.get(id) else {
        return;
    };
    let place = format!("{}.{}", owner.path(), alias.name);
    let plain = unversioned(&owner.path());
    let Some(target) = translate(api, like, target) else {
        let text = "typedef of the IDL given is left out: what it stands for is not here";
        report.add(FindingKind::Lost, place, text);
        return;
    };
    let taken = owner
        .members
        .iter()
        .any(|member| member.name(&api.types) == alias.name);
    let Some(owner) = api.types.get_mut(id).filter(|_| !taken) else {
        return;
    };
    let mut first = None;
    for (at, member) in owner.members.iter_mut().enumerate() {
        let Member::Method(method) = member else {
            continue;
        };
        let Some(other) = like.method(&plain, &method.name) else {
            continue;
        };
        for (ty, other) in pairs(method, other) {
            if is_alias(like, other, alias) && *ty == target {
                *ty = Ty::Alias(alias.name.clone());
                first.get_or_insert(at);
            }
        }
    }
    match first {
        Some(at) => {
            let notes = Notes::default();
            let typedef = Typedef {
                name: alias.name.clone(),
                target,
                notes,
            };
            owner.members.insert(at, Member::Typedef(typedef));
            report.add(FindingKind::Like, place, "typedef as in the IDL given");
        }
        None => {
            let text = "typedef of the IDL given is left out: no method uses it any more";
            report.add(FindingKind::Lost, place, text);
        }
    }
}

/// Types at the same place here and there.
fn pairs<'a>(
    method: &'a mut Method,
    other: &'a model::Method,
) -> impl Iterator<Item = (&'a mut Ty, &'a TypeRef)> {
    let returns = method.returns.iter_mut().zip(&other.returns);
    let parameters = method
        .parameters
        .iter_mut()
        .filter_map(|Parameter { name, ty, .. }| {
            let other = other
                .parameters
                .iter()
                .find(|parameter| parameter.name == *name)?;
            Some((ty, &other.ty))
        });
    returns.chain(parameters)
}

fn is_alias(like: &Like, ty: &TypeRef, alias: &model::Type) -> bool {
    matches!(ty, TypeRef::Named(index) if like.model().ty(*index).path == alias.path)
}

/// The same type with the types of this firmware.
fn translate(api: &Api, like: &Like, ty: &TypeRef) -> Option<Ty> {
    let inner = |ty| translate(api, like, ty).map(Box::new);
    Some(match ty {
        TypeRef::Builtin(builtin) => Ty::Builtin(*builtin),
        TypeRef::Vector(element) => Ty::Vector(inner(element)?),
        TypeRef::Map(key, value) => Ty::Map(inner(key)?, inner(value)?),
        TypeRef::Named(index) => {
            let path = unversioned(&like.model().ty(*index).path);
            Ty::Named(api.types.iter().position(|ty| ty.python == path)?)
        }
    })
}
